"""VROOM as a peer, where it is installed: its program as it is, told the problem in its own words.

It knows no unloading sites. Costs are stated as a matrix of their own, so that it counts what we count.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.plain import Ground, against, ground
from optimiser.rounds.plan import Order, Plan
from optimiser.rounds.problem import RoundsProblem, Stop
from optimiser.rounds.schedule import schedule

INSTALLED = Path(".cache/interop/python/bin/vroom")  # where `make test-interop` puts it
MOST_STOPS = 1_200  # its matrices are words in JSON
EFFORT = "5"  # its highest


def program() -> Path | None:
    """Return VROOM's program, ``None`` if it is not installed."""
    beside = Path(__file__).parent.parent / INSTALLED
    found = shutil.which("vroom")
    return beside if beside.is_file() else Path(found) if found else None


def unsuitable(problem: RoundsProblem) -> tuple[str, ...]:
    """Return why VROOM cannot be asked; empty if it can."""
    reasons = list(against(problem))
    if program() is None:
        reasons.append("it is not installed (make test-interop installs it)")
    if problem.tip_sites:
        reasons.append("it knows no unloading sites")
    if any(vehicle.shift.max_duration_s is not None for vehicle in problem.vehicles):
        reasons.append("it is not told how long a shift may last")
    if len(problem.stops) > MOST_STOPS:
        reasons.append(f"{len(problem.stops)} stops are more than the {MOST_STOPS} whose matrices are worth writing")
    return tuple(reasons)


def vroom(problem: RoundsProblem, *, seconds: float) -> Plan:
    """Return VROOM's plan, timed by us; it has no seed and ends when it finds nothing more.

    Raises
    ------
    RuntimeError
        If it refuses the problem.
    """
    words = [str(program()), "-x", EFFORT, "-t", "1", "-l", f"{seconds:g}"]
    text = json.dumps(stated(problem, ground(problem)))
    done = subprocess.run(words, input=text, capture_output=True, text=True, check=False)
    told: Mapping[str, Any] = json.loads(done.stdout)
    if told["code"] != 0:
        raise RuntimeError(f"VROOM: {told.get('error', 'no plan')}")
    orders = [
        Order(
            vehicle=problem.vehicles[route["vehicle"]].id,
            visits=tuple(problem.stops[step["id"]].id for step in route["steps"] if step["type"] == "job"),
        )
        for route in told["routes"]
    ]
    return schedule(problem, orders)


def _windows(places: Ground, stop: Stop) -> dict[str, Any]:
    """Return when service may begin, nothing if at any time."""
    spans = [[places.time(window.open_s), places.time(window.close_s)] for window in stop.windows]
    return {"time_windows": spans} if spans else {}


def stated(problem: RoundsProblem, places: Ground) -> dict[str, Any]:
    """Return the problem as VROOM reads it: ids are positions, location 0 is the garage."""
    dimension = next(iter(problem.vehicles[0].limits[0].weights))
    shift = problem.vehicles[0].shift
    room = round(problem.vehicles[0].limits[0].at_most)
    van: dict[str, Any] = {"profile": "truck", "start_index": 0, "end_index": 0, "capacity": [room]}
    van["time_window"] = [places.time(shift.start_s), places.time(shift.end_s)]
    return {
        "vehicles": [{"id": k, **van} for k in range(len(problem.vehicles))],
        "jobs": [
            {
                "id": k,
                "location_index": 1 + k,
                "service": places.time(stop.modes[0].service_s),
                "pickup": [round(stop.loads.get(dimension, 0.0))],
                **_windows(places, stop),
            }
            for k, stop in enumerate(problem.stops)
        ],
        "matrices": {"truck": {"durations": places.seconds.tolist(), "costs": places.metres.tolist()}},
    }
