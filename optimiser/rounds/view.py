"""A plan beside the problem it is about: each visit with its work, its mode and the leg that leads to it.

Both judges (``check`` and ``price``) look at a plan through this. Nothing here believes the plan's own times. What a
plan names and the problem does not know has ``None`` in its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from optimiser.rounds.plan import Act, Plan, Round, Visit
from optimiser.rounds.problem import Break, Mode, RoundsProblem, Stop, TipSite, Vehicle
from optimiser.travel import UNREACHABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """The way to a visit: whole milliseconds and decimetres; both 0 when ``reachable`` is false."""

    duration_ms: int
    distance_dm: int
    reachable: bool = True


STAND_STILL = Leg(duration_ms=0, distance_dm=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A visit, what the problem knows about it, and the leg to it.

    ``work`` is ``None`` for an unknown id; ``mode`` for a break, an unknown id or a mode out of range; ``leg`` when
    one of its two ends is not known.
    """

    visit: Visit
    work: Stop | TipSite | Break | None
    mode: Mode | None
    leg: Leg | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundView:
    """A round beside the problem; ``home`` is the leg back to the depot."""

    round: Round
    vehicle: Vehicle
    steps: tuple[Step, ...]
    home: Leg | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """What a problem holds, by id."""

    problem: RoundsProblem
    stops: Mapping[str, Stop]
    sites: Mapping[str, TipSite]
    vehicles: Mapping[str, Vehicle]


def book(problem: RoundsProblem) -> Book:
    """Return the problem's nouns by id."""
    return Book(
        problem=problem,
        stops={stop.id: stop for stop in problem.stops},
        sites={site.id: site for site in problem.tip_sites},
        vehicles={vehicle.id: vehicle for vehicle in problem.vehicles},
    )


def views(problem: RoundsProblem, plan: Plan) -> tuple[RoundView, ...]:
    """Return a view of each round whose vehicle the problem knows, in the plan's order."""
    known = book(problem)
    return tuple(round_view(known, tour) for tour in plan.rounds if tour.vehicle in known.vehicles)


def round_view(known: Book, tour: Round) -> RoundView:
    """Return the view of one round; ``KeyError`` if the problem does not know its vehicle."""
    vehicle = known.vehicles[tour.vehicle]
    works = [_work(known, vehicle, visit) for visit in tour.visits]
    modes = [_mode(visit, work) for visit, work in zip(tour.visits, works, strict=True)]
    legs = list(_legs(known.problem, vehicle, tour.visits, modes))
    return RoundView(
        round=tour,
        vehicle=vehicle,
        steps=tuple(
            Step(visit=visit, work=work, mode=mode, leg=leg)
            for visit, work, mode, leg in zip(tour.visits, works, modes, legs[:-1], strict=True)
        ),
        home=legs[-1],
    )


def _work(known: Book, vehicle: Vehicle, visit: Visit) -> Stop | TipSite | Break | None:
    if visit.act is Act.STOP:
        return known.stops.get(visit.id)
    if visit.act is Act.TIP:
        return known.sites.get(visit.id)
    return next((rest for rest in vehicle.breaks if rest.id == visit.id), None)


def _mode(visit: Visit, work: Stop | TipSite | Break | None) -> Mode | None:
    if isinstance(work, Stop | TipSite) and 0 <= visit.mode < len(work.modes):
        return work.modes[visit.mode]
    return None


def _legs(
    problem: RoundsProblem, vehicle: Vehicle, visits: tuple[Visit, ...], modes: list[Mode | None]
) -> Iterator[Leg | None]:
    """Yield the leg to each visit, then the leg home; a break is taken where the vehicle stands."""
    here: str | None = vehicle.start
    pairs: list[tuple[str, str] | None] = []
    still: list[bool] = []
    for visit, mode in zip(visits, modes, strict=True):
        still.append(visit.act is Act.BREAK)
        if still[-1]:
            pairs.append(None)
            continue
        pairs.append((here, mode.arrive) if here is not None and mode is not None else None)
        here = mode.leave if mode is not None else None
    pairs.append((here, vehicle.end) if here is not None else None)
    still.append(False)
    travel = problem.travel[vehicle.profile]
    rows = np.array([travel.row(pair[0]) for pair in pairs if pair], dtype=np.intp)
    cols = np.array([travel.column(pair[1]) for pair in pairs if pair], dtype=np.intp)
    durations, distances = travel.legs(rows, cols)
    driven = iter(zip(durations.tolist(), distances.tolist(), strict=True))
    for pair, stands in zip(pairs, still, strict=True):
        if stands:
            yield STAND_STILL
        else:
            yield _leg(*next(driven)) if pair else None


def _leg(duration_ms: int, distance_dm: int) -> Leg:
    if duration_ms >= UNREACHABLE or distance_dm >= UNREACHABLE:
        return Leg(duration_ms=0, distance_dm=0, reachable=False)
    return Leg(duration_ms=duration_ms, distance_dm=distance_dm)
