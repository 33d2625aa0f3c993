"""Solve a rounds problem: choose an engine, give it its time, let ``check`` and ``price`` speak before believing it.

The nearest-neighbour plan is made first: it is the start for the engine, the first incumbent to be announced, and what
the answer is never worse than. Where there are more than ``LARGE`` stops and the engine makes a start of its own (its
module says ``OWN_START = True``), it is left out, and made only if that engine answers nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from faults import Fault, InputError, SolverError
from optimiser.result import Bound, Budget, OnProgress, Progress, Result, Status
from optimiser.rounds.choose import Stage, choose
from optimiser.rounds.deadline import Deadline
from optimiser.rounds.engines import Engine, EngineAnswer
from optimiser.rounds.engines.registry import ENGINES
from optimiser.rounds.judged import Judged
from optimiser.rounds.merit import left_out
from optimiser.rounds.plan import PROVEN, Plan, Price, Unserved, Violation
from optimiser.rounds.problem import RoundsProblem
from optimiser.rounds.reasons import impossible_alone
from optimiser.rounds.schedule import planned
from optimiser.rounds.weighed import weighed

FIRST_PLAN_SHARE = 0.2  # of the seconds, at most, for the first plan; but in a hurry, what it needs comes first
FIRST_PLAN_S_PER_STOP = 0.001
HURRIED_SHARE = 0.7
LARGE = 1_000  # stops above which the judges' time is kept free, and counts
JUDGES_S_PER_STOP = 1e-4
JUDGED_SHARE = 0.05  # of the time so far: news of larger plans waits while the judges have had more
PROOFS_S = 0.5  # for proofs that stops of large problems cannot be served, if the budget is in seconds


@dataclass(slots=True, kw_only=True)
class Desk:
    """What a solve keeps: its clock, who listens, the best plan so far, what is worth telling.

    ``posed`` is what engines are given: the problem with its order of aims as money.
    """

    problem: RoundsProblem
    posed: RoundsProblem
    deadline: Deadline
    on_progress: OnProgress[Plan] | None
    best: Judged | None = None
    last: Judged | None = None
    maker: str = ""
    judged_s: float = 0.0
    notes: list[str] = field(default_factory=list)
    stopped_by: BaseException | None = None

    @property
    def large(self) -> bool:
        """Whether the problem has more stops than are judged in passing."""
        return len(self.problem.stops) > LARGE

    @property
    def left_s(self) -> float:
        """Seconds left for engines."""
        return self.deadline.left_s - (JUDGES_S_PER_STOP * len(self.problem.stops) if self.large else 0.0)

    def judged(self, plan: Plan) -> Judged:
        """Return what the judges say of a plan."""
        if self.last is None or self.last.plan is not plan:
            self.last = Judged(problem=self.problem, plan=plan)
        return self.last


def solve(
    problem: RoundsProblem,
    *,
    engine: str = "auto",
    budget: Budget,
    seed: int,
    initial: Plan | None = None,
    on_progress: OnProgress[Plan] | None = None,
) -> Result[Plan, Price]:
    """Return the best plan that was found, judged and priced, with every stop served or reasoned.

    It is never worse than the greedy plan, but for more than ``LARGE`` stops with an engine that makes its own start:
    then there is a greedy plan only if the engine plans no round at all. So large, the judges' time is kept free within
    the seconds, news is judged for a twentieth of them at most, and proofs are looked for during half a second more.

    Parameters
    ----------
    problem
        What to plan; it is left as it is.
    engine
        Name of an engine, or ``"auto"``: see ``choose.py``.
    budget
        Seconds include everything but the judges' last word; with iterations alone the same seed gives the same plan.
    seed
        Of the engine's random numbers.
    initial
        A plan to start from, for example the last incumbent of an interrupted solve; passed over if it breaks a rule.
    on_progress
        Called with every better plan that passed the checker. What it raises ends the solve and is passed on.

    Raises
    ------
    InputError
        ``engine-unknown``; ``engine-unsuitable`` if the engine that was asked for cannot take the problem.
    SolverError
        ``engine-failed`` if the engine crashed; ``plan-breaks-rules`` if its plan does not pass the checker.
    """
    deadline = Deadline(seconds=budget.seconds)
    desk = Desk(problem=problem, posed=weighed(problem), deadline=deadline, on_progress=on_progress)
    stages = _chosen(desk, engine, budget)
    if initial is not None:
        _offer(desk, _reasoned(initial, problem, {}), "initial plan")
    first = None
    if not (desk.large and getattr(ENGINES[stages[0].engine], "OWN_START", False)):
        first = _first_plan(desk, stages, budget, seed)
    answers = []
    if problem.stops:
        answers = [_engine_plan(desk, stage, budget, seed) for stage in stages if stage.engine != "nearest"]
    if first is None and not any(answer.plan.rounds for answer in answers):
        first = _first_plan(desk, stages, budget, seed)
        desk.notes.append(f"{stages[0].engine} planned no round: the greedy plan was made after it.")
    if first is not None and desk.best is None:
        raise SolverError(_broken("nearest", desk.judged(first.plan).violations))
    makers = [stage.engine for stage in stages]
    name = desk.maker if desk.maker in makers else makers[0]
    return _result(desk, name, answers or [one for one in (first,) if one is not None], seed)


def _chosen(desk: Desk, engine: str, budget: Budget) -> tuple[Stage, ...]:
    if engine == "auto":
        choice = choose(desk.posed, budget)
        desk.notes.extend(choice.notes)
        return choice.stages
    if engine not in ENGINES:
        raise InputError(
            Fault(
                code="engine-unknown",
                place="engine",
                cause=f"there is no engine {engine!r}",
                action=f"Use one of: auto, {', '.join(ENGINES)}.",
            )
        )
    if reasons := ENGINES[engine].supports(desk.posed):
        raise InputError(
            Fault(
                code="engine-unsuitable",
                place="engine",
                cause=f"{engine} cannot take this problem: {'; '.join(reasons)}",
                action="Use the engine 'auto', which picks one that can.",
            )
        )
    return (Stage(engine=engine),)


def _first_plan(desk: Desk, stages: Sequence[Stage], budget: Budget, seed: int) -> EngineAnswer:
    """Make the nearest-neighbour plan: in all of the time if nothing else is asked for, else in a part of it."""
    first = budget
    if budget.seconds is not None:
        needed = min(HURRIED_SHARE * budget.seconds, FIRST_PLAN_S_PER_STOP * len(desk.problem.stops))
        seconds = max(FIRST_PLAN_SHARE * budget.seconds, needed)
        if all(stage.engine == "nearest" for stage in stages):
            seconds = max(desk.left_s, seconds)
        first = replace(budget, seconds=seconds)
    answer = _run(desk, ENGINES["nearest"], first, seed, None)
    _offer(desk, answer.plan, "nearest")
    return answer


def _engine_plan(desk: Desk, stage: Stage, budget: Budget, seed: int) -> EngineAnswer:
    name = stage.engine
    left = None if budget.seconds is None else max(stage.share * desk.left_s, 0.01)
    start = None if desk.best is None else desk.best.plan
    answer = _run(desk, ENGINES[name], replace(budget, seconds=left), seed, start)
    desk.notes.extend(answer.notes)
    judged = desk.judged(answer.plan)
    if judged.violations:
        raise SolverError(_broken(name, judged.violations))
    _offer(desk, answer.plan, name)
    if desk.best is not None and desk.maker in {"nearest", "initial plan"} and judged.merit != desk.best.merit:
        desk.notes.append(f"{name} found nothing better than the {desk.maker} within its budget; that one is shown.")
    return answer


def _run(desk: Desk, engine: Engine, budget: Budget, seed: int, initial: Plan | None) -> EngineAnswer:
    def listen(news: Progress[Plan]) -> None:
        if news.plan is not None and not _busy(desk):
            before = desk.deadline.spent_s
            _offer(desk, news.plan, engine.NAME)
            desk.judged_s += desk.deadline.spent_s - before

    try:
        return engine.solve(desk.posed, budget=budget, seed=seed, initial=initial, on_progress=listen)
    except Exception as error:
        if error is desk.stopped_by:
            raise
        raise SolverError(
            Fault(
                code="engine-failed",
                place=f"engine {engine.NAME}",
                cause=f"it stopped with {type(error).__name__}: {error}",
                action="Try another engine, and report this with the scenario.",
            )
        ) from error


def _broken(name: str, violations: tuple[Violation, ...]) -> tuple[Fault, ...]:
    return tuple(
        Fault(
            code="plan-breaks-rules",
            place=f"engine {name}",
            cause=f"its plan breaks the rule {v.code}: vehicle {v.vehicle or '-'}, visit {v.visit or '-'}, {v.detail}",
            action="Try another engine, and report this with the scenario.",
        )
        for v in violations
    )


def _busy(desk: Desk) -> bool:
    """Return whether judging news has taken its share of the time, where that is counted."""
    return desk.large and desk.deadline.seconds is not None and desk.judged_s > JUDGED_SHARE * desk.deadline.spent_s


def _offer(desk: Desk, plan: Plan, maker: str) -> None:
    """Take a plan if it passes the checker and is better than the best so far, and tell whoever listens."""
    found = desk.judged(plan)
    if (desk.best is not None and found.merit >= desk.best.merit) or found.violations:
        return
    desk.best, desk.maker = found, maker
    if desk.on_progress is not None:
        news = Progress(stage=maker, runtime_s=desk.deadline.spent_s, cost=found.merit[-1], plan=plan)
        try:
            desk.on_progress(news)
        except BaseException as error:
            desk.stopped_by = error
            raise


def _reasoned(plan: Plan, problem: RoundsProblem, proofs: Mapping[str, Unserved]) -> Plan:
    """Return the plan with every stop that it does not serve listed: with a proof, or a claim that is none."""
    claims = {left.stop: left for left in planned(problem, plan.rounds).unserved}
    claims |= {left.stop: left for left in plan.unserved if left.stop in claims and left.reason not in PROVEN}
    return Plan(rounds=plan.rounds, unserved=tuple(proofs.get(stop, claim) for stop, claim in claims.items()))


def _result(desk: Desk, name: str, answers: Sequence[EngineAnswer], seed: int) -> Result[Plan, Price]:
    problem = desk.problem
    assert desk.best is not None
    found, until = desk.best.plan, Deadline(seconds=None if desk.deadline.seconds is None else PROOFS_S)
    proofs = impossible_alone(problem, [left.stop for left in found.unserved], deadline=until if desk.large else None)
    plan = _reasoned(found, problem, proofs)
    cost = desk.best.price  # of its rounds, which are the same
    bounds = [answer.bound for answer in answers if answer.bound is not None]
    bound = None  # those of engines are for the weighed problem
    if bounds and not problem.aims.first:
        bound = max(bounds, key=lambda one: one.value)
    if not problem.stops:
        bound = Bound(value=0.0, method="there is nothing to do")
    gap = None if bound is None else abs(cost.net - bound.value) / max(abs(cost.net), 1e-9)
    return Result(
        status=_status(problem, plan, gap),
        plan=plan,
        price=cost,
        bound=bound,
        gap=gap,
        seed=seed,
        engine=name,
        engine_version=ENGINES[name].version(),
        iterations=sum(answer.iterations for answer in answers),
        runtime_s=desk.deadline.spent_s,
        notes=tuple(desk.notes),
    )


def _status(problem: RoundsProblem, plan: Plan, gap: float | None) -> Status:
    required = {stop.id for stop in left_out(problem, plan)}
    left = [unserved for unserved in plan.unserved if unserved.stop in required]
    if any(unserved.reason in PROVEN for unserved in left):
        return Status.INFEASIBLE
    if left:
        return Status.PARTIAL
    return Status.OPTIMAL if gap is not None and gap <= 1e-9 else Status.FEASIBLE
