"""Which engines are given a problem when nobody says which."""

from __future__ import annotations

from dataclasses import replace

import pytest

from optimiser.result import Budget
from optimiser.rounds.choose import SMALL, choose
from optimiser.rounds.problem import Choice, Shipment
from optimiser.rounds.solve import solve
from tests.notation import TWELVE, stop, town

SMALL_TOWN = town(TWELVE, stops=list("abcd"))
LARGE_TOWN = town(TWELVE, stops=[stop(f"s{n}", at="a") for n in range(SMALL + 1)])


def names(problem, **budget) -> list[str]:
    return [stage.engine for stage in choose(problem, Budget(**budget)).stages]


def test_small_problems_are_given_to_all_if_there_is_time() -> None:
    assert names(SMALL_TOWN, seconds=2.0) == ["pyvrp", "ortools", "ruin"]
    assert names(SMALL_TOWN, seconds=0.5) == ["pyvrp", "ruin"]


def test_shipments_are_first_given_to_the_engine_that_sees_every_rule() -> None:
    problem = replace(SMALL_TOWN, shipments=(Shipment(id="x", pickup="a", delivery="b"),))
    assert names(problem, seconds=2.0) == ["ruin", "pyvrp", "ortools"]
    assert names(problem, seconds=0.5) == ["ruin", "pyvrp"]


def test_large_problems_and_iterations_have_one_engine() -> None:
    assert names(LARGE_TOWN, seconds=2.0) == ["strings"]
    assert names(LARGE_TOWN, iterations=10) == ["strings"]
    assert names(SMALL_TOWN, iterations=10) == ["pyvrp"]
    assert names(SMALL_TOWN, seconds=2.0, iterations=10) == ["pyvrp"]


def test_engines_that_cannot_are_passed_over_and_that_is_said() -> None:
    problem = replace(
        SMALL_TOWN,
        shipments=(Shipment(id="x", pickup="a", delivery="b"),),
        choices=(Choice(id="side", options=(("a",), ("c", "d"))),),
    )
    chosen = choose(problem, Budget(seconds=2.0))
    assert [stage.engine for stage in chosen.stages] == ["ruin"]
    assert [note.split(" was not used")[0] for note in chosen.notes] == ["pyvrp", "ortools"]


def test_where_many_stops_have_several_windows_ortools_would_end_late() -> None:
    split = [stop(f"s{n}", at="a", windows=[(7, 8), (9, 10)]) for n in range(20)]
    chosen = choose(town(TWELVE, stops=split), Budget(seconds=2.0))
    assert [stage.engine for stage in chosen.stages] == ["pyvrp", "ruin"]
    assert any("ortools was not used" in note for note in chosen.notes)
    assert names(town(TWELVE, stops=split[:10]), seconds=2.0) == ["pyvrp", "ortools", "ruin"]


def test_nothing_to_plan_is_left_to_the_first_plan() -> None:
    assert names(town(TWELVE, stops=[]), seconds=2.0) == ["nearest"]


def test_the_shares_leave_time_for_the_last() -> None:
    shares = [stage.share for stage in choose(SMALL_TOWN, Budget(seconds=2.0)).stages]
    assert shares == [0.6, 0.5, 1.0]


def test_a_result_of_several_engines_says_so() -> None:
    result = solve(SMALL_TOWN, budget=Budget(seconds=1.0), seed=1)
    assert result.engine in {"pyvrp", "ortools", "ruin"}
    assert any("small problems are given to all" in note for note in result.notes)
    assert result.price is not None
    assert result.price.distance_m == pytest.approx(10_000)  # d a b c, the tip and home: 1 + 1 + 1 + 1 + 2 + 4
