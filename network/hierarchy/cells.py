"""Nested dissection: cut a town in two, both halves again, and so on; what was cut first is eliminated last."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from network.hierarchy.cut import Points, Work, bisect
from network.hierarchy.kernel import inner, kernel
from network.hierarchy.small import Around, by_degree
from network.hierarchy.topology import Int32, Int64

LEAF = 32  # states; smaller cells are ordered by degree


class Members(NamedTuple):
    """The states of each edge: ``state[start[e]:start[e + 1]]``."""

    start: Int32
    state: Int32


@kernel
def rank_cells(n: int, points: Points, members: Members, around: Around, work: Work) -> Int32:
    """Return the rank of every state: from the top down, the states of the edges cut, then those of each half."""
    rank = np.full(n, -1, np.int32)
    many = points.x.size
    inside = np.empty(n, np.int32)
    local = np.full(n, -1, np.int32)
    following = n - 1
    cells = 0
    waiting = np.empty((many + 1, 2), np.int64)
    waiting[0, 0] = 0
    waiting[0, 1] = many
    left = _parts(waiting[0, 0], waiting[0, 1], points, work, waiting, cells)
    while left > 0:
        left -= 1
        begin, end = waiting[left, 0], waiting[left, 1]
        cells += 1
        for v in work.points[begin:end]:
            work.cell[v] = cells
        k = _inside(begin, end, points, members, work, inside)
        if k <= LEAF or end - begin == 1:
            by_degree(inside[:k], around, rank, local, following)
            following -= k
            continue
        bisect(begin, end, points, work)
        following = _cut(begin, end, points, members, work, rank, following)
        left = _parts(begin, end, points, work, waiting, left)
    return rank


@inner
def _inside(begin: int, end: int, points: Points, members: Members, work: Work, inside: Int32) -> int:
    """Write the states of the edges within a cell; return how many."""
    k = 0
    for v in work.points[begin:end]:
        for j in range(points.first[v], points.first[v + 1]):
            e = points.edge[j]
            u = points.adjacent[j]
            if work.cell[u] == work.cell[v] and points.tail[e] == v:
                if u == v and j > points.first[v] and points.edge[j - 1] == e:
                    continue  # a loop stands twice among the edges of its point, side by side
                for i in range(members.start[e], members.start[e + 1]):
                    inside[k] = members.state[i]
                    k += 1
    return k


@inner
def _cut(begin: int, end: int, points: Points, members: Members, work: Work, rank: Int32, following: int) -> int:
    """Rank the states of the edges between the two sides of a cell; return the next rank."""
    for v in work.points[begin:end]:
        for j in range(points.first[v], points.first[v + 1]):
            e = points.edge[j]
            u = points.adjacent[j]
            if work.cell[u] == work.cell[v] and work.side[u] != work.side[v] and points.tail[e] == v:
                for i in range(members.start[e], members.start[e + 1]):
                    rank[members.state[i]] = following
                    following -= 1
    return following


@inner
def _parts(begin: int, end: int, points: Points, work: Work, waiting: Int64, left: int) -> int:
    """Sort the points of a cell by connected parts of either side; add these to what waits; return how many do."""
    for i in range(begin, end):
        work.queue[i] = work.points[i]
        work.level[work.points[i]] = -1
    filled = begin
    done = begin
    for i in range(begin, end):
        source = work.queue[i]
        if work.level[source] >= 0:
            continue
        first = filled
        work.level[source] = 0
        work.points[filled] = source
        filled += 1
        while done < filled:
            v = work.points[done]
            done += 1
            for j in range(points.first[v], points.first[v + 1]):
                u = points.adjacent[j]
                if work.level[u] < 0 and work.cell[u] == work.cell[v] and work.side[u] == work.side[v]:
                    work.level[u] = 0
                    work.points[filled] = u
                    filled += 1
        waiting[left, 0] = first
        waiting[left, 1] = filled
        left += 1
    return left


@kernel
def cover(n: int, tail: Int64, head: Int64) -> Int32:
    """Rank nodes from the top down: an end of each arc that has no ranked one yet, then all others."""
    rank = np.full(n, -1, np.int32)
    following = n - 1
    for i in range(tail.size):
        if rank[tail[i]] < 0 and rank[head[i]] < 0:
            rank[tail[i]] = following
            following -= 1
    for v in range(n):
        if rank[v] < 0:
            rank[v] = following
            following -= 1
    return rank


@kernel
def united(n: int, a: Int64, b: Int64) -> tuple[Int64, int]:
    """Return for each thing the number of its set, pairs being in one set, and how many sets there are."""
    leader = np.arange(n)
    for i in range(a.size):
        p, q = a[i], b[i]
        while leader[p] != p:
            leader[p] = leader[leader[p]]
            p = leader[p]
        while leader[q] != q:
            leader[q] = leader[leader[q]]
            q = leader[q]
        leader[max(p, q)] = min(p, q)
    many = 0
    for p in range(n):  # a leader is the first of its set
        if leader[p] == p:
            leader[p] = many
            many += 1
        else:
            leader[p] = leader[leader[p]]
    return leader, many
