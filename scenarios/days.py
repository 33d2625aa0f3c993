"""The planned days of a run: pose, solve, and lay the ways of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from optimiser.result import Budget, Progress
from optimiser.rounds.check import check
from optimiser.rounds.plan import Act, Plan, Round
from optimiser.rounds.problem import RoundsProblem, Stop, TipSite, Vehicle
from optimiser.rounds.solve import solve
from scenarios.ground import Ground
from scenarios.kerbside.loads import kerbside_loads
from scenarios.kerbside.told import line_served
from scenarios.loads import day_loads
from scenarios.model.system import WasteSystem
from scenarios.outcome import DayPlan, Leg
from scenarios.pose import pose_rounds
from scenarios.scenario import Scenario

OnPlan = Callable[[Progress[Plan]], None]


def plan_day(
    system: WasteSystem,
    ground: Ground,
    scenario: Scenario,
    *,
    day: str,
    brought: Mapping[str, float],
    service_factor: float = 1.0,
    initial: Plan | None = None,
    on_progress: OnPlan | None = None,
) -> DayPlan:
    """Plan one day."""
    loads = day_loads(system.points, day, scenario, brought) | kerbside_loads(system.kerbside, day, scenario, brought)
    problem = pose_rounds(system, ground, scenario, day=day, loads_kg=loads, service_factor=service_factor)
    result = solve(
        problem,
        engine=scenario.solve.engine,
        budget=Budget(seconds=scenario.solve.seconds, iterations=scenario.solve.iterations),
        seed=scenario.solve.seed,
        initial=initial,
        on_progress=on_progress,
    )
    plan = result.plan or Plan(rounds=())
    return DayPlan(
        day=day,
        problem=problem,
        result=result,
        violations=check(problem, plan),
        ways=lay_ways(problem, plan, ground),
        loads_kg=loads,
    )


def lay_ways(problem: RoundsProblem, plan: Plan, ground: Ground) -> dict[str, tuple[Leg, ...]]:
    """Return the legs of every round as they are driven, per vehicle, the last one back to the depot."""
    vehicles = {vehicle.id: vehicle for vehicle in problem.vehicles}
    work: dict[str, Stop | TipSite] = {stop.id: stop for stop in problem.stops}
    work |= {site.id: site for site in problem.tip_sites}
    ways: dict[str, tuple[Leg, ...]] = {}
    for profile in sorted({vehicles[round_.vehicle].profile for round_ in plan.rounds}):
        rounds = [round_ for round_ in plan.rounds if vehicles[round_.vehicle].profile == profile]
        chains = [_chain(round_, vehicles[round_.vehicle], work) for round_ in rounds]
        legs = _legs(chains, profile, ground)
        ends = np.cumsum([len(chain) - 1 for chain in chains])
        for round_, end, chain in zip(rounds, ends, chains, strict=True):
            ways[round_.vehicle] = tuple(legs[end - len(chain) + 1 : end])
    return ways


class _Halt(NamedTuple):
    """Where a vehicle halts: the place, and the ways it arrives and leaves."""

    place: str
    arrive: str
    leave: str


def _chain(round_: Round, vehicle: Vehicle, work: Mapping[str, Stop | TipSite]) -> list[_Halt]:
    """Return the halts of a round from depot to depot, breaks left out."""
    visits = [(visit.id, work[visit.id].modes[visit.mode]) for visit in round_.visits if visit.act is not Act.BREAK]
    return [
        _Halt(vehicle.start, "", vehicle.start),
        *(_Halt(place, mode.arrive, mode.leave) for place, mode in visits),
        _Halt(vehicle.end, vehicle.end, ""),
    ]


def _legs(chains: Sequence[Sequence[_Halt]], profile: str, ground: Ground) -> list[Leg]:
    pairs = [pair for chain in chains for pair in pairwise(chain)]
    driven = ground.legs(profile, [(before.leave, after.arrive) for before, after in pairs])
    return [
        Leg(
            to=after.place,
            line=np.column_stack([way.lon, way.lat]),
            distance_m=way.distance_m,
            duration_s=way.duration_s,
            streets=way.names,
            steps=way.steps,
            served=line_served(ground.kerb, after.arrive, after.leave),
        )
        for (_, after), way in zip(pairs, driven, strict=True)
    ]
