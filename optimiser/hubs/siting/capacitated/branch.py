"""Branch and bound over sites: the node with the least bound first, prices go on from those of its parent.

What a node leaves undecided goes to ``leaf`` as soon as it is little; a leaf that is not seen through keeps its bound.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush

import numpy as np

from optimiser.hubs.siting.capacitated import climb
from optimiser.hubs.siting.capacitated.posed import I8, Bools
from optimiser.hubs.siting.capacitated.search import PATIENCE, SAFE, Late, State, fixed, raised
from optimiser.hubs.siting.core import CLOSED, FREE, OPEN
from optimiser.hubs.siting.problem import Floats

CHUNKS, CHUNK = 4, 25  # climbs of a node, and iterations of each
THETA = 0.4  # step at the start of a node

Leaf = Callable[[I8, Bools], float | None]  # sites, usable pairs -> bound of what is left; ``None``: too much is left


@dataclass(order=True, slots=True)
class Node:
    """Sites fixed so far, and the prices of the parent; no plan with these sites costs less than ``bound``."""

    bound: float
    number: int
    status: I8 = field(compare=False)
    u: Floats = field(compare=False)
    share: Floats = field(compare=False)


def branched(state: State, status: I8, leaf: Leaf, late: Late, most: int | None = None) -> int:
    """Raise the bound of a state node by node until nothing better is left or time is up; return the nodes seen."""
    heap = [Node(state.bound, 0, status, state.u, np.clip(state.share, 0.0, 1.0))]
    seen, kept = 0, np.inf  # the least bound of leaves that were not seen through
    while heap and not late() and (most is None or seen < most):
        node = heappop(heap)
        now = min(node.bound, kept)
        if now >= state.cutoff:
            raised(state, state.cost)
            return seen
        raised(state, now)
        free = np.flatnonzero(node.status == FREE)
        if kept <= node.bound or not len(free):
            kept = min(kept, node.bound)
            if len(free) == 0:
                continue
            return seen
        at = int(free[np.argmin(np.abs(node.share[free] - 0.5))])
        for number, value in enumerate((OPEN, CLOSED)):
            child = _child(state, node, at, value, leaf, 2 * seen + number + 1)
            if child is not None:
                heappush(heap, child)
        seen += 1
    _ended(state, heap, kept)
    return seen


def _ended(state: State, heap: list[Node], kept: float) -> None:
    """Note the least bound of all that is left."""
    least = min(heap[0].bound if heap else np.inf, kept)
    raised(state, state.cost if least >= state.cutoff else least)


def _child(state: State, node: Node, at: int, value: int, leaf: Leaf, number: int) -> Node | None:
    """Return a node with one more site fixed, ``None`` where nothing better is below it."""
    status, u, share = node.status.copy(), node.u.copy(), node.share.copy()
    status[at] = value
    bound = max(node.bound, _limit(state, status, u, share))
    if bound >= state.cutoff:
        return None
    status, usable, _ = fixed(state, status, u)
    below = leaf(status, usable)
    if below is not None:
        bound = max(bound, below)
        status = np.where(status == FREE, CLOSED, status)  # nothing to branch on
    return None if bound >= state.cutoff else Node(bound, number, status, u, share)


def _limit(state: State, status: I8, u: Floats, share: Floats) -> float:
    """Return the bound of a node; ``u`` becomes its prices, ``share`` how much its sites are open."""
    sites = state.sites._replace(status=status)
    memo = np.array([THETA, 0.0, -np.inf, -np.inf])
    now, way, best = u.copy(), np.zeros(len(u)), u.copy()
    for _ in range(CHUNKS):
        done = climb.climb(
            sites, state.desk, now, way, memo, best, state.cost, state.posed.single, CHUNK, PATIENCE // 2, share
        )
        limit = float(memo[climb.BOUND])
        if done < CHUNK or limit == np.inf:
            break
    u[:] = best
    return limit - SAFE * max(abs(limit), float(np.abs(u).sum())) if np.isfinite(limit) else limit
