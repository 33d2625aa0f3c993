from dataclasses import replace

import pytest

from optimiser.hubs.check import check
from optimiser.hubs.plan import Assignment, HubPlan, LeftOut
from tests.optimiser.hubs.whiteboard import problem

TOWN = problem(
    [[100.0, 400.0, 300.0], [200.0, 100.0, 300.0], [900.0, 800.0, 700.0]],
    kg=[10.0, 20.0, 5.0],
    hubs=[
        {"capacity_kg_per_day": 20.0, "fixed_cost_per_day": 5.0, "existing": True, "may_close": False},
        {"capacity_kg_per_day": 10.0, "fixed_cost_per_day": 5.0},
        {"fixed_cost_per_day": 5.0},
    ],
    at_most=2,
    budget_per_day=10.0,
)
GOOD = HubPlan(
    open=("H1", "H2"),
    assignments=(
        Assignment(demand="a", hub="H1", share=1.0),
        Assignment(demand="b", hub="H1", share=0.5),
        Assignment(demand="b", hub="H2", share=0.5),
    ),
    left_out=(LeftOut(demand="c", share=1.0, reason="out-of-reach"),),
)


def assigned(**shares):
    """Read ``a_H1=1.0`` as all of a to H1."""
    return tuple(
        Assignment(demand=name.split("_")[0], hub=name.split("_")[1], share=share) for name, share in shares.items()
    )


def codes(plan, town=TOWN):
    return [violation.code for violation in check(town, plan)]


def test_a_good_plan_breaks_nothing():
    assert codes(GOOD) == []


@pytest.mark.parametrize(
    ("code", "broken"),
    [
        ("unknown-hub", replace(GOOD, open=("H1", "H2", "H9"))),
        ("unknown-demand", replace(GOOD, left_out=(*GOOD.left_out, LeftOut(demand="z", share=1.0, reason="full")))),
        ("doubled", replace(GOOD, open=("H1", "H2", "H2"))),
        ("doubled", replace(GOOD, assignments=(*assigned(a_H1=0.5), *assigned(a_H1=0.5), *GOOD.assignments[1:]))),
        ("closed-hub", replace(GOOD, assignments=(*GOOD.assignments[:2], *assigned(b_H3=0.5)))),
        (
            "beyond-reach",
            replace(
                GOOD,
                assignments=(*GOOD.assignments[:2], *assigned(b_H2=0.25, c_H2=1.0)),
                left_out=(LeftOut(demand="b", share=0.25, reason="full"),),
            ),
        ),
        ("share-range", replace(GOOD, left_out=(*GOOD.left_out, LeftOut(demand="a", share=0.0, reason="full")))),
        ("share-sum", replace(GOOD, left_out=())),
        ("share-sum", replace(GOOD, assignments=assigned(a_H1=0.5, b_H1=0.5, b_H2=0.5))),
        ("over-capacity", replace(GOOD, assignments=assigned(a_H1=1.0, b_H1=0.4, b_H2=0.6))),
        (
            "must-stay-open",
            replace(
                GOOD,
                open=("H2",),
                assignments=assigned(b_H2=0.5),
                left_out=(
                    LeftOut(demand="a", share=1.0, reason="full"),
                    LeftOut(demand="b", share=0.5, reason="full"),
                    *GOOD.left_out,
                ),
            ),
        ),
        ("wrong-reason", replace(GOOD, left_out=(replace(GOOD.left_out[0], reason="full"),))),
        ("wrong-reason", replace(GOOD, left_out=(replace(GOOD.left_out[0], reason="tired"),))),
    ],
)
def test_a_good_plan_broken_in_one_place_gives_exactly_one_code(code, broken):
    assert codes(broken) == [code]


def test_too_many_hubs_and_too_much_money():
    all_open = replace(GOOD, open=("H1", "H2", "H3"))
    assert codes(all_open) == ["too-many-hubs", "over-budget"]
    assert codes(all_open, replace(TOWN, at_most=None)) == ["over-budget"]
    assert codes(all_open, replace(TOWN, budget_per_day=None)) == ["too-many-hubs"]


def test_amounts_say_by_how_much():
    over = check(TOWN, replace(GOOD, assignments=assigned(a_H1=1.0, b_H1=0.4, b_H2=0.6)))
    assert over[0].hub == "H2"
    assert over[0].amount == pytest.approx(2.0)


def test_not_chosen_means_that_no_hub_in_reach_is_open():
    shy = HubPlan(
        open=("H1",),
        assignments=assigned(b_H1=1.0),
        left_out=(LeftOut(demand="a", share=1.0, reason="not-chosen"), *GOOD.left_out),
    )
    assert codes(shy) == ["wrong-reason"]
    assert codes(replace(shy, left_out=(LeftOut(demand="a", share=1.0, reason="full"), *GOOD.left_out))) == []


def test_not_worth_it_is_a_reason_only_where_cost_decides():
    left = (LeftOut(demand="a", share=1.0, reason="not-worth-it"), *GOOD.left_out)
    plan = HubPlan(open=("H1",), assignments=assigned(b_H1=1.0), left_out=left)
    assert codes(plan) == ["wrong-reason"]
    costly = problem(TOWN.distance_m, kg=[10.0, 20.0, 5.0], aim="cost", hubs=[{"existing": True}, {}, {}])
    assert codes(plan, costly) == []
