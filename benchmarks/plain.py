"""What models written by hand can state: points with loads and windows, alike vehicles, kilometres as the only cost."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from optimiser.rounds.problem import Mode, RoundsProblem, Shift, Stop, TipSite, VehicleCosts

Matrix = NDArray[np.int64]
MOST_STOPS = 3_000  # two dense matrices of 64 bit: 144 MB


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Times and distances in the largest units in which all of them are whole.

    Parameters
    ----------
    seconds, metres
        From place to place: the garage, the unloading sites, the stops, each in the order of the problem.
    unit_s, unit_m
        Seconds and metres to a unit.
    """

    seconds: Matrix
    metres: Matrix
    unit_s: float
    unit_m: float

    def time(self, seconds: float) -> int:
        """Return a time in units."""
        return round(seconds / self.unit_s)


def against(problem: RoundsProblem) -> tuple[str, ...]:
    """Return why a model written by hand cannot take a problem; empty if it can."""
    if not problem.stops or not problem.vehicles:
        return ("there is nothing to plan",)
    found = []
    if len(problem.stops) > MOST_STOPS:
        found.append(f"{len(problem.stops)} stops are more than the {MOST_STOPS} of its dense matrices")
    if len(problem.travel) > 1 or problem.periods:
        found.append("travel differs by vehicle or time of day")
    if problem.shipments or problem.choices or problem.together or problem.apart or problem.locks or problem.aims.first:
        found.append("stops depend on each other, or rounds on aims")
    if not all(_is_plain(stop) for stop in problem.stops):
        found.append("a stop has more than one place, one window and a load")
    if not all(_is_plain_site(site) for site in problem.tip_sites):
        found.append("an unloading site has more than one place and one window")
    if not _plain_fleet(problem):
        found.append("vehicles differ, or have more than a load, a shift and a price of the kilometre")
    return tuple(found)


def _is_plain(stop: Stop) -> bool:
    return stop == Stop(id=stop.id, modes=_point(stop), loads=stop.loads, windows=stop.windows[:1], at=stop.at)


def _is_plain_site(site: TipSite) -> bool:
    return site == TipSite(id=site.id, modes=_point(site), accepts=site.accepts, windows=site.windows[:1])


def _point(item: Stop | TipSite) -> tuple[Mode, ...]:
    first = item.modes[0]
    return (Mode(arrive=first.arrive, leave=first.arrive, service_s=first.service_s),)


def _plain_fleet(problem: RoundsProblem) -> bool:
    """Return whether all vehicles are alike, and have nothing but what the models by hand read."""
    one = problem.vehicles[0]
    read = type(one)(
        id=one.id, profile=one.profile, start=one.start, end=one.start, limits=one.limits[:1],
        shift=Shift(start_s=one.shift.start_s, end_s=one.shift.end_s, max_duration_s=one.shift.max_duration_s),
        costs=VehicleCosts(per_km=one.costs.per_km), must_end_empty=one.must_end_empty,
    )  # fmt: skip
    empties = one.must_end_empty or not problem.tip_sites
    return one == read and len(one.limits) == 1 and empties and all(
        replace(vehicle, id=one.id) == one for vehicle in problem.vehicles
    )  # fmt: skip


def ground(problem: RoundsProblem) -> Ground:
    """Return the times and distances of a problem that nothing speaks against."""
    vehicle = problem.vehicles[0]
    items: tuple[Stop | TipSite, ...] = (*problem.tip_sites, *problem.stops)
    travel = problem.travel[vehicle.profile]
    at = np.array([travel.row(place) for place in (vehicle.start, *(item.modes[0].arrive for item in items))])
    duration_ms, distance_dm = (block.astype(np.int64) for block in travel.block(at, at))
    shift = vehicle.shift
    moments = [shift.start_s, shift.end_s, shift.max_duration_s or 0.0]
    moments += [item.modes[0].service_s for item in items]
    moments += [moment for item in items for window in item.windows for moment in (window.open_s, window.close_s)]
    moments_ms = np.unique(np.rint(1000 * np.array(moments)).astype(np.int64))
    unit_ms = max(1, int(np.gcd.reduce(np.concatenate([moments_ms, np.unique(duration_ms)]))))
    unit_dm = max(1, int(np.gcd.reduce(np.unique(distance_dm))))
    return Ground(
        seconds=duration_ms // unit_ms,
        metres=distance_dm // unit_dm,
        unit_s=unit_ms / 1000,
        unit_m=unit_dm / 10,
    )
