"""Capacitated location-routing: the sets of Prins et al., Barreto, Tuzun and Burke, in one form of file.

Stops, candidates, coordinates of candidates and of stops, capacity of a vehicle, of each candidate, loads, what each
candidate costs, what a vehicle costs, and how legs are measured: 0 for 100 times the distance, rounded up, 1 for the
distance as it is. In Barreto's files a vehicle costs nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.sets.fleet import DAY_S, LOAD, capacity, enough
from benchmarks.sets.points import here
from faults import Fault, InputError
from optimiser.hubs.codesign.plan import CodesignPlan
from optimiser.hubs.codesign.problem import CodesignProblem, Site
from optimiser.rounds.problem import RoundsProblem, Shift, Stop, Vehicle, VehicleCosts
from optimiser.travel import DenseTravel

NAME = "lrp"
MODEL = "codesign"
UP = 100  # in the sets that round up, lengths count a hundredfold
FINE = 10_000  # decimetres to a unit of exact distance
FEWEST = 8
ROUND_UP, EXACT = 0, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Posed:
    """An instance, its file's places (candidates first), and the legs in the set's own money."""

    name: str
    problem: CodesignProblem
    legs: NDArray[np.float64]
    vehicle_cost: float

    def cost(self, plan: CodesignPlan) -> float:
        """Return what a plan costs in the set's convention: candidates, vehicles, legs."""
        at = {stop.id: k + len(self.problem.sites) for k, stop in enumerate(self.problem.rounds.stops)}
        depot = {site.depot: k for k, site in enumerate(self.problem.sites)}
        start = {vehicle.id: depot[vehicle.start] for vehicle in self.problem.rounds.vehicles}
        total = sum(site.opening_cost for site in self.problem.sites if site.id in plan.open)
        for tour in plan.rounds.rounds:
            places = [start[tour.vehicle], *(at[stop] for stop in tour.stops), start[tour.vehicle]]
            total += self.vehicle_cost + float(self.legs[places[:-1], places[1:]].sum())
        return total


def recognises(text: str) -> bool:
    """Return whether a text has as many numbers as such a file, and ends like one."""
    try:
        figures = [float(word) for word in text.split()]
    except ValueError:
        return False
    if len(figures) < FEWEST or figures[0] < 1 or figures[1] < 1 or figures[0] % 1 or figures[1] % 1:
        return False
    n, m = int(figures[0]), int(figures[1])
    return len(figures) == 2 + 2 * (n + m) + 1 + 2 * m + n + 2 and figures[-1] in (ROUND_UP, EXACT)


def read(path: Path) -> Posed:
    """Read an instance.

    Raises
    ------
    InputError
        ``instance-unreadable`` if it is not such a file.
    """
    text = path.read_text(encoding="ascii", errors="replace")
    if not recognises(text):
        raise InputError(
            Fault(
                code="instance-unreadable",
                place=path.name,
                cause="it does not read as lrp: numbers are missing, or too many",
                action="Check the file, or the format.",
            )
        )
    figures = np.array(text.split(), dtype=np.float64)
    n, m = int(figures[0]), int(figures[1])
    places = figures[2 : 2 + 2 * (n + m)].reshape(n + m, 2)
    carried, rest = float(figures[2 + 2 * (n + m)]), figures[3 + 2 * (n + m) :]
    room, load, opening = rest[:m], rest[m : m + n], rest[m + n : 2 * m + n]
    vehicle_cost, exact = float(rest[-2]), rest[-1] == EXACT
    apart = np.sqrt(((places[:, None, :] - places[None, :, :]) ** 2).sum(axis=2))
    legs = apart if exact else np.ceil(np.round(UP * apart, 9))
    dm = np.rint(legs * (FINE if exact else 1)).astype(np.int32)
    names = tuple([f"site {j}" for j in range(m)] + [f"stop {i}" for i in range(n)])
    travel = DenseTravel(leaving=names, arriving=names, duration_ms=np.zeros_like(dm), distance_dm=dm)
    costs = VehicleCosts(fixed=vehicle_cost, per_km=1e4 / (FINE if exact else 1))
    rounds = RoundsProblem(
        dimensions=(LOAD,),
        stops=tuple(Stop(id=names[m + i], modes=here(names[m + i]), loads={LOAD: float(load[i])}) for i in range(n)),
        tip_sites=(),
        vehicles=tuple(
            Vehicle(
                id=f"site {j} vehicle {k}", profile="truck", start=names[j], end=names[j], limits=(capacity(carried),),
                shift=Shift(start_s=0.0, end_s=DAY_S), costs=costs, must_end_empty=False,
            )
            for j in range(m)
            for k in range(enough(min(room[j], load.sum()) / carried, n))
        ),
        travel={"truck": travel},
    )  # fmt: skip
    total = math.ceil(load.sum())
    sites = tuple(
        Site(
            id=names[j], opening_cost=float(opening[j]), depot=names[j],
            capacity=capacity(float(room[j])) if room[j] < total else None,
        )
        for j in range(m)
    )  # fmt: skip
    problem = CodesignProblem(rounds=rounds, sites=sites)
    return Posed(name=path.name.split(".")[0], problem=problem, legs=legs, vehicle_cost=vehicle_cost)
