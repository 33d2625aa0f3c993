"""Does a hub plan keep every rule? One small function per rule; the codes are explained in ``docs/errors.md``.

The judge knows the problem and the plan, and no engine. Shares and capacities are compared with ``TOLERANCE``
(relative for capacities and money), which is what a linear-programming engine can promise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import numpy as np

from optimiser.hubs.arrays import capacity, fixed_cost, kg_per_day, shares, tally, within_reach
from optimiser.hubs.plan import HubPlan, HubViolation
from optimiser.hubs.problem import Aim, HubProblem

TOLERANCE = 1e-6
REASONS = ("out-of-reach", "not-chosen", "full", "not-worth-it")

Rule = Callable[[HubProblem, HubPlan], Iterator[HubViolation]]


def check(problem: HubProblem, plan: HubPlan) -> tuple[HubViolation, ...]:
    """Return every rule the plan breaks; empty means it is good.

    A plan that names unknown ids is judged on that alone: nothing else can be said of it.
    """
    unknown = tuple(check_unknown(problem, plan))
    return unknown or tuple(violation for rule in RULES for violation in rule(problem, plan))


def check_unknown(problem: HubProblem, plan: HubPlan) -> Iterator[HubViolation]:
    """Ids must be those of the problem."""
    hubs = {candidate.id for candidate in problem.candidates}
    points = {point.id for point in problem.demand}
    for hub in sorted(({*plan.open} | {a.hub for a in plan.assignments}) - hubs):
        yield HubViolation(code="unknown-hub", hub=hub)
    named = {a.demand for a in plan.assignments} | {left.demand for left in plan.left_out}
    for point in sorted(named - points):
        yield HubViolation(code="unknown-demand", demand=point)


def check_doubled(_problem: HubProblem, plan: HubPlan) -> Iterator[HubViolation]:
    """A hub is opened once; a demand point goes to a hub once and is left out once."""
    for hub, times in Counter(plan.open).items():
        if times > 1:
            yield HubViolation(code="doubled", hub=hub, detail="opened twice", amount=times)
    for (point, hub), times in Counter((a.demand, a.hub) for a in plan.assignments).items():
        if times > 1:
            yield HubViolation(code="doubled", demand=point, hub=hub, detail="assigned twice", amount=times)
    for point, times in Counter(left.demand for left in plan.left_out).items():
        if times > 1:
            yield HubViolation(code="doubled", demand=point, detail="left out twice", amount=times)


def check_closed(_problem: HubProblem, plan: HubPlan) -> Iterator[HubViolation]:
    """Nobody goes to a hub that is not open."""
    opened = set(plan.open)
    for assignment in plan.assignments:
        if assignment.hub not in opened:
            yield HubViolation(code="closed-hub", hub=assignment.hub, demand=assignment.demand, amount=assignment.share)


def check_reach(problem: HubProblem, plan: HubPlan) -> Iterator[HubViolation]:
    """Nobody goes farther than the reach."""
    sent = shares(problem, plan)
    walked = problem.distance_m[sent.row, sent.column]
    for k in np.flatnonzero(walked > problem.reach_m):
        where = plan.assignments[k]
        beyond = float(walked[k] - problem.reach_m)
        yield HubViolation(code="beyond-reach", hub=where.hub, demand=where.demand, amount=beyond)


def check_share_range(_problem: HubProblem, plan: HubPlan) -> Iterator[HubViolation]:
    """A share is more than nothing and at most everything."""
    parts = [(a.demand, a.hub, a.share) for a in plan.assignments]
    parts += [(left.demand, "", left.share) for left in plan.left_out]
    for demand, hub, share in parts:
        if not 0 < share <= 1 + TOLERANCE:
            yield HubViolation(code="share-range", hub=hub, demand=demand, amount=share)


def check_share_sum(problem: HubProblem, plan: HubPlan) -> Iterator[HubViolation]:
    """Each demand point is assigned or left out, wholly and once."""
    sent = shares(problem, plan)
    total = tally(sent.row, sent.share, len(problem.demand))
    position = {point.id: k for k, point in enumerate(problem.demand)}
    left = np.array([position[part.demand] for part in plan.left_out], dtype=np.intp)
    shares_left = np.array([part.share for part in plan.left_out], dtype=np.float64)
    total += tally(left, shares_left, len(problem.demand))
    for k in np.flatnonzero(np.abs(total - 1.0) > TOLERANCE):
        yield HubViolation(code="share-sum", demand=problem.demand[k].id, amount=float(total[k] - 1.0))


def check_capacity(problem: HubProblem, plan: HubPlan) -> Iterator[HubViolation]:
    """No hub takes more than it can."""
    sent = shares(problem, plan)
    brought = kg_per_day(problem)[sent.row] * sent.share
    load = tally(sent.column, brought, len(problem.candidates))
    limit = capacity(problem)
    for k in np.flatnonzero(load > limit * (1 + TOLERANCE) + TOLERANCE):
        over = float(load[k] - limit[k])
        yield HubViolation(code="over-capacity", hub=problem.candidates[k].id, amount=over)


def check_count(problem: HubProblem, plan: HubPlan) -> Iterator[HubViolation]:
    """No more hubs are open than allowed."""
    if problem.at_most is not None and len(set(plan.open)) > problem.at_most:
        yield HubViolation(code="too-many-hubs", amount=len(set(plan.open)) - problem.at_most)


def check_budget(problem: HubProblem, plan: HubPlan) -> Iterator[HubViolation]:
    """Fixed costs stay within the budget."""
    if problem.budget_per_day is None:
        return
    opened = set(plan.open)
    is_open = np.array([candidate.id in opened for candidate in problem.candidates], dtype=np.bool_)
    over = float(fixed_cost(problem)[is_open].sum()) - problem.budget_per_day
    if over > TOLERANCE * max(1.0, problem.budget_per_day):
        yield HubViolation(code="over-budget", amount=over)


def check_stays(problem: HubProblem, plan: HubPlan) -> Iterator[HubViolation]:
    """A hub that exists and may not close stays open."""
    opened = set(plan.open)
    for candidate in problem.candidates:
        if candidate.existing and not candidate.may_close and candidate.id not in opened:
            yield HubViolation(code="must-stay-open", hub=candidate.id)


def check_reasons(problem: HubProblem, plan: HubPlan) -> Iterator[HubViolation]:
    """The reason for leaving somebody out is one we know, and true where the map can tell."""
    opened = set(plan.open)
    is_open = np.array([candidate.id in opened for candidate in problem.candidates], dtype=np.bool_)
    within = within_reach(problem)
    position = {point.id: k for k, point in enumerate(problem.demand)}
    for left in plan.left_out:
        near = within[position[left.demand]]
        truth = {
            "out-of-reach": not near.any(),
            "not-chosen": bool(near.any() and not (near & is_open).any()),
            "full": bool((near & is_open).any()),
            "not-worth-it": bool((near & is_open).any()) and problem.aim is Aim.COST,
        }
        if not truth.get(left.reason, False):
            yield HubViolation(code="wrong-reason", demand=left.demand, detail=left.reason)


RULES: tuple[Rule, ...] = (
    check_doubled,
    check_closed,
    check_reach,
    check_share_range,
    check_share_sum,
    check_capacity,
    check_count,
    check_budget,
    check_stays,
    check_reasons,
)
