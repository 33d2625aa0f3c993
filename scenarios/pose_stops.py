"""Collection points of a scenario in the optimiser's words: stops, sets that go together or stay apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from optimiser.rounds.problem import Lock, Mode, Stop, Window
from scenarios.choices import LockRef
from scenarios.data.defaults import lookup
from scenarios.hours import Span, allowed, own_spans
from scenarios.kerbside.work import served_at
from scenarios.loads import SINGLE_DAY
from scenarios.model.system import WasteSystem
from scenarios.model.work import CollectionPoint, PointKind
from scenarios.scenario import Scenario

NEVER = (Window(open_s=0.0, close_s=0.0),)  # the hours of a stop whose own and whose area's have nothing in common
FULL_SKIPS, EMPTY_SKIPS = "full skips", "empty skips"
METRES_PER_DEGREE = 111_194.93  # of a great circle, on a sphere of 6,371,009 m


@dataclass(frozen=True, slots=True, kw_only=True)
class StopBook:
    """What all stops of a day are posed from.

    Parameters
    ----------
    stances
        Point id -> ids of its stances.
    service_factor
        Calibration of all service times.
    service_types
        Service type -> factor on service times.
    usual
        Point id -> vehicle that serves it today.
    """

    system: WasteSystem
    scenario: Scenario
    day: str
    stances: Mapping[str, tuple[str, ...]]
    service_factor: float
    service_types: Mapping[str, float]
    usual: Mapping[str, str]


def windows(spans: Iterable[Span]) -> tuple[Window, ...]:
    """Return spans of the day as windows."""
    return tuple(Window(open_s=a, close_s=b) for a, b in spans)


def service_s(point: CollectionPoint, scenario: Scenario) -> float:
    """Return the time at a point: given, or set-up plus containers x lift from the defaults."""
    if point.service_s is not None:
        return point.service_s
    setup = lookup("service-setup-s", scenario.country).value
    return setup + point.containers * lookup("service-per-container-s", scenario.country).value


def pose_stop(book: StopBook, point: CollectionPoint, kg: float) -> Stop:
    """Pose a point with so much to collect."""
    service = service_s(point, book.scenario) * book.service_factor
    spans = own_spans((point.open_s, point.close_s), (point.open2_s, point.close2_s))
    open_ = allowed(spans, book.system.hours.get(point.id, ()), book.scenario, book.day)
    skips = float(point.containers) if point.kind is PointKind.SKIP and kg > 0 else 0.0
    return Stop(
        id=point.id,
        modes=tuple(
            Mode(
                arrive=stance,
                leave=stance,
                service_s=service,
                service_by={name: factor * service for name, factor in book.service_types.items()},
            )
            for stance in book.stances[point.id]
        ),
        loads={point.stream: kg, **({FULL_SKIPS: skips} if skips else {})},
        deliveries={EMPTY_SKIPS: skips} if skips else {},
        windows=NEVER if open_ is None else open_,
        prize=_prize(book, point, kg) if point.optional else None,
        weight=point.priority * max(kg, 1.0),
        vehicles=_vehicles(book, point.id, point.vehicles),
        needs=frozenset(point.needs),
        usual=book.usual.get(point.id),
        at=plane(point.lon, point.lat, book.system),
    )


def _prize(book: StopBook, point: CollectionPoint, kg: float) -> float:
    """Return what an optional stop is worth: what the material brings in beyond its price, and the prize given."""
    sale = next(stream.sale_price_per_kg for stream in book.system.streams if stream.id == point.stream)
    margin = (sale or 0.0) - (point.buying_price_per_kg or 0.0)
    return max(margin * kg, 0.0) + (point.prize or 0.0)


def _vehicles(book: StopBook, id_: str, own: Iterable[str] = ()) -> frozenset[str] | None:
    """Return the vehicles that may serve a stop, by its own row and by what is fixed by hand."""
    locked = [lock.vehicle for lock in _locks(book.scenario, book.day) if id_ in lock.points]
    return frozenset(locked[:1] or own) or None


def kept_by_hand(book: StopBook, stop: Stop) -> Stop:
    """Return a kerbside stop with the vehicle that it is fixed to, and the one that serves it today."""
    return replace(stop, vehicles=_vehicles(book, stop.id), usual=book.usual.get(stop.id))


def _locks(scenario: Scenario, day: str) -> list[LockRef]:
    return [lock for lock in scenario.locks if not lock.days or day == SINGLE_DAY or day in lock.days]


def plane(lon: float, lat: float, system: WasteSystem) -> tuple[float, float]:
    """Return metres east and north of the scenario's first place, good enough for a town."""
    places = system.depots or system.points
    middle = np.radians(places[0].lat)
    return (
        float((lon - places[0].lon) * METRES_PER_DEGREE * np.cos(middle)),
        float((lat - places[0].lat) * METRES_PER_DEGREE),
    )


def usual_vehicles(system: WasteSystem, day: str) -> dict[str, str]:
    """Return point or street -> vehicle that serves it today: from its own row, else from today's rounds of the day."""
    usual = {
        visit: round_.vehicle for round_ in system.today if round_.day in ("", day) for visit in reversed(round_.visits)
    }
    work = {point.id for point in system.points} | set(served_at(system.kerbside))
    return {
        **{visit: vehicle for visit, vehicle in usual.items() if visit in work},
        **{point.id: point.usual_vehicle for point in system.points if point.usual_vehicle},
    }


def sets(points: Iterable[CollectionPoint], posed: set[str], column: str) -> tuple[frozenset[str], ...]:
    """Return the stops of the day that share a word in a column (``"group"``, ``"apart"``)."""
    found: dict[str, set[str]] = {}
    for point in points:
        if (word := getattr(point, column)) and point.id in posed:
            found.setdefault(word, set()).add(point.id)
    return tuple(frozenset(ids) for ids in found.values() if len(ids) > 1)


def locks(scenario: Scenario, day: str, posed: set[str], vehicles: set[str]) -> tuple[Lock, ...]:
    """Return what is fixed by hand beyond who serves: orders, neighbours and beginnings."""
    return tuple(
        Lock(vehicle=lock.vehicle, stops=stops, adjacent=lock.adjacent, first=lock.first)
        for lock in _locks(scenario, day)
        if (lock.in_order or lock.adjacent or lock.first)
        and lock.vehicle in vehicles
        and (stops := tuple(point for point in lock.points if point in posed))
    )
