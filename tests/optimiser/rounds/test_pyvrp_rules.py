"""What PyVRP states, and what is put right after it, on problems whose best plan is known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from optimiser.result import Budget
from optimiser.rounds.check import check
from optimiser.rounds.engines import pyvrp as engine
from optimiser.rounds.features import features
from optimiser.rounds.plan import Plan
from optimiser.rounds.price import price
from optimiser.rounds.problem import Choice, RoundsProblem, Shipment
from tests.notation import TWELVE, stop, town
from tests.optimiser.rounds.complete import complete
from tests.optimiser.rounds.stated import CASES

BUDGET = Budget(iterations=150)


def found(problem: RoundsProblem, seed: int = 1) -> Plan:
    answer = engine.solve(problem, budget=BUDGET, seed=seed, initial=None, on_progress=lambda _: None)
    assert check(problem, answer.plan) == ()
    return answer.plan


@pytest.mark.parametrize("name", CASES)
def test_the_best_plan_is_found(name: str) -> None:
    case = CASES[name]
    assert case.uses in features(case.problem)
    assert engine.supports(case.problem) == ()
    made = found(case.problem)
    assert len(made.unserved) == len(case.left)
    assert price(case.problem, made).net == pytest.approx(case.net, abs=1e-5)
    assert case.also(made)


@pytest.mark.parametrize("seed", range(12))
def test_whatever_rules_there_are_its_plan_keeps_them(seed: int) -> None:
    problem = complete(seed)
    if not engine.supports(problem):
        found(problem)


def test_what_it_does_not_see_is_said() -> None:
    problem = CASES["apart means two rounds"].problem
    answer = engine.solve(problem, budget=BUDGET, seed=1, initial=None, on_progress=lambda _: None)
    assert any("what must stay apart" in note for note in answer.notes)


def test_the_same_iterations_give_the_same_plan() -> None:
    problem = complete(3)
    assert found(problem, seed=5) == found(problem, seed=5)


def test_a_choice_among_shipments_is_refused() -> None:
    problem = replace(
        town(TWELVE, stops=[stop(n, kg=0) for n in "abc"]),
        shipments=(Shipment(id="s", pickup="a", delivery="b"),),
        choices=(Choice(id="c", options=(("a",), ("c",))),),
    )
    assert engine.supports(problem) == ("a choice has a stop of a shipment",)
