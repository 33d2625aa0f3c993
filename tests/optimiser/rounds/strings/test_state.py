"""What the kernel keeps of a plan is what plain Python makes of its links, after any number of iterations."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from optimiser.rounds.problem import Stop, VehicleCosts
from optimiser.rounds.strings.anneal import anneal
from optimiser.rounds.strings.desk import best_rounds, empty, load
from optimiser.rounds.strings.layout import ABSENT, BEST, COST, NEXT, NOW, Work
from optimiser.rounds.strings.scene import Stage
from optimiser.rounds.strings.views import table
from tests.notation import TWELVE, shift, stop, town, vehicle
from tests.optimiser.rounds.strings.oracle import Judge, consistent, rings, visits
from tests.optimiser.rounds.strings.posed import CLASSES, problem_of, searched, staged, without_ways

every_class = pytest.mark.parametrize("name", list(CLASSES))


def judged(stage: Stage, work: Work) -> None:
    """Assert that the current plan keeps the rules and costs what the purse says."""
    judge, s = Judge(stage=stage), stage.scene
    consistent(stage, work)
    now = 0
    for k, nodes in enumerate(rings(stage, work.link[:, NEXT])):
        if not nodes:
            continue
        items = visits(stage, nodes, work.site)
        assert list(judge.broken(k, items)) == []
        ways = judge.every_way(judge.vehicle(k), items)
        assert ways, "it cannot be done in time"
        cost = int(work.tour[k, COST]) if s.labelled else ways[0]
        slack = len(nodes) + 4 if s.timed else 0  # rounding of each leg
        assert min(abs(cost - way) for way in ways) <= slack
        if not s.timed:
            assert cost == ways[0]
        now += cost
    now += sum(judge.prize(v) for v in work.absent[: work.purse[ABSENT]])
    assert work.purse[NOW] == now


@every_class
@pytest.mark.parametrize("seed", range(3))
def test_the_state_is_what_its_links_say(name: str, seed: int) -> None:
    stage = staged(problem_of(CLASSES[name], seed))
    for iterations in (0, 1, 2, 37, 400):
        judged(stage, searched(stage, seed=seed, iterations=iterations))


@every_class
@pytest.mark.parametrize("temperature", [0.01, 1.0, 30.0])
def test_the_best_plan_costs_what_the_purse_says(name: str, temperature: float) -> None:
    stage = staged(problem_of(CLASSES[name], 7))
    work = searched(stage, iterations=500, temperature=temperature)
    again = empty(stage, 1)
    load(stage, again, best_rounds(stage, work))
    assert again.purse[NOW] == work.purse[BEST] <= work.purse[NOW]
    judged(stage, again)


@every_class
def test_work_is_served(name: str) -> None:
    stage = staged(problem_of(CLASSES[name], 3))
    rounds = best_rounds(stage, searched(stage, iterations=500))
    assert sum(isinstance(v, int) and v >= 0 for _, nodes in rounds for v in nodes) >= stage.scene.n // 2


@every_class
def test_cold_iterations_never_make_it_worse(name: str) -> None:
    stage = staged(problem_of(CLASSES[name], 5))
    work = searched(stage, iterations=0)
    last = int(work.purse[NOW])
    for _ in range(60):
        anneal(table(stage.scene), table(work), 1, 0.0, 1.0, stage.scene.near.shape[1])
        assert work.purse[NOW] <= last
        last = int(work.purse[NOW])
        assert work.purse[BEST] == last
    judged(stage, work)


@every_class
def test_a_rejected_iteration_leaves_everything_as_it_was(name: str) -> None:
    stage = staged(problem_of(CLASSES[name], 6))
    work = searched(stage, iterations=300, temperature=0.0)
    kept = 0
    for _ in range(40):
        link, site, tour = work.link.copy(), work.site.copy(), work.tour.copy()
        money, now = work.money.copy(), int(work.purse[NOW])
        anneal(table(stage.scene), table(work), 1, 0.0, 1.0, stage.scene.near.shape[1])
        if work.purse[NOW] < now:
            continue
        kept += 1
        was, held = rings(stage, link[:, NEXT]), rings(stage, work.link[:, NEXT])
        assert [visits(stage, nodes, site) for nodes in was] == [visits(stage, nodes, work.site) for nodes in held]
        if stage.scene.labelled:
            assert (tour[:, COST] == work.tour[:, COST]).all()
            for before, after in zip(was, held, strict=True):
                used = work.ways[after] >= 0
                assert (money[before][used] == work.money[after][used]).all()
    assert kept


@every_class
def test_the_same_seed_gives_the_same_plan_and_others_another(name: str) -> None:
    stage = staged(problem_of(CLASSES[name], 8))
    one, two, *others = (searched(stage, seed=seed, iterations=3) for seed in (1, 1, 2, 3, 4))
    assert (one.best_next == two.best_next).all()
    assert (one.best_site == two.best_site).all()
    assert (one.dice == two.dice).all()
    assert any(not np.array_equal(one.link, other.link) for other in others)


def test_two_times_as_many_iterations_are_those_and_as_many_more() -> None:
    stage = staged(problem_of(CLASSES["all"], 9))
    whole = searched(stage, iterations=200, temperature=0.0)
    parts = searched(stage, iterations=80, temperature=0.0)
    anneal(table(stage.scene), table(parts), 120, 0.0, 1.0, stage.scene.near.shape[1])
    assert (whole.link == parts.link).all()


def test_an_initial_plan_is_laid_as_it_is() -> None:
    stage = staged(problem_of(CLASSES["tips at two sites, two limits"], 2))
    n = stage.scene.n
    rounds = [(stage.vehicles[0], [3, -1, 4, -2]), (stage.vehicles[2], [0, -1])]
    work = empty(stage, 1)
    load(stage, work, rounds)
    judged(stage, work)
    assert best_rounds(stage, work) == rounds
    assert work.purse[ABSENT] == n - 3
    assert isinstance(visits(stage, [3], work.site)[0], Stop)


@pytest.mark.parametrize("count", [1, 7, 9, 20])
def test_many_rounds_out_of_time_do_not_overflow(count: int) -> None:
    trucks = [vehicle(f"v{k}", shift=shift(6, 6.05)) for k in range(count)]
    stage = staged(town(TWELVE, stops=[stop(f"s{k}", at="i") for k in range(count)], sites=[], vehicles=trucks))
    work = empty(stage, 1)
    load(stage, work, [(name, [k]) for k, name in enumerate(stage.vehicles)])
    assert work.purse[NOW] == work.purse[BEST] >= stage.scene.prize.sum()
    anneal(table(stage.scene), table(work), 50, 1.0, 1.0, stage.scene.near.shape[1])
    assert work.purse[BEST] <= work.purse[NOW]
    assert best_rounds(stage, work) == []


@pytest.mark.parametrize("per_hour", [0.0, 10.0])
def test_no_round_uses_a_missing_way(per_hour: float) -> None:
    costs = VehicleCosts(per_km=1.0, per_hour=per_hour)
    names = "abcdefghi"
    stops = [stop(name, service_s=0.0, weight=1.0 + 2.0 * (name in "aeh")) for name in names]
    problem = town(TWELVE, stops=stops, sites=[], vehicles=[vehicle(f"v{k}", kg=3.0, costs=costs) for k in range(2)])
    for seed in range(20):
        rng = np.random.default_rng(seed)
        far = [(a, b) for a in names for b in names if ord(b) - ord(a) not in {0, 1, -8} and rng.random() < 0.4]
        stage = staged(without_ways(problem, far))
        work = searched(stage, seed=seed, iterations=0)
        for _ in range(300):
            anneal(table(stage.scene), table(work), 1, 3.0 * stage.leg, 1.0, stage.scene.near.shape[1])
            for nodes in rings(stage, work.link[:, NEXT]):
                path = [problem.stops[v].id for v in nodes]
                assert not {*pairwise(path)} & {*far}
