import numpy as np
import pytest

from optimiser.hubs.plan import Assignment, HubPlan, LeftOut
from optimiser.hubs.price import price
from tests.optimiser.hubs.whiteboard import problem

HUBS = [
    {"fixed_cost_per_day": 7.0, "cost_per_tonne": 100.0},
    {"fixed_cost_per_day": 5.0, "cost_per_tonne": 50.0},
]
PLAN = HubPlan(
    open=("H1", "H2"),
    assignments=(
        Assignment(demand="a", hub="H1", share=1.0),
        Assignment(demand="b", hub="H1", share=0.25),
        Assignment(demand="b", hub="H2", share=0.5),
    ),
    left_out=(LeftOut(demand="b", share=0.25, reason="full"),),
)


def town(aim):
    return problem(
        [[100.0, 900.0], [200.0, 400.0]],
        people=[10.0, 40.0],
        kg=[20.0, 80.0],
        hubs=HUBS,
        aim=aim,
        unserved_cost_per_tonne=300.0,
    )


def test_walking_counts_people_without_a_hub_at_twice_the_reach():
    worth = price(town("walking"), PLAN)
    # 10 x 100 + 10 x 200 + 20 x 400 walked, 10 people x 1000 m for those left out
    assert worth.objective == pytest.approx(1000 + 2000 + 8000 + 10 * 1000)
    assert worth.unit == "person-metres"
    assert worth.mean_walk_m == pytest.approx(11000 / 40)
    assert (worth.people_served, worth.people_left_out) == (pytest.approx(40), pytest.approx(10))
    assert worth.kg_per_day_served == pytest.approx(80)


def test_coverage_counts_people():
    worth = price(town("coverage"), PLAN)
    assert (worth.objective, worth.unit) == (pytest.approx(40), "people")


def test_cost_adds_fixed_handling_and_what_is_left():
    worth = price(town("cost"), PLAN)
    assert worth.fixed_cost_per_day == pytest.approx(12)
    assert worth.handling_cost_per_day == pytest.approx((20 * 100 + 20 * 100 + 40 * 50) / 1000)
    assert worth.unserved_cost_per_day == pytest.approx(20 / 1000 * 300)
    assert worth.objective == pytest.approx(12 + 6 + 6)


def test_what_no_assignment_takes_is_left_out_whatever_the_plan_says():
    silent = HubPlan(open=PLAN.open, assignments=PLAN.assignments)
    assert price(town("walking"), silent) == price(town("walking"), PLAN)


def test_nobody_served_has_no_mean_walk():
    worth = price(town("walking"), HubPlan(open=(), assignments=()))
    assert worth.mean_walk_m is None
    assert worth.objective == 50 * 1000


def test_a_place_without_people_or_way_is_worth_nothing_not_nan():
    lonely = problem([[np.inf]], people=[0.0], kg=[5.0], aim="walking")
    plan = HubPlan(open=("H1",), assignments=(Assignment(demand="a", hub="H1", share=1.0),))
    assert price(lonely, plan).objective == 0.0


def test_unknown_ids_are_refused():
    plan = HubPlan(open=("H9",), assignments=(Assignment(demand="z", hub="H1", share=1.0),))
    with pytest.raises(ValueError, match=r"H9.*z"):
        price(town("walking"), plan)
