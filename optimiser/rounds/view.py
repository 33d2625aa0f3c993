"""A plan beside the problem it is about: each visit with its work, its mode and the leg that leads to it.

Both judges (``check`` and ``price``) look at a plan through this. How it reads a round:

- A vehicle drives from its start to each visit in turn and home. A break without modes and a driving rest are taken
  where it stands; to a break with modes it drives, and of its mode only ``arrive`` and ``leave`` count.
- It sets out when the visit before ends; on the first leg of a trip (from the depot or a tip, breaks taken there passed
  over) not before the latest release of the trip's stops.
- A leg takes what the travel of its profile says, or what the periods say from the moment it sets out
  (``pace.py``). Its distance is that of the period in which it sets out, or of the first one from then on in which
  there is a way.
- Work takes the set-up (if due), the queue (at a site) and the service, each rounded to whole milliseconds; what is
  driven at work is rounded to whole decimetres.

Of the plan's own times only the ends of visits are used, for when a leg sets out. What a plan names and the problem
does not know has ``None`` in its place; a round whose times are no times of day cannot be looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

from optimiser.rounds.clock import FOREVER_MS, opens_ms, to_ms
from optimiser.rounds.plan import Act, Plan, Round, Visit
from optimiser.rounds.problem import Break, DrivingRest, Mode, RoundsProblem, Shipment, Stop, TipSite, Vehicle
from optimiser.rounds.roads import Leg, Roads, roads

Work = Stop | TipSite | Break | DrivingRest


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A visit, what the problem knows about it, and the leg to it.

    ``work`` is ``None`` for an unknown id; ``mode`` for an unknown id, a mode out of range and what is done where the
    vehicle stands; ``leg`` when one of its two ends is not known. ``service_ms`` is what the work takes, set-up and
    queue included, 0 if that is not known and for breaks; ``held`` says that the leg waited for a release.
    """

    visit: Visit
    work: Work | None
    mode: Mode | None
    leg: Leg | None
    service_ms: int
    held: bool

    @property
    def service_dm(self) -> int:
        """What is driven at work."""
        return to_dm(self.mode.distance_m) if self.mode and isinstance(self.work, Stop | TipSite) else 0

    @property
    def rest(self) -> Break | DrivingRest | None:
        """The break or driving rest that this is."""
        return self.work if isinstance(self.work, Break | DrivingRest) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundView:
    """A round beside the problem; ``home`` is the leg back to the depot."""

    known: Book
    round: Round
    vehicle: Vehicle
    steps: tuple[Step, ...]
    home: Leg | None

    @property
    def legs(self) -> tuple[Leg, ...]:
        """The legs that are known, home included."""
        return tuple(leg for leg in (*(step.leg for step in self.steps), self.home) if leg is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """What a problem holds, by id; shipments by either of their stops; whether any stop has something brought."""

    problem: RoundsProblem
    stops: Mapping[str, Stop]
    sites: Mapping[str, TipSite]
    vehicles: Mapping[str, Vehicle]
    shipments: Mapping[str, Shipment]
    deliveries: bool
    roads: Mapping[str, Roads]  # by profile


def book(problem: RoundsProblem) -> Book:
    """Return the problem's nouns by id."""
    pairs = [(stop, shipment) for shipment in problem.shipments for stop in (shipment.pickup, shipment.delivery)]
    return Book(
        problem=problem,
        stops={stop.id: stop for stop in problem.stops},
        sites={site.id: site for site in problem.tip_sites},
        vehicles={vehicle.id: vehicle for vehicle in problem.vehicles},
        shipments=dict(pairs),
        deliveries=any(stop.deliveries for stop in problem.stops),
        roads={profile: roads(problem, profile) for profile in sorted({v.profile for v in problem.vehicles})},
    )


def views(problem: RoundsProblem, plan: Plan) -> tuple[RoundView, ...]:
    """Return a view of each round that can be looked at, in the plan's order.

    Left out are rounds by a vehicle that the problem does not know, and those whose times are no times.
    """
    known = book(problem)
    return tuple(round_view(known, tour) for tour in plan.rounds if tour.vehicle in known.vehicles and readable(tour))


def readable(tour: Round) -> bool:
    """Return whether all times of a round are numbers that a clock can hold."""
    times = [tour.start_s, tour.end_s]
    times += [time for visit in tour.visits for time in (visit.arrive_s, visit.start_s, visit.end_s)]
    return all(isfinite(time) and abs(time) * 1000.0 < FOREVER_MS for time in times)


def round_view(known: Book, tour: Round) -> RoundView:
    """Return the view of one round; ``KeyError`` if the problem does not know its vehicle."""
    vehicle = known.vehicles[tour.vehicle]
    works = [_work(known, vehicle, visit) for visit in tour.visits]
    modes = [_mode(visit, work) for visit, work in zip(tour.visits, works, strict=True)]
    service = _service(vehicle, tour.visits, works, modes)
    releases = _releases(tour.visits, works)
    ends = [to_ms(tour.start_s), *(to_ms(visit.end_s) for visit in tour.visits)]
    departs = [max(end, release) for end, release in zip(ends, releases, strict=True)]
    legs = known.roads[vehicle.profile].legs(_ends(vehicle, tour.visits, works, modes), departs)
    return RoundView(
        known=known,
        round=tour,
        vehicle=vehicle,
        steps=tuple(
            Step(
                visit=visit, work=works[k], mode=modes[k], leg=legs[k], service_ms=service[k], held=departs[k] > ends[k]
            )
            for k, visit in enumerate(tour.visits)
        ),
        home=legs[-1],
    )


def to_dm(metres: float) -> int:
    """Return the nearest whole decimetre."""
    return round(metres * 10.0)


def setup_ms(mode: Mode, vehicle: Vehicle) -> int:
    """Return what the set-up takes such a vehicle, when it is due."""
    return to_ms(mode.setup_by.get(vehicle.service_type, mode.setup_s))


def service_ms(mode: Mode, vehicle: Vehicle) -> int:
    """Return what the work takes such a vehicle, set-up and queue apart."""
    return to_ms(mode.service_by.get(vehicle.service_type, mode.service_s))


def _work(known: Book, vehicle: Vehicle, visit: Visit) -> Work | None:
    if visit.act is Act.STOP:
        return known.stops.get(visit.id)
    if visit.act is Act.TIP:
        return known.sites.get(visit.id)
    rests = (*vehicle.breaks, *((vehicle.driving_rest,) if vehicle.driving_rest else ()))
    return next((rest for rest in rests if rest.id == visit.id), None)


def _mode(visit: Visit, work: Work | None) -> Mode | None:
    if isinstance(work, Stop | TipSite | Break) and 0 <= visit.mode < len(work.modes):
        return work.modes[visit.mode]
    return None


def _stands(visit: Visit, work: Work | None) -> bool:
    """Return whether a visit is made where the vehicle stands."""
    return visit.act is Act.BREAK and not (isinstance(work, Break) and work.modes)


def _service(
    vehicle: Vehicle, visits: Sequence[Visit], works: Sequence[Work | None], modes: Sequence[Mode | None]
) -> list[int]:
    """Return what each visit's work takes; a set-up is not due where the last visit but breaks was to the place."""
    taken, here = [], ""
    for visit, work, mode in zip(visits, works, modes, strict=True):
        taken.append(0)
        if visit.act is Act.BREAK:
            continue
        if mode is not None:
            taken[-1] = service_ms(mode, vehicle)
            if not mode.place or mode.place != here:
                taken[-1] += setup_ms(mode, vehicle)
            if isinstance(work, TipSite):
                taken[-1] += to_ms(work.queue_s)
        here = mode.place if mode is not None else ""
    return taken


def _releases(visits: Sequence[Visit], works: Sequence[Work | None]) -> list[int]:
    """Return the moment before which the leg to each visit, and the one home, may not set out (0: any)."""
    holds = [0] * (len(visits) + 1)
    first: int | None = None
    for k, (visit, work) in enumerate(zip(visits, works, strict=True)):
        if first is None and not _stands(visit, work):
            first = k
        if isinstance(work, Stop) and work.release_s and first is not None:
            holds[first] = max(holds[first], opens_ms(work.release_s))
        if visit.act is Act.TIP:
            first = None
    return holds


def _ends(
    vehicle: Vehicle, visits: Sequence[Visit], works: Sequence[Work | None], modes: Sequence[Mode | None]
) -> list[tuple[str | None, str | None] | None]:
    """Return where each leg leads from and to, home included; ``None``: the vehicle stands still."""
    ends: list[tuple[str | None, str | None] | None] = []
    here: str | None = vehicle.start
    for visit, work, mode in zip(visits, works, modes, strict=True):
        if _stands(visit, work):
            ends.append(None)
            continue
        ends.append((here, mode.arrive if mode is not None else None))
        here = mode.leave if mode is not None else None
    return [*ends, (here, vehicle.end)]
