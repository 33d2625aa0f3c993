"""Why a stop is left out, proven for the stop alone: a vehicle does nothing else all day and still cannot serve it.

Vehicles are sifted in this order; the reason is the sieve that none passes:

1. ``no-vehicle``   may serve it (the stop names its vehicles)
2. ``too-large``    can carry it when empty
3. ``no-site``      may unload all of it somewhere
4. ``unreachable``  has a way there, on to a site and home
5. ``no-time``      can do it within shift, windows and opening hours, with its breaks

Stops that a plain round serves (``alone.py``) need no sieve.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from optimiser.rounds.alone import surely_possible
from optimiser.rounds.deadline import Deadline
from optimiser.rounds.plan import Reason, Unserved
from optimiser.rounds.problem import RoundsProblem, Stop, Vehicle
from optimiser.rounds.tables import Tables, tables
from optimiser.rounds.timing import best_round, reaches


def impossible_alone(
    problem: RoundsProblem, stops: Iterable[str] | None = None, *, deadline: Deadline | None = None
) -> Mapping[str, Unserved]:
    """Return the stops that no vehicle could serve even alone, each with its reason.

    Parameters
    ----------
    problem
        The problem.
    stops
        Ids to look at; all if ``None``. About a millisecond for each stop and kind of vehicle, and a hundredth of that
        where a plain round serves it.
    deadline
        When it passes, the stops that are left are not looked at.
    """
    wanted = [stop.id for stop in problem.stops] if stops is None else list(stops)
    if not wanted:
        return {}
    known = tables(problem)
    everyone = _alike(known, problem.vehicles)
    possible = surely_possible(known, np.array([known.stop_at[stop] for stop in wanted], dtype=np.int64))
    found: dict[str, Unserved] = {}
    for stop in (stop for stop, sure in zip(wanted, possible.tolist(), strict=True) if not sure):
        if deadline is not None and deadline.passed:
            break
        verdict = _verdict(known, problem.stops[known.stop_at[stop]], everyone)
        if verdict is not None:
            found[stop] = verdict
    return found


def _alike(known: Tables, vehicles: Iterable[Vehicle]) -> list[Vehicle]:
    """Return the first vehicle of each kind."""
    return list({known.kind_of[vehicle.id]: vehicle for vehicle in reversed(list(vehicles))}.values())


def _verdict(known: Tables, stop: Stop, everyone: list[Vehicle]) -> Unserved | None:
    allowed = stop.vehicles
    fleet = everyone if allowed is None else _alike(known, (v for v in known.problem.vehicles if v.id in allowed))
    if not fleet:
        return _unserved(stop, Reason.NO_VEHICLE, "no vehicle of the day may serve it", "Let another vehicle serve it.")
    able = [vehicle for vehicle in fleet if known.allows(vehicle.id, known.stop_at[stop.id])]
    if not able:
        return _unserved(
            stop,
            Reason.TOO_LARGE,
            f"it holds {_amounts(stop)}, more than any vehicle that may serve it can carry",
            "Send a larger vehicle, empty it more often, or enter it as several smaller stops.",
        )
    emptied = [vehicle for vehicle in able if not _nowhere(known.problem, vehicle, stop)]
    if not emptied:
        nowhere = sorted(set.union(*(_nowhere(known.problem, vehicle, stop) for vehicle in able)))
        return _unserved(
            stop,
            Reason.NO_SITE,
            f"no unloading site accepts {', '.join(nowhere)}",
            "Add an unloading site that accepts it, or allow the vehicle to use one.",
        )
    reaching = [vehicle for vehicle in emptied if reaches(known, vehicle.id, [stop.id])]
    if not reaching:
        return _unserved(
            stop,
            Reason.UNREACHABLE,
            "no way leads there, on to an unloading site and back to a depot",
            "Check its position on the map, and which streets the vehicle may use.",
        )
    if not any(best_round(known, vehicle.id, [stop.id]) for vehicle in reaching):
        return _unserved(
            stop,
            Reason.NO_TIME,
            "the way there, its window, the unloading site's hours and the shift leave no time, even for it alone",
            "Widen its window, lengthen the shift, or open an unloading site longer.",
        )
    return None


def _unserved(stop: Stop, reason: Reason, detail: str, fix: str) -> Unserved:
    return Unserved(stop=stop.id, reason=reason, detail=detail, fix=fix)


def _amounts(stop: Stop) -> str:
    return ", ".join(f"{amount:g} {dimension}" for dimension, amount in stop.loads.items() if amount > 0)


def _nowhere(problem: RoundsProblem, vehicle: Vehicle, stop: Stop) -> set[str]:
    """Return the dimensions of the stop that the vehicle must unload and can unload nowhere."""
    if not vehicle.must_end_empty:
        return set()
    accepted = {
        dimension
        for site in problem.tip_sites
        if vehicle.tip_sites is None or site.id in vehicle.tip_sites
        for dimension in site.accepts
    }
    return {dimension for dimension, amount in stop.loads.items() if amount > 0} - accepted
