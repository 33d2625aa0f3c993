from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.child import _measured
from benchmarks.figures import campaign, lines
from benchmarks.figures.campaign import Plan, adjusted, cores, gone_through, is_run, tasks, told
from benchmarks.figures.core import Goal, Group
from benchmarks.figures.lines import read_lines
from tests.benchmarks.figures.lines import line
from tests.benchmarks.sets import small

GROUP = Group(
    id="tiny",
    what="tiny",
    measure="better",
    must=Goal(words="must", value=0.0),
    stretch=Goal(words="stretch", value=50.0),
    instances=("made-up:8:1", "made-up:8:2"),
    core=("made-up:8:1",),
    seconds=0.3,
    seeds=2,
    ours="pyvrp-1000",
    peers=("nearest", "vroom"),
    core_peers=("nearest",),
)


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measure in this process, and leave it on all its cores; ``test_child`` starts processes."""
    monkeypatch.setattr(campaign, "alone", lambda function, *args, limit_s: _measured(function, args))  # noqa: ARG005
    monkeypatch.setattr(campaign, "cores", lambda *_: ())
    monkeypatch.setattr(campaign, "cores", lambda *_: ())


def asked(plan: Plan) -> list[tuple[str, str, int]]:
    return [(task.instance, task.engine, task.seed) for task in tasks(adjusted(plan.groups[0], plan), plan)]


def test_the_short_list_and_the_whole() -> None:
    core = Plan(groups=(GROUP,), core=True)
    assert asked(core) == [("made-up:8:1", "pyvrp-1000", 1), ("made-up:8:1", "nearest", 1)]
    whole = asked(Plan(groups=(GROUP,), core=False))
    assert len(whole) == 2 * (2 + 1 + 1)  # engines without random numbers have one seed
    mine = replace(core, engines=("nearest", "pyvrp-default"), seeds=3, seconds=0.2)
    assert sorted(engine for _, engine, _ in asked(mine)) == ["nearest", *3 * ["pyvrp-default"]]
    assert adjusted(GROUP, mine).ours == "nearest"
    assert adjusted(GROUP, replace(mine, engines=("nearest", "pyvrp-1000"))).ours == "pyvrp-1000"
    assert adjusted(GROUP, mine).seconds == 0.2
    assert not is_run(replace(GROUP, core=()), core)
    gone = replace(GROUP, instances=("nowhere/*.dat",))
    assert asked(replace(core, groups=(gone,), core=False)) == []


def test_runs_go_on_where_they_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = Plan(groups=(GROUP, replace(GROUP, id="same")), core=True, lines=tmp_path / "lines.jsonl")
    first = gone_through(plan)
    assert [one["engine"] for one in first] == ["pyvrp-1000", "nearest"]  # the groups share their runs
    assert all(one["violations"] == [] and one["commit"] is not None and one["cores"] == 1 for one in first)
    monkeypatch.setattr(campaign, "one", None)
    assert [one["cost"] for one in gone_through(plan)] == [one["cost"] for one in first]
    assert len(read_lines(plan.lines)) == 2


def test_runs_are_kept_though_sources_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = Plan(groups=(GROUP,), core=True, lines=tmp_path / "lines.jsonl", keep=("nearest",))
    first = gone_through(plan)
    monkeypatch.setattr(lines, "code", lambda _: "changed")
    again = gone_through(plan)
    assert [one["engine"] for one in again] == ["pyvrp-1000", "nearest"]
    assert [one["code"] == "changed" for one in again] == [True, False]
    assert again[1] == json.loads(json.dumps(first[1]))
    assert len(read_lines(plan.lines)) == 3


def test_what_fails_is_told_and_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("the engine broke")

    plan = Plan(groups=(GROUP,), core=True, lines=tmp_path / "lines.jsonl", engines=("nearest",))
    with monkeypatch.context() as broken:
        broken.setattr(campaign, "one", fails)
        (bad,) = gone_through(plan)
    assert bad["failed"] == "RuntimeError: the engine broke"
    (good,) = gone_through(plan)
    assert good["cost"] > 0
    assert len(read_lines(plan.lines)) == 2


def test_an_engine_that_is_not_there_is_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = Plan(groups=(replace(GROUP, ours="strongest"),), core=True, lines=tmp_path / "lines.jsonl")
    assert [one["engine"] for one in gone_through(plan)] == ["nearest"]
    assert "no engine strongest yet" in capsys.readouterr().err


def test_a_published_instance_is_compared_with_the_best_known(tmp_path: Path) -> None:
    folder = tmp_path / "benchmarks"
    folder.mkdir()
    (folder / "tiny.vrp").write_text(small.CVRP, encoding="utf-8")
    (folder / "bks.csv").write_text("file,bks,proven,vehicles,objective\ntiny.vrp,16,no,2,distance\n", encoding="utf-8")
    group = replace(GROUP, instances=("*.vrp",), core=(), core_peers=(), ours="nearest", peers=("vroom",))
    plan = Plan(groups=(group,), core=False, engines=("nearest",), data=tmp_path, lines=tmp_path / "lines.jsonl")
    (found,) = gone_through(plan)
    assert (found["instance"], found["bks"], found["bks_vehicles"]) == ("tiny.vrp", 16.0, 2)
    assert found["above_percent"] == pytest.approx(100 * (found["cost"] / 16 - 1), abs=1e-3)


def test_a_run_in_a_few_words() -> None:
    assert told(line("a", "x", None)) == "a x seed 1 10 s failed: RuntimeError: no"
    words = told(line("a", "x", 12.5, above_percent=-0.5, cores=2, violations=["left-out"]))
    assert words == "a x seed 1 10 s 2 cores -> 12.5 (-0.50 %) 3 vehicles cpu 9.9 s 200 MB left-out"


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="this system does not pin processes")
def test_cores_are_those_that_may_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2, 3})
    monkeypatch.setattr(campaign.psutil, "cpu_percent", lambda *_, **__: [90.0, 10.0, 50.0, 20.0])
    assert cores(1) == (1,)
    assert cores(2) == (1, 3)
    assert cores(1, (0, 2)) == (2,)
    assert cores(1, (3,)) == (3,)
    assert cores(8) == (0, 1, 2, 3)
