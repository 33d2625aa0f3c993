"""Rules about who and what: ids known, nothing twice, nothing forgotten, nobody who may not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from optimiser.rounds.measures import not_served
from optimiser.rounds.plan import Act, Plan, Violation
from optimiser.rounds.problem import Break, RoundsProblem, Stop, TipSite
from optimiser.rounds.view import RoundView, readable


def check_known_vehicles(problem: RoundsProblem, plan: Plan) -> Iterator[Violation]:
    """``unknown-vehicle``: a round by a vehicle that the problem does not have."""
    known = {vehicle.id for vehicle in problem.vehicles}
    for tour in plan.rounds:
        if tour.vehicle not in known:
            yield Violation(code="unknown-vehicle", vehicle=tour.vehicle, detail="no such vehicle")


def check_known_times(_problem: RoundsProblem, plan: Plan) -> Iterator[Violation]:
    """``unknown-time``: a time of the round is no number, or none that a clock can hold."""
    for tour in plan.rounds:
        if not readable(tour):
            yield Violation(code="unknown-time", vehicle=tour.vehicle)


def check_known_visits(view: RoundView) -> Iterator[Violation]:
    """``unknown-stop``, ``unknown-site``, ``unknown-break``: a visit to what the problem does not have."""
    codes = {Act.STOP: "unknown-stop", Act.TIP: "unknown-site", Act.BREAK: "unknown-break"}
    for step in view.steps:
        if step.work is None:
            yield Violation(code=codes[step.visit.act], vehicle=view.vehicle.id, visit=step.visit.id)


def check_modes(view: RoundView) -> Iterator[Violation]:
    """``unknown-mode``: a mode that the stop, the site or the break with places does not have."""
    for step in view.steps:
        placed = isinstance(step.work, Stop | TipSite) or (isinstance(step.work, Break) and step.work.modes)
        if placed and step.mode is None:
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
    """``stop-forgotten``: a stop neither served nor listed as unserved (nor done another way, by a choice)."""
    listed = _listed(plan)
    for stop in not_served(problem, _served(plan)):
        if stop.id not in listed:
            yield Violation(code="stop-forgotten", visit=stop.id, detail="neither served nor unserved")


def check_unserved_known(problem: RoundsProblem, plan: Plan) -> Iterator[Violation]:
    """``unserved-unknown``: a stop is listed as left out that the problem does not have."""
    known = {stop.id for stop in problem.stops}
    for stop in _listed(plan):
        if stop not in known:
            yield Violation(code="unserved-unknown", visit=stop)


def check_unserved_once(_problem: RoundsProblem, plan: Plan) -> Iterator[Violation]:
    """``unserved-twice``: a stop is listed as left out more than once."""
    for stop, times in _listed(plan).items():
        if times > 1:
            yield Violation(code="unserved-twice", visit=stop, amount=times - 1)


def check_unserved_true(_problem: RoundsProblem, plan: Plan) -> Iterator[Violation]:
    """``served-and-unserved``: a stop is listed as left out, and served."""
    served = _served(plan)
    for stop in _listed(plan):
        if stop in served:
            yield Violation(code="served-and-unserved", visit=stop)


def check_unserved_due(problem: RoundsProblem, plan: Plan) -> Iterator[Violation]:
    """``unserved-not-due``: a stop is listed as left out whose work another option of its choice stands for."""
    served = _served(plan)
    due = {stop.id for stop in not_served(problem, served)}
    passed_over = {stop.id for stop in problem.stops} - due - served
    for stop in _listed(plan):
        if stop in passed_over:
            yield Violation(code="unserved-not-due", visit=stop)


def check_allowed(view: RoundView) -> Iterator[Violation]:
    """``vehicle-not-allowed``: a stop served by a vehicle that may not."""
    for step in view.steps:
        if isinstance(step.work, Stop) and step.work.vehicles is not None and view.vehicle.id not in step.work.vehicles:
            yield Violation(code="vehicle-not-allowed", vehicle=view.vehicle.id, visit=step.visit.id)


def check_skills(view: RoundView) -> Iterator[Violation]:
    """``skill-missing``: a stop needs a skill or permit that the vehicle and its crew do not have."""
    for step in view.steps:
        if isinstance(step.work, Stop) and (missing := step.work.needs - view.vehicle.skills):
            yield Violation(
                code="skill-missing",
                vehicle=view.vehicle.id,
                visit=step.visit.id,
                detail=", ".join(sorted(missing)),
                amount=len(missing),
            )


def _served(plan: Plan) -> set[str]:
    return {stop for tour in plan.rounds for stop in tour.stops}


def _listed(plan: Plan) -> Counter[str]:
    return Counter(left.stop for left in plan.unserved)
