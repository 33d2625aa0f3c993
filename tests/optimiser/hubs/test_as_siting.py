import numpy as np
import pytest

from optimiser.hubs.as_siting import NOBODY, as_siting, read_back
from optimiser.hubs.siting.plan import Opened, SitingPlan
from optimiser.hubs.siting.problem import Aim
from optimiser.hubs.values import values
from tests.optimiser.hubs.whiteboard import problem

WAYS = [[100.0, 300.0], [450.0, 600.0]]


def told(town):
    return as_siting(town, values(town))


@pytest.mark.parametrize(("aim", "siting"), [("walking", Aim.MEDIAN), ("coverage", Aim.MAX_COVER), ("cost", Aim.COST)])
def test_without_capacities_each_aim_is_one_of_siting(aim, siting):
    core = told(problem(WAYS, aim=aim, at_most=1, unserved_cost_per_tonne=50.0)).core
    assert core.aim is siting
    assert core.at_most == 1
    assert core.arcs.start.tolist() == [0, 2, 3]  # the fourth pair lies beyond the reach of 500 m
    lost = {"walking": [1000.0, 1000.0], "coverage": None, "cost": [0.5, 0.5]}[aim]
    assert (None if core.unserved is None else core.unserved.tolist()) == lost


def test_a_capacity_that_binds_brings_one_more_site_for_those_who_are_left():
    hubs = [{"capacity_kg_per_day": 15.0}, {"capacity_kg_per_day": 15.0, "existing": True, "may_close": False}]
    found = told(problem(WAYS, hubs=hubs, at_most=2))
    core = found.core
    assert found.limits.tolist() == [15.0, np.inf]  # all who could come to the second bring 10 kg
    assert [candidate.id for candidate in core.candidates] == ["H1", "H2", NOBODY]
    assert [candidate.mandatory for candidate in core.candidates] == [False, True, True]
    assert core.at_most == 3
    assert core.unserved is None
    assert core.arcs.cost.tolist() == [1000.0, 3000.0, 10_000.0, 4500.0, 10_000.0]


def test_with_a_budget_there_is_no_such_site():
    hubs = [{"capacity_kg_per_day": 15.0, "fixed_cost_per_day": 3.0}, {"fixed_cost_per_day": 4.0}]
    core = told(problem(WAYS, hubs=hubs, budget_per_day=5.0)).core
    assert core.budget == 5.0
    assert [candidate.sizes[0].fixed_cost for candidate in core.candidates] == [3.0, 4.0]
    assert core.unserved.tolist() == [1000.0, 1000.0]


def test_who_goes_to_nobody_is_not_in_the_plan():
    found = told(problem(WAYS, hubs=[{"capacity_kg_per_day": 15.0}, {}]))
    plan = SitingPlan(
        opened=(Opened(site="H1"), Opened(site=NOBODY)),
        row=np.array([0, 1, 1]), column=np.array([0, 0, 2]), share=np.array([1.0, 0.5, 0.5]),
    )  # fmt: skip
    opened, sent = read_back(found, plan)
    assert opened.tolist() == [True, False]
    assert list(zip(sent.row.tolist(), sent.column.tolist(), sent.share.tolist(), strict=True)) == [
        (0, 0, 1.0),
        (1, 0, 0.5),
    ]


def test_without_capacities_everybody_goes_to_the_best_and_the_plan_of_siting_does_not_say_where():
    found = told(problem(WAYS))
    nobody = np.zeros(0, np.int64)
    opened, sent = read_back(
        found, SitingPlan(opened=(Opened(site="H2"),), row=nobody, column=nobody, share=np.zeros(0))
    )
    assert opened.tolist() == [False, True]
    assert sent is None
