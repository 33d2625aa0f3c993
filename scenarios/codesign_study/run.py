"""A co-design study from its file to its outcome: read, pose, decide, check, price, measure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from optimiser.hubs.codesign.check import check
from optimiser.hubs.codesign.judge import Judged
from optimiser.hubs.codesign.plan import CodesignPlan
from optimiser.hubs.codesign.pose import posed as with_sites
from optimiser.hubs.codesign.price import price
from optimiser.hubs.codesign.solve import Decision, decide
from optimiser.hubs.ready import ready as ready_hubs
from optimiser.result import Budget, Progress, Result, Status
from optimiser.rounds.explain import explain
from optimiser.rounds.ready import ready
from scenarios.codesign_study.outcome import CodesignOutcome, Plan
from scenarios.codesign_study.pose import Posed, choice, deciding_day, pose, refuse, with_candidates
from scenarios.codesign_study.schema import file_of, refuse_without_sites
from scenarios.codesign_study.sets import all_judged, closed_rows, mask_of_plan, set_rows
from scenarios.intake import Intake, take_in
from scenarios.outcome import DayPlan, Outcome
from scenarios.progress import OnRunProgress, RunProgress
from scenarios.provenance import provenance
from scenarios.scenario import Scenario
from scenarios.stages import Stages
from scenarios.terrain import Terrain
from scenarios.ways import lay_ways

EXPLAIN = 0.05  # share of the time for the reasons of stops left out, of each of the two plans
BEFORE, AFTER = 0.1, 0.95  # share of the progress bar before deciding and after
SHARE = {"ready": 0.0, "read": 0.0, "travel": 0.05, "codesign": BEFORE, "measure": AFTER}  # as a stage begins


def run_codesign(
    source: Path,
    *,
    seconds: float | None = None,
    seed: int | None = None,
    now: datetime | None = None,
    on_progress: OnRunProgress | None = None,
) -> CodesignOutcome:
    """Answer a study.

    Parameters
    ----------
    source
        The folder with ``codesign.toml``, or the file itself: a scenario with a table of candidate sites.
    seconds, seed
        In place of the study's own; ``seconds`` is for the whole study.

    Raises
    ------
    InputError
        With all faults of the scenario, its tables and sites.
    SourceError
        When a file or a service cannot be had.
    """
    stages = Stages(on_progress, share=SHARE)
    with stages.stage("ready"):
        ready()
        ready_hubs()  # compiling, once on a machine, is not taken off the time of the study
    with stages.stage("read"):
        given = take_in(file_of(source), seed=seed)
        refuse_without_sites(given.scenario)
        given = replace(given, scenario=_for(given, seconds))
        refuse(given.system, given.scenario)
    with stages.stage("travel"):
        system = with_candidates(given.system)
        terrain = Terrain(
            system=system, network=given.network, scenario=given.scenario, hazards=given.hazards, kmh=given.kmh
        )
        posed = pose(system, terrain.ground(deciding_day(given.scenario)), given.scenario)
    with stages.stage("codesign"):
        decision = _decided(posed, given, stages)
    with stages.stage("measure"):
        return _outcome(given, posed, decision, stages, now)


def _for(given: Intake, seconds: float | None) -> Scenario:
    asked = choice(given.scenario)
    asked = asked if seconds is None else replace(asked, seconds=seconds)
    solve = replace(given.scenario.solve, seconds=asked.seconds)
    return replace(given.scenario, codesign=asked, solve=solve)


def _decided(posed: Posed, given: Intake, stages: Stages) -> Decision:
    asked, limit_s = given.scenario.solve, choice(given.scenario).seconds * (1 - 2 * EXPLAIN)

    def tell(news: Progress[CodesignPlan]) -> None:
        done = min(news.runtime_s / limit_s, 1.0)
        fraction = BEFORE + (AFTER - BEFORE) * done
        stages.tell(
            RunProgress(stage="codesign", fraction=fraction, cost=news.cost, runtime_s=stages.runtime_s)
        )  # fmt: skip

    budget = Budget(seconds=limit_s, iterations=asked.iterations, threads=asked.threads)
    return decide(posed.problem, budget=budget, seed=asked.seed, even=True, on_progress=tell)


def _outcome(given: Intake, posed: Posed, decision: Decision, stages: Stages, now: datetime | None) -> CodesignOutcome:
    together, first = _plan(given, posed, decision, decision.best, stages, now), None
    if decision.first is not None:
        same = set(decision.first.plan.open) == set(decision.best.plan.open)
        first = together if same else _plan(given, posed, decision, decision.first, stages, now)
    return CodesignOutcome(
        posed=posed,
        result=decision.result,
        together=together,
        first=first,
        sets=set_rows(decision),
        closed=closed_rows(decision, posed, given.system),
        all_judged=all_judged(decision),
        estimated=len(decision.estimates.rough),
        judged=len(decision.judged),
    )


def _plan(
    given: Intake, posed: Posed, decision: Decision, judged: Judged, stages: Stages, now: datetime | None
) -> Plan:
    """Return a judged set as a plan, checked and priced again, with the reasons of what it leaves out."""
    scenario, found = given.scenario, _explained(posed, judged, seconds=EXPLAIN * choice(given.scenario).seconds)
    cost = price(posed.problem, found)
    result = Result(
        status=Status.PARTIAL if judged.left_out else Status.FEASIBLE,
        plan=found.rounds,
        price=cost.rounds,
        seed=decision.result.seed,
        engine=decision.result.engine,
        engine_version=decision.result.engine_version,
        iterations=judged.iterations,
        runtime_s=decision.result.runtime_s,
    )
    system = with_candidates(given.system, found.open)
    day = DayPlan(
        day=posed.day,
        problem=posed.problem.rounds,
        result=result,
        violations=check(posed.problem, found),
        ways=lay_ways(posed.problem.rounds, found.rounds, posed.ground),
        loads_kg=posed.loads_kg,
    )
    outcome = Outcome(
        scenario=scenario,
        system=system,
        network=given.network,
        days=(day,),
        hubs=None,
        baseline=None,
        figures=(),
        balance=(),
        doubts=(*given.doubts, *posed.ground.doubts),
        provenance=provenance(scenario, given.network, files=given.files, stages=stages.costs, now=now),
    )
    return Plan(
        open=found.open,
        opening=cost.opening,
        driving=cost.rounds.total,
        outcome=outcome,
        left_out=len(found.rounds.unserved),
    )


def _explained(posed: Posed, judged: Judged, *, seconds: float) -> CodesignPlan:
    """Return the plan of a set with the cheapest verified change for each stop left out, its sites as they are."""
    plan = judged.plan
    if not plan.rounds.unserved:
        return plan
    problem = with_sites(posed.problem, mask_of_plan(posed.problem, plan), plan.rounds)
    return replace(plan, rounds=explain(problem, plan.rounds, budget=Budget(seconds=seconds)))
