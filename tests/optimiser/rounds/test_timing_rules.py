"""The timing pass against trying everything, rule by rule and all of them mixed."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimiser.rounds.check import check
from optimiser.rounds.course import NO_WAY_MS
from optimiser.rounds.features import Feature, features
from optimiser.rounds.legs import arrival
from optimiser.rounds.pace import arrival_ms
from optimiser.rounds.price import price
from optimiser.rounds.problem import DrivingRest, RoundsProblem
from optimiser.rounds.tables import tables
from optimiser.rounds.timing import best_round
from optimiser.travel import UNREACHABLE
from tests.notation import TWELVE, site, stop, town, vehicle
from tests.optimiser.rounds.brute import alone, cheapest_round
from tests.optimiser.rounds.complete import complete

OF_THE_PLAN = {
    *(Feature.CHOICES, Feature.TOGETHER, Feature.APART, Feature.LOCKS, Feature.CAPS),
    *(Feature.BALANCE, Feature.COMPACT, Feature.CHANGES, Feature.ORDER_OF_AIMS),
}
OF_A_ROUND = sorted(set(Feature) - OF_THE_PLAN)


def agrees(problem: RoundsProblem) -> bool:
    """Return whether a round was found; fail unless it is the cheapest one that keeps the rules."""
    visits = [stop.id for stop in problem.stops]
    tried = cheapest_round(problem, problem.vehicles[0], visits)
    found = best_round(tables(problem), problem.vehicles[0].id, visits)
    if found is None:
        assert tried is None
        return False
    plan = alone(problem, [found])
    assert check(problem, plan) == ()
    cost = price(problem, plan).net
    if problem.vehicles[0].driving_rest is None:
        assert tried is not None
        assert cost == pytest.approx(tried[0], abs=1e-5)
    else:  # a rest may be better put off, which is not tried
        assert tried is None or cost <= tried[0] + 1e-5
    return True


@pytest.mark.parametrize("feature", OF_A_ROUND, ids=lambda feature: feature.value)
def test_is_as_cheap_as_trying_everything(feature: Feature) -> None:
    problems = [complete(seed, stops=2, vehicles=1, only={feature}) for seed in range(3)]
    assert any(feature in features(problem) for problem in problems)
    assert sum(agrees(problem) for problem in problems)


@pytest.mark.parametrize("seed", range(7))
def test_rules_do_not_disturb_each_other(seed: int) -> None:
    rng = Random(seed)
    agrees(complete(seed, stops=2, vehicles=1, only={feature for feature in OF_A_ROUND if rng.random() < 0.3}))


@pytest.mark.slow
@pytest.mark.parametrize("feature", OF_A_ROUND, ids=lambda feature: feature.value)
def test_three_stops_are_as_cheap_as_trying_everything(feature: Feature) -> None:
    for seed in range(4):
        agrees(complete(seed, stops=3, vehicles=1, only={feature}))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(7, 80))
def test_rules_do_not_disturb_each_other_at_length(seed: int) -> None:
    test_rules_do_not_disturb_each_other(seed)


def test_a_load_that_a_site_pays_for_is_sold_if_that_is_worth_the_way() -> None:
    for fee, expected in ((-7.0, ["a", "tip"]), (-5.0, ["a"]), (1.0, ["a"])):
        problem = town(
            TWELVE, stops=[stop("a", kg=1)], sites=[site(fees={"kg": fee})], vehicles=[vehicle(must_end_empty=False)]
        )
        assert agrees(problem)
        found = best_round(tables(problem), "v1", ["a"])
        assert found is not None
        assert [visit.id for visit in found.visits] == expected


def test_a_rest_is_put_off_so_that_less_work_gathers_after_it() -> None:
    # ready after a at 6:07 at the latest; c opens at 7:00, and with its work and the way home the day ends at 7:58: a
    # rest at once would leave 101 minutes of work after it, and 75 may gather
    rest = DrivingRest(id="rest", duration_s=600, after_s=75 * 60, of="work")
    stops = [stop("a", windows=[(6, 6.1)]), stop("c", kg=0, service_s=50 * 60, windows=[(7, 9)])]
    problem = town(TWELVE, stops=stops, vehicles=[vehicle(driving_rest=rest, must_end_empty=False)])
    found = best_round(tables(problem), "v1", ["a", "c"])
    assert found is not None
    assert check(problem, alone(problem, [found])) == ()
    assert found.visits[1].id == "rest"


@settings(max_examples=200, deadline=None)
@given(
    st.integers(0, 90_000_000),
    st.lists(st.one_of(st.integers(0, 40_000_000), st.just(int(UNREACHABLE))), min_size=1, max_size=4),
    st.lists(st.integers(1, 90_000_000), min_size=3, max_size=3, unique=True),
)
def test_legs_take_what_the_judges_say(depart: int, durations: list[int], begins: list[int]) -> None:
    starts = [0, *sorted(begins)][: len(durations)]
    ms = np.array([NO_WAY_MS if d >= UNREACHABLE else d for d in durations], dtype=np.int64)
    mine = arrival(depart, ms, np.array(starts, dtype=np.int64))
    assert (None if mine < 0 else mine) == arrival_ms(depart, durations, starts)
