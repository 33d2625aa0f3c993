"""The planned days of a run: pose, solve, judge, and lay the ways of each."""

from __future__ import annotations

from collections.abc import Mapping

from optimiser.rounds.check import check
from optimiser.rounds.plan import Plan
from optimiser.rounds.problem import RoundsProblem
from scenarios.by_hand import rounds_of
from scenarios.ground import Ground
from scenarios.kerbside.loads import kerbside_loads
from scenarios.loads import day_loads
from scenarios.model.system import WasteSystem
from scenarios.outcome import DayPlan
from scenarios.pose import pose_rounds
from scenarios.scenario import Scenario
from scenarios.solving import OnPlan, solve_day
from scenarios.ways import lay_ways


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
    problem, loads = pose_day(system, ground, scenario, day=day, brought=brought, service_factor=service_factor)
    problem, result = solve_day(problem, system, scenario, day=day, initial=initial, on_progress=on_progress)
    plan = result.plan or Plan(rounds=())
    return DayPlan(
        day=day,
        problem=problem,
        result=result,
        violations=check(problem, plan),
        ways=lay_ways(problem, plan, ground),
        loads_kg=loads,
    )


def pose_day(
    system: WasteSystem,
    ground: Ground,
    scenario: Scenario,
    *,
    day: str,
    brought: Mapping[str, float],
    service_factor: float = 1.0,
) -> tuple[RoundsProblem, dict[str, float]]:
    """Return the rounds problem of a day, and what each point holds that day, kg."""
    loads = day_loads(system.points, day, scenario, brought) | kerbside_loads(system.kerbside, day, scenario, brought)
    problem = pose_rounds(
        system,
        ground,
        scenario,
        day=day,
        loads_kg=loads,
        service_factor=service_factor,
        visited=frozenset(visit for round_ in rounds_of(system.start, day) for visit in round_.visits),
    )
    return problem, loads
