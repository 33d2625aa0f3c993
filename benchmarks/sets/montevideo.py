"""Containers of Municipio B, Montevideo: real places, hours, amounts, vehicles, and driving times on real streets.

Four tables lie beside each other: ``...-containers.csv``, ``...-depots-dumps.csv``, ``...-vehicles.csv`` and
``...-travel-time.csv`` (minutes between near containers). The cost is minutes driven. Each vehicle has its depots and
its own dump, and ends its day empty.

The table of times holds near pairs only, and none to depots and dumps. A missing time is that of the quickest way over
pairs that are there; where none leads, the straight line at the minutes per kilometre of such ways. Containers with
nothing in them are not visited. (Data: woodbri/vehicle-routing-problems, MIT; times made with OpenStreetMap, ODbL.)
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import shortest_path

from benchmarks.sets.fleet import LOAD, above_all, capacity
from benchmarks.sets.instance import Instance, Part
from benchmarks.sets.points import driven, here
from benchmarks.sets.source import Source, read_source, unreadable
from optimiser.rounds.plan import Plan
from optimiser.rounds.problem import RoundsProblem, Shift, Stop, TipSite, Vehicle, VehicleCosts, Window
from optimiser.travel import DenseTravel

NAME = "montevideo"
OBJECTIVES = ("vehicles", "minutes")
HEAD = ("id", "lon", "lat", "open_min", "close_min", "demand", "service_min")
DM_PER_MINUTE = 10_000  # a minute counts as a kilometre
NEAR_KM = 1.0  # ways longer than this tell the pace of long legs
Row = dict[str, str]


def recognises(source: Source) -> bool:
    """Return whether it is a table of containers with hours in minutes."""
    first = source.text.splitlines()[:1]
    return bool(first) and tuple(first[0].strip().split(",")[: len(HEAD)]) == HEAD


def read(source: Source, objective: str) -> Instance:
    """Return the instance; the other three tables are found by their names."""
    containers = [row for row in _rows(source) if float(row["demand"]) > 0]
    places, vehicles, times = (_beside(source, what) for what in ("depots-dumps", "vehicles", "travel-time"))
    every = _rows(source) + places
    minutes = travel_minutes(every, times)
    names = tuple(row["id"] for row in every)
    least = sum(float(row["demand"]) for row in containers) / max(float(row["capacity"]) for row in vehicles)
    first = above_all(float(minutes.max()), least) if objective == "vehicles" else 0.0
    problem = RoundsProblem(
        dimensions=(LOAD,),
        stops=tuple(_stop(row) for row in containers),
        tip_sites=_sites(vehicles, places),
        vehicles=tuple(_vehicle(row, first) for row in vehicles),
        travel={
            "truck": DenseTravel(
                leaving=names,
                arriving=names,
                duration_ms=np.rint(minutes * 60_000).astype(np.int32),
                distance_dm=np.rint(minutes * DM_PER_MINUTE).astype(np.int32),
            )
        },
    )
    return Instance(
        name=source.name,
        format=NAME,
        objective=objective,
        parts=(Part(problem=problem, cost=_cost(problem, names, minutes), per_round=first),),
        digits=1,
        notes=(
            f"the published fleet has {len(vehicles)} vehicles",
            f"{len(_rows(source)) - len(containers)} containers with nothing in them are not visited",
            "times that the table lacks go over near pairs, else along the straight line at their pace",
        ),
    )


def travel_minutes(places: list[Row], times: list[Row]) -> NDArray[np.float64]:
    """Return the minutes between all places."""
    at = {row["id"]: k for k, row in enumerate(places)}
    known = [(at[row["from_id"]], at[row["to_id"]], float(row["minutes"])) for row in times]
    rows, cols = (np.array([pair[side] for pair in known], dtype=np.intp) for side in (0, 1))
    minutes = np.array([pair[2] for pair in known])
    tiny = 1e-9  # a known time of nothing is still a way
    graph = csr_matrix((np.maximum(minutes, tiny), (rows, cols)), shape=(len(places), len(places)))
    ways = shortest_path(graph, directed=True)
    km = _straight_km(places)
    long = np.isfinite(ways) & (km > NEAR_KM)
    pace = float(np.median(ways[long] / km[long]))
    filled = np.where(np.isfinite(ways), ways, km * pace)
    np.fill_diagonal(filled, 0.0)
    return np.asarray(filled)


def _straight_km(places: list[Row]) -> NDArray[np.float64]:
    lonlat = np.radians([(float(row["lon"]), float(row["lat"])) for row in places])
    x, y = lonlat[:, 0] * np.cos(lonlat[:, 1].mean()), lonlat[:, 1]
    return np.asarray(6371.0 * np.hypot(x[:, None] - x, y[:, None] - y))


def _rows(source: Source) -> list[Row]:
    return list(csv.DictReader(source.text.splitlines()))


def _beside(source: Source, what: str) -> list[Row]:
    if source.path is None or "containers" not in source.path.name:
        raise unreadable(source.name, "its name does not end in containers.csv, so the other tables cannot be found")
    path = Path(source.path.with_name(source.path.name.replace("containers", what)))
    return _rows(read_source(path))


def _stop(row: Row) -> Stop:
    opens, closes = (float(row[end]) * 60.0 for end in ("open_min", "close_min"))
    return Stop(
        id=f"container {row['id']}",
        modes=here(row["id"], float(row["service_min"]) * 60.0),
        loads={LOAD: float(row["demand"])},
        windows=(Window(open_s=opens, close_s=closes),),
    )


def _sites(vehicles: list[Row], places: list[Row]) -> tuple[TipSite, ...]:
    hours: Mapping[str, Row] = {row["id"]: row for row in places}
    dumps = {row["dump_id"]: float(row["dump_service_min"]) * 60.0 for row in vehicles}
    return tuple(
        TipSite(
            id=f"dump {id_}",
            modes=here(id_, service_s),
            accepts=frozenset({LOAD}),
            windows=(
                Window(open_s=float(hours[id_]["open_min"]) * 60.0, close_s=float(hours[id_]["close_min"]) * 60.0),
            ),
        )
        for id_, service_s in dumps.items()
    )


def _vehicle(row: Row, first: float) -> Vehicle:
    return Vehicle(
        id=f"vehicle {row['vehicle_id']}",
        profile="truck",
        start=row["depot_id"],
        end=row["end_id"],
        limits=(capacity(float(row["capacity"])),),
        shift=Shift(start_s=float(row["open_min"]) * 60.0, end_s=float(row["close_min"]) * 60.0),
        costs=VehicleCosts(per_km=1.0, fixed=first),
        tip_sites=frozenset({f"dump {row['dump_id']}"}),
    )


def _cost(problem: RoundsProblem, names: tuple[str, ...], minutes: NDArray[np.float64]) -> Callable[[Plan], float]:
    at, places = {name: k for k, name in enumerate(names)}, driven(problem)

    def cost(plan: Plan) -> float:
        halts = [[at[place] for place in places(tour)] for tour in plan.rounds]
        return float(sum(minutes[a, b] for tour in halts for a, b in pairwise(tour)))

    return cost
