"""A hub study from its file to its outcome: read, pose, solve, explain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path

from faults import Fault, InputError
from network.streets import StreetNetwork
from optimiser.hubs.siting import equity, tables
from optimiser.hubs.siting.fair import Point, price_of_equity
from optimiser.hubs.siting.problem import Aim, Fairness, SitingProblem
from optimiser.hubs.siting.solve import SitingResult, solve
from optimiser.hubs.siting.warm import warm
from optimiser.result import Budget, Status
from scenarios.hub_study.explain import explain
from scenarios.hub_study.model import Given
from scenarios.hub_study.outcome import Explained, StudyOutcome
from scenarios.hub_study.pose import Posed, pose
from scenarios.hub_study.read import read_given
from scenarios.hub_study.schema import load
from scenarios.hub_study.study import HubStudy
from scenarios.progress import OnRunProgress
from scenarios.provenance import file_hashes, input_files, provenance
from scenarios.read.findings import Findings
from scenarios.stages import Stages
from scenarios.streets import load_streets

MAIN, CURVE, EXPLAIN = 0.4, 0.3, 0.3  # shares of the time
AVERSIONS = (0.5, 1.0, 2.0)
SHARE = {"read": 0.0, "travel": 0.05, "hubs": 0.1, "equity": 0.42, "measure": 0.66}  # of the bar, as a stage begins


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """The problem and the plan that is recommended, the plain and the fair one, and the price of equity."""

    problem: SitingProblem
    result: SitingResult
    plain: SitingResult | None
    fair: SitingResult | None
    curve: tuple[Point, ...]


def run_study(
    source: Path,
    *,
    seconds: float | None = None,
    seed: int | None = None,
    now: datetime | None = None,
    on_progress: OnRunProgress | None = None,
) -> StudyOutcome:
    """Answer a study.

    Parameters
    ----------
    source
        The folder with ``hubs.toml``, or the file itself.
    seconds, seed
        In place of the study's own.

    Raises
    ------
    InputError
        With all faults of the study, its tables and areas.
    SourceError
        When a file or a service cannot be had.
    """
    stages = Stages(on_progress, share=SHARE)
    with stages.stage("read"):
        study, file = load(source)
        study = _overridden(study, seconds, seed)
        given, network, doubts = take_in(study, file.parent)
    with stages.stage("travel"):
        posed = pose(study, given, network)
        _refuse_nobody(posed, study)
        warm()  # compiling, once on a machine, is not taken off the time of the study
    solved = solve_study(study, posed, stages)
    with stages.stage("measure"):
        posed = replace(posed, core=solved.problem)
        found = explain(study, posed, solved.result, solved.plain, solved.fair, seconds=EXPLAIN * study.solve.seconds)
    return _outcome(study, file, given, network, posed, solved, found, doubts, stages, now)


def _outcome(
    study: HubStudy,
    file: Path,
    given: Given,
    network: StreetNetwork,
    posed: Posed,
    solved: Solved,
    found: Explained,
    doubts: tuple[Fault, ...],
    stages: Stages,
    now: datetime | None,
) -> StudyOutcome:
    named = [*input_files(file, study.as_scenario()), *(file.parent / ref.file for ref in study.exclusions)]
    return StudyOutcome(
        study=study,
        given=given,
        network=network,
        posed=posed,
        result=solved.result,
        plain=solved.plain,
        fair=solved.fair,
        curve=solved.curve,
        doubts=(*doubts, *posed.doubts),
        provenance=provenance(
            study.as_scenario(), network, files=file_hashes(dict.fromkeys(named)), stages=stages.costs, now=now
        ),
        **{field.name: getattr(found, field.name) for field in fields(found)},
    )


def _overridden(study: HubStudy, seconds: float | None, seed: int | None) -> HubStudy:
    given: Mapping[str, float | int] = {
        name: value for name, value in (("seconds", seconds), ("seed", seed)) if value is not None
    }
    return replace(study, solve=replace(study.solve, **given))  # type: ignore[arg-type]


def take_in(study: HubStudy, folder: Path) -> tuple[Given, StreetNetwork, tuple[Fault, ...]]:
    """Read streets, tables and areas of a study; what was accepted with a doubt comes along.

    Raises
    ------
    InputError
        With all faults.
    SourceError
        When a file or a service cannot be had.
    """
    network, _, _ = load_streets(study.as_scenario(), folder)
    found = Findings()
    given = read_given(study, folder, network, found)
    return given, network, found.settle()


def _refuse_nobody(posed: Posed, study: HubStudy) -> None:
    """Refuse a study in which no allowed candidate can reach anybody: every answer would be empty."""
    if not len(posed.rows):
        barred = sum(bool(candidate.excluded) for candidate in posed.everyone.candidates)
        cause = (
            f"none of the {len(posed.everyone.demand.ids)} groups of people can reach any allowed candidate within "
            f"{study.sites.reach_m:g} m ({barred} of {len(posed.everyone.candidates)} candidates fell out)"
        )
        action = "check coordinates and map, raise sites.reach_m, or look at the exclusions"
        raise InputError(Fault(code="nobody-in-reach", place="sites.reach_m", cause=cause, action=action))


def solve_study(study: HubStudy, posed: Posed, stages: Stages) -> Solved:
    """Solve for what is recommended, for the plain plan, and for the curve between them."""
    special = study.sites.aim != "median" or bool(posed.core.fairness)
    with stages.stage("hubs"):
        core, result, plain_problem, plain = _choose(study, posed.core, special=special)
    with stages.stage("equity"):
        curve = _curve(study, plain_problem, plain)
    if plain.plan is None:
        return Solved(problem=core, result=result, plain=None, fair=None, curve=curve)
    chosen = next((point.result for point in curve if point.aversion == study.fairness.aversion), None)
    return Solved(problem=core, result=result, plain=plain, fair=result if special else chosen, curve=curve)


def _choose(
    study: HubStudy, core: SitingProblem, *, special: bool
) -> tuple[SitingProblem, SitingResult, SitingProblem, SitingResult]:
    """Return the problem as it was solved and its plan, which is recommended; and the same of the least mean way."""
    seconds, seed = study.solve.seconds, study.solve.seed
    main = Budget(seconds=seconds * MAIN / (2 if special else 1))
    result = None
    if study.sites.aim in ("cover", "centre", "max-cover", "worst") or not special:
        result = solve(core, engine=study.solve.engine, budget=main, seed=seed)
    plain_problem = _plain(study, core, result)
    plain = solve(plain_problem, budget=main, seed=seed) if special or result is None else result
    if result is None:
        core = _with_kappa(study, core, plain)
        result = solve(core, engine=study.solve.engine, budget=main, seed=seed)
    return core, result, plain_problem, plain


def _curve(study: HubStudy, problem: SitingProblem, plain: SitingResult) -> tuple[Point, ...]:
    """Return the price of equity; it begins at the plain plan, which is not solved again."""
    aversions = tuple(sorted({*AVERSIONS, study.fairness.aversion}))
    each = Budget(seconds=study.solve.seconds * CURVE / len(aversions))
    return tuple(price_of_equity(problem, aversions, budget=each, seed=study.solve.seed, plain=plain))


def _plain(study: HubStudy, core: SitingProblem, result: SitingResult | None) -> SitingProblem:
    """Return the problem of the least mean way with nothing else asked, and as many sites as are recommended."""
    at_most = core.at_most
    if at_most is None and core.budget is None and result is not None and result.plan is not None:
        at_most = len(result.plan.opened)
    unserved = 0.0 * core.demand.weight + study.unserved_m
    return replace(core, aim=Aim.MEDIAN, fairness=Fairness(), at_most=at_most, unserved=unserved)


def _with_kappa(study: HubStudy, core: SitingProblem, plain: SitingResult | None) -> SitingProblem:
    """Return the core with the study's aim; the EDE takes its kappa from the ways of the plain plan."""
    if study.sites.aim != "ede":
        return core
    if plain is None or plain.plan is None or plain.status is Status.INFEASIBLE:
        return core
    distance, weight = tables.experienced(core, plain.plan)
    return replace(core, aim=Aim.EDE, kappa=equity.kappa_for(distance, weight, study.fairness.aversion))
