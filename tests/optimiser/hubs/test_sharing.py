import numpy as np
import pytest
from hypothesis import given, settings

from optimiser.hubs.arrays import NOBODY, Shares
from optimiser.hubs.check import check
from optimiser.hubs.sharing import fill, to_plan
from optimiser.hubs.values import values
from tests.optimiser.hubs.whiteboard import problem, problems


def filled(town, is_open, begun=NOBODY):
    is_open = np.array(is_open, dtype=np.bool_)
    worth = values(town)
    return to_plan(town, worth, is_open, fill(town, worth, is_open, begun))


def who(plan):
    return {(a.demand, a.hub): pytest.approx(a.share) for a in plan.assignments}


def test_everybody_goes_to_the_nearest_open_hub():
    town = problem([[300.0, 200.0, 100.0], [100.0, 400.0, 50.0]])
    assert who(filled(town, [True, True, False])) == {("a", "H2"): 1, ("b", "H1"): 1}


def test_equal_ways_go_to_the_hub_listed_first():
    assert who(filled(problem([[300.0, 300.0]]), [True, True])) == {("a", "H1"): 1}


def test_where_handling_decides_the_cheapest_hub_comes_before_the_nearest():
    hubs = [{"cost_per_tonne": 90.0}, {"cost_per_tonne": 80.0}, {"cost_per_tonne": 80.0}]
    town = problem([[100.0, 400.0, 300.0]], aim="cost", unserved_cost_per_tonne=100.0, hubs=hubs)
    assert who(filled(town, [True, True, True])) == {("a", "H3"): 1}


def test_the_nearest_come_first_and_whoever_meets_a_full_hub_is_split_and_turns_to_the_next():
    hubs = [{"capacity_kg_per_day": 25.0}, {}]
    town = problem([[300.0, 400.0], [100.0, 450.0], [200.0, 500.0]], kg=[10.0, 10.0, 10.0], hubs=hubs)
    assert who(filled(town, [True, True])) == {("b", "H1"): 1, ("c", "H1"): 1, ("a", "H1"): 0.5, ("a", "H2"): 0.5}


def test_what_finds_no_room_is_left_out_with_its_reason():
    hubs = [{"capacity_kg_per_day": 15.0}, {}]
    town = problem([[100.0, 900.0], [200.0, 900.0], [900.0, 100.0], [900.0, 900.0]], hubs=hubs)
    plan = filled(town, [True, False])
    assert [(left.demand, left.share, left.reason) for left in plan.left_out] == [
        ("b", 0.5, "full"),
        ("c", 1.0, "not-chosen"),
        ("d", 1.0, "out-of-reach"),
    ]


def test_handling_dearer_than_leaving_is_not_worth_it():
    town = problem([[100.0]], aim="cost", unserved_cost_per_tonne=50.0, hubs=[{"cost_per_tonne": 60.0}])
    assert [left.reason for left in filled(town, [True]).left_out] == ["not-worth-it"]


def test_who_brings_nothing_fits_into_a_full_hub():
    town = problem([[100.0], [50.0]], kg=[0.0, 30.0], hubs=[{"capacity_kg_per_day": 15.0}])
    assert who(filled(town, [True])) == {("a", "H1"): 1, ("b", "H1"): 0.5}


def test_what_has_begun_is_kept_and_completed():
    town = problem([[100.0, 200.0]])
    begun = Shares(row=np.array([0]), column=np.array([1]), share=np.array([0.25]))
    assert who(filled(town, [True, True], begun)) == {("a", "H1"): 0.75, ("a", "H2"): 0.25}


def test_nobody_and_nothing():
    nobody = problem(np.zeros((0, 2)))
    assert filled(nobody, [True, True]).assignments == ()
    nowhere = problem(np.zeros((2, 0)))
    assert {left.reason for left in filled(nowhere, []).left_out} == {"out-of-reach"}


@settings(max_examples=60, deadline=None)
@given(problems(capacities=True))
def test_a_filled_plan_keeps_every_rule_but_the_choice_of_hubs(town):
    choice = {"too-many-hubs", "over-budget"}
    plan = filled(town, [True] * len(town.candidates))
    assert [violation for violation in check(town, plan) if violation.code not in choice] == []
