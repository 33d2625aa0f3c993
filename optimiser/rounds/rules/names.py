"""Rules about who and what: ids known, nothing twice, nothing forgotten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from optimiser.rounds.plan import Act, Plan, Violation
from optimiser.rounds.problem import RoundsProblem
from optimiser.rounds.view import RoundView


def check_known_vehicles(problem: RoundsProblem, plan: Plan) -> Iterator[Violation]:
    """``unknown-vehicle``: a round by a vehicle that the problem does not have."""
    known = {vehicle.id for vehicle in problem.vehicles}
    for tour in plan.rounds:
        if tour.vehicle not in known:
            yield Violation(code="unknown-vehicle", vehicle=tour.vehicle, detail="no such vehicle")


def check_known_visits(view: RoundView) -> Iterator[Violation]:
    """``unknown-stop``, ``unknown-site``, ``unknown-break``: a visit to what the problem does not have."""
    codes = {Act.STOP: "unknown-stop", Act.TIP: "unknown-site", Act.BREAK: "unknown-break"}
    for step in view.steps:
        if step.work is None:
            yield Violation(code=codes[step.visit.act], vehicle=view.vehicle.id, visit=step.visit.id)


def check_modes(view: RoundView) -> Iterator[Violation]:
    """``unknown-mode``: a mode that the stop or site does not have."""
    for step in view.steps:
        if step.work is not None and step.mode is None and step.visit.act is not Act.BREAK:
            yield Violation(
                code="unknown-mode",
                vehicle=view.vehicle.id,
                visit=step.visit.id,
                detail=f"mode {step.visit.mode}",
            )


def check_vehicles_once(_problem: RoundsProblem, plan: Plan) -> Iterator[Violation]:
    """``vehicle-used-twice``: two rounds by one vehicle."""
    for vehicle, times in Counter(tour.vehicle for tour in plan.rounds).items():
        if times > 1:
            yield Violation(code="vehicle-used-twice", vehicle=vehicle, amount=times - 1)


def check_stops_once(_problem: RoundsProblem, plan: Plan) -> Iterator[Violation]:
    """``stop-served-twice``: a stop that stands in the rounds more than once."""
    for stop, times in Counter(stop for tour in plan.rounds for stop in tour.stops).items():
        if times > 1:
            yield Violation(code="stop-served-twice", visit=stop, amount=times - 1)


def check_stops_all(problem: RoundsProblem, plan: Plan) -> Iterator[Violation]:
    """``stop-forgotten``: a stop neither served nor listed as unserved."""
    named = {stop for tour in plan.rounds for stop in tour.stops} | {left.stop for left in plan.unserved}
    for stop in problem.stops:
        if stop.id not in named:
            yield Violation(code="stop-forgotten", visit=stop.id, detail="neither served nor unserved")


def check_unserved(problem: RoundsProblem, plan: Plan) -> Iterator[Violation]:
    """``unserved-unknown``, ``unserved-twice``, ``served-and-unserved``: the list of what is left out is wrong."""
    known = {stop.id for stop in problem.stops}
    served = {stop for tour in plan.rounds for stop in tour.stops}
    for stop, times in Counter(left.stop for left in plan.unserved).items():
        if stop not in known:
            yield Violation(code="unserved-unknown", visit=stop)
        if times > 1:
            yield Violation(code="unserved-twice", visit=stop, amount=times - 1)
        if stop in served:
            yield Violation(code="served-and-unserved", visit=stop)


def check_allowed(view: RoundView) -> Iterator[Violation]:
    """``vehicle-not-allowed``: a stop served by a vehicle that may not."""
    for step in view.steps:
        allowed = getattr(step.work, "vehicles", None)
        if allowed is not None and view.vehicle.id not in allowed:
            yield Violation(code="vehicle-not-allowed", vehicle=view.vehicle.id, visit=step.visit.id)


def check_max_stops(view: RoundView) -> Iterator[Violation]:
    """``too-many-stops``: more stops in the round than the vehicle may have."""
    most, made = view.vehicle.max_stops, len(view.round.stops)
    if most is not None and made > most:
        yield Violation(code="too-many-stops", vehicle=view.vehicle.id, detail=f"{made} of {most}", amount=made - most)
