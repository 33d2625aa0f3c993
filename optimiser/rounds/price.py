"""What a plan costs, from first principles.

For each round by a vehicle with these costs (see :class:`~optimiser.rounds.fleet.VehicleCosts`; times in hours):

    fixed      = fixed
    wages      = per_hour * paid + per_driving_hour * driving + per_service_hour * service
    overtime   = overtime_per_hour * overtime
    distance   = per_km * (legs + what is driven at work, in km)
    tip costs  = per_tip * tips
    gate fees  = sum over tips of fee_per_tip + sum over dimensions of fee * amount unloaded

where

    paid       = end - start - unpaid breaks and driving rests
    overtime   = max(0, end - end of the shift, (end - start) - longest duration of the shift)
    service    = set-ups due + queues + work at stops and sites
    waiting    = end - start - driving - service - breaks and driving rests

``total`` is their sum over all rounds. Beside money paid there are

    prizes     = sum of the prizes of the optional stops served
    balance    = sum over balances of per_unit * spread      (largest - smallest measure among the rounds)
    compact    = compact_per_km * sum of km between stops and the middle of their round
    changes    = change_per_stop * stops that another vehicle serves than usual

and ``net = total - prizes + balance + compact + changes``. Distances, service times and amounts come from the problem;
from the plan only who goes where in which order, when rounds start and end, and with periods when visits end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from optimiser.rounds.cargo import cargo
from optimiser.rounds.clock import to_s
from optimiser.rounds.measures import RoundMeasure, preferences, round_measure
from optimiser.rounds.plan import Plan, Price, Round
from optimiser.rounds.problem import RoundsProblem, TipSite
from optimiser.rounds.view import Book, RoundView, round_view, views

MS_PER_HOUR = 3.6e6
DM_PER_KM = 1e4


def price(problem: RoundsProblem, plan: Plan, *, tours: Sequence[RoundView] | None = None) -> Price:
    """Return what a plan costs, in the scenario's currency; ``tours`` are its views, if they are at hand.

    What has no price (ids that the problem does not know, legs that lead nowhere, rounds whose times are no times)
    counts as nothing; ``check`` names it. Waiting is what is left of a round's time, so it is negative only in a plan
    whose times do not add up.
    """
    money: dict[str, float] = defaultdict(float)
    unloaded: dict[str, dict[str, float]] = {}
    measures: list[RoundMeasure] = []
    for view in views(problem, plan) if tours is None else tours:
        measures.append(round_measure(view))
        for part, amount in _costs(view, measures[-1], unloaded).items():
            money[part] += amount
    total = sum(money.values())
    prizes = _prizes(problem, plan)
    wishes = preferences(problem.aims, measures)
    return Price(
        fixed=money["fixed"],
        wages=money["wages"],
        overtime=money["overtime"],
        distance=money["distance"],
        tip_costs=money["tip_costs"],
        gate_fees=money["gate_fees"],
        total=total,
        prizes=prizes,
        preferences=wishes,
        net=total - prizes + sum(wishes.values()),
        distance_m=sum(measure.distance_dm for measure in measures) / 10.0,
        tips=sum(measure.tips for measure in measures),
        unloaded=unloaded,
        **_times(measures),
    )


def round_cost(known: Book, tour: Round) -> float:
    """Return what one round costs (its part of ``total``); prizes and preferences are not counted."""
    view = round_view(known, tour)
    return cost_of(view, round_measure(view))


def cost_of(view: RoundView, measure: RoundMeasure) -> float:
    """Return what a round costs (its part of ``total``) that is looked at and measured already."""
    return sum(_costs(view, measure, {}).values())


def _costs(view: RoundView, measure: RoundMeasure, unloaded: dict[str, dict[str, float]]) -> Mapping[str, float]:
    """Return what a round costs by part and add what it unloads to ``unloaded``."""
    rates = view.vehicle.costs
    return {
        "fixed": rates.fixed,
        "wages": (
            rates.per_hour * measure.paid_ms
            + rates.per_driving_hour * measure.driving_ms
            + rates.per_service_hour * measure.service_ms
        )
        / MS_PER_HOUR,
        "overtime": rates.overtime_per_hour * measure.overtime_ms / MS_PER_HOUR,
        "distance": rates.per_km * measure.distance_dm / DM_PER_KM,
        "tip_costs": rates.per_tip * measure.tips,
        "gate_fees": _gate_fees(view, unloaded),
    }


def _times(measures: Sequence[RoundMeasure]) -> dict[str, float]:
    """Return what the time of all rounds went into, in seconds."""
    return {
        "driving_s": to_s(sum(measure.driving_ms for measure in measures)),
        "service_s": to_s(sum(measure.service_ms for measure in measures)),
        "waiting_s": to_s(sum(measure.waiting_ms for measure in measures)),
        "break_s": to_s(sum(measure.break_ms for measure in measures)),
        "paid_s": to_s(sum(measure.paid_ms for measure in measures)),
        "overtime_s": to_s(sum(measure.overtime_ms for measure in measures)),
    }


def _gate_fees(view: RoundView, unloaded: dict[str, dict[str, float]]) -> float:
    """Return the fees of a round's tips and add what they unloaded to ``unloaded``."""
    fees = 0.0
    for moment in cargo(view):
        site = moment.step.work
        if isinstance(site, TipSite):
            fees += site.fee_per_tip
            weighed = unloaded.setdefault(site.id, {})
            for dimension, amount in moment.unloaded.items():
                fees += site.fees.get(dimension, 0.0) * amount
                weighed[dimension] = weighed.get(dimension, 0.0) + amount
    return fees


def _prizes(problem: RoundsProblem, plan: Plan) -> float:
    """Return what the optional stops that were served bring in, each once."""
    served = {stop for tour in plan.rounds for stop in tour.stops}
    return sum(stop.prize for stop in problem.stops if stop.prize is not None and stop.id in served)
