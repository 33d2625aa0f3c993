"""Plans with one site a demand: demand moves, demand is exchanged, sites open and close by chance; too full costs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from optimiser.hubs.compiled import inner, kernel, plain
from optimiser.hubs.siting.capacitated.posed import I8, I32, Bools
from optimiser.hubs.siting.problem import Floats, Ints

CLOSER = 1e-7  # a change that saves less is none
WARMTH = 0.004  # of the cost: how much dearer the next plan may be at first
BACK = 60  # kicks without a better plan, after which the search goes back to the best one


class Town(NamedTuple):
    """The minimisation in arrays; ``cost`` is demand by site."""

    cost: Floats
    load: Floats
    room: Floats
    fixed: Floats
    status: I8
    most: int


class Plan(NamedTuple):
    """Who goes where; what each site holds, how many come, how many sites are open, what one unit too much costs."""

    site: I32
    held: Floats
    count: Ints
    used: Ints  # one number
    rate: Floats  # one number


@plain
def over(town: Town, plan: Plan, j: int, more: float) -> float:
    """Return what it costs that site ``j`` is too full with so much more."""
    return plan.rate[0] * max(plan.held[j] + more - town.room[j], 0.0)


@plain
def shifted(town: Town, plan: Plan, i: int, b: int) -> float:
    """Return what changes if demand ``i`` goes to ``b``."""
    a, w = plan.site[i], town.load[i]
    change = town.cost[i, b] - town.cost[i, a]
    change += over(town, plan, b, w) - over(town, plan, b, 0.0) + over(town, plan, a, -w) - over(town, plan, a, 0.0)
    emptied = plan.count[a] == 1 and town.status[a] != 1
    if emptied:
        change -= town.fixed[a]
    if plan.count[b] == 0 and town.status[b] != 1:
        if plan.used[0] >= town.most and not emptied:
            return np.inf
        change += town.fixed[b]
    return change


@plain
def shift(town: Town, plan: Plan, i: int, b: int) -> None:
    """Send demand ``i`` to ``b``."""
    a = plan.site[i]
    plan.held[a] -= town.load[i]
    plan.count[a] -= 1
    if plan.count[a] == 0:
        plan.held[a] = 0.0
        if town.status[a] != 1:
            plan.used[0] -= 1
    if plan.count[b] == 0 and town.status[b] != 1:
        plan.used[0] += 1
    plan.held[b] += town.load[i]
    plan.count[b] += 1
    plan.site[i] = b


@plain
def swapped(town: Town, plan: Plan, i: int, k: int) -> float:
    """Return what changes if two demands exchange their sites."""
    a, b = plan.site[i], plan.site[k]
    change = town.cost[i, b] + town.cost[k, a] - town.cost[i, a] - town.cost[k, b]
    w = town.load[i] - town.load[k]
    return (
        change + over(town, plan, b, w) - over(town, plan, b, 0.0) + over(town, plan, a, -w) - over(town, plan, a, 0.0)
    )


@plain
def worth(town: Town, plan: Plan) -> float:
    """Return what a plan costs, what is too full included."""
    total = 0.0
    for i in range(len(town.load)):
        total += town.cost[i, plan.site[i]]
    for j in range(len(town.room)):
        if plan.count[j] > 0 or town.status[j] == 1:
            total += town.fixed[j]
        total += over(town, plan, j, 0.0)
    return total


@plain
def excess(town: Town, plan: Plan) -> float:
    """Return by how much sites are too full, summed."""
    total = 0.0
    for j in range(len(town.room)):
        total += max(plan.held[j] - town.room[j] * (1.0 + 1e-9), 0.0)
    return total


@plain
def improve(town: Town, plan: Plan, active: Bools, swaps: bool) -> None:
    """Move and exchange demand while that saves something; only what is ``active`` is looked at."""
    n, m = len(town.load), len(town.room)
    again = True
    while again:
        again = False
        for i in range(n):
            if not active[i]:
                continue
            active[i] = False
            a, best, to, other = plan.site[i], -CLOSER, -1, -1
            for b in range(m):
                if b != a and town.cost[i, b] < np.inf and town.status[b] >= 0:
                    change = shifted(town, plan, i, b)
                    if change < best:
                        best, to = change, b
            if swaps:
                for k in range(n):
                    if plan.site[k] != a:
                        change = swapped(town, plan, i, k)
                        if change < best:
                            best, other = change, k
            if other >= 0:
                to = plan.site[other]
                shift(town, plan, other, a)
                shift(town, plan, i, to)
            elif to >= 0:
                shift(town, plan, i, to)
            else:
                continue
            again = True
            for k in range(n):
                if plan.site[k] == a or plan.site[k] == to:
                    active[k] = True


@inner
def drawn(weight: Floats) -> int:
    """Return a position drawn with these weights, -1 where all are 0."""
    total = weight.sum()
    if total <= 0.0:
        return -1
    left = np.random.random() * total  # noqa: NPY002 - compiled code has no generator of its own
    last = -1
    for j in range(len(weight)):
        if weight[j] > 0.0:
            last = j
            left -= weight[j]
            if left <= 0.0:
                return j
    return last


@plain
def emptied(town: Town, plan: Plan, j: int, but: int, active: Bools) -> None:
    """Send all demand of ``j`` to other open sites, each where it costs least."""
    for i in range(len(town.load)):
        if plan.site[i] != j:
            continue
        best, to = np.inf, -1
        for b in range(len(town.room)):
            if b != j and (plan.count[b] > 0 or town.status[b] == 1 or b == but) and town.cost[i, b] < np.inf:
                change = town.cost[i, b] + over(town, plan, b, town.load[i]) - over(town, plan, b, 0.0)
                if change < best:
                    best, to = change, b
        if to >= 0:
            shift(town, plan, i, to)
            active[i] = True


@inner
def filled(town: Town, plan: Plan, b: int, gain: Floats, active: Bools) -> None:
    """Send demand to ``b`` that gains most by its load, while there is room."""
    n = len(town.load)
    for i in range(n):
        here = town.cost[i, b] < np.inf and plan.site[i] != b
        gain[i] = town.cost[i, plan.site[i]] - town.cost[i, b] if here else -np.inf
        if here and plan.held[plan.site[i]] > town.room[plan.site[i]]:
            gain[i] += plan.rate[0] * town.load[i]
    order = np.argsort(-gain / (town.load + 1e-9))
    for i in order:
        if gain[i] > 0.0 and plan.held[b] + town.load[i] <= town.room[b]:
            shift(town, plan, i, b)
            active[i] = True


@inner
def kick(town: Town, plan: Plan, share: Floats, weight: Floats, gain: Floats, active: Bools) -> None:
    """Open a site, close one, or both, or shake a few demands."""
    m, way = len(town.room), np.random.random()  # noqa: NPY002
    opens, closes = -1, -1
    if way < 0.7:
        for j in range(m):
            free = town.status[j] == 0 and plan.count[j] == 0
            weight[j] = share[j] + 0.02 if free else 0.0
        opens = drawn(weight)
    if way > 0.3 or (opens >= 0 and plan.used[0] >= town.most):
        for j in range(m):
            free = town.status[j] == 0 and plan.count[j] > 0
            weight[j] = 1.02 - min(share[j], 1.0) if free else 0.0
        closes = drawn(weight)
    if opens >= 0 and (plan.used[0] < town.most or closes >= 0):
        if plan.used[0] >= town.most:
            emptied(town, plan, closes, -1, active)
            closes = -1
        if plan.used[0] < town.most:
            filled(town, plan, opens, gain, active)
    if closes >= 0 and (way < 0.9 or opens >= 0):
        emptied(town, plan, closes, -1, active)
    if way >= 0.9:
        for _ in range(4):
            i, k = np.random.randint(len(town.load)), np.random.randint(len(town.load))  # noqa: NPY002
            b = plan.site[k]
            if town.cost[i, b] < np.inf and b != plan.site[i]:
                shift(town, plan, i, b)
                active[i] = True


@inner
def copied(source: Plan, target: Plan) -> None:
    """Make one plan like another; what too full costs stays."""
    target.site[:] = source.site
    target.held[:] = source.held
    target.count[:] = source.count
    target.used[:] = source.used


@kernel
def roam(
    town: Town, plan: Plan, best: Plan, cost: float, share: Floats, kicks: int, swaps: bool, seed: int
) -> float:  # fmt: skip
    """Search from ``plan`` by kicks; ``best`` becomes the cheapest plan that is nowhere too full, the return its cost."""
    n, m = len(town.load), len(town.room)
    np.random.seed(seed)  # noqa: NPY002
    active, weight, gain = np.ones(n, np.bool_), np.empty(m), np.empty(n)
    before = Plan(plan.site.copy(), plan.held.copy(), plan.count.copy(), plan.used.copy(), plan.rate)
    idle, full = 0, 0
    for done in range(kicks + 1):
        if done > 0:
            kick(town, plan, share, weight, gain, active)
        improve(town, plan, active, swaps)
        now, much = worth(town, plan), excess(town, plan)
        idle += 1
        if much <= 0.0 and now < cost - CLOSER:
            cost, idle = now, 0
            copied(plan, best)
        full = max(full, 0) + 1 if much > 0.0 else min(full, 0) - 1
        if full >= 8 or full <= -8:
            plan.rate[0] *= 1.3 if full > 0 else 0.85
            full = 0
        last = worth(town, before)
        warm = WARMTH * abs(last) * np.random.random() ** 3  # noqa: NPY002
        if now <= last + warm:
            copied(plan, before)
        else:
            copied(before, plan)
        if idle >= BACK and cost < np.inf:
            idle = 0
            copied(best, plan)
            copied(best, before)
    return cost
