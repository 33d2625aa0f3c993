"""Rules about what is on board: limits, unloading sites, empty at the end of the day. Tolerance 1e-6 relative."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from optimiser.rounds.cargo import RELATIVE_TOLERANCE, cargo
from optimiser.rounds.plan import Act, Violation
from optimiser.rounds.problem import Limit, Stop, TipSite
from optimiser.rounds.view import RoundView


def check_carriable(view: RoundView) -> Iterator[Violation]:
    """``cannot-carry``: a stop holds something that is in none of the vehicle's limits."""
    known = {dimension for limit in view.vehicle.limits for dimension in limit.weights}
    for step in view.steps:
        if isinstance(step.work, Stop):
            foreign = [d for d, amount in step.work.loads.items() if amount > 0 and d not in known]
            if foreign:
                yield Violation(
                    code="cannot-carry",
                    vehicle=view.vehicle.id,
                    visit=step.visit.id,
                    detail=", ".join(sorted(foreign)),
                    amount=sum(step.work.loads[d] for d in foreign),
                )


def check_limits(view: RoundView) -> Iterator[Violation]:
    """``limit-exceeded``: once per limit and trip, at the stop where it is exceeded most."""
    for limit in view.vehicle.limits:
        slack = RELATIVE_TOLERANCE * max(limit.at_most, 1.0)
        worst: Violation | None = None
        for moment in cargo(view):
            over = weighed(limit, moment.after) - limit.at_most
            if moment.step.visit.act is Act.STOP and over > slack and (not worst or over > worst.amount):
                worst = Violation(
                    code="limit-exceeded",
                    vehicle=view.vehicle.id,
                    visit=moment.step.visit.id,
                    detail=limit.name,
                    amount=over,
                )
            if moment.step.visit.act is Act.TIP and worst:
                yield worst
                worst = None
        if worst:
            yield worst


def check_sites_allowed(view: RoundView) -> Iterator[Violation]:
    """``site-not-allowed``: the vehicle may not unload at this site."""
    allowed = view.vehicle.tip_sites
    for step in view.steps:
        if isinstance(step.work, TipSite) and allowed is not None and step.work.id not in allowed:
            yield Violation(code="site-not-allowed", vehicle=view.vehicle.id, visit=step.work.id)


def check_tips_accepted(view: RoundView) -> Iterator[Violation]:
    """``tip-refused``: something is on board and the site accepts none of it (an empty tip breaks no rule)."""
    for moment in cargo(view):
        if isinstance(moment.step.work, TipSite):
            aboard = {d: amount for d, amount in moment.before.items() if amount > 0}
            if aboard and not moment.unloaded:
                yield Violation(
                    code="tip-refused",
                    vehicle=view.vehicle.id,
                    visit=moment.step.work.id,
                    detail=", ".join(sorted(aboard)),
                    amount=sum(aboard.values()),
                )


def check_ends_empty(view: RoundView) -> Iterator[Violation]:
    """``not-empty``: something is still on board at the end of the day."""
    if not view.vehicle.must_end_empty:
        return
    left: Mapping[str, float] = {}
    for moment in cargo(view):
        left = moment.after
    left = {d: amount for d, amount in left.items() if amount > 0}
    if left:
        yield Violation(
            code="not-empty",
            vehicle=view.vehicle.id,
            detail=", ".join(sorted(left)),
            amount=sum(left.values()),
        )


def weighed(limit: Limit, aboard: Mapping[str, float]) -> float:
    """Return ``sum(weights[d] * load[d])``."""
    return sum(weight * aboard.get(dimension, 0.0) for dimension, weight in limit.weights.items())
