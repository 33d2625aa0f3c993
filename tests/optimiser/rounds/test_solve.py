"""Choosing an engine, and judges that speak last."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import pytest

from faults import InputError, SolverError
from optimiser.result import Bound, Budget, OnProgress, Progress, Status
from optimiser.rounds import choose as choosing
from optimiser.rounds import solve as room
from optimiser.rounds.check import check
from optimiser.rounds.engines import EngineAnswer
from optimiser.rounds.engines.registry import ENGINES
from optimiser.rounds.judged import Judged
from optimiser.rounds.plan import Plan, Reason, Unserved
from optimiser.rounds.price import price
from optimiser.rounds.problem import RoundsProblem
from optimiser.rounds.schedule import planned
from optimiser.rounds.solve import solve
from tests.notation import TWELVE, plan, stop, town, written
from tests.optimiser.rounds.wide import wide

BUDGET = Budget(iterations=20)


@dataclass(frozen=True)
class Odd:
    """An engine that answers what it is told to."""

    plan: Plan
    bound: Bound | None = None
    against: tuple[str, ...] = ()
    crash: bool = False
    NAME: str = "odd"

    def version(self) -> str:
        return "0"

    def supports(self, _problem: RoundsProblem, /) -> tuple[str, ...]:
        return self.against

    def solve(
        self,
        _problem: RoundsProblem,
        /,
        *,
        budget: Budget,  # noqa: ARG002
        seed: int,  # noqa: ARG002
        initial: Plan | None,  # noqa: ARG002
        on_progress: OnProgress[Plan],
    ) -> EngineAnswer:
        if self.crash:
            raise ZeroDivisionError
        on_progress(Progress(stage="odd", runtime_s=0.0, plan=self.plan))
        return EngineAnswer(plan=self.plan, iterations=3, bound=self.bound, notes=("odd said so",))


def use(monkeypatch: pytest.MonkeyPatch, engine: Odd) -> None:
    monkeypatch.setattr(room, "ENGINES", {**ENGINES, "odd": engine})


def test_unknown_and_unsuitable_engines_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = town(TWELVE, stops=["a"])
    with pytest.raises(InputError) as unknown:
        solve(problem, engine="magic", budget=BUDGET, seed=1)
    assert unknown.value.faults[0].code == "engine-unknown"
    assert "nearest" in unknown.value.faults[0].action
    use(monkeypatch, Odd(plan=Plan(rounds=()), against=("it has a stop",)))
    with pytest.raises(InputError) as unsuitable:
        solve(problem, engine="odd", budget=BUDGET, seed=1)
    assert unsuitable.value.faults[0].code == "engine-unsuitable"
    assert "it has a stop" in unsuitable.value.faults[0].cause


def test_auto_says_what_it_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, Odd(plan=Plan(rounds=()), against=("it has a stop",)))
    monkeypatch.setattr(choosing, "ENGINES", {**ENGINES, "odd": Odd(plan=Plan(rounds=()), against=("it has a stop",))})
    monkeypatch.setattr(choosing, "AUTO", ("odd", "nearest"))
    result = solve(town(TWELVE, stops=["a"]), budget=BUDGET, seed=1)
    assert result.engine == "nearest"
    assert result.notes == ("odd was not used: it has a stop.",)


def test_a_plan_that_breaks_a_rule_is_a_defect_and_is_not_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = town(TWELVE, stops=["a", "b"])
    use(monkeypatch, Odd(plan=Plan(rounds=())))
    news: list[Progress[Plan]] = []
    with pytest.raises(SolverError) as broken:
        solve(problem, engine="odd", budget=BUDGET, seed=1, on_progress=news.append)
    assert [fault.code for fault in broken.value.faults] == ["plan-breaks-rules"] * 2
    assert "stop-forgotten" in broken.value.faults[0].cause
    assert [one.stage for one in news] == ["nearest"]


def test_a_crash_is_a_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, Odd(plan=Plan(rounds=()), crash=True))
    with pytest.raises(SolverError) as crashed:
        solve(town(TWELVE, stops=["a"]), engine="odd", budget=BUDGET, seed=1)
    assert crashed.value.faults[0].code == "engine-failed"


def test_whoever_listens_can_stop_the_solve() -> None:
    class CancelledError(Exception):
        pass

    def listen(_: Progress[Plan]) -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        solve(town(TWELVE, stops=["a"]), budget=BUDGET, seed=1, on_progress=listen)


def test_a_worse_answer_than_nearest_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = town(TWELVE, stops=["d", "e"])
    use(monkeypatch, Odd(plan=plan(problem, "v1: e | d |")))
    result = solve(problem, engine="odd", budget=BUDGET, seed=1)
    assert result.plan is not None
    assert written(result.plan) == "v1: d e |"
    assert "odd said so" in result.notes
    assert any("nothing better" in note for note in result.notes)


def test_a_bound_that_is_met_is_optimal_and_one_that_is_not_gives_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = town(TWELVE, stops=["d", "e"])
    best = plan(problem, "v1: d e |")
    for value, status, gap in ((8.0, Status.OPTIMAL, 0.0), (6.0, Status.FEASIBLE, 0.25)):
        use(monkeypatch, Odd(plan=best, bound=Bound(value=value, method="by paper")))
        result = solve(problem, engine="odd", budget=BUDGET, seed=1)
        assert (result.status, result.gap) == (status, pytest.approx(gap))


def test_what_is_left_out_is_partial() -> None:
    places = {**TWELVE, "far": (30.0, 30.0)}
    now = [(6.1, 6.1)]
    crowded = town(places, stops=[stop("a", windows=now), stop("g", windows=now), stop("far", prize=0.1)])
    result = solve(crowded, engine="nearest", budget=BUDGET, seed=1)
    assert result.status is Status.PARTIAL
    assert result.plan is not None
    left = {unserved.stop: unserved.reason for unserved in result.plan.unserved}
    assert Reason.NO_ROOM in left.values()
    assert left["far"] is Reason.NOT_WORTH_IT


def test_a_claim_of_proof_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = town(TWELVE, stops=["a", stop("g", prize=0.1)])
    made = plan(problem, "v1: a |")
    claim = Unserved(stop="g", reason=Reason.UNREACHABLE, detail="so I say")
    use(monkeypatch, Odd(plan=replace(made, unserved=(claim,))))
    result = solve(problem, engine="odd", budget=BUDGET, seed=1)
    assert result.plan is not None
    assert [left.reason for left in result.plan.unserved] == [Reason.NOT_WORTH_IT]


def test_a_start_that_breaks_a_rule_is_passed_over() -> None:
    problem = town(TWELVE, stops=["a", "b"])
    result = solve(problem, engine="nearest", budget=BUDGET, seed=1, initial=Plan(rounds=()))
    assert result.status is Status.FEASIBLE


def test_impossible_optional_stops_do_not_make_it_infeasible() -> None:
    problem = town(TWELVE, stops=["a", stop("b", kg=9, prize=5.0)])
    result = solve(problem, engine="nearest", budget=BUDGET, seed=1)
    assert result.status is Status.FEASIBLE
    assert result.plan is not None
    assert [left.reason for left in result.plan.unserved] == [Reason.TOO_LARGE]


def greedy_runs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list to which every greedy plan that is made adds its number of stops."""
    runs: list[int] = []
    honest = ENGINES["nearest"]

    def counted(problem: RoundsProblem, /, **how: Any) -> EngineAnswer:
        runs.append(len(problem.stops))
        return honest.solve(problem, **how)

    module = SimpleNamespace(NAME="nearest", version=honest.version, supports=honest.supports, solve=counted)
    monkeypatch.setattr(room, "ENGINES", {**room.ENGINES, "nearest": module})
    return runs


@dataclass(frozen=True)
class OwnStart(Odd):
    """An engine that needs nobody else's plan to start from."""

    OWN_START: bool = True


def test_a_large_problem_has_no_greedy_plan_where_the_engine_makes_its_own_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    problem = town(TWELVE, stops=["d", "e"])
    worse = plan(problem, "v1: e | d |")
    for most, engine, runs in ((1, OwnStart, []), (1, Odd, [2]), (2, OwnStart, [2])):
        monkeypatch.setattr(room, "LARGE", most)
        use(monkeypatch, engine(plan=worse))
        made = greedy_runs(monkeypatch)
        result = solve(problem, engine="odd", budget=BUDGET, seed=1)
        assert made == runs
        assert result.plan is not None
        assert written(result.plan) == ("v1: d e |" if runs else "v1: e | d |")
        assert result.iterations == 3


def test_a_greedy_plan_is_made_where_the_engine_plans_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = town(TWELVE, stops=["d", "e"])
    monkeypatch.setattr(room, "LARGE", 1)
    use(monkeypatch, OwnStart(plan=planned(problem, ())))
    made = greedy_runs(monkeypatch)
    result = solve(problem, engine="odd", budget=BUDGET, seed=1)
    assert made == [2]
    assert result.status is Status.FEASIBLE
    assert "odd planned no round: the greedy plan was made after it." in result.notes


def test_an_engine_with_its_own_start_must_still_keep_the_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "LARGE", 1)
    use(monkeypatch, OwnStart(plan=Plan(rounds=())))
    with pytest.raises(SolverError) as broken:
        solve(town(TWELVE, stops=["a", "b"]), engine="odd", budget=BUDGET, seed=1)
    assert {fault.code for fault in broken.value.faults} == {"plan-breaks-rules"}


def test_news_of_a_large_problem_waits_while_the_judges_have_had_their_share(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = town(TWELVE, stops=["d", "e"])
    use(monkeypatch, OwnStart(plan=plan(problem, "v1: d e |")))
    for most, budget, stages in ((2, Budget(seconds=20.0), ["nearest"]), (1, Budget(seconds=20.0), ["odd"])):
        monkeypatch.setattr(room, "LARGE", most)
        news: list[Progress[Plan]] = []
        solve(problem, engine="odd", budget=budget, seed=1, on_progress=news.append)
        assert [one.stage for one in news] == stages
    monkeypatch.setattr(room, "JUDGED_SHARE", -1.0)
    for budget, judged in ((Budget(seconds=20.0), 1), (BUDGET, 2)):
        asked = verdicts(monkeypatch)
        use(monkeypatch, Babbling(plan=plan(problem, "v1: d e |")))
        solve(problem, engine="odd", budget=budget, seed=1)
        assert len(asked) == judged


def verdicts(monkeypatch: pytest.MonkeyPatch) -> list[Plan]:
    """Return a list to which every plan that the judges look at is added."""
    asked: list[Plan] = []

    def judged(*, problem: RoundsProblem, plan: Plan) -> Judged:
        asked.append(plan)
        return Judged(problem=problem, plan=plan)

    monkeypatch.setattr(room, "Judged", judged)
    return asked


@dataclass(frozen=True)
class Babbling(OwnStart):
    """An engine whose news is not its answer."""

    def solve(self, _problem: RoundsProblem, /, **how: Any) -> EngineAnswer:
        how["on_progress"](Progress(stage="odd", runtime_s=0.0, plan=replace(self.plan)))
        return EngineAnswer(plan=self.plan, iterations=1)


def test_thousands_of_stops_are_planned_in_time_or_said_to_be_left_out() -> None:
    problem = wide(1_500)
    news: list[Progress[Plan]] = []
    result = solve(problem, engine="nearest", budget=Budget(seconds=30.0), seed=1, on_progress=news.append)
    assert result.plan is not None
    assert result.price == price(problem, result.plan)
    assert check(problem, result.plan) == ()
    assert len(news) == 1
    hurried = solve(problem, engine="nearest", budget=Budget(seconds=0.01), seed=1).plan
    assert hurried is not None
    assert {left.reason for left in hurried.unserved} == {Reason.NO_ROOM}
