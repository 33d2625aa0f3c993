"""Problems and plans as a whiteboard would write them.

A town is a map of names to crossings of a street grid, one kilometre apart; at 30 km/h a block takes two minutes, so
optima can be worked out on paper. A plan is one line per vehicle: ``"v1: a b | c d |"`` where the bar is a tip,
``"v1: a b |north c |south"`` where there are several sites, and ``~lunch`` a break. :func:`plan` leaves times, modes
and breaks to the timing pass; ``tests/by_hand.py`` drives what stands there.

What belongs together is written ``shipments("a>b c>d")``, ``choices("both | left right")``, ``sets("a b, c d")`` and
``locks("v1: a b")``: with ``^`` in front they come first in the round, with ``-`` between them nothing else does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from optimiser.rounds.plan import Act, Order, Plan
from optimiser.rounds.problem import (
    Break,
    Choice,
    Limit,
    Lock,
    Mode,
    Period,
    RoundsProblem,
    Shift,
    Shipment,
    Stop,
    TipSite,
    Vehicle,
    VehicleCosts,
    Window,
)
from optimiser.rounds.schedule import schedule
from optimiser.travel import UNREACHABLE, DenseTravel

HOUR = 3600.0
BLOCK_S = 120.0
BLOCK_M = 1000.0


def grid_travel(places: Mapping[str, tuple[float, float]], *, cut_off: Iterable[str] = ()) -> DenseTravel:
    """Return travel along the streets of a grid; nothing leads to or from the places that are cut off."""
    names = tuple(places)
    xy = np.array([places[name] for name in names], dtype=np.float64).reshape(-1, 2)
    blocks = np.abs(xy[:, None, :] - xy[None, :, :]).sum(axis=2)
    duration = np.rint(blocks * BLOCK_S * 1000).astype(np.int32)
    distance = np.rint(blocks * BLOCK_M * 10).astype(np.int32)
    for name in cut_off:
        k = names.index(name)
        for array in (duration, distance):
            array[k, :] = array[:, k] = UNREACHABLE
            array[k, k] = 0
    return DenseTravel(leaving=names, arriving=names, duration_ms=duration, distance_dm=distance)


def mode(arrive: str, leave: str | None = None, *, service_s: float = 60.0, **more: Any) -> Mode:
    """Return a way to do work at a place, or from one place to another."""
    return Mode(arrive=arrive, leave=leave or arrive, service_s=service_s, **more)


def stop(name: str, kg: float = 1.0, *, at: str | None = None, service_s: float = 60.0, **more: Any) -> Stop:
    """Return a stop of so many kilograms; ``windows`` may be pairs of hours, ``release`` is in hours.

    ``at`` is the place if it has another name, or x and y in metres for where it stands in the plane.
    """
    if not (at is None or isinstance(at, str)):
        more["at"], at = at, None
    more["windows"] = windows(more.get("windows", ()))
    more["needs"] = frozenset(more.get("needs", ()))
    more["release_s"] = more.pop("release", 0.0) * HOUR
    more.setdefault("loads", {"kg": kg} if kg else {})
    more.setdefault("modes", (mode(at or name, service_s=service_s),))
    return Stop(id=name, **more)


def site(name: str = "tip", *, at: str | None = None, service_s: float = 600.0, **more: Any) -> TipSite:
    """Return a tip site; ``windows`` may be pairs of hours."""
    more["windows"] = windows(more.get("windows", ()))
    more["accepts"] = frozenset(more.get("accepts", {"kg"}))
    more["supplies"] = frozenset(more.get("supplies", ()))
    more.setdefault("modes", (mode(at or name, service_s=service_s),))
    return TipSite(id=name, **more)


def vehicle(name: str = "v1", kg: float = 4.0, *, at: str = "depot", **more: Any) -> Vehicle:
    """Return a vehicle out of the depot from 6 to 15 h that costs 1 per km."""
    more.setdefault("profile", "truck")
    more.setdefault("shift", shift())
    more.setdefault("costs", VehicleCosts(per_km=1.0))
    more.setdefault("limits", (limit(kg),))
    more["skills"] = frozenset(more.get("skills", ()))
    return Vehicle(id=name, start=at, end=at, **more)


def shift(start: float = 6.0, end: float = 15.0, *, longest: float | None = None, overtime: float = 0.0) -> Shift:
    """Return a shift in hours."""
    most = None if longest is None else longest * HOUR
    return Shift(start_s=start * HOUR, end_s=end * HOUR, max_duration_s=most, overtime_s=overtime * HOUR)


def limit(at_most: float, *dimensions: str, name: str = "payload") -> Limit:
    """Return a limit on the sum of dimensions, kilograms if none is named."""
    return Limit(name=name, weights=dict.fromkeys(dimensions or ("kg",), 1.0), at_most=at_most)


def rest(name: str, minutes: float, *between: tuple[float, float], at: Sequence[str] = (), **more: Any) -> Break:
    """Return a break that begins in one of the spans (hours), at one of the places or where the vehicle stands."""
    first, *others = windows(between)
    return Break(
        id=name,
        duration_s=minutes * 60.0,
        earliest_s=first.open_s,
        latest_s=first.close_s,
        more=tuple(others),
        modes=tuple(mode(place, service_s=0.0) for place in at),
        **more,
    )


def shipments(text: str, kg: float = 1.0) -> tuple[Shipment, ...]:
    """Return shipments of so many kilograms each from ``"a>b c>d"``; the text of each is its id."""
    pairs = [(word, *word.split(">")) for word in text.split()]
    return tuple(Shipment(id=word, pickup=a, delivery=b, loads={"kg": kg} if kg else {}) for word, a, b in pairs)


def choices(*texts: str) -> tuple[Choice, ...]:
    """Return a choice for each text like ``"both | left right"``; the text is its id."""
    return tuple(Choice(id=text, options=tuple(tuple(part.split()) for part in text.split("|"))) for text in texts)


def sets(text: str) -> tuple[frozenset[str], ...]:
    """Return sets of stops from ``"a b, c d e"``."""
    return tuple(frozenset(part.split()) for part in text.split(","))


def locks(text: str) -> tuple[Lock, ...]:
    """Return a lock for each line like ``"v1: a b"``, ``"v1: ^a b"`` (first) or ``"v1: a-b"`` (next to each other)."""
    found = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        name, stops = line.split(":")
        first, adjacent = "^" in stops, "-" in stops
        names = tuple(stops.replace("^", " ").replace("-", " ").split())
        found.append(Lock(vehicle=name.strip(), stops=names, adjacent=adjacent, first=first))
    return tuple(found)


def windows(hours: Sequence[tuple[float, float] | Window]) -> tuple[Window, ...]:
    """Return windows from pairs of hours."""
    return tuple(w if isinstance(w, Window) else Window(open_s=w[0] * HOUR, close_s=w[1] * HOUR) for w in hours)


def town(
    places: Mapping[str, tuple[float, float]],
    *,
    stops: Sequence[Stop | str],
    sites: Sequence[TipSite] | None = None,
    vehicles: Sequence[Vehicle] | None = None,
    dimensions: tuple[str, ...] = ("kg",),
    cut_off: Iterable[str] = (),
    slow: Mapping[float, float] | None = None,
    **more: Any,
) -> RoundsProblem:
    """Return a problem on the grid; by default one site ``tip`` and one vehicle ``v1`` from ``depot``.

    ``slow`` gives times of day: from these hours on every way takes so many times as long (before the first: once).
    """
    fleet = tuple(vehicles) if vehicles is not None else (vehicle(),)
    travel = grid_travel(places, cut_off=cut_off)
    profiles = sorted({v.profile for v in fleet} or {"truck"})
    every = dict.fromkeys(profiles, travel)
    if slow:
        every |= {f"times {factor:g}": slower(travel, factor) for factor in (1.0, *slow.values())}
        hours = {0.0: 1.0, **slow}
        day = tuple(Period(from_s=hour * HOUR, travel=f"times {factor:g}") for hour, factor in sorted(hours.items()))
        more["periods"] = dict.fromkeys(profiles, day)
    return RoundsProblem(
        dimensions=dimensions,
        stops=tuple(stop(s) if isinstance(s, str) else s for s in stops),
        tip_sites=tuple(sites) if sites is not None else (site(),),
        vehicles=fleet,
        travel=every,
        **more,
    )


def slower(travel: DenseTravel, factor: float) -> DenseTravel:
    """Return travel on which every way takes so many times as long, and none leads anywhere if that is infinite."""
    cut = (travel.duration_ms == UNREACHABLE) | np.isinf(factor)
    longer = np.rint(np.where(cut, 0, travel.duration_ms) * (0.0 if np.isinf(factor) else factor))
    return DenseTravel(
        leaving=travel.leaving,
        arriving=travel.arriving,
        duration_ms=np.where(cut, UNREACHABLE, longer).astype(np.int32),
        distance_dm=np.where(cut, UNREACHABLE, travel.distance_dm).astype(np.int32),
    )


# A depot in the west, the tip in the east, nine stops between them:
#
#     a   b   c
# D   d   e   f   T
#     g   h   i
TWELVE: Mapping[str, tuple[float, float]] = {
    "depot": (0, 1),
    "tip": (4, 1),
    **{name: (1 + k % 3, 2 - k // 3) for k, name in enumerate("abcdefghi")},
}


def orders(text: str, *, tip: str = "tip") -> tuple[Order, ...]:
    """Return the orders on the whiteboard; a line without any bar leaves the tips free."""
    result = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        name, visits = line.split(":")
        words = [word for word in visits.split() if not word.startswith("~")]
        listed = any(word.startswith("|") for word in words)
        ids = tuple((word[1:] or tip) if word.startswith("|") else word for word in words)
        result.append(Order(vehicle=name.strip(), visits=ids, tips="listed" if listed else "free"))
    return tuple(result)


def plan(problem: RoundsProblem, text: str, *, tip: str = "tip") -> Plan:
    """Return the plan on the whiteboard with times."""
    return schedule(problem, orders(text, tip=tip))


def written(plan: Plan, *, tip: str = "tip") -> str:
    """Return a plan as the whiteboard would write it."""
    lines = []
    for tour in plan.rounds:
        words = []
        for visit in tour.visits:
            if visit.act is Act.TIP:
                words.append("|" if visit.id == tip else f"|{visit.id}")
            else:
                words.append(visit.id if visit.act is Act.STOP else f"~{visit.id}")
        lines.append(f"{tour.vehicle}: {' '.join(words)}")
    return "\n".join(lines)
