"""Branch and bound: a tree of sites fixed open or closed, the node of the least bound first.

At a node what is fixed is shrunk away, prices climb a little further from where the parent left them, sites are fixed
by what they would cost, and the site that is chosen about every second time is opened in one child and closed in the
other. When the waiting nodes take too much memory, the newest goes first instead.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

import numpy as np

from optimiser.hubs.siting.core import CLOSED, OPEN
from optimiser.hubs.siting.lagrange.climb import BOUND, CHEAPEST, MEMORY, begun, climb
from optimiser.hubs.siting.lagrange.rows import I8, Bools, shrink
from optimiser.hubs.siting.lagrange.state import State, fixable
from optimiser.hubs.siting.problem import Floats

STEP, PATIENCE, ITERATIONS = 0.3, 6, 60  # of a climb at a node
BYTES = 1_000_000_000  # that waiting nodes may take


@dataclass(order=True, slots=True)
class Node:
    """Sites fixed and the prices to begin with; ordered by bound, then by age."""

    bound: float
    age: int
    status: I8 = field(compare=False)
    price: Floats = field(compare=False)


@dataclass(slots=True)
class Tree:
    """What waits, the least bound first; ``newest`` is used when memory is short."""

    state: State
    waiting: list[Node]
    newest: list[Node] = field(default_factory=list)
    ages: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def bound(self) -> float:
        """The least bound of any node that waits."""
        least = self.waiting[0].bound if self.waiting else np.inf
        return min([least, *(node.bound for node in self.newest)])


def planted(state: State, bound: float) -> Tree:
    """Return a tree of one node: the problem as it has shrunk."""
    return Tree(state, [Node(bound, 0, np.zeros(len(state.site), dtype=np.int8), state.u)])


def grow(tree: Tree, nodes: int) -> tuple[int, Bools | None]:
    """Visit at most so many nodes; return how many, and at once the sites of a plan that is better than the best."""
    for done in range(nodes):
        if tree.newest:
            node = tree.newest.pop()
        elif tree.waiting:
            node = heapq.heappop(tree.waiting)
        else:
            return done, None
        if node.bound > tree.state.cutoff:
            continue
        better = _visit(tree, node)
        if better is not None:
            return done + 1, better
    return nodes, None


def _visit(tree: Tree, node: Node) -> Bools | None:
    """Settle a node, or replace it by two; return the sites of a better plan if there is one."""
    state = tree.state
    small, columns = shrink(state.rows, node.status)
    room = min(state.most - int((node.status == OPEN).sum()), len(small.site))
    if room == 0 or not len(small.row):
        cost = small.constant + float(small.rows.far.sum())
        leaf: Bools = node.status == OPEN
        return leaf if cost < state.cutoff else None
    u = np.minimum(node.price[small.row], small.rows.far)
    share, made, found = np.zeros(len(small.site)), np.zeros(len(small.site)), np.zeros(len(small.site), dtype=np.bool_)
    ascent, best = begun(u, STEP), state.cost - small.constant
    cutoff = state.cutoff - small.constant
    done = climb(small.rows, columns, room, ascent, u, best, cutoff, ITERATIONS, PATIENCE, share, found, made)
    bound, cost = float(ascent.memo[BOUND]), float(ascent.memo[CHEAPEST])
    if bound <= cutoff:
        status = node.status.copy()
        status[small.site] = fixable(made, room, bound, cutoff)
        price = node.price.copy()
        price[small.row] = u
        share /= 1.0 - MEMORY ** (done + 1)
        _split(tree, status, price, bound + small.constant, share, small.site)
    if cost >= cutoff:
        return None
    better: Bools = node.status == OPEN
    better[small.site[found]] = True
    return better


def _split(tree: Tree, status: I8, price: Floats, bound: float, share: Floats, site: np.ndarray) -> None:
    """Add the two children: one site open, or closed; one child alone when all is fixed."""
    free = np.flatnonzero(status[site] == 0)
    at = int(site[free[np.argmin(np.abs(share[free] - 0.5))]]) if len(free) else -1
    short = (price.nbytes + status.nbytes) * (len(tree.waiting) + len(tree.newest)) > BYTES
    for way in (CLOSED, OPEN) if at >= 0 else (OPEN,):
        child = status.copy()
        if at >= 0:
            child[at] = way
        node = Node(bound, next(tree.ages), child, price)
        if short:
            tree.newest.append(node)
        else:
            heapq.heappush(tree.waiting, node)
