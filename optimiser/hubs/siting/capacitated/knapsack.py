"""The best load of one site at given prices: 0-1 knapsacks by branch and bound, and their relaxation.

Horowitz, Sahni (1974), J. ACM 21, 277-292; Dantzig (1957), Operations Research 5, 266-277.
"""

from __future__ import annotations

import numpy as np

from optimiser.hubs.compiled import plain
from optimiser.hubs.siting.problem import Floats, Ints

NODES = 4_000  # of one knapsack; beyond, its relaxation is what counts
HAIR = 1e-9


@plain
def by_ratio(profit: Floats, weight: Floats, ratio: Floats, item: Ints, many: int) -> None:
    """Sort the first ``many`` of ``item`` so that profit by weight falls; ``ratio`` is room to work in (heap sort)."""
    for k in range(many):
        i = item[k]
        ratio[k] = -profit[i] / weight[i] if weight[i] > 0.0 else -np.inf
    for begin in range(many // 2 - 1, -1, -1):
        _sift(ratio, item, begin, many)
    for last in range(many - 1, 0, -1):
        ratio[0], ratio[last] = ratio[last], ratio[0]
        item[0], item[last] = item[last], item[0]
        _sift(ratio, item, 0, last)


@plain
def _sift(key: Floats, item: Ints, root: int, many: int) -> None:
    while True:
        child = 2 * root + 1
        if child >= many:
            return
        if child + 1 < many and key[child + 1] > key[child]:
            child += 1
        if key[root] >= key[child]:
            return
        key[root], key[child] = key[child], key[root]
        item[root], item[child] = item[child], item[root]
        root = child


@plain
def relaxed(profit: Floats, weight: Floats, item: Ints, many: int, room: float, take: Floats) -> float:
    """Return the profit of the relaxed knapsack over sorted items; ``take`` becomes how much of each (Dantzig)."""
    total = 0.0
    for k in range(many):
        i = item[k]
        if weight[i] <= room:
            take[k] = 1.0
            room -= weight[i]
            total += profit[i]
        else:
            take[k] = room / weight[i]
            total += take[k] * profit[i]
            for rest in range(k + 1, many):
                take[rest] = 0.0
            break
    return float(total)


@plain
def _most(profit: Floats, weight: Floats, item: Ints, many: int, at: int, room: float) -> float:
    """Return the relaxed profit of items from ``at`` on."""
    total = 0.0
    for k in range(at, many):
        i = item[k]
        if weight[i] > room:
            return float(total + profit[i] * room / weight[i])
        room -= weight[i]
        total += profit[i]
    return float(total)


@plain
def _dived(
    profit: Floats, weight: Floats, item: Ints, many: int, at: int, left: float, total: float, enough: float,
    now: Floats,
) -> tuple[int, float, float]:  # fmt: skip
    """Take what fits from item ``at`` on while more than ``enough`` can come; return item, room left and profit."""
    while at < many:
        i = item[at]
        fits = weight[i] <= left
        now[at] = 1.0 if fits else 0.0
        at += 1
        if fits:
            left -= weight[i]
            total += profit[i]
        elif total + _most(profit, weight, item, many, at, left) <= enough:
            break
    return at, left, total


@plain
def _parts(take: Floats, many: int) -> float:
    """Return how far from whole the most divided item is."""
    most = 0.0
    for k in range(many):
        most = max(most, min(take[k], 1.0 - take[k]))
    return most


@plain
def whole(profit: Floats, weight: Floats, item: Ints, many: int, room: float, take: Floats, now: Floats) -> float:
    """Return the profit of the 0-1 knapsack over sorted items, or an upper limit of it after too many nodes.

    ``take`` becomes the items (parts of one, where it is the limit); ``now`` is room to work in.
    """
    limit = relaxed(profit, weight, item, many, room, take)
    if _parts(take, many) < HAIR:
        return limit
    hair = HAIR * (1.0 + limit)
    best, total, left, at = -1.0, 0.0, room, 0
    for _ in range(NODES):
        if total + _most(profit, weight, item, many, at, left) > best + hair:
            at, left, total = _dived(profit, weight, item, many, at, left, total, best + hair, now)
            if at == many and total > best:
                best = total
                for k in range(many):
                    take[k] = now[k]
        at -= 1
        while at >= 0 and now[at] == 0.0:
            at -= 1
        if at < 0:
            return best + hair
        now[at] = 0.0
        total -= profit[item[at]]
        left += weight[item[at]]
        at += 1
    return relaxed(profit, weight, item, many, room, take)
