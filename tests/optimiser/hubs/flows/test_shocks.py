"""Shocks: who is cut off, and what is worth opening when the hub may be flooded."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from optimiser.hubs.flows.engines import arrays
from optimiser.hubs.flows.expected import expected
from optimiser.hubs.flows.problem import Aim
from optimiser.hubs.flows.shocks import Shock, reachable, several, shocked
from optimiser.result import Budget
from tests.optimiser.hubs.flows.whiteboard import problems, town

NODES = Budget(iterations=1000)
CALM = Shock(name="calm", probability=0.75)
FLOOD = Shock(name="flood", probability=0.25, closed=frozenset({"hub"}))


def test_who_can_still_bring_it_where():
    calm, flood = (
        {reach.source: reach.places for reach in reachable(town(), shock, {"hub": "large"})} for shock in (CALM, FLOOD)
    )
    assert calm == {"a": ("dump", "hub"), "b": ("dump", "hub")}
    assert flood == {"a": ("dump",), "b": ("dump",)}
    cut = reachable(town(), replace(FLOOD, blocked=frozenset({2})), {"hub": "large"})
    assert [reach.places for reach in cut] == [(), ("dump",)]


def test_the_expected_cost_by_hand():
    """Flooded, everything is left for 450 and the hub still costs 100: 0.75 * 43.26 + 0.25 * 550 = 169.945."""
    found = expected(town(), (CALM, FLOOD), budget=NODES)
    assert found.open == {"hub": "large"}
    assert found.cost == pytest.approx(0.75 * 43.26 + 0.25 * 550.0)
    assert found.bound == pytest.approx(found.cost, rel=1e-5)
    assert found.prices["flood"].cost == pytest.approx(550.0)


def test_a_hub_that_is_nearly_always_flooded_stays_closed():
    found = expected(town(), (replace(CALM, probability=0.1), replace(FLOOD, probability=0.9)), budget=NODES)
    assert found.open == {}
    assert found.cost == pytest.approx(450.0)


def test_given_sites_are_only_judged():
    """The small hub: 158.84 on calm days, 60 + 450 flooded."""
    found = expected(town(), (CALM, FLOOD), budget=NODES, opened={"hub": "small"})
    assert found.cost == pytest.approx(0.75 * 158.84 + 0.25 * 510.0)


def test_probabilities_and_names_are_checked():
    with pytest.raises(ValueError, match="together"):
        several(town(), (CALM,))
    with pytest.raises(ValueError, match="name"):
        several(town(), (replace(CALM, probability=0.5), replace(CALM, probability=0.5)))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(problems())
def test_deciding_late_is_never_dearer_than_deciding_now(problem):
    """Knowing the shock first costs at most as much as opening for all; one shock alone is the plain problem."""
    problem = replace(problem, aim=Aim.COST)
    shocks = (
        Shock(name="calm", probability=0.5),
        Shock(name="more", probability=0.5, arising=1.5, longer=2.0, closed=frozenset({"h0", "buyer"})),
    )
    found = expected(problem, shocks, budget=NODES)
    each = [arrays.solve(shocked(problem, s), deadline=None, iterations=None, seed=1) for s in shocks]
    assert (found is None) == any(answer.plan is None for answer in each)
    if found is not None:
        assert sum(0.5 * answer.minimised for answer in each) <= found.objective + 1e-5
    calm = expected(problem, (replace(shocks[0], probability=1.0),), budget=NODES)
    if calm is not None:
        assert calm.objective == pytest.approx(each[0].minimised, abs=1e-5)
