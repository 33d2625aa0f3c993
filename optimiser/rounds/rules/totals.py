"""Rules about sums: of a round (stops, driving, distance) and of all rounds together (evenness, changes)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from optimiser.rounds.cargo import RELATIVE_TOLERANCE
from optimiser.rounds.clock import TOLERANCE_MS, closes_ms, to_s
from optimiser.rounds.measures import changes, measured, round_measure, spread
from optimiser.rounds.plan import Violation
from optimiser.rounds.problem import RoundsProblem
from optimiser.rounds.view import RoundView


def check_max_stops(view: RoundView) -> Iterator[Violation]:
    """``too-many-stops``: more stops in the round than the vehicle may have."""
    most, made = view.vehicle.max_stops, len(view.round.stops)
    if most is not None and made > most:
        yield Violation(code="too-many-stops", vehicle=view.vehicle.id, detail=f"{made} of {most}", amount=made - most)


def check_max_driving(view: RoundView) -> Iterator[Violation]:
    """``driving-exceeded``: more travel time in the round than the vehicle may have; in seconds."""
    most = view.vehicle.max_driving_s
    over = 0 if most is None else sum(leg.duration_ms for leg in view.legs) - closes_ms(most)
    if over > TOLERANCE_MS:
        yield Violation(code="driving-exceeded", vehicle=view.vehicle.id, amount=to_s(over))


def check_max_distance(view: RoundView) -> Iterator[Violation]:
    """``distance-exceeded``: drives farther in the round than the vehicle may, at work included; in metres."""
    most = view.vehicle.max_distance_m
    over = 0.0 if most is None else round_measure(view).distance_dm / 10.0 - most
    if most is not None and over > RELATIVE_TOLERANCE * max(most, 1.0):
        yield Violation(code="distance-exceeded", vehicle=view.vehicle.id, amount=over)


def check_balance(problem: RoundsProblem, tours: Sequence[RoundView]) -> Iterator[Violation]:
    """``balance-exceeded``: the largest and the smallest round are too far apart; in the balance's own unit."""
    measures = [(round_measure(tour), tour.vehicle.id) for tour in tours]
    for balance in problem.aims.balance:
        if balance.at_most is None or not measures:
            continue
        over = spread(balance, [measure for measure, _ in measures]) - balance.at_most
        if over > RELATIVE_TOLERANCE * max(balance.at_most, 1.0):
            _, most = max((measured(balance, measure), vehicle) for measure, vehicle in measures)
            yield Violation(code="balance-exceeded", vehicle=most, detail=str(balance.measure), amount=over)


def check_most_changes(problem: RoundsProblem, tours: Sequence[RoundView]) -> Iterator[Violation]:
    """``changes-exceeded``: more stops go to another vehicle than usual than may."""
    most, made = problem.aims.most_changes, changes(round_measure(tour) for tour in tours)
    if most is not None and made > most:
        yield Violation(code="changes-exceeded", detail=f"{made} of {most}", amount=made - most)
