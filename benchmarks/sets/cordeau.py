"""Multi-depot VRP in Cordeau's text (type 2; Cordeau, Gendreau, Laporte 1997, Networks 30).

Distances are exact; a round's driving and service together stay within D (0: no limit), its load within Q, both given
for each depot. There are m vehicles at each depot, and a vehicle comes back to where it set out. Times are rounded up
to a ten-thousandth of a unit.
"""

from __future__ import annotations

import numpy as np

from benchmarks.sets.fleet import DAY_S, LOAD, above_all, capacity
from benchmarks.sets.instance import Instance, Part
from benchmarks.sets.plane import Plane, euclid
from benchmarks.sets.points import here, measured
from benchmarks.sets.source import NUMBER, Source, numbers, unreadable
from optimiser.rounds.problem import RoundsProblem, Shift, Stop, Vehicle, VehicleCosts

NAME = "cordeau"
OBJECTIVES = ("distance", "vehicles")
MULTI_DEPOT = 2
FINE = 10_000.0
UNIT_S = 10.0


def recognises(source: Source) -> bool:
    """Return whether it begins with a line of four whole numbers, then lines of two."""
    lines = [line.split() for line in source.lines if line][:2]
    widths = [len(words) for words in lines]
    return widths == [4, 2] and all(NUMBER.fullmatch(word) for words in lines for word in words)


def read(source: Source, objective: str) -> Instance:
    """Return the instance."""
    lines = [numbers(line, source.name) for line in source.lines if line]
    kind, per_depot, customers, depots = (int(value) for value in lines[0])
    if kind != MULTI_DEPOT:
        raise unreadable(source.name, f"type {kind}: of Cordeau's sets only the multi-depot VRP (type 2) is read")
    limits, rows = lines[1 : 1 + depots], lines[1 + depots :]
    if len(rows) < customers + depots or any(len(row) < 5 for row in rows[: customers + depots]):
        raise unreadable(source.name, f"there should be {customers} customers and {depots} depots")
    rows = rows[: customers + depots]
    names = (*(f"{row[0]:.0f}" for row in rows[:customers]), *(f"depot {k + 1}" for k in range(depots)))
    unit_s = UNIT_S if any(limit[0] > 0 for limit in limits) else 0.0  # without a limit no time passes
    plane = Plane(names=names, xy=np.array([row[1:3] for row in rows]), metric=euclid, dm=FINE, ms=1000.0 * unit_s)
    least = sum(row[4] for row in rows[:customers]) / max(limit[1] for limit in limits)
    first = above_all(plane.widest, least) if objective == "vehicles" else 0.0
    problem = RoundsProblem(
        dimensions=(LOAD,),
        stops=tuple(
            Stop(id=name, modes=here(name, unit_s * row[3]), loads={LOAD: row[4]})
            for name, row in zip(names, rows[:customers], strict=False)
        ),
        tip_sites=(),
        vehicles=tuple(
            Vehicle(
                id=f"d{d + 1} v{k + 1}",
                profile="truck",
                start=f"depot {d + 1}",
                end=f"depot {d + 1}",
                limits=(capacity(most),),
                shift=Shift(start_s=0.0, end_s=UNIT_S * longest if longest > 0 else DAY_S),
                costs=VehicleCosts(per_km=1e4 / FINE, fixed=first),
                must_end_empty=False,
            )
            for d, (longest, most) in enumerate(limit[:2] for limit in limits)
            for k in range(per_depot)
        ),
        travel={"truck": plane.travel()},
    )
    return Instance(
        name=source.name,
        format=NAME,
        objective=objective,
        parts=(Part(problem=problem, cost=measured(problem, plane), per_round=first),),
        digits=2,
    )
