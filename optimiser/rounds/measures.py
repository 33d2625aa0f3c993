"""What rounds and plans amount to: time, distance, work, evenness, compactness, changes; what is left out.

A round is measured once (:func:`round_measure`); what concerns the whole plan is worked out from the measures of its
rounds, so that a change of one round needs only that round to be measured again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import hypot

from optimiser.rounds.aims import Aim, Aims, Balance, Measure
from optimiser.rounds.cargo import added
from optimiser.rounds.clock import closes_ms, to_ms
from optimiser.rounds.plan import Act, Round
from optimiser.rounds.problem import Choice, RoundsProblem, Shift, Stop
from optimiser.rounds.view import RoundView


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundMeasure:
    """What one round amounts to; whole milliseconds and decimetres.

    Parameters
    ----------
    stops, tips
        How many.
    picked
        Dimension -> amount picked up in all.
    driving_ms, service_ms, break_ms, waiting_ms
        They add up to the duration; service has set-ups and queues in it, breaks have driving rests.
    paid_ms
        The duration without unpaid breaks and rests.
    overtime_ms
        By how much it is back after the shift or lasts longer, whichever is more.
    distance_dm
        Legs, and what is driven at work.
    compact_m
        Metres between each stop and the middle of the stops, summed.
    changes
        Stops that are another vehicle's as a rule.
    """

    stops: int
    tips: int
    picked: Mapping[str, float]
    driving_ms: int
    service_ms: int
    break_ms: int
    waiting_ms: int
    paid_ms: int
    overtime_ms: int
    distance_dm: int
    compact_m: float
    changes: int


def round_measure(view: RoundView) -> RoundMeasure:
    """Return what a round amounts to; what the problem does not know counts as nothing."""
    stops = [step.work for step in view.steps if isinstance(step.work, Stop)]
    rests = [step.rest for step in view.steps if step.rest is not None]
    duration = to_ms(view.round.end_s) - to_ms(view.round.start_s)
    driving = sum(leg.duration_ms for leg in view.legs)
    service = sum(step.service_ms for step in view.steps)
    resting = sum(to_ms(rest.duration_s) for rest in rests)
    return RoundMeasure(
        stops=len(view.round.stops),
        tips=sum(visit.act is Act.TIP for visit in view.round.visits),
        picked=added(stop.loads for stop in stops),
        driving_ms=driving,
        service_ms=service,
        break_ms=resting,
        waiting_ms=duration - driving - service - resting,
        paid_ms=duration - sum(to_ms(rest.duration_s) for rest in rests if not rest.paid),
        overtime_ms=overtime_ms(view.vehicle.shift, view.round),
        distance_dm=sum(leg.distance_dm for leg in view.legs) + sum(step.service_dm for step in view.steps),
        compact_m=compactness_m(stops),
        changes=sum(stop.usual not in {None, view.vehicle.id} for stop in stops),
    )


def overtime_ms(shift: Shift, tour: Round) -> int:
    """Return by how much a round is back after the shift's end or lasts longer than it, whichever is more."""
    start, end = to_ms(tour.start_s), to_ms(tour.end_s)
    longer = 0 if shift.max_duration_s is None else end - start - closes_ms(shift.max_duration_s)
    return max(0, end - closes_ms(shift.end_s), longer)


def compactness_m(stops: Iterable[Stop]) -> float:
    """Return the metres between each stop and the middle (mean position) of them all; those without one are none."""
    spots = [stop.at for stop in stops if stop.at is not None]
    if not spots:
        return 0.0
    x, y = (sum(side) / len(spots) for side in zip(*spots, strict=True))
    return sum(hypot(a - x, b - y) for a, b in spots)


def measured(balance: Balance, measure: RoundMeasure) -> float:
    """Return how much a round has of what is to be even: hours, load or stops."""
    if balance.measure is Measure.HOURS:
        return measure.paid_ms / 3.6e6
    if balance.measure is Measure.STOPS:
        return float(measure.stops)
    weights = balance.weights
    return sum(amount * (weights.get(d, 0.0) if weights else 1.0) for d, amount in measure.picked.items())


def spread(balance: Balance, measures: Iterable[RoundMeasure]) -> float:
    """Return the largest minus the smallest among the rounds; 0 without rounds."""
    amounts = [measured(balance, measure) for measure in measures]
    return max(amounts) - min(amounts) if amounts else 0.0


def changes(measures: Iterable[RoundMeasure]) -> int:
    """Return how many stops another vehicle serves than usual."""
    return sum(measure.changes for measure in measures)


def preferences(aims: Aims, measures: Sequence[RoundMeasure]) -> dict[str, float]:
    """Return what each aim counts in money: "balance", "compact", "changes"; aims without a weight are left out."""
    money: dict[str, float] = {}
    if any(balance.per_unit for balance in aims.balance):
        money["balance"] = sum(balance.per_unit * spread(balance, measures) for balance in aims.balance)
    if aims.compact_per_km:
        money["compact"] = aims.compact_per_km * sum(measure.compact_m for measure in measures) / 1000.0
    if aims.change_per_stop:
        money["changes"] = aims.change_per_stop * changes(measures)
    return money


def first_aims(aims: Aims, measures: Sequence[RoundMeasure]) -> tuple[float, ...]:
    """Return what is compared before money, in its order: rounds, paid hours, km, spread, stops changed."""
    amounts = {
        Aim.VEHICLES: lambda: float(len(measures)),
        Aim.HOURS: lambda: sum(measure.paid_ms for measure in measures) / 3.6e6,
        Aim.DISTANCE: lambda: sum(measure.distance_dm for measure in measures) / 1e4,
        Aim.SPREAD: lambda: spread(aims.balance[0], measures),
        Aim.CHANGES: lambda: float(changes(measures)),
    }
    return tuple(amounts[aim]() for aim in aims.first)


def chosen(choice: Choice, served: Collection[str]) -> tuple[str, ...]:
    """Return the option that a plan goes by: the one served most fully, the first among equals (and if none is)."""
    return max(choice.options, key=lambda option: sum(stop in served for stop in option) / len(option))


def not_served(problem: RoundsProblem, served: Collection[str]) -> tuple[Stop, ...]:
    """Return the stops that a plan leaves out when it serves these, in the problem's order; choices respected.

    Of a choice they are the stops not served of the option that the plan goes by (see :func:`chosen`).
    """
    passed_over = {
        stop for choice in problem.choices for stop in set().union(*choice.options).difference(chosen(choice, served))
    }
    return tuple(stop for stop in problem.stops if stop.id not in served and stop.id not in passed_over)
