"""The timing pass against every tip, break, mode and start there is."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from optimiser.rounds.check import check
from optimiser.rounds.price import price
from optimiser.rounds.problem import RoundsProblem
from optimiser.rounds.schedule import planned
from optimiser.rounds.tables import tables
from optimiser.rounds.timing import best_round
from tests.optimiser.rounds.brute import cheapest_round
from tests.optimiser.rounds.made import problems

SMALL = settings(
    max_examples=100,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


@SMALL
@given(problems(most_stops=3))
def test_is_as_cheap_as_trying_everything(problem: RoundsProblem) -> None:
    visits = [stop.id for stop in problem.stops]
    tried = cheapest_round(problem, problem.vehicles[0], visits)
    found = best_round(tables(problem), "v0", visits)
    assert (found is None) == (tried is None)
    if found and tried:
        plan = planned(problem, [found])
        assert check(problem, plan) == ()
        assert price(problem, plan).net == pytest.approx(tried[0], abs=1e-5)
