"""What a plan costs, from first principles.

For each round by vehicle ``v`` with costs (fixed, per_hour, per_km):

    fixed      = fixed
    distance   = per_km * (sum of legs in m) / 1000
    wages      = per_hour * (end - start - unpaid breaks, in s) / 3600
    gate fees  = sum over tips of fee_per_tip + sum over dimensions of fee * amount unloaded

``total`` is their sum over all rounds; ``net = total - prizes`` of the optional stops served. Distances, service times
and amounts come from the problem; from the plan only who goes where in which order, and when rounds start and end.
Driving + service + waiting + breaks = end - start, summed over the rounds.
"""

from __future__ import annotations

from collections import defaultdict

from optimiser.rounds.cargo import cargo
from optimiser.rounds.clock import to_ms, to_s
from optimiser.rounds.plan import Act, Plan, Price, Round
from optimiser.rounds.problem import Break, RoundsProblem, TipSite
from optimiser.rounds.view import Book, RoundView, round_view, views


def price(problem: RoundsProblem, plan: Plan) -> Price:
    """Return what a plan costs, in the scenario's currency.

    What has no price (ids that the problem does not know, legs that lead nowhere) counts as nothing; ``check`` names
    it. Waiting is what is left of a round's time, so it is negative only in a plan whose times do not add up.
    """
    money: dict[str, float] = defaultdict(float)
    time_ms: dict[str, int] = defaultdict(int)
    unloaded: dict[str, dict[str, float]] = {}
    distance_dm = tips = 0
    for view in views(problem, plan):
        clock = _clock(view)
        for name, amount in clock.items():
            time_ms[name] += amount
        driven_dm = sum(leg.distance_dm for leg in (*(step.leg for step in view.steps), view.home) if leg)
        distance_dm += driven_dm
        tips += sum(step.visit.act is Act.TIP for step in view.steps)
        costs = view.vehicle.costs
        money["fixed"] += costs.fixed
        money["distance"] += costs.per_km * driven_dm / 1e4
        money["wages"] += costs.per_hour * clock["paid"] / 3.6e6
        money["gate_fees"] += _gate_fees(view, unloaded)
    total = money["fixed"] + money["distance"] + money["wages"] + money["gate_fees"]
    prizes = _prizes(problem, plan)
    return Price(
        fixed=money["fixed"],
        wages=money["wages"],
        distance=money["distance"],
        gate_fees=money["gate_fees"],
        total=total,
        prizes=prizes,
        net=total - prizes,
        distance_m=distance_dm / 10.0,
        driving_s=to_s(time_ms["driving"]),
        service_s=to_s(time_ms["service"]),
        waiting_s=to_s(time_ms["waiting"]),
        break_s=to_s(time_ms["break"]),
        paid_s=to_s(time_ms["paid"]),
        tips=tips,
        unloaded=unloaded,
    )


def round_cost(known: Book, tour: Round) -> float:
    """Return what one round costs, prizes not counted."""
    view = round_view(known, tour)
    driven_dm = sum(leg.distance_dm for leg in (*(step.leg for step in view.steps), view.home) if leg)
    costs = view.vehicle.costs
    wages = costs.per_hour * _clock(view)["paid"] / 3.6e6
    return costs.fixed + costs.per_km * driven_dm / 1e4 + wages + _gate_fees(view, {})


def _clock(view: RoundView) -> dict[str, int]:
    """Return what the round's time went into, in ms."""
    duration = to_ms(view.round.end_s) - to_ms(view.round.start_s)
    driving = sum(leg.duration_ms for leg in (*(step.leg for step in view.steps), view.home) if leg)
    service = sum(to_ms(step.mode.service_s) for step in view.steps if step.mode)
    rests = [step.work for step in view.steps if isinstance(step.work, Break)]
    resting = sum(to_ms(rest.duration_s) for rest in rests)
    unpaid = sum(to_ms(rest.duration_s) for rest in rests if not rest.paid)
    return {
        "driving": driving,
        "service": service,
        "break": resting,
        "waiting": duration - driving - service - resting,
        "paid": duration - unpaid,
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
