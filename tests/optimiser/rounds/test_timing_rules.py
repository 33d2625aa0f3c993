"""The timing pass against trying everything, rule by rule and all of them mixed."""

from __future__ import annotations

from random import Random

import pytest

from optimiser.rounds.check import check
from optimiser.rounds.features import Feature, features
from optimiser.rounds.price import price
from optimiser.rounds.problem import RoundsProblem
from optimiser.rounds.tables import tables
from optimiser.rounds.timing import best_round
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
    assert (found is None) == (tried is None)
    if found is None or tried is None:
        return False
    plan = alone(problem, [found])
    assert check(problem, plan) == ()
    assert price(problem, plan).net == pytest.approx(tried[0], abs=1e-5)
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
