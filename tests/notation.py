"""Problems and plans as a whiteboard would write them.

A town is a map of names to crossings of a street grid, one kilometre apart; at 30 km/h a block takes two minutes, so
optima can be worked out on paper. A plan is one line per vehicle: ``"v1: a b | c d |"`` where the bar is a tip,
``"v1: a b |north c |south"`` where there are several sites, and ``~lunch`` a break.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from optimiser.rounds.plan import Act, Order, Plan
from optimiser.rounds.problem import Limit, Mode, RoundsProblem, Shift, Stop, TipSite, Vehicle, VehicleCosts, Window
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


def stop(name: str, kg: float = 1.0, *, at: str | None = None, service_s: float = 60.0, **more: Any) -> Stop:
    """Return a stop of so many kilograms; ``windows`` may be pairs of hours."""
    place = at or name
    more["windows"] = windows(more.get("windows", ()))
    more.setdefault("loads", {"kg": kg} if kg else {})
    more.setdefault("modes", (Mode(arrive=place, leave=place, service_s=service_s),))
    return Stop(id=name, **more)


def site(name: str = "tip", *, at: str | None = None, service_s: float = 600.0, **more: Any) -> TipSite:
    """Return a tip site; ``windows`` may be pairs of hours."""
    place = at or name
    more["windows"] = windows(more.get("windows", ()))
    more.setdefault("accepts", frozenset({"kg"}))
    return TipSite(id=name, modes=(Mode(arrive=place, leave=place, service_s=service_s),), **more)


def vehicle(name: str = "v1", kg: float = 4.0, *, at: str = "depot", **more: Any) -> Vehicle:
    """Return a vehicle out of the depot from 6 to 15 h that costs 1 per km."""
    more.setdefault("profile", "truck")
    more.setdefault("shift", Shift(start_s=6 * HOUR, end_s=15 * HOUR))
    more.setdefault("costs", VehicleCosts(per_km=1.0))
    more.setdefault("limits", (Limit(name="payload", weights={"kg": 1.0}, at_most=kg),))
    return Vehicle(id=name, start=at, end=at, **more)


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
) -> RoundsProblem:
    """Return a problem on the grid; by default one site ``tip`` and one vehicle ``v1`` from ``depot``."""
    fleet = tuple(vehicles) if vehicles is not None else (vehicle(),)
    travel = grid_travel(places, cut_off=cut_off)
    return RoundsProblem(
        dimensions=dimensions,
        stops=tuple(stop(s) if isinstance(s, str) else s for s in stops),
        tip_sites=tuple(sites) if sites is not None else (site(),),
        vehicles=fleet,
        travel=dict.fromkeys(sorted({v.profile for v in fleet} or {"truck"}), travel),
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
