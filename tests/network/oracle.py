"""Judges of the street engine that share none of its code: plain Dijkstra on the same states and turns.

Weights are taken from the turn graph as they are; what is judged is everything after that: order, contraction,
customisation, sweeps, places along a street, both directions of a street.
"""

from __future__ import annotations

from collections.abc import Iterator

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from network.drive import Drive
from network.snap import Snapped
from network.stances import Stances

UNREACHABLE = 2**31 - 1
Floats = NDArray[np.float64]


class Judge:
    """Dijkstra's answers for one vehicle; every distinct start is searched once."""

    def __init__(self, drive: Drive) -> None:
        self.graph, self.weights = drive.prepared.graph, drive.weights
        self.joined = self.weights.usable & (self.weights.arrive | self.weights.leave)  # others are no places to stop
        self.weight, self.shift = drive.weights.combined()
        self.states = len(self.graph.segment)
        self.arcs = _cheapest(self.graph.turn_from, self.graph.turn_to, self.weight, self.states)
        self.rows: dict[int, Floats] = {}

    def search(self, states: list[int]) -> None:
        """Search from all of these that were not searched from yet."""
        new = sorted(set(states) - {-1} - set(self.rows))
        for at in range(0, len(new), 64):
            block = new[at : at + 64]
            self.rows |= dict(zip(block, dijkstra(self.arcs, indices=block), strict=True))

    def networkx(self) -> nx.DiGraph[int]:
        """Return the same arcs for another program."""
        found = self.arcs.tocoo()
        graph: nx.DiGraph[int] = nx.DiGraph()
        graph.add_nodes_from(range(self.states))
        rows, columns = found.coords
        graph.add_weighted_edges_from(zip(rows.tolist(), columns.tolist(), found.data.tolist(), strict=True))
        return graph

    def matrix(
        self, snapped: Snapped, length_m: Floats, leaving: Stances, arriving: Stances
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return milliseconds and decimetres from every row to every column, by the rule in words."""
        rows = [list(self.ends(snapped, length_m, leaving, k)) for k in range(len(leaving.ids))]
        columns = [list(self.ends(snapped, length_m, arriving, k)) for k in range(len(arriving.ids))]
        starts = [int(self.graph.leaving[d]) for row in rows for d, *_ in row]
        self.search(starts + [c for state in starts for _, c, _ in self.turns(state)])
        best = np.array(
            [[min(map(self.cost, *_pairs(row, column)), default=np.inf) for column in columns] for row in rows]
        )
        best = best.reshape(len(rows), len(columns))
        known = np.isfinite(best)
        whole = np.where(known, best, 0).astype(np.int64)
        parts = whole >> self.shift, whole & ((1 << self.shift) - 1)
        return np.where(known, parts[0], UNREACHABLE), np.where(known, parts[1], UNREACHABLE)

    def ends(self, snapped: Snapped, length_m: Floats, stances: Stances, k: int) -> Iterator[tuple[int, float, bool]]:
        """Give the directed segments on which a place may be left or arrived at, with the cost from their start."""
        place = int(stances.place[k])
        segment = int(snapped.segment[place])
        if segment < 0:
            return
        whole = int(np.floor(length_m[segment] * 10 + 0.5))
        along = min(max(int(np.floor(snapped.along_m[place] * 10 + 0.5)), 0), whole)
        for against, allowed in ((0, stances.ahead[k]), (1, stances.back[k])):
            if allowed:
                yield 2 * segment + against, along, bool(against)

    def cost(self, a: tuple[int, float, bool], b: tuple[int, float, bool]) -> float:
        """Return the combined cost from a spot on one directed segment to a spot on another."""
        start, end = int(self.graph.leaving[a[0]]), int(self.graph.arriving[b[0]])
        if start < 0 or end < 0 or not (self.joined[start] and self.joined[end]):
            return np.inf
        offset = self.part(end, b) - self.part(start, a)
        behind = b[1] > a[1] if a[2] else b[1] < a[1]
        if a[0] != b[0] or not behind:
            return float(self.rows[start][end]) + offset
        return min((weight + float(self.rows[c][end]) for _, c, weight in self.turns(start)), default=np.inf) + offset

    def part(self, state: int, spot: tuple[int, float, bool]) -> float:
        """Return the combined cost from the start of a state to a spot on it, given in decimetres from the tail."""
        ms, dm, along = int(self.weights.ms[state]), int(self.weights.dm[state]), int(spot[1])
        before = (2 * ms * along + max(dm, 1)) // (2 * max(dm, 1))
        if spot[2]:
            before, along = ms - before, dm - along
        return float((before << self.shift) + along)

    def turns(self, state: int) -> list[tuple[int, int, float]]:
        """Return the real turns out of a state that are possible."""
        if state < 0:
            return []
        first, last = self.graph.turn_start[state : state + 2].tolist()
        return [
            (turn, int(self.graph.turn_to[turn]), float(self.weight[turn]))
            for turn in range(first, last)
            if self.graph.junction[turn] >= 0 and np.isfinite(self.weight[turn])
        ]


def _pairs(row: list, column: list) -> tuple[list, list]:
    both = [(a, b) for a in row for b in column]
    return [a for a, _ in both], [b for _, b in both]


def _cheapest(tail: NDArray[np.int32], head: NDArray[np.int32], weight: Floats, states: int) -> csr_array:
    """Return the open arcs, the cheapest of those that are parallel; zeros count as arcs."""
    order = np.lexsort((weight, head, tail))
    order = order[np.isfinite(weight[order])]
    tail, head, weight = tail[order], head[order], weight[order]
    first = np.r_[True, (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])][: len(tail)]
    start = np.searchsorted(tail[first], np.arange(states + 1))
    return csr_array((weight[first], head[first], start), shape=(states, states))
