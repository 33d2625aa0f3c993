from __future__ import annotations

import os
from pathlib import Path

import pytest

from benchmarks.child import alone
from benchmarks.figures.one import Task, merged, one, pin, refused, small
from benchmarks.instances import reload_instance
from benchmarks.sets.registry import read_instance
from optimiser.rounds.problem import Choice
from tests.benchmarks.sets import small as texts


def task(read: str, engine: str, seconds: float = 0.5, **more: object) -> Task:
    return Task(instance=read, read=read, engine=engine, seed=1, seconds=seconds, **more)


def pinned_to(on: tuple[int, ...]) -> tuple[bool, set[int]]:
    return pin(on), os.sched_getaffinity(0)


@pytest.mark.parametrize("engine", ["nearest", "pyvrp", "pyvrp-default", "pyvrp-1000"])
def test_a_run_says_what_was_found_and_what_it_took(engine: str) -> None:
    said = one(task("made-up:12:1", engine))
    assert said["violations"] == []
    assert (said["name"], said["stops"], said["left_out"], said["pinned"]) == ("made-up:12:1", 12, 0, False)
    assert min(said["cost"], said["vehicles"], said["wall_s"]) > 0
    assert said["ready_s"] >= 0
    assert said["cpu_s"] > 0 or said["wall_s"] < 0.02  # processor time is counted in ticks of 10 ms
    assert said["peak_mb"] > 50
    moments, costs, missing = zip(*said["trace"], strict=True)
    assert list(moments) == sorted(moments)
    assert costs[-1] == pytest.approx(said["cost"], abs=1e-3)
    assert missing[-1] == 0


def test_the_trace_is_in_the_convention_of_the_set(tmp_path: Path) -> None:
    file = tmp_path / "tiny"
    file.write_text(texts.SOLOMON, encoding="utf-8")  # the cost is distance; a vehicle costs more than any of it
    said = one(task(str(file), "pyvrp", objective="vehicles"))
    assert said["objective"] == "vehicles"
    assert said["trace"][-1][1] == pytest.approx(said["cost"], abs=1e-3)
    assert all(cost < 10 * said["cost"] for _, cost, _ in said["trace"])


def test_days_of_a_period_add_up(tmp_path: Path) -> None:
    file = tmp_path / "days"
    file.write_text(texts.TEXTS["pvrpif"], encoding="utf-8")
    said = one(task(str(file), "nearest"))
    assert said["cost"] == 21 + 19
    assert said["trace"][-1][1:] == (40.0, 0)


def test_who_cannot_take_a_problem_says_why(tmp_path: Path) -> None:
    file = tmp_path / "arcs"
    file.write_text(texts.CARP, encoding="utf-8")
    assert "more than one place" in one(task(str(file), "pyvrp-default"))["skipped"]
    assert "knows no unloading sites" in one(task("made-up:12:1", "vroom"))["skipped"]
    assert refused("strongest", reload_instance(5)) == ("there is no engine 'strongest'",)
    assert refused("auto", reload_instance(5)) == ()


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system does not pin processes")
def test_a_run_keeps_to_its_cores() -> None:
    core = min(os.sched_getaffinity(0))
    assert alone(pinned_to, (core,)).value == (True, {core})
    assert pin(()) is False


def test_traces_of_parts_begin_when_every_part_has_a_plan() -> None:
    first, second = [(1.0, 10.0, 1), (3.0, 8.0, 0)], [(2.0, 5.0, 0)]
    assert merged([first, second]) == [(4.0, 15.0, 1), (6.0, 13.0, 0)]
    assert merged([first]) == first
    assert merged([first, []]) == []


def test_a_small_problem_is_of_the_same_kind() -> None:
    problem = reload_instance(30)
    few = small(problem)
    assert (len(few.stops), len(few.vehicles)) == (6, 1)
    assert few.tip_sites == problem.tip_sites
    ids = [stop.id for stop in problem.stops]
    choosy = type(problem)(
        dimensions=problem.dimensions,
        stops=problem.stops,
        tip_sites=problem.tip_sites,
        vehicles=problem.vehicles,
        travel=problem.travel,
        choices=(Choice(id="c", options=((ids[0],), (ids[1],))),),
    )
    assert [stop.id for stop in small(choosy).stops] == ids[2:8]


@pytest.mark.parametrize("form", sorted(texts.TEXTS))
def test_a_small_problem_can_be_made_of_every_set(form: str, tmp_path: Path) -> None:
    file = tmp_path / "tiny"
    file.write_text(texts.TEXTS[form], encoding="utf-8")
    assert small(read_instance(file, form=form).parts[0].problem).stops
