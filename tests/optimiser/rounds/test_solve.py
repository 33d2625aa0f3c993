"""Choosing an engine, and judges that speak last."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from faults import InputError, SolverError
from optimiser.result import Bound, Budget, OnProgress, Progress, Status
from optimiser.rounds import choose as choosing
from optimiser.rounds import solve as room
from optimiser.rounds.engines import EngineAnswer
from optimiser.rounds.engines.registry import ENGINES
from optimiser.rounds.plan import Plan, Reason, Unserved
from optimiser.rounds.problem import RoundsProblem
from optimiser.rounds.solve import solve
from tests.notation import TWELVE, plan, stop, town, written

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
