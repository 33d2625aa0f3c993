"""Does a siting plan keep every rule? One small function per rule; the codes are explained in ``docs/errors.md``.

The judge knows the problem and the plan, and no engine. Shares, capacities and money are compared with ``TOLERANCE``
(relative for capacities and money), which is what a linear-programming engine can promise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from optimiser.hubs.siting import equity, tables
from optimiser.hubs.siting.plan import SitingPlan, SitingViolation
from optimiser.hubs.siting.problem import MAXIMISED, Ints, SitingProblem

TOLERANCE = 1e-6


class _Case(NamedTuple):
    """A problem, a plan, and what several rules ask of them."""

    problem: SitingProblem
    plan: SitingPlan
    open: tables.Bools
    arc: Ints


Rule = Callable[[_Case], Iterator[SitingViolation]]


def check(problem: SitingProblem, plan: SitingPlan) -> tuple[SitingViolation, ...]:
    """Return every rule the plan breaks; empty means it is good.

    A plan that names what is not there is judged on that alone: nothing else can be said of it.
    """
    if unknown := tuple(_unknown(problem, plan)):
        return unknown
    opened = {site.site for site in plan.opened}
    is_open = np.array([candidate.id in opened for candidate in problem.candidates], dtype=np.bool_)
    case = _Case(problem, plan, is_open, tables.arcs_of(problem, plan))
    if stray := tuple(check_arc(case)):
        return stray
    return tuple(violation for rule in RULES for violation in rule(case))


def _unknown(problem: SitingProblem, plan: SitingPlan) -> Iterator[SitingViolation]:
    """Sites, sizes and positions must be those of the problem."""
    sizes = {candidate.id: len(candidate.sizes) for candidate in problem.candidates}
    for site in plan.opened:
        if site.site not in sizes:
            yield SitingViolation(code="unknown-hub", site=site.site)
        elif not 0 <= site.size < sizes[site.site]:
            yield SitingViolation(code="unknown-size", site=site.site, amount=site.size)
    limits = ((plan.row, len(problem.demand.ids)), (plan.column, len(problem.candidates)))
    if any(len(where) and not (where.min() >= 0 and where.max() < size) for where, size in limits):
        yield SitingViolation(code="unknown-demand", detail="an assignment lies outside the problem")


def check_arc(case: _Case) -> Iterator[SitingViolation]:
    """Nobody goes where no arc within reach leads."""
    for k in np.flatnonzero(case.arc < 0):
        yield SitingViolation(code="beyond-reach", **_where(case, int(k)))


def _where(case: _Case, k: int) -> dict[str, Any]:
    problem, plan = case.problem, case.plan
    return {"demand": problem.demand.ids[plan.row[k]], "site": problem.candidates[plan.column[k]].id}


def check_doubled(case: _Case) -> Iterator[SitingViolation]:
    """A site opens once, in one size; a demand goes to a site once."""
    for site, times in Counter(site.site for site in case.plan.opened).items():
        if times > 1:
            yield SitingViolation(code="doubled", site=site, detail="opened twice", amount=times)
    pairs = case.plan.row * len(case.problem.candidates) + case.plan.column
    _, first, times = np.unique(pairs, return_index=True, return_counts=True)
    for k in first[times > 1]:
        yield SitingViolation(code="doubled", detail="assigned twice", **_where(case, int(k)))


def check_closed(case: _Case) -> Iterator[SitingViolation]:
    """Nobody goes to a site that is not open."""
    for k in np.flatnonzero(~case.open[case.plan.column]):
        yield SitingViolation(code="closed-hub", amount=float(case.plan.share[k]), **_where(case, int(k)))


def check_share(case: _Case) -> Iterator[SitingViolation]:
    """Each share lies between 0 and 1, and so does their sum; it is 1 where nobody may be left unserved."""
    share = case.plan.share
    for k in np.flatnonzero(~((share > 0) & (share <= 1 + TOLERANCE))):
        yield SitingViolation(code="share-range", amount=float(share[k]), **_where(case, int(k)))
    total, ids = tables.served_share(case.problem, case.plan), case.problem.demand.ids
    for i in np.flatnonzero(total > 1 + TOLERANCE):
        yield SitingViolation(code="share-sum", demand=ids[i], amount=float(total[i] - 1))
    if case.problem.unserved is None and case.problem.aim not in MAXIMISED:
        for i in np.flatnonzero(total < 1 - TOLERANCE):
            yield SitingViolation(code="unserved", demand=ids[i], amount=float(1 - total[i]))


def check_split(case: _Case) -> Iterator[SitingViolation]:
    """With a single source each demand goes wholly to one site, or to none."""
    if case.problem.single_source:
        for k in np.flatnonzero(case.plan.share < 1 - TOLERANCE):
            yield SitingViolation(code="split", amount=float(case.plan.share[k]), **_where(case, int(k)))


def check_capacity(case: _Case) -> Iterator[SitingViolation]:
    """No site takes more than its size holds."""
    problem, plan = case.problem, case.plan
    brought = tables.load(problem)[plan.row] * plan.share
    held = np.bincount(plan.column, weights=brought, minlength=len(problem.candidates))
    size = {site.site: site.size for site in plan.opened}
    for j in np.flatnonzero(case.open):
        candidate = problem.candidates[j]
        limit = candidate.sizes[size[candidate.id]].capacity
        if held[j] > limit + TOLERANCE * max(1.0, limit):
            yield SitingViolation(code="over-capacity", site=candidate.id, amount=float(held[j] - limit))


def check_limits(case: _Case) -> Iterator[SitingViolation]:
    """No more sites open, are new, or close than allowed."""
    stands, problem = tables.existing(case.problem), case.problem
    counts = {
        "too-many-hubs": (int(case.open.sum()), problem.at_most),
        "too-many-new": (int((case.open & ~stands).sum()), problem.at_most_new),
        "too-many-closed": (int((~case.open & stands).sum()), problem.at_most_closed),
    }
    for code, (count, limit) in counts.items():
        if limit is not None and count > limit:
            yield SitingViolation(code=code, amount=count - limit)


def check_budget(case: _Case) -> Iterator[SitingViolation]:
    """What is open and what closes costs no more than the budget."""
    problem = case.problem
    if problem.budget is None:
        return
    sizes = {candidate.id: candidate.sizes for candidate in problem.candidates}
    spent = sum(sizes[site.site][site.size].fixed_cost for site in case.plan.opened)
    spent += float(tables.closing(problem)[~case.open].sum())
    if spent > problem.budget + TOLERANCE * max(1.0, problem.budget):
        yield SitingViolation(code="over-budget", amount=spent - problem.budget)


def check_forced(case: _Case) -> Iterator[SitingViolation]:
    """What has to be open is, and what may not be is not."""
    for candidate, is_open in zip(case.problem.candidates, case.open.tolist(), strict=True):
        if candidate.mandatory and not is_open:
            yield SitingViolation(code="must-stay-open", site=candidate.id)
        if candidate.excluded and is_open:
            yield SitingViolation(code="excluded-open", site=candidate.id, detail=candidate.excluded)


def check_separation(case: _Case) -> Iterator[SitingViolation]:
    """Open sites keep their separation."""
    sites = case.problem.candidates
    for a, b in tables.too_close(case.problem):
        if case.open[a] and case.open[b]:
            yield SitingViolation(code="too-close", site=sites[a].id, detail=sites[b].id)


def check_closest(case: _Case) -> Iterator[SitingViolation]:
    """Where a plan claims that everybody goes to the nearest open site, nobody has a nearer one."""
    if not case.plan.closest:
        return
    arcs, row = case.problem.arcs, tables.rows(case.problem)
    nearest = np.full(len(case.problem.demand.ids), np.inf)
    usable = case.open[arcs.site]
    np.minimum.at(nearest, row[usable], arcs.distance[usable])
    farther = arcs.distance[case.arc] - nearest[case.plan.row]
    for k in np.flatnonzero(farther > TOLERANCE * np.maximum(1.0, nearest[case.plan.row])):
        yield SitingViolation(code="not-closest", amount=float(farther[k]), **_where(case, int(k)))
    served = tables.served_share(case.problem, case.plan)
    for i in np.flatnonzero(np.isfinite(nearest) & (served < 1 - TOLERANCE)):
        yield SitingViolation(code="not-closest", demand=case.problem.demand.ids[i], detail="left unserved")


def check_fairness(case: _Case) -> Iterator[SitingViolation]:
    """The plan gives those who are worse off what it owes them; every figure is computed anew."""
    problem, owes = case.problem, case.problem.fairness
    distance, weight = tables.experienced(problem, case.plan)
    if owes.ede_at_most is not None and problem.kappa is not None:
        yield from _over("unfair-ede", equity.ede(distance, weight, problem.kappa), owes.ede_at_most)
    if owes.worst_at_most is not None:
        worst = equity.worst_mean(distance, weight, problem.worst_share)
        yield from _over("unfair-worst", worst, owes.worst_at_most)
    if owes.farthest_at_most is not None:
        served = tables.served_share(problem, case.plan)
        reached = np.where((served < 1 - TOLERANCE) & (problem.demand.weight > 0), np.inf, 0.0).max(initial=0.0)
        gone = problem.demand.weight[case.plan.row] > 0
        distances = problem.arcs.distance[case.arc][gone]
        yield from _over("unfair-farthest", max(float(reached), distances.max(initial=0.0)), owes.farthest_at_most)
    for rule in owes.within:
        mine = tables.members(problem, rule.group)[case.plan.row]
        near = mine & (problem.arcs.distance[case.arc] <= rule.distance)
        got = float((problem.demand.weight[case.plan.row] * case.plan.share)[near].sum())
        short = tables.owed(problem, rule) - got
        if short > TOLERANCE * max(1.0, got):
            yield SitingViolation(code="unfair-within", detail=rule.group or "", amount=short)


def _over(code: str, value: float, limit: float) -> Iterator[SitingViolation]:
    if value > limit + TOLERANCE * max(1.0, limit):
        yield SitingViolation(code=code, amount=value - limit)


RULES: tuple[Rule, ...] = (
    check_doubled,
    check_closed,
    check_share,
    check_split,
    check_capacity,
    check_limits,
    check_budget,
    check_forced,
    check_separation,
    check_closest,
    check_fairness,
)
