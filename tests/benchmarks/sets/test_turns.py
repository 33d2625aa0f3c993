"""Turns by their angle, and cheapest ways that pay for each of them."""

from __future__ import annotations

import itertools
import math

import networkx as nx
import numpy as np
import pytest

from benchmarks.sets.links import Link, shortest_ways
from benchmarks.sets.turns import LEFT, RIGHT, STRAIGHT, U_TURN, Directed, directed, turn, turn_ways

PENALTIES = (0.0, 5.0, 11.0, 40.0)


def street(degrees: float) -> Directed:
    """Return a street from the origin; the one before leads east to it."""
    angle = math.radians(degrees)
    return Directed(tail="b", head="c", cost=1.0, shape=((0.0, 0.0), (math.cos(angle), math.sin(angle))))


@pytest.mark.parametrize(
    ("degrees", "kind"),
    [(0, STRAIGHT), (44.9, STRAIGHT), (-44.9, STRAIGHT), (45.1, LEFT), (-45.1, RIGHT), (134.9, LEFT), (-134.9, RIGHT),
     (135.1, U_TURN), (-135.1, U_TURN), (179, U_TURN)],
)  # fmt: skip
def test_a_turn_is_told_by_its_angle(degrees: float, kind: int) -> None:
    first = Directed(tail="a", head="b", cost=1.0, shape=((-1.0, 0.0), (0.0, 0.0)))
    assert turn(first, street(degrees)) == kind


def test_back_along_the_same_street_is_a_u_turn_whatever_its_shape() -> None:
    shape = ((0.0, 0.0), (5.0, 0.0), (5.0, 5.0), (4.0, 5.0))
    there = Directed(tail="a", head="b", cost=1.0, shape=shape)
    assert turn(there, Directed(tail="b", head="a", cost=1.0, shape=shape[::-1])) == U_TURN


def _grid(side: int) -> list[Link]:
    """Return a grid with some one-way streets, costs and works by a fixed rule."""
    links = []
    for x, y in itertools.product(range(side), repeat=2):
        for dx, dy in ((1, 0), (0, 1)):
            if x + dx < side and y + dy < side:
                one_way = (x + 2 * y + dx) % 4 == 0 and 0 < x < side - 1
                shape = ((float(x), float(y)), (float(x + dx), float(y + dy)))
                link = Link(tail=f"{x},{y}", head=f"{x + dx},{y + dy}", both=not one_way,
                            cost=3.0 + (5 * x + 3 * y + dx) % 7, shape=shape)  # fmt: skip
                links.append(link)
    return links


def test_ways_are_those_of_a_search_over_streets_one_by_one() -> None:
    links = _grid(4)
    streets, of = directed(links)
    wanted = [k for both in of[::3] for k in both]
    places = ("0,0", "3,2")
    ways = turn_ways(streets, PENALTIES, wanted, places)
    graph = nx.DiGraph()
    for (a, first), (b, second) in itertools.product(enumerate(streets), repeat=2):
        if first.head == second.tail:
            graph.add_edge(a, b, weight=PENALTIES[turn(first, second)] + second.cost)
    for place in places:
        for k, first in enumerate(streets):
            if first.tail == place:
                graph.add_edge(f"out {place}", k, weight=first.cost)
            if first.head == place:
                graph.add_edge(k, f"in {place}", weight=0.0)
    for a, b in itertools.product(wanted, repeat=2):
        if a != b:
            expected = nx.dijkstra_path_length(graph, a, b) - streets[b].cost
            assert ways.between(f"s{a}", f"s{b}") == pytest.approx(expected)
    for a, place in itertools.product(wanted, places):
        expected = 0.0 if streets[a].head == place else nx.dijkstra_path_length(graph, a, f"in {place}")
        assert ways.between(f"s{a}", f"n{place}") == pytest.approx(expected)
        expected = nx.dijkstra_path_length(graph, f"out {place}", a) - streets[a].cost
        assert ways.between(f"n{place}", f"s{a}") == pytest.approx(expected)


def test_from_place_to_place_no_turn_counts() -> None:
    streets, _ = directed(_grid(4))
    ways = turn_ways(streets, PENALTIES, [0], ("0,0", "3,3"))
    plain = nx.DiGraph()
    for one in streets:
        plain.add_edge(one.tail, one.head, weight=one.cost)
    assert ways.between("n0,0", "n3,3") == nx.dijkstra_path_length(plain, "0,0", "3,3")
    assert ways.between("n0,0", "n0,0") == 0


def test_shortest_ways_take_the_cheapest_of_parallel_links_and_free_ones() -> None:
    links = [
        Link(tail="a", head="b", both=True, cost=5.0),
        Link(tail="a", head="b", both=False, cost=2.0),
        Link(tail="b", head="c", both=False, cost=0.0),
        Link(tail="d", head="a", both=False, cost=1.0),
    ]
    ways = shortest_ways(links, ("a", "b", "c", "d"))
    assert ways.between("a", "c") == 2
    assert ways.between("b", "a") == 5
    assert np.isinf(ways.between("a", "d"))
    travel = ways.travel(seconds=1.0)
    duration, distance = travel.legs(np.array([0, 0]), np.array([2, 3]))
    assert (duration[0], distance[0]) == (2000, 2)
    assert duration[1] == distance[1] == 2**31 - 1


def test_costs_with_fractions_are_kept_to_a_thousandth() -> None:
    ways = shortest_ways([Link(tail="a", head="b", both=True, cost=5.695)], ("a", "b"))
    assert ways.scale == 1000
    assert ways.travel(seconds=1.0).distance_dm[0, 1] == ways.travel(seconds=1.0).duration_ms[0, 1] == 5695
