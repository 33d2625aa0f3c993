"""What must not get worse when the problem gets easier, and what must not change when only names or directions do.

Small problems are solved by trying everything, so those comparisons are exact. Larger ones are searched with the same
number of iterations, where chance may cost a little: ``NOISE`` of the money, and no work left out more.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from optimiser.result import Budget
from optimiser.rounds.check import check
from optimiser.rounds.merit import merit
from optimiser.rounds.plan import Order
from optimiser.rounds.problem import Aims, Limit, RoundsProblem, Shift, Vehicle, Window
from optimiser.rounds.schedule import schedule
from optimiser.rounds.solve import solve
from optimiser.travel import DenseTravel
from tests.notation import HOUR, site, stop, town, vehicle
from tests.optimiser.rounds.brute import cheapest_plan
from tests.optimiser.rounds.complete import complete
from tests.optimiser.rounds.made import problems

NOISE = 0.05
ITERATIONS = Budget(iterations=20)
EXAMPLES = 6
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


def one_more_vehicle(problem: RoundsProblem) -> RoundsProblem:
    return replace(problem, vehicles=(*problem.vehicles, replace(problem.vehicles[0], id="spare")))


def wider_windows(problem: RoundsProblem) -> RoundsProblem:
    stops = tuple(replace(one, windows=tuple(_wider(one.windows))) for one in problem.stops)
    sites = tuple(replace(one, windows=tuple(_wider(one.windows))) for one in problem.tip_sites)
    return replace(problem, stops=stops, tip_sites=sites)


def _wider(windows: tuple[Window, ...]) -> list[Window]:
    """Return the windows, the first opening and the last closing a quarter of an hour away."""
    found = list(windows)
    if found:
        found[0] = replace(found[0], open_s=max(0.0, found[0].open_s - HOUR / 4))
        found[-1] = replace(found[-1], close_s=found[-1].close_s + HOUR / 4)
    return found


def larger_vehicles(problem: RoundsProblem) -> RoundsProblem:
    def larger(limit: Limit) -> Limit:
        return replace(limit, at_most=limit.at_most + 1.0)

    return replace(problem, vehicles=tuple(replace(v, limits=tuple(map(larger, v.limits))) for v in problem.vehicles))


def longer_shifts(problem: RoundsProblem) -> RoundsProblem:
    def longer(one: Vehicle) -> Vehicle:
        most = one.shift.max_duration_s
        shift = replace(one.shift, max_duration_s=None if most is None else most + HOUR / 2)
        return replace(one, shift=shift)

    return replace(problem, vehicles=tuple(map(longer, problem.vehicles)))


EASIER = {
    "one more vehicle": one_more_vehicle,
    "wider windows": wider_windows,
    "larger vehicles": larger_vehicles,
    "longer shifts": longer_shifts,
}
every_easing = pytest.mark.parametrize("easier", list(EASIER))


@every_easing
def test_the_best_plan_never_gets_worse_when_the_problem_gets_easier(easier: str) -> None:
    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=SLOW
    )
    @given(problems(most_stops=3, dimensions=1, optional=True))
    def never(problem: RoundsProblem) -> None:
        before, after = cheapest_plan(problem), cheapest_plan(EASIER[easier](problem))
        assert after[0] <= before[0]
        if after[0] == before[0]:
            assert after[1] <= before[1] + 1e-6

    never()


def crowded(seed: int) -> RoundsProblem:
    """Return eighteen stops, half of them with windows, three trucks and a site: all of it can be done."""
    rng = Random(seed)
    names = [f"s{n}" for n in range(18)]
    places = {
        "depot": (0.0, 0.0),
        "tip": (6.0, 6.0),
        **{name: (rng.uniform(0, 8), rng.uniform(0, 8)) for name in names},
    }
    shift = Shift(start_s=6 * HOUR, end_s=14 * HOUR, max_duration_s=6 * HOUR)
    stops = [stop(name, windows=[(6 + n % 5, 9 + n % 5)] if n % 2 else []) for n, name in enumerate(names)]
    return town(places, stops=stops, sites=[site()], vehicles=[vehicle(f"v{n}", kg=5.0, shift=shift) for n in range(3)])


@cache
def searched(easier: str) -> tuple[float, float]:
    """Return the weight left out and the cost after a search."""
    problem = EASIER[easier](crowded(1)) if easier else crowded(1)
    result = solve(problem, engine="ruin", budget=ITERATIONS, seed=1)
    assert result.plan is not None
    found = merit(problem, result.plan)
    return found[0], found[-1]


@every_easing
def test_a_search_does_not_get_worse_beyond_its_noise(easier: str) -> None:
    before, after = searched(""), searched(easier)
    assert before[0] == after[0] == 0.0
    assert after[1] <= before[1] * (1 + NOISE)


def one_way(size: int, rng: Random) -> DenseTravel:
    """Return times between places on a street grid with one-ways: not the same there and back."""
    spots = [(rng.randint(0, 6), rng.randint(0, 6)) for _ in range(size)]
    blocks = np.array([[abs(a - c) + abs(b - d) + (a > c) + 2 * (b < d) for c, d in spots] for a, b in spots])
    names = ("depot", *(f"s{n}" for n in range(size - 1)))
    return DenseTravel(
        leaving=names,
        arriving=names,
        duration_ms=(blocks * 60_000).astype(np.int32),
        distance_dm=(blocks * 5_000).astype(np.int32),
    )


def reversed_ways(travel: DenseTravel) -> DenseTravel:
    return replace(travel, duration_ms=travel.duration_ms.T.copy(), distance_dm=travel.distance_dm.T.copy())


@pytest.mark.parametrize("seed", range(4))
def test_reversing_all_one_ways_leaves_the_best_plan_as_long_without_windows_and_tips(seed: int) -> None:
    rng = Random(seed)
    travel = one_way(6, rng)
    fleet = [vehicle(f"v{n}", kg=3.0, must_end_empty=False) for n in range(2)]
    problem = replace(
        town(
            {"depot": (0, 0), **{f"s{n}": (0, 0) for n in range(5)}},
            stops=[f"s{n}" for n in range(5)],
            sites=[],
            vehicles=fleet,
        ),
        travel={"truck": travel},
    )
    back = replace(problem, travel={"truck": reversed_ways(travel)})
    best = cheapest_plan(replace(problem, stops=problem.stops[:4]))
    assert cheapest_plan(replace(back, stops=back.stops[:4])) == pytest.approx(best)
    for one, other in ((problem, back), (back, problem)):
        found = solve(one, engine="ruin", budget=ITERATIONS, seed=1)
        assert found.plan is not None
        turned = [Order(vehicle=tour.vehicle, visits=tour.stops[::-1]) for tour in found.plan.rounds]
        assert merit(other, schedule(other, turned)) == merit(one, found.plan)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 400), st.randoms(use_true_random=False))
def test_the_order_in_which_stops_are_named_changes_no_plan_nor_what_it_is_worth(seed: int, random) -> None:
    problem = complete(seed, stops=6)
    stops, sites = list(problem.stops), list(problem.tip_sites)
    random.shuffle(stops)
    random.shuffle(sites)
    other = replace(problem, stops=tuple(stops), tip_sites=tuple(sites), aims=Aims())
    problem = replace(problem, aims=Aims())
    orders = [
        Order(
            vehicle=v.id, visits=tuple(one.id for one in problem.stops if int(one.id[1:]) % len(problem.vehicles) == n)
        )
        for n, v in enumerate(problem.vehicles)
    ]
    one, two = schedule(problem, orders), schedule(other, orders)
    assert [v.code for v in check(problem, one)] == [v.code for v in check(other, one)]
    assert merit(problem, one) == merit(other, one)
    if not check(problem, one):
        assert merit(other, two) == merit(problem, one)


def test_nearest_makes_the_same_plan_whatever_the_order_of_stops() -> None:
    problem = crowded(2)
    stops = problem.stops
    plans = [
        solve(replace(problem, stops=order), engine="nearest", budget=ITERATIONS, seed=1).plan
        for order in (stops, stops[::-1], stops[5:] + stops[:5])
    ]
    assert all(plan is not None for plan in plans)
    assert len({plan.rounds for plan in plans if plan is not None}) == 1
