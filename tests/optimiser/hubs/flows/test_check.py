"""A good plan broken in one place gives one code."""

from dataclasses import replace

import numpy as np
import pytest

from optimiser.hubs.flows.check import check
from optimiser.hubs.flows.engines import arrays
from optimiser.hubs.flows.plan import Carried, FlowPlan, LeftOut, Processed, Work
from optimiser.hubs.flows.problem import Aim, Duty, Limit
from optimiser.hubs.flows.transport import Cooperative, Fee
from tests.optimiser.hubs.flows.whiteboard import CART, TRUCK, town

A, B, BALES, REST = 1000.0, 500.0, 1110.0, 390.0


def good(*, a=A, b=B, bales=BALES, rest=REST, sorted_kg=A + B, left=(), size="large", links=(0, 1, 4, 5)) -> FlowPlan:
    kg = np.array([a, b, bales, rest])
    return FlowPlan(
        open={"hub": size} if size else {},
        carried=Carried(link=np.array(links), stream=np.array([0, 0, 1, 2]), kg=kg),
        processed=(Processed(site="hub", process="sorting", stream="dry", kg=sorted_kg),),
        left_out=left,
    )


def codes(problem, plan):
    return [violation.code for violation in check(problem, plan)]


def test_the_plan_worked_out_by_hand_is_good():
    assert codes(town(), good()) == []


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (good(a=999.0, sorted_kg=1499.0, bales=1109.26, rest=389.74), "flow-source-balance"),
        (good(sorted_kg=1499.0, bales=1109.26, rest=389.74), "flow-inward-balance"),
        (good(rest=389.0), "flow-outward-balance"),
        (good(bales=-1.0), "flow-negative"),
        (good(size="small"), "flow-over-capacity"),
        (good(size=""), "flow-site-closed"),
        (good(size="huge"), "flow-unknown"),
        (good(left=(LeftOut(source="x", stream="dry", kg=1.0),)), "flow-unknown"),
        (good(links=(0, 99, 4, 5)), "flow-unknown"),
    ],
)
def test_one_thing_wrong_is_one_code(plan, code):
    assert codes(town(), plan) == [code]


def test_nothing_goes_where_it_is_not_taken_too_far_or_too_old():
    near = town(vehicles=(replace(CART, reach_m=1500.0), TRUCK))
    assert codes(near, good()) == ["flow-too-far"]
    streams = town().streams
    fresh = town(streams=(replace(streams[0], storage_h=0.75), *streams[1:]))
    assert codes(fresh, good()) == ["flow-too-old"]
    assert "flow-not-taken" in codes(town(), good(links=(0, 1, 5, 5)))


def test_links_caps_shares_duties_and_limits():
    problem = town()
    limited = replace(problem, links=replace(problem.links, at_most_kg=np.array([900.0] + [np.inf] * 5)))
    assert codes(limited, good()) == ["flow-over-link"]
    mill, dump = problem.outlets
    capped = replace(problem, outlets=(replace(mill, offers=(replace(mill.offers[0], at_most_kg=1000.0),)), dump))
    assert codes(capped, good()) == ["flow-over-cap"]
    duty = Duty(id="contract", stream="bales", outlets=("mill",), least_kg=1200.0)
    assert codes(replace(problem, duties=(duty,)), good()) == ["flow-duty-short"]
    promised = tuple(replace(s, arisings=(replace(s.arisings[0], least_share=0.9),)) for s in problem.sources)
    some = good(
        b=400.0, sorted_kg=1400.0, bales=1036.0, rest=364.0, left=(LeftOut(source="b", stream="dry", kg=100.0),)
    )
    assert codes(replace(problem, sources=promised), some) == ["flow-share-short"]
    assert codes(replace(problem, fixed_budget=99.0), good()) == ["flow-over-limit"]
    assert codes(replace(problem, limits=(Limit(aim=Aim.GHG, at_most=294.0),)), good()) == ["flow-over-limit"]
    assert codes(replace(problem, sites=(replace(problem.sites[0], may_open=False),)), good())[-1] == "flow-site-fixed"
    spoilt = replace(problem.processes[0], contaminants=frozenset({"film"}), contamination_at_most=0.3)
    assert codes(replace(problem, processes=(spoilt,)), good()) == ["flow-contaminated"]


def test_opening_hours_are_capacity():
    problem = town()
    hub = problem.sites[0]
    slow = replace(hub, hours=10.0, sizes=tuple(replace(size, kg_per_h=140.0) for size in hub.sizes))
    assert codes(replace(problem, sites=(slow,)), good()) == ["flow-over-capacity"]
    late = replace(slow, hours=11.0)
    assert codes(replace(problem, sites=(late,)), good()) == []


def pickers(**more):
    fields = {"members": 5.0, "hours": 40.0, "earnings_floor": 20.0}
    return town(
        vehicles=(replace(CART, cooperative="coop", cost_per_h=0.0), TRUCK),
        cooperatives=(Cooperative(id="coop", fees=(Fee(stream="dry", least=0.02, most=0.1),), **(fields | more)),),
    )


def worked(members=1.0, paid=30.0) -> FlowPlan:
    return replace(good(), work=(Work(cooperative="coop", members=members, paid={"dry": paid}),))


def test_cooperatives_have_hours_prices_and_a_floor():
    """20 hours of carting; 1,500 kg for 0.02 to 0.1: between 30 and 150, and 20 for each member."""
    assert codes(pickers(), worked()) == []
    assert codes(pickers(), worked(members=0.4)) == ["flow-hours-short"]
    assert codes(pickers(members=0.9), worked()) == ["flow-members"]
    assert codes(pickers(), worked(paid=29.0)) == ["flow-fee-range"]
    assert codes(pickers(earnings_floor=31.0), worked()) == ["flow-earnings-short"]
    assert codes(pickers(), good()) == ["flow-hours-short", "flow-fee-range"]


def test_the_floor_decides_how_many_work_and_what_they_are_paid():
    """Half a member does the 20 hours; at a floor of 100 that is 50, more than 1,500 kg at the least price."""
    problem = pickers(earnings_floor=100.0)
    answer = arrays.solve(problem, deadline=None, iterations=None, seed=1)
    assert codes(problem, answer.plan) == []
    assert answer.plan.work[0].members == pytest.approx(0.5)
    assert answer.plan.work[0].paid["dry"] == pytest.approx(50.0)
