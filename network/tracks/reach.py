"""How far it is from a place on the turn graph to others nearby: Dijkstra's search, ended at a bound.

In metres from start to start, as everywhere: the metres of the state left, and for turning round a stated number of
metres beside. What a vehicle may not do (one-ways, forbidden turns, barriers, closures) is not there. On streets to
serve only, arriving and leaving are joined where the vehicle stands: whoever came to serve may go on from there.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from network.hierarchy.kernel import inner, kernel
from network.states import ARRIVING, END
from network.weigh import Weights

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class Reach(NamedTuple):
    """The open turns by the state they leave, in metres."""

    start: IntArray
    head: NDArray[np.int32]
    metres: FloatArray


class Desk(NamedTuple):
    """What a search writes on; it is wiped by counting ``round[0]`` up."""

    round: IntArray
    size: IntArray  # of the heap
    seen: IntArray  # by state: the round in which its distance was set
    wanted: IntArray  # by state: the round in which it was asked for
    distance: FloatArray
    parent: NDArray[np.int32]
    key: FloatArray  # heap
    item: NDArray[np.int32]


def reach_of(weights: Weights, u_turn_m: float) -> Reach:
    """Return the turns that a vehicle may make; to turn round counts as so many metres more."""
    graph = weights.graph
    open_ = (weights.turn_ms >= 0) & (graph.kind[graph.turn_to] != END)
    turns = np.flatnonzero(open_)
    metres = np.where(graph.real, weights.dm[graph.turn_from] / 10.0, 0.0) + u_turn_m * graph.u_turn
    back = turns[~graph.real[turns] & (graph.kind[graph.turn_to[turns]] & ARRIVING > 0)]
    from_ = np.concatenate([graph.turn_from[turns], graph.turn_to[back]])
    head = np.concatenate([graph.turn_to[turns], graph.turn_from[back]])
    order = np.argsort(from_, kind="stable")
    start = np.searchsorted(from_[order], np.arange(graph.states + 1))
    along = np.concatenate([metres[turns], np.zeros(len(back))])
    return Reach(start.astype(np.int64), head[order].astype(np.int32), along[order])


def desk_of(reach: Reach) -> Desk:
    """Return a desk for searches."""
    states = len(reach.start) - 1
    return Desk(
        np.zeros(1, np.int64),
        np.zeros(1, np.int64),
        np.full(states, -1, np.int64),
        np.full(states, -1, np.int64),
        np.zeros(states),
        np.full(states, -1, np.int32),
        np.zeros(len(reach.head) + 2),
        np.zeros(len(reach.head) + 2, np.int32),
    )


@kernel
def search(reach: Reach, desk: Desk, source: int, wanted: int, bound: float, loop: bool) -> tuple[float, int]:
    """Search from the start of a state until as many states as are wanted are settled, or the bound is passed.

    Distances and parents stand on the desk; those of states seen in this round are upper bounds, exact where settled.

    Returns
    -------
    tuple
        If a loop is asked for, the metres round and back to the source, and the state before it; infinite, -1 if there
        is none within the bound.
    """
    now = desk.round[0]
    desk.seen[source], desk.distance[source], desk.parent[source] = now, 0.0, -1
    desk.key[0], desk.item[0], desk.size[0] = 0.0, source, 1
    around, before = np.inf, -1
    while desk.size[0] > 0 and (wanted > 0 or (loop and desk.key[0] < around)):
        far, state = desk.key[0], int(desk.item[0])
        _pop(desk)
        if far > desk.distance[state]:
            continue
        if desk.wanted[state] == now:
            desk.wanted[state] = -1
            wanted -= 1
        for k in range(reach.start[state], reach.start[state + 1]):
            head, there = int(reach.head[k]), far + reach.metres[k]
            if there > bound:
                continue
            if head == source and there < around and reach.metres[k] > 0:
                around, before = there, state
            if desk.seen[head] != now or there < desk.distance[head]:
                desk.seen[head], desk.distance[head], desk.parent[head] = now, there, state
                _push(desk, there, head)
    return around, before


@inner
def _push(desk: Desk, value: float, what: int) -> None:
    """Put into the heap."""
    at = desk.size[0]
    desk.size[0] += 1
    while at > 0:
        up = (at - 1) // 2
        if desk.key[up] <= value:
            break
        desk.key[at], desk.item[at] = desk.key[up], desk.item[up]
        at = up
    desk.key[at], desk.item[at] = value, what


@inner
def _pop(desk: Desk) -> None:
    """Take the first out of the heap."""
    desk.size[0] -= 1
    size = desk.size[0]
    value, what, at = desk.key[size], desk.item[size], 0
    while 2 * at + 1 < size:
        down = 2 * at + 1
        if down + 1 < size and desk.key[down + 1] < desk.key[down]:
            down += 1
        if desk.key[down] >= value:
            break
        desk.key[at], desk.item[at] = desk.key[down], desk.item[down]
        at = down
    desk.key[at], desk.item[at] = value, what
