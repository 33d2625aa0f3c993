"""A plan in parts: nothing is lost, nothing costs anything else, and one part is the whole."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimiser.rounds.strings.anneal import anneal
from optimiser.rounds.strings.desk import Laid, clear, empty, lay, rings
from optimiser.rounds.strings.layout import ABSENT, BEST, COST, NEXT, NOW, Work
from optimiser.rounds.strings.parts import Part, Share, part, shares_of, sub_stage, together
from optimiser.rounds.strings.scene import Stage
from optimiser.rounds.strings.views import table
from tests.optimiser.rounds.strings.oracle import consistent
from tests.optimiser.rounds.strings.posed import CLASSES, problem_of, searched, staged

every_class = pytest.mark.parametrize("name", list(CLASSES))


def now(stage: Stage, work: Work) -> Laid:
    """Return the current plan."""
    return rings(stage, work.link[:, NEXT], work.site)


def same(one: Laid, other: Laid) -> bool:
    """Return whether two plans are alike to the last visit."""
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def whole(stage: Stage) -> Share:
    """Return the part that is everything."""
    return Share(np.arange(stage.scene.n), np.arange(len(stage.vehicles)))


def divided(stage: Stage, laid: Laid, seed: int) -> list[Share]:
    """Return parts by chance."""
    rng = np.random.default_rng(seed)
    busy = np.diff(laid.first) > 0
    return shares_of(stage, laid, np.where(busy, rng.integers(0, 3, len(busy)), -1), seed)


def made(stage: Stage, laid: Laid, shares: list[Share], iterations: int = 0) -> list[Part]:
    """Return the parts of a plan after so many iterations."""
    parts = [part(stage, laid, share, at) for at, share in enumerate(shares)]
    for one in parts:
        near = one.stage.scene.near.shape[1]
        anneal(table(one.stage.scene), table(one.work), iterations, 2.0 * stage.leg, 0.99, near)
    return parts


def absent_prizes(stage: Stage, work: Work) -> int:
    """Return what the stops cost that are left out."""
    return int(stage.scene.prize[work.absent[: work.purse[ABSENT]]].sum())


@every_class
def test_one_part_is_the_whole(name: str) -> None:
    stage = staged(problem_of(CLASSES[name], 1))
    work = searched(stage)
    laid = now(stage, work)
    one = part(stage, laid, whole(stage), 5)
    other = empty(stage, 5)
    lay(stage, other, laid)
    for iterations in (0, 40):
        anneal(table(stage.scene), table(other), iterations, 3.0 * stage.leg, 1.0, stage.scene.near.shape[1])
        anneal(table(one.stage.scene), table(one.work), iterations, 3.0 * stage.leg, 1.0, stage.scene.near.shape[1])
        assert np.array_equal(one.work.link, other.link)
        assert np.array_equal(one.work.site, other.site)
        assert np.array_equal(one.work.dice, other.dice)
        assert one.work.purse[NOW] == other.purse[NOW]


@every_class
def test_a_plan_is_laid_as_the_search_left_it(name: str) -> None:
    stage = staged(problem_of(CLASSES[name], 2))
    work = searched(stage)
    laid, cost = now(stage, work), int(work.purse[NOW])
    costs, served = work.tour[:, COST].copy(), int(work.purse[ABSENT])
    clear(stage, work)
    assert work.purse[ABSENT] == stage.scene.n
    lay(stage, work, laid)
    consistent(stage, work)
    assert same(now(stage, work), laid)
    assert work.purse[NOW] == work.purse[BEST] == cost
    assert work.purse[ABSENT] == served
    if stage.scene.labelled:
        assert np.array_equal(work.tour[:, COST], costs)


@every_class
@given(seed=st.integers(0, 10_000))
@settings(max_examples=8, deadline=None)
def test_the_costs_of_parts_sum_to_that_of_the_whole_before_and_after(name: str, seed: int) -> None:
    stage = staged(problem_of(CLASSES[name], seed % 7))
    work = searched(stage, seed=seed, iterations=seed % 50)
    laid = now(stage, work)
    shares = divided(stage, laid, seed)
    assert sum(int(one.work.purse[NOW]) for one in made(stage, laid, shares)) == work.purse[NOW]
    parts = made(stage, laid, shares, iterations=60)
    for chosen, cost in ((NEXT, NOW), (None, BEST)):
        plans = [
            (
                one.share,
                rings(one.stage, one.work.link[:, NEXT], one.work.site)
                if chosen is NEXT
                else rings(one.stage, one.work.best_next, one.work.best_site),
            )
            for one in parts
        ]
        clear(stage, work)
        lay(stage, work, together(stage, plans))
        consistent(stage, work)
        assert work.purse[NOW] == sum(int(one.work.purse[cost]) for one in parts)


@every_class
@given(seed=st.integers(0, 10_000))
@settings(max_examples=8, deadline=None)
def test_every_stop_and_vehicle_is_in_one_part_and_comes_back(name: str, seed: int) -> None:
    stage = staged(problem_of(CLASSES[name], seed % 5))
    laid = now(stage, searched(stage, seed=seed, iterations=20))
    shares = divided(stage, laid, seed)
    assert sorted(v for share in shares for v in share.stops.tolist()) == list(range(stage.scene.n))
    assert sorted(k for share in shares for k in share.rounds.tolist()) == list(range(len(stage.vehicles)))
    parts = made(stage, laid, shares)
    assert same(together(stage, [(one.share, now(one.stage, one.work)) for one in parts]), laid)
    for one in parts:
        consistent(one.stage, one.work)
        near = one.stage.scene.near
        theirs = stage.scene.near[one.share.stops]
        inside = np.isin(theirs, one.share.stops)
        for row, them, mine in zip(near, theirs, inside, strict=True):
            assert one.share.stops[row[row >= 0]].tolist() == them[mine].tolist()
            assert (row[int(mine.sum()) :] == -1).all()
        for field in ("near_cost", "barred"):
            known = getattr(one.stage.scene, field)[near >= 0]
            assert known.tolist() == getattr(stage.scene, field)[one.share.stops][inside].tolist()


def test_stops_left_out_go_where_their_neighbours_are_and_idle_vehicles_are_dealt_out() -> None:
    stage = staged(problem_of(CLASSES["plain, unlike vehicles"], 1))
    near, kinds = stage.scene.near, stage.kind_of
    stops = [v for v in range(stage.scene.n) if v != 3]
    half = len(stops) // 2
    laid = Laid(visits=np.array(stops), first=np.array([0, half, len(stops)] + [len(stops)] * (len(kinds) - 2)))
    part_of = np.array([0, 1] + [-1] * (len(kinds) - 2))
    for turn in range(3):
        shares = shares_of(stage, laid, part_of, turn)
        first = int(near[3, 0])
        assert [3 in share.stops for share in shares] == [first in stops[:half], first in stops[half:]]
        assert sorted(k for share in shares for k in share.rounds.tolist()) == list(range(len(kinds)))
    dealt = [shares_of(stage, laid, part_of, turn)[0].rounds.tolist() for turn in range(2)]
    assert dealt[0] != dealt[1]


def test_what_is_left_out_costs_the_same_in_its_part() -> None:
    stage = staged(problem_of(CLASSES["plain, limits of the day"], 4))
    work = searched(stage)
    laid = now(stage, work)
    parts = made(stage, laid, divided(stage, laid, 2))
    assert sum(absent_prizes(one.stage, one.work) for one in parts) == absent_prizes(stage, work) > 0


@pytest.mark.parametrize("name", ["tips, modes, unlike vehicles", "releases"])
def test_all_that_is_known_by_stop_is_cut(name: str) -> None:
    stage = staged(problem_of(replace(CLASSES[name], stops=13), 1))
    assert len(stage.vehicles) != 13
    own = sub_stage(stage, Share(np.array([1, 4, 5, 9]), np.array([0, 2]))).scene
    by_stop = {"use", "may", "prize", "near", "near_cost", "barred", "far"}
    by_stop |= {"ready"} if stage.scene.released else set()
    for called, field, mine in zip(own._fields, stage.scene, own, strict=True):
        if isinstance(field, np.ndarray):
            assert (13 in field.shape) == (called in by_stop), called
            axis = field.shape.index(13) if called in by_stop else 0
            assert np.shape(mine)[axis] == (4 if called in by_stop else field.shape[axis])
            assert (mine is field) == (called not in by_stop)
    assert (own.prize == stage.scene.prize[[1, 4, 5, 9]]).all()
    assert (own.use == stage.scene.use[:, [1, 4, 5, 9]]).all()
    assert (own.may == stage.scene.may[:, [1, 4, 5, 9]]).all()
    assert (own.far == stage.scene.far[[1, 4, 5, 9]]).all()
