"""Periodic rounds with facilities in Italian cities (Taverna and Tilk 2025): GeoJSON with a matrix of whole minutes.

The cost is minutes of driving over all days; working at a stop takes time of the round (``maxDuration``) but costs
nothing. Facilities empty a vehicle; the last one comes before the depot. We plan one day at a time:

- The days of each stop are those of the published solution that lies beside the file (any text that begins with
  "Solution for NAME"), unless the format ``pvrpif-own-days`` is asked for.
- Else a stop that comes f times in T days gets every (T/f)-th day, and of the first days possible the one on which
  least has been gathered so far, largest stops first.

Costs of days add up; they are no answer to the periodic problem, where the days are free.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from benchmarks.sets.fleet import LOAD, capacity
from benchmarks.sets.instance import Instance, Part
from benchmarks.sets.links import Ways, empty_way
from benchmarks.sets.points import here
from benchmarks.sets.source import Source, read_source, unreadable
from optimiser.rounds.problem import RoundsProblem, Shift, Stop, TipSite, Vehicle, VehicleCosts

NAME = "pvrpif"
OBJECTIVES = ("distance",)
MINUTE = 60.0
ASSIGNED = re.compile(r"Scheme\((\d+)\):.*assigned:\s*\[([\d,\s]*)\]")
Days = Mapping[str, tuple[int, ...]]


def recognises(source: Source) -> bool:
    """Return whether it is JSON with a matrix of durations and a planning horizon."""
    return source.text.lstrip().startswith("{") and "planningHorizon" in source.text and '"duration"' in source.text


def read(source: Source, objective: str, *, own: bool = False) -> Instance:
    """Return the instance, a part for each day; with days of our own if there are no others, or if asked for."""
    data = _parsed(source)
    customers = [row["properties"] for row in data["features"] if row["properties"]["type"] == "customer"]
    horizon = int(data["info"]["planningHorizon"])
    chosen = None if own else published_days(source)
    notes = ["days of visits as in the published solution beside the file"]
    if chosen is None:
        chosen = own_days(customers, horizon)
        notes = ["days of visits by our own rule: evenly spaced, on the days with least gathered"]
    ways = _ways(data)
    names = {str(row["id"]) for row in customers}
    if missing := sorted(names - set(chosen)):
        raise unreadable(source.name, f"the solution beside the file says no days for stops {missing}")
    return Instance(
        name=source.name,
        format=f"{NAME}-own-days" if own else NAME,
        objective=objective,
        parts=tuple(_part(data, customers, chosen, day, ways) for day in range(horizon)),
        notes=tuple(notes),
    )


def published_days(source: Source) -> Days | None:
    """Return the days of each stop in the published solution beside the file, ``None`` if there is none."""
    if source.path is None:
        return None
    for file in sorted(source.path.parent.glob(f"*{source.name}*.txt*")):
        beside = read_source(file)
        if re.match(rf"\s*Solution for {re.escape(source.name)}\b", beside.text):
            found = ASSIGNED.findall(beside.text)
            return {stop: tuple(int(day) for day in days.split(",") if day.strip()) for stop, days in found}
    return None


def own_days(customers: Iterable[Mapping[str, Any]], horizon: int) -> Days:
    """Return evenly spaced days, balanced by what is gathered."""
    gathered = np.zeros(horizon)
    days: dict[str, tuple[int, ...]] = {}
    for row in sorted(customers, key=lambda row: (-row["demand"] * row["frequency"], row["id"])):
        often = max(1, min(horizon, round(row["frequency"])))
        spaced = [k * horizon // often for k in range(often)]
        options = [tuple(first + day for day in spaced) for first in range(horizon // often)]
        best = min(options, key=lambda option: (max(gathered[list(option)]), sum(gathered[list(option)])))
        gathered[list(best)] += row["demand"]
        days[str(row["id"])] = best
    return days


def _part(data: Mapping[str, Any], customers: Sequence[Mapping[str, Any]], days: Days, day: int, ways: Ways) -> Part:
    info = data["info"]
    by_kind = {kind: [str(r["properties"]["id"]) for r in data["features"] if r["properties"]["type"] == kind]
               for kind in ("depot", "intermediateFacility")}  # fmt: skip
    depot = by_kind["depot"][0]
    longest = MINUTE * float(info["maxDuration"])
    problem = RoundsProblem(
        dimensions=(LOAD,),
        stops=tuple(
            Stop(
                id=str(row["id"]),
                modes=here(str(row["id"]), MINUTE * float(row["service"])),
                loads={LOAD: float(row["demand"])},
            )
            for row in customers
            if day in days[str(row["id"])]
        ),
        tip_sites=tuple(
            TipSite(id=site, modes=here(site), accepts=frozenset({LOAD})) for site in by_kind["intermediateFacility"]
        ),
        vehicles=tuple(
            Vehicle(
                id=f"v{k + 1}",
                profile="truck",
                start=depot,
                end=depot,
                limits=(capacity(float(info["maxCapacity"])),),
                shift=Shift(start_s=0.0, end_s=longest),
                costs=VehicleCosts(per_km=1e4 / ways.scale),
            )
            for k in range(int(info["numVehicles"]))
        ),
        travel={"truck": ways.travel(seconds=MINUTE)},
    )
    return Part(
        problem=problem,
        name=f"day {day}",
        cost=lambda plan: sum(empty_way(problem, ways, tour) for tour in plan.rounds),
    )


def _ways(data: Mapping[str, Any]) -> Ways:
    at = {str(row["properties"]["id"]): k for k, row in enumerate(data["features"])}
    return Ways(rows=at, columns=at, cost=np.array(data["duration"], dtype=np.float64))


def _parsed(source: Source) -> dict[str, Any]:
    try:
        data: dict[str, Any] = json.loads(source.text)
        kinds = [row["properties"]["type"] for row in data["features"]]
        size = len(kinds)
        square = len(data["duration"]) == size and all(len(row) == size for row in data["duration"])
        wanted = ("maxDuration", "maxCapacity", "numVehicles", "planningHorizon")
        missing = [key for key in wanted if key not in data["info"]]
    except (ValueError, KeyError, TypeError) as error:
        raise unreadable(source.name, f"it is not the GeoJSON of the set: {type(error).__name__}: {error}") from error
    if not square or missing or kinds.count("depot") != 1:
        raise unreadable(source.name, f"matrix of another size than the places, no single depot, or no {missing}")
    return data
