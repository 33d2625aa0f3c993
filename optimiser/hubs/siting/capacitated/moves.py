"""Plans with one site a demand: demand moves, demand is exchanged, sites open and close by chance; too full costs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from optimiser.hubs.compiled import inner, kernel, plain
from optimiser.hubs.siting.capacitated.posed import I8, I32, Bools
from optimiser.hubs.siting.problem import Floats, Ints

CLOSER = 1e-7  # a change that saves less is none
WARMTH = 0.004  # of the cost: how much dearer the next plan may be at first
OFTEN, DEARER, CHEAPER = 8, 1.3, 0.85  # plans alike (too full, or not) before the price of it changes, and how
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
    visits: Ints
    used: Ints  # one number
    rate: Floats  # one number


@plain
def over(town: Town, plan: Plan, j: int, more: float) -> float:
    """Return what it costs that site ``j`` is too full with so much more."""
    return float(plan.rate[0] * max(plan.held[j] + more - town.room[j], 0.0))


@plain
def shifted(town: Town, plan: Plan, i: int, b: int) -> float:
    """Return what changes if demand ``i`` goes to ``b``."""
    a, w = plan.site[i], town.load[i]
    change = town.cost[i, b] - town.cost[i, a]
    change += over(town, plan, b, w) - over(town, plan, b, 0.0) + over(town, plan, a, -w) - over(town, plan, a, 0.0)
    emptied = plan.visits[a] == 1 and town.status[a] != 1
    if emptied:
        change -= town.fixed[a]
    if plan.visits[b] == 0 and town.status[b] != 1:
        if plan.used[0] >= town.most and not emptied:
            return np.inf
        change += town.fixed[b]
    return float(change)


@plain
def shift(town: Town, plan: Plan, i: int, b: int) -> None:
    """Send demand ``i`` to ``b``."""
    a = plan.site[i]
    plan.held[a] -= town.load[i]
    plan.visits[a] -= 1
    if plan.visits[a] == 0:
        plan.held[a] = 0.0
        if town.status[a] != 1:
            plan.used[0] -= 1
    if plan.visits[b] == 0 and town.status[b] != 1:
        plan.used[0] += 1
    plan.held[b] += town.load[i]
    plan.visits[b] += 1
    plan.site[i] = b


@plain
def swapped(town: Town, plan: Plan, i: int, k: int) -> float:
    """Return what changes if two demands exchange their sites."""
    a, b = plan.site[i], plan.site[k]
    change = town.cost[i, b] + town.cost[k, a] - town.cost[i, a] - town.cost[k, b]
    w = town.load[i] - town.load[k]
    change += over(town, plan, b, w) - over(town, plan, b, 0.0) + over(town, plan, a, -w) - over(town, plan, a, 0.0)
    return float(change)


@kernel
def worth(town: Town, plan: Plan) -> float:
    """Return what a plan costs, what is too full included."""
    total = 0.0
    for i in range(len(town.load)):
        total += town.cost[i, plan.site[i]]
    for j in range(len(town.room)):
        if plan.visits[j] > 0 or town.status[j] == 1:
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
def _best_shift(town: Town, plan: Plan, i: int) -> tuple[float, int]:
    """Return what the best move of a demand changes, and where to; -1: none saves."""
    best, to = -CLOSER, -1
    for b in range(len(town.room)):
        if b != plan.site[i] and town.cost[i, b] < np.inf and town.status[b] >= 0:
            change = shifted(town, plan, i, b)
            if change < best:
                best, to = change, b
    return best, to


@plain
def _best_swap(town: Town, plan: Plan, i: int, best: float) -> int:
    """Return the demand to exchange with that changes less than ``best``; -1: none."""
    other = -1
    for k in range(len(town.load)):
        if plan.site[k] != plan.site[i]:
            change = swapped(town, plan, i, k)
            if change < best:
                best, other = change, k
    return other


@plain
def _changed(town: Town, plan: Plan, i: int, swaps: bool, active: Bools) -> bool:
    """Make the best change of a demand, where one saves."""
    a = plan.site[i]
    best, to = _best_shift(town, plan, i)
    other = _best_swap(town, plan, i, best) if swaps else -1
    if other >= 0:
        to = plan.site[other]
        shift(town, plan, other, a)
    if to < 0:
        return False
    shift(town, plan, i, to)
    for k in range(len(active)):
        if plan.site[k] == a or plan.site[k] == to:
            active[k] = True
    return True


@plain
def _better_home(town: Town, plan: Plan, a: int, summed: Floats) -> int:
    """Return the closed site where all demand of ``a`` costs least, -1 where that saves nothing."""
    for b in range(len(summed)):
        summed[b] = town.fixed[b]
    for i in range(len(town.load)):
        if plan.site[i] == a:
            for b in range(len(summed)):
                summed[b] += town.cost[i, b]
    best, to = summed[a] + over(town, plan, a, 0.0) - CLOSER, -1
    for b in range(len(summed)):
        if plan.visits[b] == 0 and town.status[b] == 0:
            paid = summed[b] + over(town, plan, b, plan.held[a])
            if paid < best:
                best, to = paid, b
    return to


@plain
def _recentred(town: Town, plan: Plan, summed: Floats, active: Bools) -> bool:
    """Move all demand of a site to a closed one, wherever that saves; return whether it did anywhere."""
    moved = False
    for a in range(len(town.room)):
        to = _better_home(town, plan, a, summed) if plan.visits[a] > 0 and town.status[a] != 1 else -1
        if to < 0:
            continue
        moved = True
        for i in range(len(active)):
            if plan.site[i] == a:
                shift(town, plan, i, to)
                active[i] = True
    return moved


@plain
def improve(town: Town, plan: Plan, summed: Floats, active: Bools, swaps: bool) -> None:
    """Move and exchange demand while that saves something, then whole sites; only what is ``active`` is looked at."""
    again = True
    while again:
        again = False
        for i in range(len(active)):
            if active[i]:
                active[i] = False
                again |= _changed(town, plan, i, swaps, active)
        if not again:
            again = _recentred(town, plan, summed, active)


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
def emptied(town: Town, plan: Plan, j: int, active: Bools) -> None:
    """Send all demand of ``j`` to other open sites, each where it costs least."""
    for i in range(len(town.load)):
        if plan.site[i] != j:
            continue
        best, to = np.inf, -1
        for b in range(len(town.room)):
            if b != j and (plan.visits[b] > 0 or town.status[b] == 1) and town.cost[i, b] < np.inf:
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
def _to_open(town: Town, plan: Plan, share: Floats, weight: Floats) -> int:
    """Return a closed site, likelier where prices open it."""
    for j in range(len(weight)):
        weight[j] = share[j] + 0.02 if town.status[j] == 0 and plan.visits[j] == 0 else 0.0
    return drawn(weight)


@inner
def _to_close(town: Town, plan: Plan, share: Floats, weight: Floats) -> int:
    """Return an open site, likelier where prices close it."""
    for j in range(len(weight)):
        weight[j] = 1.02 - min(share[j], 1.0) if town.status[j] == 0 and plan.visits[j] > 0 else 0.0
    return drawn(weight)


@inner
def _shaken(town: Town, plan: Plan, active: Bools) -> None:
    """Send a few demands where others go."""
    for _ in range(4):
        i, k = np.random.randint(len(town.load)), np.random.randint(len(town.load))  # noqa: NPY002
        b = plan.site[k]
        if town.cost[i, b] < np.inf and b != plan.site[i]:
            shift(town, plan, i, b)
            active[i] = True


@inner
def kick(town: Town, plan: Plan, share: Floats, weight: Floats, gain: Floats, active: Bools) -> None:
    """Open a site, close one, or both, or shake a few demands."""
    way, full = np.random.random(), plan.used[0] >= town.most  # noqa: NPY002
    if way >= 0.9:
        _shaken(town, plan, active)
        return
    opens = _to_open(town, plan, share, weight) if way < 0.7 else -1
    closes = _to_close(town, plan, share, weight) if way > 0.3 or full else -1
    if full and opens >= 0 and closes >= 0:
        emptied(town, plan, closes, active)
        closes = -1
    if opens >= 0 and plan.used[0] < town.most:
        filled(town, plan, opens, gain, active)
    if closes >= 0:
        emptied(town, plan, closes, active)


@inner
def copied(source: Plan, target: Plan) -> None:
    """Make one plan like another; what too full costs stays."""
    target.site[:] = source.site
    target.held[:] = source.held
    target.visits[:] = source.visits
    target.used[:] = source.used


@plain
def _rated(plan: Plan, full: int, much: float) -> int:
    """Make what is too full dearer where plans often are, cheaper where they never are."""
    full = max(full, 0) + 1 if much > 0.0 else min(full, 0) - 1
    if abs(full) < OFTEN:
        return full
    plan.rate[0] *= DEARER if full > 0 else CHEAPER
    return 0


@kernel
def roam(town: Town, plan: Plan, best: Plan, cost: float, share: Floats, kicks: int, swaps: bool, seed: int) -> float:
    """Search from ``plan`` by kicks; ``best`` becomes the cheapest plan that is nowhere too full; return its cost."""
    np.random.seed(seed)  # noqa: NPY002
    n, m, idle, full = len(town.load), len(town.room), 0, 0
    active, weight, gain = np.ones(n, np.bool_), np.empty(m), np.empty(n)
    before = Plan(plan.site.copy(), plan.held.copy(), plan.visits.copy(), plan.used.copy(), plan.rate)
    for done in range(kicks + 1):
        if done > 0:
            kick(town, plan, share, weight, gain, active)
        improve(town, plan, weight, active, swaps)
        now, much = worth(town, plan), excess(town, plan)
        idle += 1
        if much <= 0.0 and now < cost - CLOSER:
            cost, idle = now, 0
            copied(plan, best)
        full = _rated(plan, full, much)
        last = worth(town, before)
        if now <= last + WARMTH * abs(last) * np.random.random() ** 3:  # noqa: NPY002
            copied(plan, before)
        else:
            copied(before, plan)
        if idle >= BACK and cost < np.inf:
            idle = 0
            copied(best, plan)
            copied(best, before)
    return cost
