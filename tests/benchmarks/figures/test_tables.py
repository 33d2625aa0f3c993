from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from benchmarks.figures import pictures, tables
from benchmarks.figures.campaign import Plan
from benchmarks.figures.core import Goal
from benchmarks.options import NO_DATA
from benchmarks.table import as_dict, markdown
from tests.benchmarks.figures.lines import line
from tests.benchmarks.figures.test_verdict import GROUP, LINES

AWAY = replace(GROUP, id="away", measure="elsewhere", command="python -m benchmarks town")
PLAN = Plan(groups=(replace(GROUP, core=("a", "b"), core_peers=GROUP.peers, core_seeds=2), AWAY), core=True)
SHORT = replace(PLAN, groups=(*PLAN.groups, replace(GROUP, id="long")))


def test_the_figures_beside_their_goals() -> None:
    told = as_dict(tables.figures(SHORT, LINES))
    tips, away, long = told["rows"]
    assert (tips["must"], tips["stretch"], tips["reached"]) == ("m", "s", "must")
    assert tips["command"] == "python -m benchmarks figures g --core"
    assert "fast" in tips["peers"]
    assert away["command"] == "python -m benchmarks town"
    assert long["measured"] == "not in the core list: name it"
    assert told["notes"][0] == "7 runs, 2026-11-23T10:00+00:00 to 2026-11-23T10:00+00:00; P; commits abc"
    assert as_dict(tables.figures(PLAN, []))["rows"][0]["measured"] == "nothing"


def test_rows_that_lack_their_files_are_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert NO_DATA not in tables.figures(replace(SHORT, data=tmp_path), LINES).notes
    monkeypatch.delenv("MZUNGUKO_DATA", raising=False)
    assert NO_DATA in tables.figures(replace(SHORT, data=None), LINES).notes


def test_a_goal_that_is_not_reached_says_by_how_much() -> None:
    far = replace(SHORT.groups[0], must=Goal(words="m", value=99.0))
    (row,) = as_dict(tables.figures(replace(SHORT, groups=(far,)), LINES))["rows"]
    assert row["reached"].startswith("no: mean by ")


def test_what_was_disturbed_late_or_broken_is_said() -> None:
    notes = tables.notes([line("a", "x", 1.0, cpu_s=5.0, wall_s=20.0), line("b", "x", 1.0, violations=["left-out"])])
    assert "1 runs had less than 90% of their cores" in notes
    assert "late: x on a: 20.0 s" in notes
    assert "1 plans broke a rule or left something out and do not count" in notes
    assert tables.notes([]) == ("nothing was run",)


def test_a_cost_below_a_proven_optimum_is_an_alarm() -> None:
    proven = line("a", "x", 99.0, bks=100.0, bks_proven=True, above_percent=-1.0)
    (*_, said) = tables.notes([proven])
    assert said == "below a proven optimum, so a reader or a rule is wrong: x on a"
    for harmless in (proven | {"bks_proven": False}, proven | {"above_percent": 0.0}):
        assert not any("proven" in note for note in tables.notes([harmless]))


def test_instances_and_means() -> None:
    bad = [line("b", "ours", None, seed=2), line("b", "fast", 1.0, violations=["left-out"], seed=2)]
    (table,) = tables.instances(PLAN, [*LINES, *bad])
    first, *_ = rows = as_dict(table)["rows"]
    assert (first["instance"], first["engine"], first["seeds"], first["cost"]) == ("a", "ours", 2, 92.0)
    assert (first["best"], first["worst"]) == (90.0, 94.0)
    assert [row["ours to it"] for row in rows if row["engine"] == "fast"] == pytest.approx([0.92, 1.01, 0.965])
    assert [(row["seeds"], row["count"]) for row in rows if row["instance"] == "mean"] == [(4, 3), (2, 2), (3, 2)]
    assert "b, ours: failed: RuntimeError: no (1 of 2)" in table.notes
    assert "b, fast: left-out (1 of 2)" in table.notes
    assert "| a | ours | 2 | 2 | 92.000 |" in markdown(table)


def test_cores_are_told_apart() -> None:
    group = replace(GROUP, measure="sooner", cores=(1, 2), peers=(), core=("a",), must=Goal(words="m", value=9.0))
    plan = Plan(groups=(group,), core=True)
    lines = [line("a", "ours", 150.0), line("a", "ours", 100.0, cores=2)]
    (table,) = tables.instances(plan, lines)
    assert [row[1] for row in table.rows] == 2 * ["ours, 1 cores", "ours, 2 cores"]
    assert as_dict(tables.figures(plan, lines))["rows"][0]["reached"] == "must"


def test_a_picture_for_the_group_and_each_instance(tmp_path: Path) -> None:
    lines = [*LINES, line("b", "slow", None, seed=2)]
    files = pictures.draw(tmp_path, PLAN, lines)
    assert [file.name for file in files] == ["g.svg", "g-a.svg", "g-b.svg"]
    for file in files:
        assert ET.parse(file).getroot().tag.endswith("svg")
    text = files[0].read_text(encoding="utf-8")
    assert "above the best found here" in text
    assert text.count('stroke-width="1.8"') == 3
    known = [line("a", "ours", 90.0, bks=80.0)]
    (only,) = pictures.draw(tmp_path / "known", PLAN, known)
    assert "above the best known" in only.read_text(encoding="utf-8")
    assert pictures.draw(tmp_path / "none", PLAN, []) == []


def test_gaps_begin_with_the_first_whole_plan_and_never_rise() -> None:
    run = line("a", "ours", 100.0, trace=[(1.0, 50.0, 2), (2.0, 120.0, 0), (3.0, 130.0, 0), (4.0, 110.0, 0)])
    assert pictures.gaps(run, 100.0) == [(2.0, 20.0), (3.0, 20.0), (4.0, 10.0)]
