"""Which of two plans is better."""

from __future__ import annotations

from dataclasses import replace

import pytest

from optimiser.rounds.merit import left_out, merit
from optimiser.rounds.plan import Plan
from optimiser.rounds.problem import Aim, Aims, Balance, Choice, Measure, RoundsProblem, VehicleCosts
from optimiser.rounds.weighed import weighed
from tests.notation import TWELVE, plan, stop, town, vehicle

FLEET = [vehicle("v1"), vehicle("v2")]


def test_weight_left_out_comes_first_then_money() -> None:
    problem = town(TWELVE, stops=[stop("d", weight=1.0), stop("e", weight=5.0), stop("f", prize=3.0)])
    light, heavy, cheap = (plan(problem, text) for text in ("v1: e |", "v1: d |", "v1: d e f |"))
    assert merit(problem, light) == (1.0, 8.0)
    assert merit(problem, heavy) == (5.0, 8.0)
    assert merit(problem, cheap) == (0.0, 5.0)
    assert merit(problem, cheap) < merit(problem, light) < merit(problem, heavy)


def test_a_choice_leaves_out_its_first_option_or_the_rest_of_the_one_begun() -> None:
    problem = town(TWELVE, stops=["a", stop("b", weight=2.0), stop("c", weight=4.0)])
    problem = replace(problem, choices=(Choice(id="side", options=(("a",), ("b", "c"))),))
    assert [one.id for one in left_out(problem, Plan(rounds=()))] == ["a"]
    assert [one.id for one in left_out(problem, plan(problem, "v1: b |"))] == ["c"]
    assert left_out(problem, plan(problem, "v1: a |")) == ()
    assert left_out(problem, plan(problem, "v1: b c |")) == ()


def both(first: tuple[Aim, ...]) -> tuple[RoundsProblem, Plan, Plan]:
    """Return a problem, a plan of one long round and one of two short rounds that are dearer."""
    problem = town(TWELVE, stops=[stop("d", usual="v1"), stop("f", usual="v2")], vehicles=FLEET)
    aims = Aims(first=first, balance=(Balance(measure=Measure.STOPS),))
    problem = replace(problem, aims=aims)
    return problem, plan(problem, "v1: d f |"), plan(problem, "v1: d |\nv2: f |")


@pytest.mark.parametrize(
    ("aim", "one", "two"),
    [
        (Aim.VEHICLES, 1.0, 2.0),
        (Aim.HOURS, (8 * 2 + 2 + 10) / 60, (16 * 2 + 2 + 20) / 60),
        (Aim.DISTANCE, 8.0, 16.0),
        (Aim.SPREAD, 0.0, 0.0),
        (Aim.CHANGES, 1.0, 0.0),
    ],
)
def test_each_aim_is_compared_before_money(aim: Aim, one: float, two: float) -> None:
    problem, single, double = both((aim,))
    assert merit(problem, single) == pytest.approx((0.0, one, 8.0), abs=1e-6)
    assert merit(problem, double) == pytest.approx((0.0, two, 16.0), abs=1e-6)


@pytest.mark.parametrize("first", [(aim,) for aim in Aim] + [(Aim.CHANGES, Aim.VEHICLES), (Aim.DISTANCE, Aim.CHANGES)])
def test_the_weighed_problem_ranks_plans_as_the_order_of_aims_does(first: tuple[Aim, ...]) -> None:
    problem, single, double = both(first)
    posed = weighed(problem)
    assert posed.aims.first == ()
    assert (merit(posed, single) < merit(posed, double)) == (merit(problem, single) < merit(problem, double))


def test_fewer_vehicles_outweigh_any_saving_of_money() -> None:
    fleet = [vehicle("v1", costs=VehicleCosts(per_km=90.0)), vehicle("v2", costs=VehicleCosts(per_km=0.1)), *FLEET[1:]]
    problem = replace(town(TWELVE, stops=["d", "f"], vehicles=[fleet[0], fleet[1]]), aims=Aims(first=(Aim.VEHICLES,)))
    dear, cheap = plan(problem, "v1: d f |"), plan(problem, "v2: d f |")
    two = plan(problem, "v1: d |\nv2: f |")
    posed = weighed(problem)
    assert merit(posed, cheap) < merit(posed, dear) < merit(posed, two)


def test_without_an_order_of_aims_there_is_nothing_to_weigh() -> None:
    problem = town(TWELVE, stops=["a"])
    assert weighed(problem) is problem
