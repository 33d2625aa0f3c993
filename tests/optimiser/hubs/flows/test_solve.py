"""One contract for all engines."""

from dataclasses import replace

import numpy as np
import pytest

from faults import InputError
from optimiser.hubs.flows.check import check
from optimiser.hubs.flows.materials import transfer
from optimiser.hubs.flows.problem import Aim, Duty, FlowProblem, Limit
from optimiser.hubs.flows.solve import ENGINES, solve
from optimiser.hubs.flows.transport import Links
from optimiser.result import Budget, Status
from tests.optimiser.hubs.flows.whiteboard import links, town

EVERY = pytest.mark.parametrize("engine", [*ENGINES, "auto"])


@EVERY
def test_the_best_plan_with_its_bound_and_news(engine):
    seen = []
    result = solve(town(), budget=Budget(iterations=200), engine=engine, on_progress=seen.append)
    assert result.status is Status.OPTIMAL
    assert result.price.cost == pytest.approx(43.26)
    assert result.gap == pytest.approx(0.0, abs=1e-5)
    assert seen[-1].plan is result.plan


@EVERY
def test_the_same_seed_and_iterations_give_the_same_plan(engine):
    one, other = (solve(town(), budget=Budget(iterations=30), engine=engine, seed=3) for _ in range(2))
    assert one.plan.open == other.plan.open
    assert (one.plan.carried.kg == other.plan.carried.kg).all()


@pytest.mark.parametrize("engine", ["arrays", "pulp", "auto"])
def test_nothing_at_all_is_a_plan(engine):
    none, no_metres = np.zeros(0, dtype=np.intp), np.zeros(0)
    ways = Links(tail=none, head=none, vehicle=none, distance_m=no_metres, duration_s=no_metres)
    nothing = FlowProblem(streams=(), sources=(), outlets=(), vehicles=(), links=ways)
    result = solve(nothing, budget=Budget(iterations=1), engine=engine)
    assert result.price.cost == 0.0
    assert result.status is Status.OPTIMAL


def test_an_engine_that_cannot_state_the_problem_says_so():
    with pytest.raises(InputError, match="limits"):
        solve(town(limits=(Limit(aim=Aim.GHG, at_most=1e9),)), budget=Budget(iterations=1), engine="search")
    with pytest.raises(InputError, match="there are"):
        solve(town(), budget=Budget(iterations=1), engine="magic")


def test_sites_that_feed_each_other_are_left_to_the_whole_model():
    hub = replace(town().sites[0], processes=("sorting", "pass"))
    places = ("a", "b", "hub", "hub2", "mill", "dump")
    ways = links(places, ("cart", "truck"), ("a>hub cart 1 1", "hub>hub2 truck 1 1", "hub2>hub truck 1 1"))
    circle = town(
        sites=(hub, replace(hub, id="hub2")), processes=(*town().processes, transfer("pass", ("dry",))), links=ways
    )
    with pytest.raises(InputError, match="circle"):
        solve(circle, budget=Budget(iterations=1), engine="search")
    assert solve(circle, budget=Budget(iterations=100)).engine == "arrays"


def test_rules_that_contradict_each_other_are_given_up_and_told():
    duty = Duty(id="contract", stream="bales", outlets=("mill",), least_kg=5000.0)
    result = solve(town(duties=(duty,)), budget=Budget(iterations=100))
    assert result.status is Status.INFEASIBLE
    assert [v.code for v in check(town(duties=(duty,)), result.plan)] == ["flow-duty-short"]
    assert "duties" in result.notes[-1]
    must = town(sites=(replace(town().sites[0], must_open=True),), fixed_budget=10.0)
    result = solve(must, budget=Budget(iterations=100))
    assert result.status is Status.INFEASIBLE
    assert "budget" in result.notes[-1]
