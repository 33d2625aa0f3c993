"""VRPTW in Solomon's text (Solomon 1987; Gehring and Homberger 1999), in both conventions of the literature.

- ``distance`` (DIMACS, CVRPLIB): only distance counts; every distance and travel time is truncated to one decimal.
- ``vehicles`` (SINTEF): fewest vehicles, then distance; exact distances.

The due date bounds the begin of service and the return to the depot; a vehicle may wait. No more vehicles than the file
has. A unit of time is ten seconds here; exact times are rounded up to a ten-thousandth of a unit.
"""

from __future__ import annotations

import re

import numpy as np

from benchmarks.sets.fleet import LOAD, above_all, capacity
from benchmarks.sets.instance import Instance, Part
from benchmarks.sets.plane import Plane, euclid, tenths
from benchmarks.sets.points import here, measured
from benchmarks.sets.source import NUMBER, Source, numbers, unreadable
from optimiser.rounds.problem import RoundsProblem, Shift, Stop, Vehicle, VehicleCosts, Window

NAME = "solomon"
OBJECTIVES = ("distance", "vehicles")
UNIT_S = 10.0
EXACT_DM = 10_000.0


def recognises(source: Source) -> bool:
    """Return whether it has Solomon's headings."""
    text = source.text.upper()
    return bool(re.search(r"^\s*VEHICLE\s*$", text, re.MULTILINE)) and "CUSTOMER" in text and "DUE" in text


def read(source: Source, objective: str) -> Instance:
    """Return the instance."""
    fleet, room, rows = _rows(source)
    exact = objective == "vehicles"
    names = tuple(f"{row[0]:.0f}" for row in rows)
    plane = Plane(
        names=names,
        xy=np.array([row[1:3] for row in rows]),
        metric=euclid if exact else tenths,
        dm=EXACT_DM if exact else 1.0,
        ms=1000.0 * UNIT_S * (1.0 if exact else 0.1),
    )
    unit = 1.0 if exact else 0.1
    first = above_all(plane.widest, sum(row[3] for row in rows) / room) if exact else 0.0
    problem = RoundsProblem(
        dimensions=(LOAD,),
        stops=tuple(
            Stop(
                id=name,
                modes=here(name, UNIT_S * row[6]),
                loads={LOAD: row[3]},
                windows=(Window(open_s=UNIT_S * row[4], close_s=UNIT_S * row[5]),),
            )
            for name, row in zip(names[1:], rows[1:], strict=True)
        ),
        tip_sites=(),
        vehicles=tuple(
            Vehicle(
                id=f"v{k + 1}",
                profile="truck",
                start=names[0],
                end=names[0],
                limits=(capacity(room),),
                shift=Shift(start_s=UNIT_S * rows[0][4], end_s=UNIT_S * rows[0][5]),
                costs=VehicleCosts(fixed=first, per_km=unit * 1e4 / plane.dm),
                must_end_empty=False,
            )
            for k in range(min(fleet, len(rows) - 1))
        ),
        travel={"truck": plane.travel()},
    )
    return Instance(
        name=source.name,
        format=NAME,
        objective=objective,
        parts=(Part(problem=problem, cost=measured(problem, plane, unit=unit), per_round=first),),
        digits=4 if exact else 1,
    )


def _rows(source: Source) -> tuple[int, float, list[list[float]]]:
    """Return the number of vehicles, their capacity, and the rows, the depot first."""
    lines = [line for line in source.lines if line]
    start = next((k for k, line in enumerate(lines) if line.upper().startswith("CUSTOMER")), len(lines))
    fleet = next((numbers(line, source.name) for line in lines[1:start] if NUMBER.match(line)), [])
    rows = [numbers(line, source.name, least=7) for line in lines[start:] if NUMBER.match(line)]
    if len(fleet) < 2 or len(rows) < 2 or fleet[0] < 1 or fleet[1] <= 0:
        raise unreadable(source.name, "there should be a number of vehicles, a capacity, a depot and customers")
    return int(fleet[0]), fleet[1], rows
