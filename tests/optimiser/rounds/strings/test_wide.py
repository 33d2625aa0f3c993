"""Plans too large for arrays of all legs: each part has its own, and they are those of the whole."""

from __future__ import annotations

import numpy as np
import pytest

from optimiser.result import Budget
from optimiser.rounds.check import check
from optimiser.rounds.engines import strings
from optimiser.rounds.plan import Plan
from optimiser.rounds.strings import epochs, scene
from optimiser.rounds.strings import search as searching
from optimiser.rounds.strings.desk import Laid, best_rounds, empty, load
from optimiser.rounds.strings.layout import ABSENT, BEST, FAR, NOW
from optimiser.rounds.strings.neighbourhoods import positions
from optimiser.rounds.strings.parts import Share, first_shares, part, sub_stage
from optimiser.rounds.strings.scene import Stage
from tests.optimiser.rounds.strings.oracle import consistent
from tests.optimiser.rounds.strings.posed import CLASSES, problem_of, staged
from tests.optimiser.rounds.strings.test_epochs import run

LABELLED = [name for name in CLASSES if not name.startswith("plain")]
every_class = pytest.mark.parametrize("name", LABELLED)


@pytest.fixture
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let even a dozen stops be too many for arrays of all legs."""
    monkeypatch.setattr(scene, "WIDE_FROM", 0)
    monkeypatch.setattr(scene, "MOST_WHOLE_BYTES", 0.0)
    for name, value in (("PART", 4), ("LEAST_PART", 2), ("CLOCKED_PART", 4), ("LEAST_CLOCKED_PART", 2)):
        monkeypatch.setattr(searching, name, value)
    for name in ("IN_PARTS_FROM", "CLOCKED_FROM"):
        monkeypatch.setattr(searching, name, 0)
    monkeypatch.setattr(searching, "LEAST_ROUNDS", 1)
    monkeypatch.setattr(epochs, "ITERATIONS_PER_STOP", 3)


def both(name: str, seed: int, monkeypatch: pytest.MonkeyPatch) -> tuple[Stage, Stage]:
    """Return the stage of a problem with arrays of all legs, and without."""
    problem, found = problem_of(CLASSES[name], seed), []
    for stops, most in ((10**9, 1e9), (0, 0.0)):
        with monkeypatch.context() as patch:
            patch.setattr(scene, "WIDE_FROM", stops)
            patch.setattr(scene, "MOST_WHOLE_BYTES", most)
            found.append(staged(problem))
    return found[0], found[1]


@every_class
def test_what_is_known_beforehand_is_what_arrays_say(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    dense, wide = both(name, 7, monkeypatch)
    assert wide.wide
    assert not dense.wide
    assert wide.scene.cost.shape == (1, 1, 1)
    ratio = dense.tick / wide.tick
    for field in ("near_cost", "far"):
        one, other = getattr(dense.scene, field), getattr(wide.scene, field)
        there = one < FAR
        assert (there == (other < FAR)).all()
        assert np.allclose(one[there] * ratio, other[there], rtol=1e-4, atol=2.0 * max(1.0, ratio))
    assert wide.leg == pytest.approx(dense.leg * ratio, rel=1e-3)
    assert np.allclose(positions(dense) * ratio, positions(wide), rtol=1e-2, atol=1e-2 * np.abs(positions(wide)).max())


@every_class
def test_a_part_has_the_legs_of_the_whole(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    dense, wide = both(name, 3, monkeypatch)
    stops = np.array([0, 2, 3, 7])
    own = sub_stage(wide, Share(stops, np.array([0, 1])))
    assert not own.wide
    assert own.scene.work_time.shape[1] < dense.scene.work_time.shape[1]
    ours = np.concatenate([own.ways[:4].ravel(), own.scene.site_ways.ravel(), own.scene.depot])
    theirs = np.concatenate([dense.ways[stops].ravel(), dense.scene.site_ways.ravel(), dense.scene.depot])
    assert ((ours < 0) == (theirs < 0)).all()
    ours, theirs = ours[ours >= 0], theirs[theirs >= 0]
    grid, whole = np.ix_(ours, ours), np.ix_(theirs, theirs)
    for k in range(len(dense.scene.cost)):
        for field in ("time", "time_back"):
            assert (getattr(own.scene, field)[k][grid] == getattr(dense.scene, field)[k][whole]).all()
        for field in ("cost", "back"):
            one = getattr(dense.scene, field)[k][whole] * (dense.tick / wide.tick)
            assert np.allclose(getattr(own.scene, field)[k][grid], one, rtol=1e-4, atol=dense.tick / wide.tick + 1.0)
    for field in ("work_time", "opens", "closes"):
        assert (getattr(own.scene, field)[:, ours] == getattr(dense.scene, field)[:, theirs]).all()


@pytest.mark.usefixtures("wide")
@every_class
def test_the_engine_keeps_every_rule(name: str) -> None:
    problem = problem_of(CLASSES[name], 11)

    def answer(threads: int) -> Plan:
        budget = Budget(iterations=200, threads=threads)
        return strings.solve(problem, budget=budget, seed=2, initial=None, on_progress=lambda _: None).plan

    found = answer(2)
    assert check(problem, found) == ()
    served = {one for tour in found.rounds for one in tour.stops}
    assert served
    assert served | {left.stop for left in found.unserved} == {one.id for one in problem.stops}
    assert found == answer(1)


@pytest.mark.usefixtures("wide")
@pytest.mark.parametrize("name", ["tips", "windows and modes", "all"])
def test_the_best_plan_costs_what_the_parts_sum_to(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    dense, stage = both(name, 4, monkeypatch)
    _, work = run(stage)
    again = empty(dense, 1)
    load(dense, again, best_rounds(stage, work))
    consistent(dense, again)
    out = int(again.purse[ABSENT])
    prizes = float(dense.scene.prize[again.absent[:out]].sum() * dense.tick)
    theirs = float(stage.scene.prize[again.absent[:out]].sum() * stage.tick)
    mine = work.purse[BEST] * stage.tick - theirs
    assert mine == pytest.approx(again.purse[NOW] * dense.tick - prizes, rel=1e-4)


@pytest.mark.usefixtures("wide")
def test_it_goes_on_from_a_plan_at_hand() -> None:
    problem = problem_of(CLASSES["tips and windows"], 2)
    first = strings.solve(problem, budget=Budget(iterations=300), seed=1, initial=None, on_progress=lambda _: None).plan
    again = strings.solve(problem, budget=Budget(iterations=0), seed=1, initial=first, on_progress=lambda _: None).plan
    assert {tour.vehicle: tour.stops for tour in again.rounds} == {tour.vehicle: tour.stops for tour in first.rounds}


def test_rounds_that_are_late_are_put_in_anew() -> None:
    stage = staged(problem_of(CLASSES["windows"], 1))
    n, vehicles = stage.scene.n, len(stage.vehicles)
    visits = np.arange(n)
    first = np.array([0, *[n] * vehicles])  # one vehicle for everything: never in time
    own = part(stage, Laid(visits, first), Share(visits, np.arange(vehicles)), 1)
    assert own.work.purse[ABSENT] == n
    consistent(own.stage, own.work)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_start_deals_out_stops_by_place_and_load_and_vehicles_by_kind(count: int) -> None:
    stage = staged(problem_of(CLASSES["modes, unlike vehicles"], 3))
    shares = first_shares(stage, positions(stage), count)
    assert len(shares) == count
    assert sorted(v for share in shares for v in share.stops.tolist()) == list(range(stage.scene.n))
    assert sorted(k for share in shares for k in share.rounds.tolist()) == list(range(len(stage.vehicles)))
    loads = [stage.scene.use[0, share.stops, 0].sum() for share in shares]
    assert max(loads) - min(loads) <= 2 * stage.scene.use[0, :, 0].max() * max(1, count - 1)


def test_a_small_plan_is_not_wide() -> None:
    assert not staged(problem_of(CLASSES["all"], 1)).wide
