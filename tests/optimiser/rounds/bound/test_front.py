"""A bound is never above what can be done, and meets it where that is known on paper."""

import math
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from optimiser.result import Budget
from optimiser.rounds.bound import bound
from optimiser.rounds.bound.front import DROPPED
from optimiser.rounds.features import features
from optimiser.rounds.problem import Choice, Limit, Shift, VehicleCosts
from optimiser.rounds.solve import solve
from tests.notation import HOUR, TWELVE, site, stop, town, vehicle
from tests.optimiser.rounds.brute import cheapest_plan
from tests.optimiser.rounds.complete import complete
from tests.optimiser.rounds.made import problems

AMPLE = Budget(iterations=200)
ROUNDING = 1e-6


def test_nine_bins_two_loads_on_paper():
    """Two tips; the way round all nine bins and twice to the tip is 20 blocks; see ``test_optima``."""
    problem = town(TWELVE, stops=list("abcdefghi"), vehicles=[vehicle(kg=5)])
    result = solve(problem, engine="nearest", budget=Budget(iterations=1), seed=1)
    found = bound(problem, budget=AMPLE)
    assert found is not None
    assert 0.92 * result.price.net <= found.value <= result.price.net + ROUNDING


def test_one_bin_is_met_exactly_with_every_cost_there_is():
    costs = VehicleCosts(fixed=7, per_km=1, per_hour=12, per_tip=2, per_driving_hour=3, per_service_hour=6)
    problem = town(
        {"depot": (0, 0), "tip": (4, 0), "a": (2, 0)},
        stops=[stop("a", 3.0, service_s=600)],
        sites=[site(queue_s=300, fee_per_tip=5, fees={"kg": 1.5})],
        vehicles=[vehicle(costs=costs)],
    )
    # 8 km and 16 minutes on the road, 25 minutes at work
    paper = 7 + 8 + 12 * 41 / 60 + 2 + 3 * 16 / 60 + 6 * 25 / 60 + 5 + 4.5
    assert bound(problem, budget=AMPLE).value == pytest.approx(paper, rel=1e-6)
    assert bound(problem, budget=AMPLE).value <= paper


def test_more_rounds_than_load_needs_when_the_shift_is_short():
    far = {"depot": (0, 0), "tip": (0, 0), "a": (10, 0), "b": (-10, 0)}
    short = Shift(start_s=6 * HOUR, end_s=7 * HOUR)
    fleet = [vehicle(f"v{k}", kg=9, shift=short, costs=VehicleCosts(fixed=100)) for k in range(3)]
    problem = town(far, stops=["a", "b"], vehicles=fleet)
    assert bound(problem, budget=AMPLE).value == pytest.approx(200, rel=1e-6)


def test_windows_are_kept():
    """Both bins open for a minute at the same time: two rounds of 20 km."""
    far = {"depot": (0, 0), "tip": (0, 0), "a": (10, 0), "b": (11, 0)}
    problem = town(
        far,
        stops=[stop("a", windows=[(8, 8.01)]), stop("b", windows=[(8, 8.01)])],
        vehicles=[vehicle("v1"), vehicle("v2")],
    )
    assert bound(problem, budget=AMPLE).value == pytest.approx(20 + 22, rel=1e-6)


def test_a_choice_is_made_once_and_optional_stops_are_weighed():
    places = {"depot": (0, 0), "tip": (0, 0), "both": (3, 0), "left": (1, 0), "right": (2, 0), "x": (4, 0), "y": (0, 9)}
    problem = replace(
        town(
            places,
            stops=["both", "left", "right", stop("x", prize=50.0), stop("y", prize=1.0)],
            vehicles=[vehicle(kg=9)],
        ),
        choices=(Choice(id="street", options=(("both",), ("left", "right"))),),
    )
    assert bound(problem, budget=AMPLE).value == pytest.approx(8 - 50, abs=1e-4)


def test_the_vehicle_that_may_serve_a_stop_must_come():
    problem = town(
        {"depot": (0, 0), "tip": (0, 0), "a": (1, 0)},
        stops=[stop("a", vehicles=frozenset({"dear"}))],
        vehicles=[vehicle("cheap"), vehicle("dear", costs=VehicleCosts(per_km=10.0))],
    )
    assert bound(problem, budget=AMPLE).value == pytest.approx(20, rel=1e-6)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(problems(most_stops=3, most_vehicles=2, optional=True))
def test_never_above_the_best_of_all_plans(problem):
    left, best = cheapest_plan(problem)
    assume(left == 0)
    found = bound(problem, budget=AMPLE)
    assert found is not None
    assert found.value <= best + ROUNDING


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10_000))
def test_never_above_a_plan_that_keeps_every_rule_of_the_trade(seed):
    problem = complete(seed, stops=5)
    result = solve(problem, engine="nearest", budget=Budget(iterations=1), seed=1)
    assume(result.plan is not None)
    left = [gone.stop for gone in result.plan.unserved]
    found = bound(problem, budget=Budget(iterations=40), without=left)
    if found is not None:
        assert found.value <= result.price.net + ROUNDING


@pytest.mark.parametrize("searches", [0, 1, 2, 3, 5, 8])
def test_it_can_stop_at_any_time(searches):
    problem = town(TWELVE, stops=list("abcdefghi"), vehicles=[vehicle(kg=3)])
    full = bound(problem, budget=AMPLE)
    early = bound(problem, budget=Budget(iterations=searches))
    assert early.value <= full.value + ROUNDING


def test_the_same_twice():
    problem = complete(11, stops=6)
    assert bound(problem, budget=AMPLE) == bound(problem, budget=AMPLE)


def test_stops_that_are_left_out_count_for_nothing():
    problem = town({"depot": (0, 0), "tip": (0, 0), "a": (1, 0), "b": (9, 0)}, stops=["a", "b"])
    assert bound(problem, budget=AMPLE).value == pytest.approx(18, rel=1e-6)
    assert bound(problem, budget=AMPLE, without=["b"]).value == pytest.approx(2, rel=1e-6)


def test_what_nobody_can_serve_is_looked_away_from_and_said():
    problem = town({"depot": (0, 0), "tip": (0, 0), "a": (1, 0), "b": (9, 0)}, stops=["a", stop("b", 99.0)])
    found = bound(problem, budget=AMPLE)
    assert found.value == pytest.approx(2, rel=1e-6)
    assert "Nobody can serve 1" in found.method


def test_a_step_rounds_up():
    problem = town(TWELVE, stops=list("abcdefghi"), vehicles=[vehicle(kg=5)])
    plain = bound(problem, budget=Budget(iterations=6)).value
    assert bound(problem, budget=Budget(iterations=6), step=2.0).value == math.ceil(plain / 2) * 2


def test_a_large_gap_is_called_large():
    problem = town({"depot": (0, 0), "tip": (0, 0), "a": (1, 0)}, stops=["a"])
    assert "gap is large" in bound(problem, budget=AMPLE, incumbent=3.0).method
    assert "gap is large" not in bound(problem, budget=AMPLE, incumbent=2.0).method


def test_what_is_not_looked_at_is_named():
    for seed in range(40):
        problem = complete(seed, stops=2)
        found = bound(problem, budget=Budget(iterations=1))
        for feature in features(problem) & set(DROPPED) if found else ():
            assert DROPPED[feature] in found.method


def test_money_earned_by_driving_has_no_bound():
    problem = town({"depot": (0, 0), "tip": (0, 0), "a": (1, 0)}, stops=["a"])
    odd = replace(problem.vehicles[0], costs=VehicleCosts(per_km=-1.0))
    assert bound(replace(problem, vehicles=(odd,)), budget=AMPLE) is None


def test_nothing_to_do_and_nobody_to_do_it():
    places = {"depot": (0, 0), "tip": (0, 0), "a": (1, 0)}
    assert bound(town(places, stops=[]), budget=AMPLE).value == pytest.approx(0, abs=1e-6)
    assert bound(town(places, stops=["a"], vehicles=[]), budget=AMPLE).value == pytest.approx(0, abs=1e-6)


def test_two_limits_the_tighter_one_counts():
    places = {"depot": (0, 0), "tip": (0, 0), **dict.fromkeys("abcd", (10, 0))}
    both = (
        Limit(name="mass", weights={"kg": 1.0}, at_most=9.0),
        Limit(name="volume", weights={"kg": 3.0}, at_most=6.0),
    )
    problem = town(places, stops=list("abcd"), vehicles=[vehicle(limits=both)])
    assert bound(problem, budget=AMPLE).value == pytest.approx(40, rel=1e-6)


def test_too_few_vehicles_for_all_still_has_a_bound():
    """Nobody can serve all; a plan that leaves one out is bounded without it."""
    far = {"depot": (0, 0), "tip": (0, 0), "a": (10, 0), "b": (-10, 0)}
    short = Shift(start_s=6 * HOUR, end_s=6.9 * HOUR)
    problem = town(far, stops=["a", "b"], vehicles=[vehicle(kg=9, shift=short)])
    assert bound(problem, budget=AMPLE) is not None
    assert bound(problem, budget=AMPLE, without=["b"]).value == pytest.approx(20, rel=1e-6)
