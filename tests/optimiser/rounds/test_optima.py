"""Small problems whose best plan is known: by paper, or by trying everything."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, given, settings

from optimiser.result import Budget, Status
from optimiser.rounds.check import check
from optimiser.rounds.engines import nearest
from optimiser.rounds.price import price
from optimiser.rounds.problem import RoundsProblem
from optimiser.rounds.schedule import planned
from optimiser.rounds.solve import solve
from tests.notation import TWELVE, stop, town, vehicle, written
from tests.optimiser.rounds.brute import cheapest_plan
from tests.optimiser.rounds.made import problems

BUDGET = Budget(iterations=300)
SLOW = [HealthCheck.too_slow]


def test_nine_stops_and_three_tips() -> None:
    # room for four, so three trips: d a b c out to the tip (6), f and back (2), e h g i and back (8), home (4)
    result = solve(town(TWELVE, stops=list("abcdefghi")), engine="pyvrp", budget=BUDGET, seed=1)
    assert result.status is Status.FEASIBLE
    assert result.price is not None
    assert (result.price.distance_m, result.price.tips) == (20_000, 3)


def test_a_second_vehicle_goes_out_only_if_it_pays() -> None:
    # d and f do not fit together; one vehicle: depot d tip f tip depot = 10 blocks; two: 8 each
    fleet = [vehicle(name, kg=1) for name in ("v1", "v2")]
    result = solve(town(TWELVE, stops=["d", "f"], vehicles=fleet), engine="pyvrp", budget=BUDGET, seed=1)
    assert result.plan is not None
    assert result.price is not None
    assert (len(result.plan.rounds), result.price.distance_m) == (1, 10_000)


def test_a_prize_is_fetched_if_it_is_worth_the_way() -> None:
    # b lies two blocks off the straight way from d to f
    for prize, expected in ((1.9, "v1: d f |"), (2.1, "v1: d b f |")):
        problem = town(TWELVE, stops=["d", "f", stop("b", prize=prize)])
        for engine in ("pyvrp", "nearest"):
            result = solve(problem, engine=engine, budget=BUDGET, seed=1)
            assert result.plan is not None
            assert written(result.plan) == expected


def test_a_tricycle_stays_at_home_if_nothing_pays() -> None:
    problem = town(TWELVE, stops=[stop("a", prize=1.0), stop("b", prize=1.0)])
    for engine in ("pyvrp", "nearest"):
        result = solve(problem, engine=engine, budget=BUDGET, seed=1)
        assert result.plan is not None
        assert (result.plan.rounds, result.status) == ((), Status.FEASIBLE)


def test_nothing_beats_trying_everything_and_pyvrp_nearly_always_meets_it() -> None:
    met: list[bool] = []

    @settings(max_examples=30, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=SLOW)
    @given(problems(most_stops=3, most_vehicles=2, dimensions=1, optional=True))
    def try_everything(problem: RoundsProblem) -> None:
        missing, cost = cheapest_plan(problem)
        result = solve(problem, engine="pyvrp", budget=BUDGET, seed=1)
        assert result.plan is not None
        assert result.price is not None
        required = {s.id for s in problem.stops if s.prize is None}
        assert sum(unserved.stop in required for unserved in result.plan.unserved) == missing
        assert result.price.net >= cost - 1e-4
        met.append(result.price.net <= cost + 1e-4)

    try_everything()
    assert sum(met) >= 0.9 * len(met)


@settings(max_examples=60, deadline=None)
@given(problems(most_stops=8, most_vehicles=3, optional=True))
def test_greedy_plans_keep_every_rule_and_bring_in_what_pays(problem: RoundsProblem) -> None:
    answer = nearest.solve(problem, budget=BUDGET, seed=1, initial=None, on_progress=lambda _: None)
    assert check(problem, answer.plan) == ()
    required = {s.id for s in problem.stops if s.prize is None}
    for tour in answer.plan.rounds:
        if not required & set(tour.stops):
            alone = planned(problem, [tour])
            assert price(problem, alone).net < 0
