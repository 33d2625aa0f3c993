"""A round told step by step, in the planner's words: what every document about a round is made from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np

from optimiser.rounds.plan import Act, Plan, Price, Round, Visit
from optimiser.rounds.price import price
from optimiser.rounds.problem import Limit, Mode
from scenarios.documents.places import Place, places
from scenarios.kerbside.told import as_points, picked_up, side_driven
from scenarios.kerbside.work import served_at
from scenarios.model.fleet import FleetVehicle
from scenarios.model.kerbside import KerbsideStreet
from scenarios.model.work import CollectionPoint
from scenarios.outcome import DayPlan, Leg, Outcome
from scenarios.ways import halts

NOTE_COLUMNS = frozenset({"message", "note", "notes", "remark", "remarks", "comment", "comments", "instruction",
                          "instructions", "driver note"})  # fmt: skip
ON_STREET_M = 2.0  # nearer than this to the line of driving, a point has no side


class Side(StrEnum):
    """Where a point lies as the vehicle arrives."""

    LEFT = "left"
    RIGHT = "right"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One visit, with the way to it and the load after it.

    Parameters
    ----------
    sequence
        1, 2, 3 ... over all visits of the round.
    number
        Number of the stop within the round; ``None`` for tips and breaks.
    place
        ``None`` for a break.
    leg
        How the vehicle gets there; ``None`` for a break that is taken where it stands.
    kg
        Picked up at a stop, unloaded at a tip.
    on_board_kg, full
        After the visit: the load, and how full the vehicle is, by payload or volume, whichever is tighter.
    side
        Side of the street on arrival.
    message
        What the planner's own columns say to the driver.
    """

    sequence: int
    number: int | None
    visit: Visit
    place: Place | None
    point: CollectionPoint | None
    leg: Leg | None
    kg: float
    on_board_kg: float
    full: float
    side: Side
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Itinerary:
    """A vehicle's day.

    ``position`` counts the vehicles of the fleet from 0 and is the same on every day: it chooses colours and the
    number in maps. ``back`` is the leg to the depot.
    """

    day: str
    vehicle: FleetVehicle
    position: int
    round_: Round
    start: Place
    end: Place
    steps: tuple[Step, ...]
    back: Leg | None
    price: Price
    collected_kg: float

    @property
    def stops(self) -> tuple[Step, ...]:
        """Steps that collect."""
        return tuple(step for step in self.steps if step.visit.act is Act.STOP)

    @property
    def trips(self) -> tuple[tuple[Step, ...], ...]:
        """Steps cut after each tip; a last part without stops is dropped."""
        cuts = [k + 1 for k, step in enumerate(self.steps) if step.visit.act is Act.TIP]
        parts = (self.steps[a:b] for a, b in pairwise([0, *cuts, len(self.steps)]))
        return tuple(part for part in parts if any(step.number is not None for step in part))

    @property
    def legs(self) -> tuple[Leg, ...]:
        """All legs in order, the way back last."""
        legs = [step.leg for step in self.steps if step.leg is not None]
        return (*legs, self.back) if self.back is not None else tuple(legs)

    @property
    def fullest(self) -> float:
        """How full the vehicle is at its fullest, by payload or volume."""
        return max((step.full for step in self.steps), default=0.0)


def itineraries(outcome: Outcome, day: DayPlan) -> tuple[Itinerary, ...]:
    """Return the rounds of a day step by step, in the order of the fleet."""
    plan = day.result.plan
    if plan is None:
        return ()
    fleet = {vehicle.id: k for k, vehicle in enumerate(outcome.system.vehicles)}
    rounds = sorted(plan.rounds, key=lambda round_: fleet[round_.vehicle])
    known = places(outcome.system)
    points = {point.id: point for point in outcome.system.points} | as_points(outcome.system.kerbside)
    return tuple(
        _itinerary(outcome, day, round_, fleet[round_.vehicle], known, points) for round_ in rounds if round_.visits
    )


def all_itineraries(outcome: Outcome) -> Iterator[tuple[DayPlan, Itinerary]]:
    """Yield every round of every planned day."""
    for day in outcome.days:
        for itinerary in itineraries(outcome, day):
            yield day, itinerary


def _itinerary(
    outcome: Outcome,
    day: DayPlan,
    round_: Round,
    position: int,
    known: Mapping[str, Place],
    points: Mapping[str, CollectionPoint],
) -> Itinerary:
    vehicle = outcome.system.vehicles[position]
    legs = list(day.ways[vehicle.id])
    steps = _steps(outcome, day, round_, legs, known, points)
    return Itinerary(
        day=day.day,
        vehicle=vehicle,
        position=position,
        round_=round_,
        start=known[vehicle.start_depot],
        end=known[vehicle.end_depot],
        steps=steps,
        back=legs[-1] if legs else None,
        price=price(day.problem, Plan(rounds=(round_,))),
        collected_kg=sum(step.kg for step in steps if step.visit.act is Act.STOP),
    )


def _steps(
    outcome: Outcome,
    day: DayPlan,
    round_: Round,
    legs: list[Leg],
    known: Mapping[str, Place],
    points: Mapping[str, CollectionPoint],
) -> tuple[Step, ...]:
    accepts = {facility.id: frozenset(facility.accepts) for facility in outcome.system.facilities}
    modes = {stop.id: stop.modes for stop in day.problem.stops}
    vehicle = next(vehicle for vehicle in day.problem.vehicles if vehicle.id == round_.vehicle)
    moving = iter(legs)
    streets = {street.id: street for street in outcome.system.kerbside}
    at = served_at(streets.values())
    on_board: dict[str, float] = {}
    steps: list[Step] = []
    number = 0
    for sequence, visit in enumerate(round_.visits, start=1):
        leg = next(moving) if halts(vehicle, visit) else None
        point = points[visit.id] if visit.act is Act.STOP else None
        kg = 0.0
        if point is not None:
            number += 1
            kg = picked_up(point.id, at, day.loads_kg)
            on_board[point.stream] = on_board.get(point.stream, 0.0) + kg
        elif visit.act is Act.TIP:
            kg = sum(on_board.pop(stream) for stream in list(on_board) if stream in accepts[visit.id])
        steps.append(
            Step(
                sequence=sequence,
                number=number if point is not None else None,
                visit=visit,
                place=None if visit.act is Act.BREAK else known[visit.id],
                point=point,
                leg=leg,
                kg=kg,
                on_board_kg=sum(on_board.values()),
                full=_full(on_board, vehicle.limits),
                side=_side(leg, point, streets, modes, visit) if leg is not None and point is not None else Side.NONE,
                message=message_of(point) if point is not None else "",
            )
        )
    return tuple(steps)


def _full(on_board: Mapping[str, float], limits: Sequence[Limit]) -> float:
    """Return the share of the tightest limit that a load takes up."""
    shares = (
        sum(kg * limit.weights.get(stream, 0.0) for stream, kg in on_board.items()) / limit.at_most
        for limit in limits
        if limit.at_most > 0
    )
    return max(shares, default=0.0)


def _side(
    leg: Leg,
    point: CollectionPoint,
    streets: Mapping[str, KerbsideStreet],
    modes: Mapping[str, Sequence[Mode]],
    visit: Visit,
) -> Side:
    """Return the side of a stop: of a kerbside street that which its driver works at, none where it is both."""
    if not len(leg.served):
        return side_of(leg, point)
    street = streets.get(point.id)
    side = None if street is None else side_driven(street, modes[visit.id][visit.mode].arrive)
    return Side(side.value) if side in ("left", "right") else Side.NONE


def side_of(leg: Leg, point: CollectionPoint) -> Side:
    """Return on which side of the last piece of the way a point lies."""
    line = np.asarray(leg.line, dtype=np.float64)
    moves = np.flatnonzero(np.any(np.diff(line, axis=0) != 0, axis=1))
    if not len(moves):
        return Side.NONE
    last = moves[-1]
    metres = np.array([111_195.0 * np.cos(np.radians(point.lat)), 111_195.0])
    ahead = (line[last + 1] - line[last]) * metres
    offset = (np.array([point.lon, point.lat]) - line[last + 1]) * metres
    left_m = float(ahead[0] * offset[1] - ahead[1] * offset[0]) / float(np.hypot(*ahead))
    if abs(left_m) < ON_STREET_M:
        return Side.NONE
    return Side.LEFT if left_m > 0 else Side.RIGHT


def message_of(point: CollectionPoint) -> str:
    """Return what a column headed message, note, remark, comment or instruction says about a point."""
    notes = (text.strip() for name, text in point.own.items() if name.strip().casefold() in NOTE_COLUMNS)
    return "; ".join(note for note in notes if note)
