"""A sound plan broken in one place gives exactly one code."""

from __future__ import annotations

from dataclasses import replace

import pytest

from optimiser.hubs.codesign.check import check
from optimiser.hubs.codesign.plan import CodesignPlan
from optimiser.hubs.codesign.pose import opened, posed
from optimiser.hubs.codesign.price import price
from optimiser.hubs.codesign.problem import CodesignProblem, Site
from optimiser.rounds.plan import Order
from optimiser.rounds.problem import Lock
from optimiser.rounds.schedule import schedule
from tests.optimiser.hubs.codesign.small import load, town, with_tips


def planned(problem: CodesignProblem) -> CodesignPlan:
    orders = [
        Order(vehicle="d0 v0", visits=("s0", "s1")),
        Order(vehicle="d0 v1", visits=("s2",)),
        Order(vehicle="d1 v0", visits=("s3", "s4")),
    ]
    return CodesignPlan(open=("d0", "d1"), rounds=schedule(problem.rounds, orders))


def codes(problem: CodesignProblem, plan: CodesignPlan) -> set[str]:
    return {violation.code for violation in check(problem, plan)}


def test_a_sound_plan_passes_and_is_priced_from_its_parts() -> None:
    problem = town(capacity=3.0)
    plan = planned(problem)
    assert codes(problem, plan) == set()
    found = price(problem, plan)
    assert found.opening == 30.0 + 31.0
    assert found.rounds.fixed == 15.0
    assert found.net == pytest.approx(found.opening + 15.0 + found.rounds.distance_m)


@pytest.mark.parametrize(
    ("open_", "code"),
    [
        (("d0",), "site-closed"),
        (("d0", "d1", "d9"), "unknown-site"),
        (("d0", "d0", "d1"), "site-twice"),
    ],
)
def test_what_is_open_is_looked_at(open_: tuple[str, ...], code: str) -> None:
    problem = town(capacity=3.0)
    assert codes(problem, replace(planned(problem), open=open_)) == {code}


def test_capacity_mandatory_sites_and_rounds_are_looked_at() -> None:
    problem = town(capacity=3.0)
    plan = planned(problem)
    tight = town(capacity=2.0)
    assert [(v.code, v.amount) for v in check(tight, plan)] == [("site-overfull", 1.0)]
    must = replace(problem, sites=(*problem.sites[:2], replace(problem.sites[2], mandatory=True)))
    assert codes(must, plan) == {"site-must-open"}
    short = replace(plan, rounds=replace(plan.rounds, rounds=plan.rounds.rounds[1:]))
    assert codes(problem, short)


def test_unloading_at_a_closed_site_is_named() -> None:
    problem = with_tips(town())
    orders = [Order(vehicle=f"d0 v{k}", visits=stops, tips="listed")
              for k, stops in enumerate([("s0", "s1", "t0"), ("s2", "s3", "t0"), ("s4", "t1")])]  # fmt: skip
    plan = CodesignPlan(open=("d0", "d1"), rounds=schedule(problem.rounds, orders))
    assert codes(problem, plan) == set()
    assert codes(problem, replace(plan, open=("d0",))) == {"site-closed"}


def test_a_mask_takes_vehicles_and_keeps_capacities() -> None:
    problem = town(capacity=3.0)
    assert opened(problem, 0b101) == ("d0", "d2")
    one = posed(problem, 0b101)
    assert {vehicle.start for vehicle in one.vehicles} == {"d0", "d2"}
    assert len(one.vehicles) == 2  # a second one could be filled beyond 3 kg
    more = posed(problem, 0b011, planned(problem).rounds)
    room = [limit.at_most for vehicle in more.vehicles if vehicle.start == "d0" for limit in vehicle.day_limits]
    assert sum(room) <= 3.0
    assert len(room) == 2


def test_a_problem_says_all_that_is_wrong_with_it() -> None:
    problem = town()
    with pytest.raises(ValueError, match="site ids are not unique"):
        replace(problem, sites=(problem.sites[0], problem.sites[0]))
    with pytest.raises(ValueError, match="unknown unloading site"):
        replace(problem, sites=(Site(id="x", opening_cost=0.0, tip_site="nowhere"),))
    with pytest.raises(ValueError, match="opening_cost"):
        Site(id="x", opening_cost=-1.0, depot="d0")
    with pytest.raises(ValueError, match="neither"):
        Site(id="x", opening_cost=1.0)
    wrong = replace(load(1.0), weights={"litres": 1.0})
    with pytest.raises(ValueError, match="unknown dimensions"):
        replace(problem, sites=(replace(problem.sites[0], capacity=wrong),))
    locked = replace(problem.rounds, locks=(Lock(vehicle="d0 v0", stops=("s0",)),))
    with pytest.raises(ValueError, match="make the site mandatory"):
        replace(problem, rounds=locked)


def test_more_sites_or_dearer_ones_than_are_allowed_are_named() -> None:
    plan = planned(town())
    assert codes(replace(town(), at_most=1), plan) == {"too-many-sites"}
    assert codes(replace(town(), budget=60.0), plan) == {"over-budget"}
    assert codes(replace(town(), at_most=2, budget=61.0), plan) == set()


def test_mandatory_sites_beyond_the_limits_are_refused() -> None:
    must = tuple(replace(site, mandatory=True) for site in town().sites)
    with pytest.raises(ValueError, match="at_most or the budget"):
        replace(town(), sites=must, at_most=2)
