"""Cheapest ways where every junction costs by the turn taken: shortest paths from street to street.

The turn from one street into the next is the angle between the last stretch of the first and the way from its end to
the second point of the next, in the plane of the coordinates: less than 45 degrees is straight on, from 135 degrees on
(or back along the same street) a U-turn, between them left or right. This reproduces every turn of the published logs
of the set (see ``tests/benchmarks/sets``).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from benchmarks.sets.links import Link, Ways, shortest_ways

STRAIGHT, RIGHT, LEFT, U_TURN = range(4)
SOME_DEGREES, MANY_DEGREES = 45.0, 135.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Directed:
    """A street in the direction in which it is driven."""

    tail: str
    head: str
    cost: float
    shape: tuple[tuple[float, float], ...]


def directed(links: Sequence[Link]) -> tuple[list[Directed], list[tuple[int, ...]]]:
    """Return all streets by direction, and for each link the positions of its directions, along it first."""
    streets: list[Directed] = []
    of: list[tuple[int, ...]] = []
    for link in links:
        ways = [Directed(tail=link.tail, head=link.head, cost=link.cost, shape=link.shape)]
        if link.both:
            ways.append(Directed(tail=link.head, head=link.tail, cost=link.cost, shape=link.shape[::-1]))
        of.append(tuple(range(len(streets), len(streets) + len(ways))))
        streets += ways
    return streets, of


def turn(first: Directed, second: Directed) -> int:
    """Return which turn leads from one street into the next."""
    if first.tail == second.head and first.shape == second.shape[::-1]:
        return U_TURN
    (ax, ay), (bx, by), (cx, cy) = first.shape[-2], first.shape[-1], second.shape[1]
    angle = math.degrees(math.atan2(cy - by, cx - bx) - math.atan2(by - ay, bx - ax))
    angle = (angle + 180.0) % 360.0 - 180.0
    if abs(angle) < SOME_DEGREES:
        return STRAIGHT
    if abs(angle) >= MANY_DEGREES:
        return U_TURN
    return LEFT if angle > 0 else RIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class _Graph:
    """Streets as nodes; a step drives through the next street, its turn included. Places are nodes without turns."""

    streets: Sequence[Directed]
    graph: csr_array
    of_place: dict[str, int]
    ends: dict[str, list[int]]  # place -> streets that lead to it


def turn_ways(
    streets: Sequence[Directed], penalties: Sequence[float], wanted: Sequence[int], places: Sequence[str]
) -> Ways:
    """Return the cheapest ways between streets with work and places.

    Rows and columns are ``"s<k>"`` for each wanted street k and ``"n<node>"`` for each place. A way leaves at the end
    of a street, or at a place, and arrives at the begin of a street, with the turn into it, or at a place; the streets
    at its ends are not driven through. Leaving or reaching a place is no turn; between two places (from the last site
    home) the published values count no turns at all.
    """
    known = _graph(streets, penalties, places)
    sources = [*wanted, *(known.of_place[place] for place in places)]
    through = np.array([street.cost for street in streets])
    cost = np.full((len(sources), len(sources)), np.inf)
    for k, source in enumerate(sources):
        reach = dijkstra(known.graph, indices=[source])[0]
        cost[k, : len(wanted)] = np.maximum(reach[list(wanted)] - through[list(wanted)], 0.0)  # 0: from itself
        for n, place in enumerate(places):
            cost[k, len(wanted) + n] = reach[known.ends[place]].min(initial=np.inf)
    plain = [Link(tail=street.tail, head=street.head, both=False, cost=street.cost) for street in streets]
    cost[len(wanted) :, len(wanted) :] = shortest_ways(plain, places).cost
    names = [*(f"s{k}" for k in wanted), *(f"n{place}" for place in places)]
    at = {name: k for k, name in enumerate(names)}
    fine = np.where(np.isfinite(cost), np.round(np.where(np.isfinite(cost), cost, 0.0), 6), np.inf)
    return Ways(rows=at, columns=at, cost=fine)


def _graph(streets: Sequence[Directed], penalties: Sequence[float], places: Sequence[str]) -> _Graph:
    out: dict[str, list[int]] = {}
    into: dict[str, list[int]] = {}
    for k, street in enumerate(streets):
        out.setdefault(street.tail, []).append(k)
        into.setdefault(street.head, []).append(k)
    rows: list[int] = []
    cols: list[int] = []
    cost: list[float] = []
    for k, street in enumerate(streets):
        for m in out.get(street.head, ()):
            rows.append(k)
            cols.append(m)
            cost.append(penalties[turn(street, streets[m])] + streets[m].cost)
    of_place = {place: len(streets) + n for n, place in enumerate(places)}
    for place, node in of_place.items():
        for m in out.get(place, ()):
            rows.append(node)
            cols.append(m)
            cost.append(streets[m].cost)
    size = len(streets) + len(of_place)
    index: tuple[NDArray[np.intp], ...] = (np.array(rows, dtype=np.intp), np.array(cols, dtype=np.intp))
    return _Graph(
        streets=streets,
        graph=csr_array((np.array(cost), index), shape=(size, size)),
        of_place=of_place,
        ends={place: into.get(place, []) for place in places},
    )
