"""A whole town in one problem: every residential street, tips, shifts, a fleet that is large enough.

Streets are those of ``kerbside.py``. What is invented, and the same for every town:

- 0.15 kg a day on each metre of a side, collected twice a week: half a week of it lies there.
- The sides of a street are served apart, but for narrow one-way streets, which are served in one pass; from across the
  street where crews may cross, which takes longer. Times by length and households from the project's own defaults.
- The depot and two unloading sites stand where given shares of the sides lie further west and further south, on the
  nearest street. An unloading takes 20 minutes.
- Trucks of the default payload, from 06:00 to 15:00, 8 hours at most, empty at the end. What they cost an hour, a km
  and a day is as in the project's sample of Coquimbo, where it is an illustration as well.
- Vehicles: what load and time ask for at the least, and half as many again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.kerbside import HERE, network_of, sides_of
from network.streets import StreetNetwork
from optimiser.rounds.problem import RoundsProblem, Vehicle
from optimiser.travel import UNREACHABLE, Travel
from scenarios.data.defaults import lookup
from scenarios.ground import lay_ground
from scenarios.kerbside.ref import KerbsideRef
from scenarios.loads import SINGLE_DAY
from scenarios.model.fleet import FleetVehicle
from scenarios.model.kerbside import KerbsideStreet
from scenarios.model.sites import Depot, Facility
from scenarios.model.system import WasteSystem
from scenarios.model.work import Stream
from scenarios.pose import pose_rounds
from scenarios.scenario import Scenario, StreetsRef

GAP_DAYS = 3.5
PROFILE = "refuse-truck"
STREAM = "residual"
DEPOT = (0.45, 0.60)  # share of the sides further west, and further south
SITES = {"site-1": (0.90, 0.85), "site-2": (0.70, 0.08)}
SNAP_M = 5_000.0
UNLOAD_S = 1_200.0
SHIFT = (6 * 3600.0, 15 * 3600.0)
MAX_HOURS = 8.0
RESERVE = 1.5
WAGE_PER_HOUR, FIXED_PER_DAY, COST_PER_KM = 34.0, 140.0, 1.4  # scenarios/samples/coquimbo/vehicles.csv


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A town's problem; ``cut_off`` counts the sides that no truck can reach and leave, which are not in it."""

    name: str
    problem: RoundsProblem
    km: float
    kg: float
    cut_off: int


def read_town(path: Path) -> Town:
    """Return the problem of the town in an extract."""
    return town(network_of(path), path.name.split(".")[0])


def town(network: StreetNetwork, name: str) -> Town:
    """Return the problem of a town.

    Raises
    ------
    ValueError
        If it has no residential street.
    """
    streets = sides_of(network, gap_days=GAP_DAYS).streets
    if not streets:
        raise ValueError(f"{name} has no residential street that a truck can serve")
    whole = _posed(name, network, streets)
    joined = _joined(whole)
    problem = replace(whole, stops=tuple(stop for stop, ok in zip(whole.stops, joined, strict=True) if ok))
    kg = sum(stop.loads[STREAM] for stop in problem.stops)
    return Town(
        name=name,
        problem=replace(problem, vehicles=_fleet(problem, kg)),
        km=sum(stop.modes[0].distance_m for stop in problem.stops) / 1000.0,
        kg=kg,
        cut_off=len(whole.stops) - len(problem.stops),
    )


def _posed(name: str, network: StreetNetwork, streets: Sequence[KerbsideStreet]) -> RoundsProblem:
    """Return the problem with one truck."""
    density = lookup("compacted-density", "*").value
    stream = Stream(id=STREAM, name="Residual waste", density_kg_m3=density)
    scenario = Scenario(
        name=name,
        country="CL",
        currency="USD",
        streams=(stream,),
        streets=StreetsRef(file=name),
        kerbside=KerbsideRef(at_once="never"),
        illustration=("fleet", "prices"),
    )
    system = _system(stream, streets)
    ground = lay_ground(system, network, limit_m=SNAP_M)
    loads = {street.id: GAP_DAYS * street.total_kg_per_day for street in streets}
    return pose_rounds(system, ground, scenario, day=SINGLE_DAY, loads_kg=loads)


def _system(stream: Stream, streets: Sequence[KerbsideStreet]) -> WasteSystem:
    lon, lat = np.array([street.lon for street in streets]), np.array([street.lat for street in streets])

    def spot(shares: tuple[float, float]) -> tuple[float, float]:
        return float(np.quantile(lon, shares[0])), float(np.quantile(lat, shares[1]))

    depot = spot(DEPOT)
    truck = FleetVehicle(
        id="truck", name="Truck", profile=PROFILE, start_depot="depot", end_depot="depot", streams=(STREAM,),
        payload_kg=lookup("payload-refuse-truck", "*").value, shift_start_s=SHIFT[0], shift_end_s=SHIFT[1],
        max_hours=MAX_HOURS, crew=3, wage_per_hour=WAGE_PER_HOUR, fixed_per_day=FIXED_PER_DAY,
        cost_per_km=COST_PER_KM, origin=HERE,
    )  # fmt: skip
    sites = [(id_, *spot(shares)) for id_, shares in SITES.items()]
    return WasteSystem(
        streams=(stream,),
        points=(),
        residents=(),
        depots=(Depot(id="depot", name="Depot", lon=depot[0], lat=depot[1], origin=HERE),),
        facilities=tuple(
            Facility(id=id_, name=id_, lon=x, lat=y, kind="landfill", accepts=(STREAM,), unload_s=UNLOAD_S, origin=HERE)
            for id_, x, y in sites
        ),
        vehicles=(truck,),
        kerbside=tuple(streets),
    )


def _joined(problem: RoundsProblem) -> NDArray[np.bool_]:
    """Return which stops can be reached from the depot, and left for a site, by one of their modes."""
    travel, truck = problem.travel[PROFILE], problem.vehicles[0]
    modes = [mode for stop in problem.stops for mode in stop.modes]
    first = np.cumsum([0, *(len(stop.modes) for stop in problem.stops[:-1])])
    columns = np.array([travel.column(mode.arrive) for mode in modes])
    rows = np.array([travel.row(mode.leave) for mode in modes])
    there = travel.block(np.array([travel.row(truck.start)]), columns)[0][0] < UNREACHABLE
    away = (travel.block(rows, _site_columns(problem, travel))[0] < UNREACHABLE).any(axis=1)
    return np.logical_or.reduceat(there & away, first)


def _site_columns(problem: RoundsProblem, travel: Travel) -> NDArray[np.intp]:
    return np.array([travel.column(mode.arrive) for site in problem.tip_sites for mode in site.modes])


def _fleet(problem: RoundsProblem, kg: float) -> tuple[Vehicle, ...]:
    """Return as many trucks as the work and the trips for its load take hours at the least, and half as many again."""
    travel, truck = problem.travel[PROFILE], problem.vehicles[0]
    trips = ceil(kg / truck.limits[0].at_most)
    rows = np.array([travel.row(stop.modes[0].leave) for stop in problem.stops])
    away = travel.block(rows, _site_columns(problem, travel))[0].min(axis=1)
    out_and_back_s = 2.0 * float(np.median(away)) / 1000.0
    work_s = sum(min(mode.service_s for mode in stop.modes) for stop in problem.stops)
    hours = (work_s + trips * (UNLOAD_S + out_and_back_s)) / 3600.0
    count = ceil(RESERVE * max(hours / MAX_HOURS, 1.0))
    return tuple(replace(truck, id=f"truck-{n + 1:03d}") for n in range(count))
