"""A day's problem solved, or judged as given by hand; then how far from the best, and why stops are left out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from optimiser.result import Budget, Progress, Result, Status
from optimiser.rounds.bound import bound
from optimiser.rounds.explain import explain
from optimiser.rounds.merit import left_out
from optimiser.rounds.plan import Plan, Price
from optimiser.rounds.problem import RoundsProblem
from optimiser.rounds.solve import solve
from scenarios import by_hand
from scenarios.model.system import WasteSystem
from scenarios.scenario import Scenario

OnPlan = Callable[[Progress[Plan]], None]
EQUAL = 1e-9
USUAL_SHARE = 1 / 3  # of the seconds of a solve, for its bound and for its reasons each


def solve_day(
    problem: RoundsProblem,
    system: WasteSystem,
    scenario: Scenario,
    *,
    day: str,
    initial: Plan | None = None,
    on_progress: OnPlan | None = None,
) -> tuple[RoundsProblem, Result[Plan, Price]]:
    """Return the problem as it was solved (with what is kept by hand) and the result with its bound and its reasons."""
    given = by_hand.rounds_of(system.start, day)
    if given and scenario.start.keep == "everything":
        result = by_hand.judged(problem, given, seed=scenario.solve.seed)
    else:
        problem = by_hand.kept(problem, given, scenario.start)
        result = solve(
            problem,
            engine=scenario.solve.engine,
            budget=Budget(
                seconds=scenario.solve.seconds,
                iterations=scenario.solve.iterations,
                threads=scenario.solve.threads,
            ),
            seed=scenario.solve.seed,
            initial=initial or (by_hand.start_plan(problem, given) if given else None),
            on_progress=on_progress,
        )
    return problem, _explained(problem, _bounded(problem, result, scenario), scenario)


def _bounded(problem: RoundsProblem, result: Result[Plan, Price], scenario: Scenario) -> Result[Plan, Price]:
    """Return the result with a bound and the gap to it.

    Where the plan leaves required stops out, the bound is for plans that leave out no others.
    """
    seconds = _seconds(scenario.solve.bound_seconds, scenario)
    if result.plan is None or result.price is None or result.status is Status.BROKEN or seconds <= 0:
        return result
    left = [stop.id for stop in left_out(problem, result.plan)]
    found = bound(problem, budget=Budget(seconds=seconds), incumbent=result.price.net, without=left)
    if found is None:
        return result
    gap = abs(result.price.net - found.value) / max(abs(result.price.net), EQUAL)
    proven = gap <= EQUAL and result.status is Status.FEASIBLE and not problem.aims.first
    return replace(result, bound=found, gap=gap, status=Status.OPTIMAL if proven else result.status)


def _seconds(asked: float | None, scenario: Scenario) -> float:
    return USUAL_SHARE * scenario.solve.seconds if asked is None else asked


def _explained(problem: RoundsProblem, result: Result[Plan, Price], scenario: Scenario) -> Result[Plan, Price]:
    """Return the result with the cheapest verified change for every stop that is left out."""
    seconds = _seconds(scenario.solve.explain_seconds, scenario)
    if result.plan is None or not result.plan.unserved or result.status is Status.BROKEN or seconds <= 0:
        return result
    return replace(result, plan=explain(problem, result.plan, budget=Budget(seconds=seconds)))
