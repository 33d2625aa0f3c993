"""A whole town as a benchmark: the problem, the peer by savings and blocks, and what is told of a run."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks import blocks, command, town_run
from benchmarks.child import _measured
from benchmarks.town import GAP_DAYS, PROFILE, RESERVE, STREAM, Town, town
from network.sources.made_up import twelve_junctions
from optimiser.result import OnProgress, Progress
from optimiser.rounds.check import check
from optimiser.rounds.deadline import Deadline
from optimiser.rounds.merit import left_out, merit
from optimiser.rounds.plan import Plan
from optimiser.rounds.problem import Limit, RoundsProblem, Shift, Shipment
from optimiser.rounds.savings import reasons_against, savings_plans
from optimiser.rounds.schedule import planned
from optimiser.travel import UNREACHABLE, DenseTravel


@pytest.fixture(scope="module")
def small() -> Town:
    return town(twelve_junctions(), "twelve-junctions")


@pytest.fixture(scope="module")
def tight(small: Town) -> RoundsProblem:
    """The town with small, short-lived trucks: several rounds, some of them of two trips."""
    truck = small.problem.vehicles[0]
    limit = Limit(name="payload", weights={STREAM: 1.0}, at_most=900.0)
    shift = Shift(start_s=0.0, end_s=86_400.0, max_duration_s=5_400.0)
    crews = tuple(replace(truck, id=f"truck-{n}", limits=(limit,), shift=shift) for n in range(6))
    return replace(small.problem, vehicles=crews)


def listened() -> tuple[list[Progress[Plan]], OnProgress[Plan]]:
    news: list[Progress[Plan]] = []
    return news, news.append


def test_every_metre_of_the_town_is_collected(small: Town) -> None:
    length_m = float(twelve_junctions().length_m.sum())
    assert small.kg == pytest.approx(2 * length_m * 0.15 * GAP_DAYS)
    assert small.kg == pytest.approx(sum(stop.loads[STREAM] for stop in small.problem.stops))
    assert small.cut_off == 0
    assert {site.id for site in small.problem.tip_sites} == {"site-1", "site-2"}


def test_sides_have_modes_and_no_choices(small: Town) -> None:
    assert small.problem.choices == ()
    assert max(len(stop.modes) for stop in small.problem.stops) == 2
    assert all(mode.service_s > 0 for stop in small.problem.stops for mode in stop.modes)
    longer, shorter = (
        (max if n else min)(small.problem.stops, key=lambda stop: stop.modes[0].distance_m) for n in (1, 0)
    )
    assert longer.modes[0].service_s > shorter.modes[0].service_s


def test_the_same_town_twice_is_the_same(small: Town) -> None:
    again = town(twelve_junctions(), "twelve-junctions")
    assert again.problem.stops == small.problem.stops
    assert again.problem.vehicles == small.problem.vehicles
    one, other = (each.problem.travel[PROFILE] for each in (small, again))
    rows, columns = np.arange(len(one.leaving)), np.arange(len(one.arriving))
    assert np.array_equal(one.block(rows, columns)[0], other.block(rows, columns)[0])


def test_the_fleet_has_a_reserve(small: Town) -> None:
    work_s = sum(min(mode.service_s for mode in stop.modes) for stop in small.problem.stops)
    assert len(small.problem.vehicles) * 8 * 3600 >= RESERVE * work_s


def test_a_town_without_residential_streets_is_refused() -> None:
    network = twelve_junctions()
    empty = replace(network, tags={**network.tags, "highway": replace(network.tag("highway"), values=("", "trunk"))})
    with pytest.raises(ValueError, match="no residential street"):
        town(empty, "nowhere")


def test_sides_that_nobody_can_leave_are_counted_and_left_out(small: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    posed = replace(small.problem, vehicles=small.problem.vehicles[:1])
    travel = posed.travel[PROFILE]
    rows, columns = np.arange(len(travel.leaving)), np.arange(len(travel.arriving))
    ms, dm = (values.copy() for values in travel.block(rows, columns))
    lost = posed.stops[0]
    for mode in lost.modes:
        ms[travel.row(mode.leave)] = dm[travel.row(mode.leave)] = UNREACHABLE
    cut = DenseTravel(leaving=travel.leaving, arriving=travel.arriving, duration_ms=ms, distance_dm=dm)
    monkeypatch.setattr("benchmarks.town._posed", lambda *_: replace(posed, travel={PROFILE: cut}))
    found = town(twelve_junctions(), "twelve-junctions")
    ways = {mode.leave for mode in lost.modes}
    expected = [stop for stop in posed.stops if {mode.leave for mode in stop.modes} - ways]
    assert found.cut_off == len(posed.stops) - len(expected) > 0
    assert list(found.problem.stops) == expected


def test_savings_serve_everything_within_the_rules(tight: RoundsProblem) -> None:
    plans = list(savings_plans(tight))
    assert len(plans) == 4
    assert all(check(tight, plan) == () for plan in plans)
    best = min(plans, key=lambda plan: merit(tight, plan))
    assert not left_out(tight, best)
    assert len(best.rounds) > 1


def test_savings_leave_out_what_the_fleet_cannot_do(tight: RoundsProblem) -> None:
    few = replace(tight, vehicles=tight.vehicles[:1])
    for plan in savings_plans(few):
        assert check(few, plan) == ()
        assert left_out(few, plan)


def test_savings_say_what_they_cannot_take(tight: RoundsProblem) -> None:
    a, b = tight.stops[:2]
    tied = replace(tight, shipments=(Shipment(id="pair", pickup=a.id, delivery=b.id),))
    assert reasons_against(tight) == ()
    assert reasons_against(tied) == ("stops are tied",)
    nowhere = replace(tight, stops=tuple(replace(stop, at=None) for stop in tight.stops))
    with pytest.raises(ValueError, match="no position"):
        list(savings_plans(nowhere))


def test_a_block_is_a_problem_of_its_own(tight: RoundsProblem) -> None:
    plan = next(plan for plan in savings_plans(tight) if len(plan.rounds) > 1)
    tour = plan.rounds[0]
    part = blocks.restricted(tight, tour.stops, {tour.vehicle})
    assert {stop.id for stop in part.stops} == set(tour.stops)
    own = planned(part, [tour])
    assert check(part, own) == ()
    task = blocks.Task(problem=part, plan=Plan(rounds=(), unserved=planned(part, []).unserved), seconds=0.6, seed=1)
    found = blocks.improved(task)
    assert found is not None
    assert check(part, found.plan) == ()
    assert found.weight > 0


def test_blocks_hold_every_round_once(tight: RoundsProblem) -> None:
    plan = max(savings_plans(tight), key=lambda plan: len(plan.rounds))
    desk = blocks.Desk(
        problem=tight,
        deadline=Deadline(seconds=1.0),
        rng=np.random.default_rng(1),
        on_progress=lambda _: None,
        rounds={tour.vehicle: tour for tour in plan.rounds},
    )
    for by_angle in (True, False):
        groups = blocks._blocks(desk, 4, by_angle=by_angle)
        assert sorted(vehicle for group in groups for vehicle in group) == sorted(desk.rounds)
        assert min(len(group) for group in groups) >= min(2, len(plan.rounds))
    spare = blocks._loose(desk, groups)
    assert sorted(stop for own in spare for stop in own) == sorted(left.stop for left in plan.unserved)


def test_blocks_go_on_from_savings(tight: RoundsProblem) -> None:
    news, listen = listened()
    answer = blocks.solve(tight, seconds=300.0, seed=1, on_progress=listen, block_s=0.5, sweeps=2)
    assert check(tight, answer.plan) == ()
    assert not left_out(tight, answer.plan)
    assert answer.iterations > 0
    best = min(merit(tight, plan) for plan in savings_plans(tight))
    assert merit(tight, answer.plan) <= best
    assert news[0].stage == "savings"
    assert news[-1].cost == pytest.approx(merit(tight, answer.plan)[-1], abs=0.01)


def test_a_run_says_what_was_found_when(
    small: Town, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(town_run, "alone", lambda function, *args: _measured(function, args))
    monkeypatch.setattr(town_run, "read_town", lambda _: small)
    file = tmp_path / "town.osm.pbf"
    file.touch()
    given = ["town", str(file), "--engine", "nearest", "--seconds", "2"]
    assert command.main([*given, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["violations"] == []
    assert said["left_out"] == 0
    assert said["sides"] == len(small.problem.stops)
    assert said["first_s"] == said["trace"][0][0]
    assert said["trace"][-1][2] == pytest.approx(said["cost"], abs=0.01)
    assert said["peak_mb"] > 0
    assert command.main(given) == 0
    assert "twelve-junctions" in capsys.readouterr().out


def test_a_town_needs_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.main(["town"])
    assert "street extracts" in capsys.readouterr().err
