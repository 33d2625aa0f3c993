"""The planned days of a run: pose, solve, and lay the ways of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import numpy as np

from optimiser.result import Budget, Progress
from optimiser.rounds.check import check
from optimiser.rounds.plan import Act, Plan, Round
from optimiser.rounds.problem import RoundsProblem
from optimiser.rounds.solve import solve
from scenarios.ground import Ground
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
    loads = day_loads(system.points, day, scenario, brought)
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
    ways: dict[str, tuple[Leg, ...]] = {}
    for profile in sorted({vehicles[round_.vehicle].profile for round_ in plan.rounds}):
        rounds = [round_ for round_ in plan.rounds if vehicles[round_.vehicle].profile == profile]
        chains = [(vehicles[r.vehicle].start, *moves(r), vehicles[r.vehicle].end) for r in rounds]
        legs = _legs(chains, profile, ground)
        ends = np.cumsum([len(chain) - 1 for chain in chains])
        for round_, end, chain in zip(rounds, ends, chains, strict=True):
            ways[round_.vehicle] = tuple(legs[end - len(chain) + 1 : end])
    return ways


def moves(round_: Round) -> tuple[str, ...]:
    """Return the places a round visits, breaks left out."""
    return tuple(visit.id for visit in round_.visits if visit.act is not Act.BREAK)


def _legs(chains: Sequence[Sequence[str]], profile: str, ground: Ground) -> list[Leg]:
    pairs = [pair for chain in chains for pair in pairwise(chain)]
    return [
        Leg(
            to=to,
            line=np.column_stack([way.lon, way.lat]),
            distance_m=way.distance_m,
            duration_s=way.duration_s,
            streets=way.names,
        )
        for (_, to), way in zip(pairs, ground.legs(profile, pairs), strict=True)
    ]
