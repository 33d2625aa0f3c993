"""A trip sets out no sooner than all that it serves is ready: wherever a stop, a tip or another tail is put."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from optimiser.rounds.plan import Order
from optimiser.rounds.price import round_cost
from optimiser.rounds.problem import RoundsProblem, Stop, TipSite
from optimiser.rounds.schedule import best_order
from optimiser.rounds.strings.desk import empty, load
from optimiser.rounds.strings.layout import COST, NEVER, STOPS, Work
from optimiser.rounds.strings.scene import Stage
from optimiser.rounds.view import book
from tests.notation import HOUR, TWELVE, rest, shift, stop, town, vehicle
from tests.optimiser.rounds.strings.asked import BETWEEN, JOIN, PLACE_TIPS, TIP_FIRST, TIP_LAST, asked
from tests.optimiser.rounds.strings.oracle import Judge, rings
from tests.optimiser.rounds.strings.posed import Class, problem_of, staged

WHAT = Class(sites=1, must=False, timed=True, windows=True, paid=True, overtime=True, released=True, kinds=1, stops=9)
PLAIN = replace(WHAT, sites=0, windows=False)
SEEDS = range(25)
NOBODY = -1


def roomy(problem: RoundsProblem) -> RoundsProblem:
    """Return a problem in which load is no matter, and more of the windows and hours can be kept."""
    limits = tuple(replace(limit, at_most=99.0) for limit in problem.vehicles[0].limits)
    hours = replace(problem.vehicles[0].shift, end_s=14 * HOUR, max_duration_s=7 * HOUR)
    stops = tuple(
        replace(one, windows=tuple(replace(w, close_s=w.close_s + HOUR) for w in one.windows)) for one in problem.stops
    )
    vehicles = tuple(replace(one, limits=limits, shift=hours) for one in problem.vehicles)
    return replace(problem, vehicles=vehicles, stops=stops)


def posed(seed: int, what: Class = WHAT) -> Stage:
    """Return a problem with releases."""
    return staged(roomy(problem_of(what, seed)))


def orders(stage: Stage, seed: int, *, count: int = 1) -> list[list[int]]:
    """Return the visits of some rounds by chance, each with up to two tips; stop 8 is left out."""
    rng = np.random.default_rng(seed)
    found = []
    for part in np.array_split(rng.permutation(8), count):
        visits = part[: rng.integers(1, 6)].tolist()
        for at in sorted(rng.integers(1, 1 + len(visits), size=rng.integers(0, 3)).tolist(), reverse=True):
            if stage.pool and visits[at - 1] >= 0:
                visits.insert(at, -1)
        found.append([v for n, v in enumerate(visits) if v >= 0 or visits[n - 1] >= 0])
    return found


def laid(stage: Stage, rounds: Sequence[Sequence[int]]) -> Work:
    """Return a plan of these rounds."""
    work = empty(stage, 1)
    load(stage, work, list(zip(stage.vehicles, rounds, strict=False)))
    return work


def items(stage: Stage, visits: Sequence[int]) -> list[Stop | TipSite]:
    """Return what visits stand for."""
    problem = stage.known.problem
    return [problem.stops[v] if v >= 0 else problem.tip_sites[-1 - v] for v in visits]


def least(stage: Stage, visits: Sequence[int]) -> int:
    """Return the ticks of a round, ``NEVER`` if it is not in time."""
    judge = Judge(stage=stage)
    return (judge.every_way(judge.vehicle(0), items(stage, visits)) or [NEVER])[0]


def same(said: int, true: int) -> bool:
    """Return whether two costs agree, legs rounded; both may be out of time."""
    return min(said, true) >= NEVER // 2 if max(said, true) >= NEVER // 2 else abs(said - true) <= 40


@pytest.mark.parametrize("what", [WHAT, PLAIN])
def test_a_round_costs_what_waiting_for_each_trip_makes_of_it(what: Class) -> None:
    late = 0
    for seed in SEEDS:
        stage = posed(seed, what)
        (visits,) = orders(stage, seed)
        work = laid(stage, [visits])
        true = least(stage, visits)
        late += true >= NEVER
        assert same(NEVER if work.tour[0, STOPS] == 0 else int(work.tour[0, COST]), true)
    assert late < len(SEEDS) // 2


@pytest.mark.parametrize("seed", SEEDS)
def test_it_is_what_the_exact_timing_says(seed: int) -> None:
    stage = posed(seed)
    known = stage.known
    (visits,) = orders(stage, seed)
    work = laid(stage, [visits])
    names = tuple(item.id for item in items(stage, visits))
    tour = best_order(known, Order(vehicle=stage.vehicles[0], visits=names, tips="listed"))
    if tour is None:
        assert work.tour[0, STOPS] == 0
        return
    true = round_cost(book(known.problem), tour)
    assert work.tour[0, COST] * stage.tick == pytest.approx(true, abs=40 * stage.tick)


@pytest.mark.parametrize("what", [WHAT, PLAIN])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_stop_costs_what_the_round_costs_more_with_it(what: Class, seed: int) -> None:
    stage = posed(seed, what)
    (visits,) = orders(stage, seed)
    work = laid(stage, [visits])
    if work.tour[0, STOPS] == 0:
        return
    have = int(work.tour[0, COST])
    (nodes,) = (ring for ring in rings(stage, work.link[:, 0]) if ring)
    for at, p in enumerate([stage.scene.heads, *nodes]):
        for what_, new in ((BETWEEN, [8]), (TIP_FIRST, [-1, 8]), (TIP_LAST, [8, -1])):
            if what_ == BETWEEN or stage.pool:
                said = asked(stage, work, what_, 0, p, 8)
                assert same(said + have if said < NEVER else NEVER, least(stage, [*visits[:at], *new, *visits[at:]]))


@pytest.mark.parametrize("seed", SEEDS)
def test_tails_cost_what_the_joined_round_costs(seed: int) -> None:
    stage = posed(seed)
    one, two = orders(stage, seed, count=2)
    work = laid(stage, [one, two])
    if min(work.tour[:2, STOPS]) == 0:
        return
    head = stage.scene.heads
    first, second = rings(stage, work.link[:, 0])[:2]
    for i, p in enumerate([head, *first]):
        for j, q in enumerate([*second, head + 1]):
            whole = [*one[:i], *two[j:]]
            if any(v >= 0 for v in whole):
                assert same(asked(stage, work, JOIN, 0, p, q), least(stage, whole))


@pytest.mark.parametrize("seed", SEEDS)
def test_placed_anew_tips_cost_what_they_say(seed: int) -> None:
    problem = roomy(problem_of(replace(WHAT, windows=False), seed))
    tight = tuple(replace(limit, at_most=7.0) for limit in problem.vehicles[0].limits)
    stage = staged(replace(problem, vehicles=tuple(replace(one, limits=tight) for one in problem.vehicles)))
    (visits,) = orders(stage, seed)
    work = laid(stage, [[v for v in visits if v >= 0]])
    said = asked(stage, work, PLACE_TIPS, 0, NOBODY, NOBODY)
    stops = [v for v in visits if v >= 0]
    ways = [least(stage, one) for one in with_tips(stops)]
    assert any(same(said, way) for way in ways)


def with_tips(stops: Sequence[int]) -> list[list[int]]:
    """Return stops with tips between them in every way."""
    found = [[stops[0]]]
    for v in stops[1:]:
        found = [[*one, *more] for one in found for more in ([v], [-1, v])]
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_ready_later_is_never_cheaper(seed: int) -> None:
    stage = posed(seed)
    problem = stage.known.problem
    (visits,) = orders(stage, seed)
    rng = np.random.default_rng(seed)
    later = tuple(replace(s, release_s=s.release_s + HOUR * float(rng.integers(0, 3))) for s in problem.stops)
    after = laid(staged(replace(problem, stops=later)), [visits])
    before = laid(stage, [visits])
    if before.tour[0, STOPS] == 0:
        assert after.tour[0, STOPS] == 0
    elif after.tour[0, STOPS]:
        assert after.tour[0, COST] >= before.tour[0, COST]


def test_what_is_ready_before_the_first_shift_is_no_matter() -> None:
    scene = staged(town(TWELVE, stops=[stop("a", release=6), "b"], vehicles=[vehicle(shift=shift(6, 9))])).scene
    assert (scene.released, scene.ready.shape) == (0, (1, 1))


def test_releases_are_on_the_clock_that_stands_still_in_breaks() -> None:
    lunch = rest("lunch", 30, (7, 8))
    trucks = [vehicle(shift=shift(6, 12)), vehicle("v2", shift=shift(6, 12), breaks=(lunch,))]
    problem = town(TWELVE, stops=[stop("a", release=10), stop("b", release=7.5), "c"], vehicles=trucks)
    scene = staged(problem).scene
    assert scene.released
    hours = sorted((scene.ready / 3.6e6).tolist())
    assert hours == [[9.5, 7.5, 0.0], [10.0, 7.5, 0.0]]
