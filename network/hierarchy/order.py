"""In which order to eliminate the states of a street graph.

A state is a directed street, a turn leads from one to another, so states are really the *edges* of a graph: every turn
says that the point at which its tail is left is the point at which its head is entered. These points are the junctions,
found again without knowing them (a junction whose turns fall apart becomes several points, rightly). Cutting the
edges between two parts of the town separates the states of one part from those of the other, and an edge cut is found
by flow in a graph half as large as the turn graph. States cut first go last (*nested dissection*, George 1973; cuts by
*inertial flow*, Schild and Sommer 2015); small cells are ordered by degree.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array

from network.hierarchy.cells import Members, cover, rank_cells, united
from network.hierarchy.cut import Float, Points, Work
from network.hierarchy.small import Around
from network.hierarchy.topology import Int32, Int64

FEW = 20  # nodes for each point, above which they are no pieces of a street graph (there it is about 2.5)


def dissect(
    n: int, tail: NDArray[np.integer], head: NDArray[np.integer], x: NDArray[np.floating], y: NDArray[np.floating]
) -> Int32:
    """Return a rank for every node, 0 for the first eliminated, that keeps the hierarchy small.

    Any graph is ordered; well, if its nodes are pieces of something and its arcs lead from piece to piece. Memory:
    about 80 bytes a node and 60 an arc.

    Parameters
    ----------
    n
        Number of nodes.
    tail, head
        Nodes of each arc.
    x, y
        Where the nodes are, in a plane. Several at one place are taken for copies: an arc between two of them (and none
        back) leads from the beginning of one to the beginning of the other.

    Raises
    ------
    ValueError
        If the arrays differ in length, an arc names no node, or a coordinate is not finite.
    """
    if len(tail) != len(head) or len(x) != n or len(y) != n:
        raise ValueError("tails and heads, or nodes and places, differ in number")
    if len(tail) and (min(tail.min(), head.min()) < 0 or max(tail.max(), head.max()) >= n):
        raise ValueError("an arc names no node")
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise ValueError("a node is nowhere")
    if n == 0:
        return np.zeros(0, np.int32)
    a, b = tail.astype(np.int64), head.astype(np.int64)
    east, north = x.astype(np.float64), y.astype(np.float64)
    entered, left, many = _ends(n, a, b, east, north)
    if many < n / FEW:
        return _cover(n, a, b, east, north)
    points, members = _points(entered, left, many, east, north)
    return rank_cells(n, points, members, _around(n, a, b), _work(points))


def _cover(n: int, tail: Int64, head: Int64, x: Float, y: Float) -> Int32:
    """Rank the nodes of a graph that is not one of pieces: its arcs are cut, and one end of each cut arc goes last."""
    points, members = _points(tail, head, n, np.zeros(0), np.zeros(0))
    points = points._replace(x=x, y=y)
    arcs = len(members.state)
    nothing = Around(np.zeros(arcs + 1, np.int32), np.zeros(0, np.int32))
    last_first = np.argsort(rank_cells(arcs, points, members, nothing, _work(points)))[::-1]
    return cover(n, tail[last_first], head[last_first])


def _ends(n: int, tail: Int64, head: Int64, x: Float, y: Float) -> tuple[Int64, Int64, int]:
    """Return the point at which each node is entered, the one at which it is left, and how many points there are."""
    near = np.flatnonzero((x[tail] == x[head]) & (y[tail] == y[head]))
    forth, back = tail[near] * n + head[near], head[near] * n + tail[near]
    copies = near[~np.isin(forth, back)]
    turns = np.ones(len(tail), bool)
    turns[copies] = False
    a = np.concatenate([2 * tail[turns] + 1, 2 * tail[copies], 2 * tail[copies] + 1])
    b = np.concatenate([2 * head[turns], 2 * head[copies], 2 * head[copies] + 1])
    point, many = united(2 * n, a, b)
    return point[0::2], point[1::2], many


def _points(entered: Int64, left: Int64, many: int, x: Float, y: Float) -> tuple[Points, Members]:
    """Return the graph of the points, nodes between the same two points being one edge."""
    key, edge = np.unique(np.minimum(entered, left) * many + np.maximum(entered, left), return_inverse=True)
    edge = edge.ravel()
    capacity = np.bincount(edge, minlength=len(key))
    start = np.concatenate([[0], np.cumsum(capacity)])
    members = Members(start.astype(np.int32), np.argsort(edge, kind="stable").astype(np.int32))
    tail, head = key // many, key % many
    ends = np.stack([tail, head], axis=1).ravel()  # a loop stands twice, side by side
    by = np.argsort(ends, kind="stable")
    first = np.concatenate([[0], np.cumsum(np.bincount(ends, minlength=many))])
    other = np.stack([head, tail], axis=1).ravel()
    at = np.concatenate([entered, left])
    share = np.maximum(np.bincount(at, minlength=many), 1)
    middle = [np.bincount(at, weights=np.tile(c, 2), minlength=many) / share if len(c) else c for c in (x, y)]
    small = Points(
        first=first.astype(np.int32),
        adjacent=other[by].astype(np.int32),
        edge=(by // 2).astype(np.int32),
        tail=tail.astype(np.int32),
        capacity=capacity.astype(np.int32),
        x=middle[0],
        y=middle[1],
    )
    return small, members


def _around(n: int, tail: Int64, head: Int64) -> Around:
    """Return the neighbours of every node."""
    ends = (np.concatenate([tail, head]), np.concatenate([head, tail]))
    both = coo_array((np.ones(2 * len(tail), np.int8), ends), shape=(n, n)).tocsr()
    return Around(both.indptr.astype(np.int32), both.indices.astype(np.int32))


def _work(points: Points) -> Work:
    """Return room for the cuts."""
    many = len(points.x)
    zeros = np.zeros((5, many), np.int32)
    return Work(
        points=np.arange(many, dtype=np.int32),
        cell=zeros[0],
        side=np.zeros(many, np.int8),
        role=np.zeros(many, np.int8),
        level=zeros[1],
        pointer=zeros[2],
        queue=zeros[3],
        path=zeros[4],
        flow=np.zeros(len(points.tail), np.int32),
    )
