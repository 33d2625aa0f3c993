"""Cuts hold for every whole plan: random plans of random stops."""

from itertools import combinations
from math import ceil

import numpy as np
import pytest

from optimiser.result import Budget
from optimiser.rounds.bound import bound
from optimiser.rounds.bound.crossings import Town, least_crossings
from optimiser.rounds.bound.cuts import goes_into, seconds
from optimiser.rounds.bound.triples import broken_triples
from optimiser.rounds.problem import Mode, Stop
from tests.notation import town, vehicle

STOPS = 9


def plan(rng, cap: int = 4) -> list[list[int]]:
    order = rng.permutation(STOPS).tolist()
    return [order[k : k + cap] for k in range(0, STOPS, cap)]


@pytest.mark.parametrize("seed", range(30))
def test_trips_go_into_a_set_as_often_as_its_load_needs(seed):
    rng = np.random.default_rng(seed)
    trips = plan(rng)
    members = frozenset(rng.permutation(STOPS)[: rng.integers(1, STOPS + 1)].tolist())
    assert sum(goes_into(trip, members) for trip in trips) >= ceil(len(members) / 4)


@pytest.mark.parametrize("seed", range(30))
def test_no_whole_plan_serves_two_of_three_twice(seed):
    rng = np.random.default_rng(seed)
    trips = plan(rng)
    members = frozenset(rng.permutation(STOPS)[:3].tolist())
    memory = members | set(rng.permutation(STOPS)[:4].tolist())
    full = sum(seconds(trip, members, set(range(STOPS))) for trip in trips)
    assert sum(seconds(trip, members, memory) for trip in trips) <= full <= 1


def test_entries_and_seconds_by_hand():
    assert goes_into([1, 2, 5, 3], frozenset({1, 2, 3})) == 2
    assert goes_into([5, 6], frozenset({1})) == 0
    assert seconds([1, 5, 2], frozenset({1, 2, 3}), {1, 2, 3, 5}) == 1
    assert seconds([1, 5, 2], frozenset({1, 2, 3}), {1, 2, 3}) == 0
    assert seconds([1, 2, 3, 1], frozenset({1, 2, 3}), {1, 2, 3}) == 2


@pytest.mark.parametrize("seed", range(5))
def test_broken_triples_are_all_found(seed):
    rng = np.random.default_rng(seed)
    visits, weight = rng.integers(0, 3, (6, 8)), rng.random(8) * 0.6
    expected = {triple: float((visits[list(triple)].sum(axis=0) // 2) @ weight) for triple in combinations(range(6), 3)}
    found = [tuple(triple) for triple in broken_triples(visits, weight, 0.1).tolist()]
    assert set(found) == {triple for triple, value in expected.items() if value > 1.1}
    assert [expected[triple] for triple in found] == sorted((expected[t] for t in found), reverse=True)


def streets(rng, places: int = 6, count: int = 7) -> tuple[Town, np.ndarray]:
    """Return a town of streets with the depot at place 0, and the ends of its streets."""
    ends = np.array([rng.choice(places, 2, replace=False) for _ in range(count)])
    both = np.concatenate([ends, ends[:, ::-1]])
    none = (np.zeros(0, dtype=np.int64),)
    return Town(
        size=places,
        leave=none,
        arrive=none,
        into=both[:, 0],
        out=both[:, 1],
        of=np.tile(np.arange(count), 2),
        share=np.full(count, 0.4),
        still=np.array([[0, 0]]),
        outside=np.array([0]),
    ), ends


@pytest.mark.parametrize("seed", range(60))
def test_every_plan_crosses_as_often_as_it_must(seed):
    rng = np.random.default_rng(seed)
    known, ends = streets(rng)
    part = rng.random(6) < 0.5
    crossed = 0
    order = rng.permutation(len(ends)).tolist()
    for trip in (order[k : k + 2] for k in range(0, len(order), 2)):
        here = 0
        for street in trip:
            into, out = ends[street] if rng.random() < 0.5 else ends[street][::-1]
            crossed += bool(part[here] != part[into])
            here = out
        crossed += bool(part[here] != part[0])
    assert crossed >= least_crossings(known, part)


def test_an_odd_corner_needs_a_leg():
    known, _ = streets(np.random.default_rng(0))
    lonely = Town(
        size=3,
        leave=known.leave,
        arrive=known.arrive,
        into=np.array([1, 2]),
        out=np.array([2, 1]),
        of=np.array([0, 0]),
        share=np.array([0.4]),
        still=np.array([[0, 0]]),
        outside=np.array([0]),
    )
    assert least_crossings(lonely, np.array([False, True, False])) == 1
    assert least_crossings(lonely, np.array([False, True, True])) == 2
    assert least_crossings(lonely, np.array([True, False, False])) == 2
    assert least_crossings(lonely, np.array([False, False, False])) == 0


def test_crossings_make_streets_tight():
    """Four streets of a square, each served from end to end, and one that leads off: it must be driven back."""
    corners = {"depot": (0, 0), "tip": (0, 0), "ne": (1, 1), "se": (1, 0), "nw": (0, 1), "far": (2, 1)}
    ways = [("depot", "se"), ("se", "ne"), ("ne", "nw"), ("nw", "depot"), ("ne", "far")]

    def street(a: str, b: str) -> Stop:
        return Stop(
            id=f"{a}-{b}",
            modes=tuple(Mode(arrive=x, leave=y, service_s=60, distance_m=1000) for x, y in ((a, b), (b, a))),
            loads={"kg": 1.0},
        )

    problem = town(corners, stops=[street(a, b) for a, b in ways], vehicles=[vehicle(kg=9)])
    assert bound(problem, budget=Budget(iterations=200)).value == pytest.approx(6, rel=1e-6)
