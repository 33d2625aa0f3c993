"""The tips of a round are placed as cheaply as trying every placement does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from optimiser.rounds.problem import Stop, TipSite
from optimiser.rounds.strings.desk import empty, load
from optimiser.rounds.strings.layout import COST, NEVER, NEXT, STOPS, Work
from optimiser.rounds.strings.scene import Stage
from tests.optimiser.rounds.strings.asked import PLACE_TIPS, REWRITE, asked
from tests.optimiser.rounds.strings.oracle import Judge, consistent, rings, visits
from tests.optimiser.rounds.strings.posed import Class, problem_of, staged

NOBODY = -1
SIZES = {"one limit": 1, "two limits": 2}


def posed(what: Class, seed: int) -> tuple[Stage, list[int]]:
    """Return a problem in which vehicles hold little, and some stops of it in an order by chance."""
    problem = problem_of(replace(what, stops=7), seed)
    tight = tuple(replace(limit, at_most=min(limit.at_most, 7.0)) for limit in problem.vehicles[0].limits)
    vehicles = tuple(replace(vehicle, limits=tight) for vehicle in problem.vehicles)
    stage = staged(replace(problem, vehicles=vehicles))
    rng = np.random.default_rng(seed)
    return stage, rng.permutation(7)[: rng.integers(1, 8)].tolist()


def laid(stage: Stage, order: Sequence[int]) -> Work:
    """Return the round of the first vehicle, without tips yet."""
    work = empty(stage, 1)
    load(stage, work, [(stage.vehicles[0], order)])
    return work


def tried(stage: Stage, order: Sequence[int]) -> int:
    """Return the ticks of the cheapest placement; a vehicle that may end full does not tip before the depot."""
    judge, problem = Judge(stage=stage), stage.known.problem
    vehicle = judge.vehicle(0)
    best = NEVER
    for sites in product([None, *problem.tip_sites], repeat=len(order)):
        if (sites[-1] is not None) != vehicle.must_end_empty:
            continue
        items: list[Stop | TipSite] = []
        for stop, site in zip(order, sites, strict=True):
            items += [problem.stops[stop], *([] if site is None else [site])]
        if judge.room(vehicle, items):
            best = min(best, *(judge.every_way(vehicle, items) or [NEVER]))
    return best


@pytest.mark.parametrize("must", [True, False])
@pytest.mark.parametrize("limits", list(SIZES))
@pytest.mark.parametrize("seed", range(8))
def test_the_split_is_the_best_of_all_placements(limits: str, must: bool, seed: int) -> None:
    stage, order = posed(Class(sites=2, dimensions=SIZES[limits], must=must), seed)
    work = laid(stage, order)
    best = tried(stage, order)
    assert best < NEVER
    assert asked(stage, work, PLACE_TIPS, 0, NOBODY, NOBODY) == best


@pytest.mark.parametrize("must", [True, False])
@pytest.mark.parametrize("seed", range(8))
def test_the_split_is_written_into_the_round(must: bool, seed: int) -> None:
    stage, order = posed(Class(sites=2, dimensions=2, must=must), seed)
    work = laid(stage, order)
    assert asked(stage, work, REWRITE, 0, NOBODY, NOBODY) == tried(stage, order) == work.tour[0, COST]
    consistent(stage, work)
    nodes = rings(stage, work.link[:, NEXT])[0]
    items = visits(stage, nodes, work.site)
    assert [v for v in nodes if v < stage.scene.n] == order
    assert list(Judge(stage=stage).broken(0, items)) == []


@pytest.mark.parametrize("seed", range(8))
def test_a_stop_more_is_split_in_where_it_is_put(seed: int) -> None:
    stage, order = posed(Class(sites=2, dimensions=2), seed)
    *rest, new = order
    for at in range(len(rest) + 1 if rest else 0):
        after = stage.scene.heads if at == 0 else rest[at - 1]
        whole = [*rest[:at], new, *rest[at:]]
        assert asked(stage, laid(stage, rest), PLACE_TIPS, 0, after, new) == tried(stage, whole)


@pytest.mark.parametrize("seed", range(12))
def test_with_the_clock_it_is_never_below_the_best_and_costs_what_it_says(seed: int) -> None:
    stage, order = posed(Class(sites=2, dimensions=2, timed=True, windows=True, paid=True), seed)
    work = laid(stage, order)
    if work.tour[0, STOPS] == 0:
        return  # too late even without a tip: it was not laid
    said = asked(stage, work, PLACE_TIPS, 0, NOBODY, NOBODY)
    assert said >= tried(stage, order) - 2 * len(order) - 4
    if said < NEVER:
        assert asked(stage, work, REWRITE, 0, NOBODY, NOBODY) == pytest.approx(said, abs=1)


def test_what_no_vehicle_holds_cannot_be_split() -> None:
    stage, _ = posed(Class(sites=1), 1)
    use = stage.scene.use.copy()
    use[:, 0, 0] = 100.0
    stage = replace(stage, scene=stage.scene._replace(use=use))
    assert asked(stage, laid(stage, [1, 0]), PLACE_TIPS, 0, NOBODY, NOBODY) >= NEVER // 2


def test_nothing_to_do_costs_nothing() -> None:
    stage, _ = posed(Class(sites=1), 1)
    assert asked(stage, empty(stage, 1), PLACE_TIPS, 0, NOBODY, NOBODY) == 0
