"""Judge a plan from problem and plan alone: the rules of rounds, and what open and closed sites allow.

- Every rule of :mod:`optimiser.rounds.check`, on the rounds problem with all candidates.
- Sites are known, named once, and mandatory ones are open.
- No round starts or ends at the depot of a closed site, or unloads at a closed site.
- What the rounds from a depot pick up together keeps to the capacity of its site.
- No more sites are open, and they cost no more, than the problem allows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from optimiser.hubs.codesign.plan import CodesignPlan
from optimiser.hubs.codesign.problem import ROUND_OFF, CodesignProblem, base, needed, taken
from optimiser.rounds.check import check as check_rounds
from optimiser.rounds.plan import Act, Violation


def check(problem: CodesignProblem, plan: CodesignPlan) -> tuple[Violation, ...]:
    """Return what a plan breaks, nothing if it is sound."""
    return (
        *check_rounds(problem.rounds, plan.rounds),
        *_names(problem, plan),
        *_closed(problem, plan),
        *_capacity(problem, plan),
        *_limits(problem, plan),
    )


def _names(problem: CodesignProblem, plan: CodesignPlan) -> Iterator[Violation]:
    known = {site.id for site in problem.sites}
    for name, count in Counter(plan.open).items():
        if name not in known:
            yield Violation(code="unknown-site", detail=f"there is no site {name}")
        if count > 1:
            yield Violation(code="site-twice", detail=f"{name} is opened twice", amount=count - 1)
    for site in problem.sites:
        if site.mandatory and site.id not in plan.open:
            yield Violation(code="site-must-open", detail=f"{site.id} has to be open")


def _closed(problem: CodesignProblem, plan: CodesignPlan) -> Iterator[Violation]:
    vehicles = {vehicle.id: vehicle for vehicle in problem.rounds.vehicles}
    tips = {site.tip_site: site.id for site in problem.sites if site.tip_site}
    for tour in plan.rounds.rounds:
        if tour.vehicle in vehicles:
            for name in sorted(needed(problem, vehicles[tour.vehicle]) - set(plan.open)):
                yield Violation(code="site-closed", vehicle=tour.vehicle, detail=f"it is based at {name}")
        for visit in tour.visits:
            if visit.act is Act.TIP and tips.get(visit.id, visit.id) not in plan.open and visit.id in tips:
                yield Violation(code="site-closed", vehicle=tour.vehicle, visit=visit.id, detail="it unloads there")


def _capacity(problem: CodesignProblem, plan: CodesignPlan) -> Iterator[Violation]:
    vehicles = {vehicle.id: vehicle for vehicle in problem.rounds.vehicles}
    stops = {stop.id: stop for stop in problem.rounds.stops}
    held: dict[str, float] = defaultdict(float)
    for tour in plan.rounds.rounds:
        site = base(problem, vehicles[tour.vehicle]) if tour.vehicle in vehicles else None
        if site is not None and site.capacity is not None:
            held[site.id] += sum(taken(site.capacity, stops[name]) for name in tour.stops if name in stops)
    for site in problem.sites:
        if site.capacity is not None:
            over = held[site.id] - site.capacity.at_most
            if over > ROUND_OFF * max(1.0, site.capacity.at_most):
                yield Violation(code="site-overfull", detail=f"rounds from {site.id} pick up too much", amount=over)


def _limits(problem: CodesignProblem, plan: CodesignPlan) -> Iterator[Violation]:
    count, cost = len(plan.open), sum(site.opening_cost for site in problem.sites if site.id in plan.open)
    if problem.at_most is not None and count > problem.at_most:
        yield Violation(code="too-many-sites", detail=f"{count} sites are open", amount=count - problem.at_most)
    if problem.budget is not None and cost > problem.budget * (1 + ROUND_OFF):
        yield Violation(code="over-budget", detail="the open sites cost too much", amount=cost - problem.budget)
