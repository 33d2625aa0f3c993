"""The contract that every engine meets, whatever it is made of."""

from __future__ import annotations

import time
from copy import deepcopy
from dataclasses import replace

import pytest

from optimiser.result import Budget, Progress, Status
from optimiser.rounds.check import check
from optimiser.rounds.engines import nearest
from optimiser.rounds.engines.registry import ENGINES
from optimiser.rounds.features import Feature, features
from optimiser.rounds.measures import not_served
from optimiser.rounds.merit import merit
from optimiser.rounds.plan import PROVEN, Plan, Reason
from optimiser.rounds.price import price
from optimiser.rounds.problem import Break, Limit, Lock, Mode, RoundsProblem, Shift, VehicleCosts
from optimiser.rounds.solve import solve
from tests.notation import HOUR, TWELVE, orders, plan, site, stop, town, vehicle, written
from tests.optimiser.rounds.complete import complete

ITERATIONS = Budget(iterations=30)


def small() -> RoundsProblem:
    """Nine stops, one tip site, loads of four: three trips."""
    return town(TWELVE, stops=list("abcdefghi"))


def rich() -> RoundsProblem:
    """Two streams with a site each, a break, windows, modes, an optional stop, wages, fees and two unlike vehicles."""
    places = {**TWELVE, "north": (4, 2), "back": (3.5, 0)}
    both = {"paper": 1.0, "glass": 2.0}
    limits = (
        Limit(name="payload", weights={"paper": 1.0, "glass": 1.0}, at_most=9.0),
        Limit(name="glass bay", weights={"glass": 1.0}, at_most=5.0),
    )
    lunch = Break(id="lunch", duration_s=1800, earliest_s=7 * HOUR, latest_s=8 * HOUR, paid=False)
    costs = VehicleCosts(fixed=5.0, per_hour=18.0, per_km=1.0)
    shift = Shift(start_s=6 * HOUR, end_s=10 * HOUR, max_duration_s=3.5 * HOUR)
    return town(
        places,
        dimensions=("paper", "glass"),
        stops=[
            *(stop(name, loads=both) for name in "abcd"),
            stop("e", loads={"glass": 3.0}, windows=[(6.5, 6.75), (8.5, 9.5)]),
            stop("f", loads={"paper": 2.0}, modes=(_mode("f", 60), _mode("back", 30))),
            stop("g", loads=both, vehicles=frozenset({"v2"})),
            stop("h", loads=both, prize=50.0),
            stop("i", loads=both, prize=0.1),
        ],
        sites=[
            site("tip", accepts=frozenset({"paper"}), fee_per_tip=1.0),
            site("north", accepts=frozenset({"glass"}), fees={"glass": 0.5}, windows=[(6, 9.5)]),
        ],
        vehicles=[
            vehicle("v1", limits=limits, breaks=(lunch,), shift=shift, costs=costs),
            vehicle("v2", limits=limits, breaks=(lunch,), shift=shift, costs=costs, max_stops=5),
        ],
    )


def _mode(place: str, service_s: float) -> Mode:
    return Mode(arrive=place, leave=place, service_s=service_s)


def impossible() -> RoundsProblem:
    """One stop of each kind that no vehicle can serve, and one that can be served."""
    return town(
        {**TWELVE, "island": (9, 9)},
        cut_off=["island"],
        dimensions=("kg", "ash"),
        stops=[
            "a",
            stop("b", kg=9),
            stop("c", vehicles=frozenset({"nobody"})),
            stop("d", loads={"ash": 1.0}),
            stop("e", windows=[(3, 4)]),
            "island",
        ],
        vehicles=[vehicle(limits=(Limit(name="payload", weights={"kg": 1.0, "ash": 1.0}, at_most=4.0),))],
    )


PROBLEMS = {"small": small, "rich": rich, "impossible": impossible}
every_engine = pytest.mark.parametrize("engine", list(ENGINES))
every_problem = pytest.mark.parametrize("made", list(PROBLEMS))


def supported(engine: str, problem: RoundsProblem) -> RoundsProblem:
    """Return the problem; skip what the engine says it cannot take."""
    if against := ENGINES[engine].supports(problem):
        pytest.skip(f"{engine}: {'; '.join(against)}")
    return problem


@every_engine
@every_problem
def test_its_own_plan_keeps_every_rule_and_names_every_stop(engine: str, made: str) -> None:
    problem = supported(engine, PROBLEMS[made]())
    answer = ENGINES[engine].solve(problem, budget=ITERATIONS, seed=1, initial=None, on_progress=lambda _: None)
    assert check(problem, answer.plan) == ()


@every_engine
@every_problem
def test_the_result_is_judged_priced_and_reasoned(engine: str, made: str) -> None:
    problem = supported(engine, PROBLEMS[made]())
    result = solve(problem, engine=engine, budget=ITERATIONS, seed=1)
    assert result.plan is not None
    assert check(problem, result.plan) == ()
    assert result.price == price(problem, result.plan)
    assert (result.engine, result.seed) == (engine, 1)
    assert result.engine_version == ENGINES[engine].version()
    left = {unserved.stop: unserved.reason for unserved in result.plan.unserved}
    served = {name for tour in result.plan.rounds for name in tour.stops}
    assert set(left) | served == {s.id for s in problem.stops}
    assert not set(left) & served


@every_engine
@every_problem
def test_the_same_seed_and_iterations_give_the_same_plan(engine: str, made: str) -> None:
    problem = supported(engine, PROBLEMS[made]())
    one, two = (solve(problem, engine=engine, budget=ITERATIONS, seed=7) for _ in range(2))
    assert one.plan == two.plan
    assert one.iterations == two.iterations


@every_engine
def test_a_budget_of_a_second_is_kept_roughly(engine: str) -> None:
    problem = supported(engine, small())
    began = time.monotonic()
    result = solve(problem, engine=engine, budget=Budget(seconds=1.0), seed=1)
    assert time.monotonic() - began < 10.0
    assert result.plan is not None


@every_engine
def test_the_impossible_is_infeasible_with_a_reason_each(engine: str) -> None:
    problem = supported(engine, impossible())
    result = solve(problem, engine=engine, budget=ITERATIONS, seed=1)
    assert result.status is Status.INFEASIBLE
    assert result.plan is not None
    assert written(result.plan) == "v1: a |"
    assert {left.stop: left.reason for left in result.plan.unserved} == {
        "b": Reason.TOO_LARGE,
        "c": Reason.NO_VEHICLE,
        "d": Reason.NO_SITE,
        "e": Reason.NO_TIME,
        "island": Reason.UNREACHABLE,
    }
    assert all(left.detail and left.fix for left in result.plan.unserved)
    assert {left.reason for left in result.plan.unserved} == PROVEN


@every_engine
@every_problem
def test_the_problem_is_left_as_it_was(engine: str, made: str) -> None:
    problem = supported(engine, PROBLEMS[made]())
    before = deepcopy(problem)
    solve(problem, engine=engine, budget=ITERATIONS, seed=1)
    assert repr(problem) == repr(before)
    for profile, travel in problem.travel.items():
        assert (travel.duration_ms == before.travel[profile].duration_ms).all()  # type: ignore[attr-defined]


@every_engine
def test_one_stop(engine: str) -> None:
    result = solve(town(TWELVE, stops=["e"]), engine=engine, budget=ITERATIONS, seed=1)
    assert result.status is Status.FEASIBLE
    assert result.plan is not None
    assert result.price is not None
    assert written(result.plan) == "v1: e |"
    assert result.price.distance_m == 8000


def test_no_stop() -> None:
    result = solve(town(TWELVE, stops=[]), budget=ITERATIONS, seed=1)
    assert (result.status, result.plan) == (Status.OPTIMAL, Plan(rounds=()))
    assert result.gap == 0.0


def test_no_vehicle() -> None:
    result = solve(town(TWELVE, stops=["a"], vehicles=[]), budget=ITERATIONS, seed=1)
    assert result.status is Status.INFEASIBLE
    assert result.plan is not None
    assert [left.reason for left in result.plan.unserved] == [Reason.NO_VEHICLE]


@every_engine
@every_problem
def test_never_worse_than_nearest(engine: str, made: str) -> None:
    problem = supported(engine, PROBLEMS[made]())
    greedy = nearest.solve(problem, budget=ITERATIONS, seed=1, initial=None, on_progress=lambda _: None).plan
    result = solve(problem, engine=engine, budget=ITERATIONS, seed=1)
    assert result.plan is not None
    assert result.price is not None
    assert merit(problem, result.plan) <= merit(problem, greedy)


@every_engine
def test_what_is_announced_keeps_every_rule_and_gets_better(engine: str) -> None:
    problem = supported(engine, rich())
    news: list[Progress[Plan]] = []
    result = solve(problem, engine=engine, budget=ITERATIONS, seed=1, on_progress=news.append)
    assert news
    assert all(one.plan is not None and check(problem, one.plan) == () for one in news)
    assert result.price is not None
    assert news[-1].cost == pytest.approx(result.price.net, abs=1e-5)


@every_engine
def test_it_does_not_lose_a_good_start(engine: str) -> None:
    problem = small()
    good = plan(problem, "v1: a b c f | d e | g h i")
    result = solve(problem, engine=engine, budget=Budget(iterations=1), seed=1, initial=good)
    assert result.price is not None
    assert result.price.net <= price(problem, good).net


def test_the_whiteboard_reads_what_it_writes() -> None:
    problem = small()
    good = plan(problem, "v1: a b c f | d e | g h i")
    assert written(good) == "v1: a b c f | d e | g h i"
    assert orders(written(good))[0].visits[4] == "tip"


FEW = Budget(iterations=8)


@every_engine
@pytest.mark.parametrize("seed", range(20))
def test_every_mix_of_rules_is_kept_or_refused(engine: str, seed: int) -> None:
    problem = supported(engine, complete(seed))
    answer = ENGINES[engine].solve(problem, budget=FEW, seed=1, initial=None, on_progress=lambda _: None)
    assert check(problem, answer.plan) == ()
    served = {name for tour in answer.plan.rounds for name in tour.stops}
    assert {left.stop for left in answer.plan.unserved} == {left.id for left in not_served(problem, served)}


@pytest.mark.slow
@every_engine
@pytest.mark.parametrize("seed", range(100, 300))
def test_many_more_mixes_of_rules_are_kept_or_refused(engine: str, seed: int) -> None:
    test_every_mix_of_rules_is_kept_or_refused(engine, seed)


@pytest.mark.parametrize("engine", ["nearest", "ruin"])
@pytest.mark.parametrize("feature", list(Feature))
def test_every_rule_alone_leaves_something_that_can_be_done(engine: str, feature: Feature) -> None:
    problems = [problem for seed in range(8) if feature in features(problem := complete(seed, only=[feature], stops=6))]
    assert problems
    served = 0
    for problem in problems[:3]:
        answer = ENGINES[engine].solve(problem, budget=FEW, seed=1, initial=None, on_progress=lambda _: None)
        assert check(problem, answer.plan) == ()
        served += sum(len(tour.stops) for tour in answer.plan.rounds)
    assert served


@pytest.mark.parametrize("seed", range(6))
def test_whoever_is_asked_the_answer_is_never_worse_than_nearest(seed: int) -> None:
    problem = complete(seed)
    greedy = nearest.solve(problem, budget=FEW, seed=1, initial=None, on_progress=lambda _: None).plan
    result = solve(problem, budget=FEW, seed=1)
    assert result.plan is not None
    assert merit(problem, result.plan) <= merit(problem, greedy)


def test_locks_are_part_of_the_problem_for_every_engine() -> None:
    problem = town(TWELVE, stops=list("abc"), vehicles=[vehicle("v1"), vehicle("v2")])
    problem = replace(problem, locks=(Lock(vehicle="v2", stops=("c", "a"), first=True),))
    for engine in ENGINES:
        if ENGINES[engine].supports(problem):
            continue
        result = solve(problem, engine=engine, budget=FEW, seed=1)
        assert result.plan is not None
        rounds = {tour.vehicle: tour.stops for tour in result.plan.rounds}
        assert rounds["v2"][:2] == ("c", "a")
        assert result.status is Status.FEASIBLE
