"""Rules about what is on board: limits, unloading sites, empty at the end of the day. Tolerance 1e-6 relative.

Of a vehicle's loadings that one is taken to hold which the round breaks least: in the fewest places, then by the least
amount. What is in none of the vehicle's limits, nor in any of its loadings, cannot be carried.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from optimiser.rounds.cargo import RELATIVE_TOLERANCE, Cargo, aboard_at_start, added, cargo
from optimiser.rounds.plan import Act, Violation
from optimiser.rounds.problem import Limit, RoundsProblem, Stop, TipSite
from optimiser.rounds.view import RoundView, Step


def check_carriable(view: RoundView) -> Iterator[Violation]:
    """``cannot-carry``: a stop holds, sends or has brought something that is in no limit or loading of the vehicle."""
    limits = [*view.vehicle.limits, *(limit for loading in view.vehicle.loadings for limit in loading)]
    known = {dimension for limit in limits for dimension in limit.weights}
    for step in view.steps:
        amounts = _handled(view, step)
        foreign = [d for d, amount in amounts.items() if amount > 0 and d not in known]
        if foreign:
            yield Violation(
                code="cannot-carry",
                vehicle=view.vehicle.id,
                visit=step.visit.id,
                detail=", ".join(sorted(foreign)),
                amount=sum(amounts[d] for d in foreign),
            )


def check_limits(view: RoundView) -> Iterator[Violation]:
    """``limit-exceeded``: once per limit and trip, where it is exceeded most: at a stop, the site or the start."""
    moments = tuple(cargo(view))
    for limit in (*view.vehicle.limits, *_loading(view)):
        yield from _exceeded(view, limit, moments)


def check_day_limits(view: RoundView) -> Iterator[Violation]:
    """``day-limit-exceeded``: picks up more in the whole round than the vehicle may in a day."""
    picked = added(step.work.loads for step in view.steps if isinstance(step.work, Stop))
    for limit in view.vehicle.day_limits:
        if over := excess(limit, picked):
            yield Violation(code="day-limit-exceeded", vehicle=view.vehicle.id, detail=limit.name, amount=over)


def check_sites_allowed(view: RoundView) -> Iterator[Violation]:
    """``site-not-allowed``: the vehicle may not unload at this site."""
    allowed = view.vehicle.tip_sites
    for step in view.steps:
        if isinstance(step.work, TipSite) and allowed is not None and step.work.id not in allowed:
            yield Violation(code="site-not-allowed", vehicle=view.vehicle.id, visit=step.work.id)


def check_tips_accepted(view: RoundView) -> Iterator[Violation]:
    """``tip-refused``: waste is on board and the site accepts none of it.

    An empty tip breaks no rule, nor does one at which goods are loaded.
    """
    if not any(isinstance(step.work, TipSite) for step in view.steps):
        return
    for moment in cargo(view):
        if isinstance(moment.step.work, TipSite):
            aboard = {d: amount for d, amount in moment.waste_before.items() if amount > 0}
            if aboard and not moment.unloaded and not moment.loaded:
                yield Violation(
                    code="tip-refused",
                    vehicle=view.vehicle.id,
                    visit=moment.step.work.id,
                    detail=", ".join(sorted(aboard)),
                    amount=sum(aboard.values()),
                )


def check_ends_empty(view: RoundView) -> Iterator[Violation]:
    """``not-empty``: waste is still on board at the end of the day."""
    if not view.vehicle.must_end_empty:
        return
    left: Mapping[str, float] = {}
    for moment in cargo(view):
        left = moment.waste_after
    left = {d: amount for d, amount in left.items() if amount > 0}
    if left:
        yield Violation(
            code="not-empty",
            vehicle=view.vehicle.id,
            detail=", ".join(sorted(left)),
            amount=sum(left.values()),
        )


def check_caps(problem: RoundsProblem, tours: Sequence[RoundView]) -> Iterator[Violation]:
    """``cap-exceeded``: all vehicles together unload more at a site than it takes in a day."""
    if not any(site.caps for site in problem.tip_sites):
        return
    unloaded: dict[str, list[Mapping[str, float]]] = defaultdict(list)
    for view in tours:
        for moment in cargo(view):
            unloaded[moment.step.visit.id].append(moment.unloaded)
    for site in problem.tip_sites:
        for cap in site.caps:
            if over := excess(cap, added(unloaded[site.id])):
                yield Violation(code="cap-exceeded", visit=site.id, detail=cap.name, amount=over)


def weighed(limit: Limit, aboard: Mapping[str, float]) -> float:
    """Return ``sum(weights[d] * load[d])``."""
    return sum(weight * aboard.get(dimension, 0.0) for dimension, weight in limit.weights.items())


def excess(limit: Limit, aboard: Mapping[str, float]) -> float:
    """Return by how much a load exceeds a limit; 0 within the tolerance."""
    over = weighed(limit, aboard) - limit.at_most
    return over if over > RELATIVE_TOLERANCE * max(limit.at_most, 1.0) else 0.0


def _loading(view: RoundView) -> tuple[Limit, ...]:
    """Return the loading that the round breaks least, the first among equals."""
    moments = tuple(cargo(view)) if view.vehicle.loadings else ()

    def broken(loading: tuple[Limit, ...]) -> tuple[int, float]:
        found = [violation for limit in loading for violation in _exceeded(view, limit, moments)]
        return len(found), sum(violation.amount for violation in found)

    return min(view.vehicle.loadings, key=broken, default=())


def _handled(view: RoundView, step: Step) -> Mapping[str, float]:
    """Return what is on board because of a stop: what it holds, has brought, or sends."""
    if not isinstance(step.work, Stop):
        return {}
    shipment = view.known.shipments.get(step.work.id)
    if not shipment and not step.work.deliveries:
        return step.work.loads
    sent = shipment.loads if shipment and shipment.pickup == step.work.id else {}
    return added((step.work.loads, step.work.deliveries, sent))


def _exceeded(view: RoundView, limit: Limit, moments: Sequence[Cargo]) -> Iterator[Violation]:
    worst = _over(view, limit, view.vehicle.start, aboard_at_start(view))
    for moment in moments:
        if moment.step.visit.act is Act.BREAK:
            continue
        if moment.step.visit.act is Act.TIP:
            if worst:
                yield worst
            worst = None
        here = _over(view, limit, moment.step.visit.id, moment.after)
        if here and (not worst or here.amount > worst.amount):
            worst = here
    if worst:
        yield worst


def _over(view: RoundView, limit: Limit, where: str, aboard: Mapping[str, float]) -> Violation | None:
    if over := excess(limit, aboard):
        return Violation(code="limit-exceeded", vehicle=view.vehicle.id, visit=where, detail=limit.name, amount=over)
    return None
