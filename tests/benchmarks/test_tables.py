"""A tiny run of each table."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from benchmarks import command, growth, hubs, judged, plot, rounds, stages, street_runs, streets
from benchmarks import merged as merging
from benchmarks.child import Measured, _measured
from benchmarks.instances import hub_instance, reload_instance
from benchmarks.options import Options
from benchmarks.peers import bare_pyvrp
from benchmarks.table import Table, as_dict
from network.sources.osm_file import read_osm
from optimiser.hubs.problem import Aim
from tests.network.extracts import nodes_xml, street, ways_xml, write

QUICK = Options(seconds=1, seeds=1, data=None)


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measure in this process: to start one for every row takes seconds; ``test_child`` starts them."""
    for module in (growth, hubs, rounds, stages, streets):
        monkeypatch.setattr(module, "alone", lambda function, *args: _measured(function, args))


def rows(table: Table) -> list[dict]:
    return as_dict(table)["rows"]


def test_stages_of_the_smallest_sample() -> None:
    (table,) = stages.tables(QUICK, samples=("town",))
    names = [row["stage"] for row in rows(table)]
    assert names[0].startswith("start")
    assert {"read", "travel", "measure", "documents"} <= set(names)
    assert names[-1] == "whole"
    *parts, whole = rows(table)
    assert whole["seconds"] >= sum(row["seconds"] for row in parts[1:])
    most = max(row["peak MB"] for row in parts[1:])
    assert whole["peak MB"] >= 0.99 * most  # the system's own high-water mark lags a few pages behind
    assert any(note.startswith("town: ") and "stops" in note for note in table.notes)


def test_engines_against_each_other() -> None:
    (table,) = rounds.tables(QUICK, samples=(), made_up=12)
    by_engine = {row["engine"]: row for row in rows(table)}
    assert set(by_engine) == {*rounds.ENGINES, rounds.BARE}
    assert by_engine["pyvrp"]["ratio"] >= 1.0 or by_engine["pyvrp"]["ratio"] is None
    assert 1.0 in {row["ratio"] for row in by_engine.values()}
    assert all(row["net cost"] > 0 and row["tips"] > 0 for row in by_engine.values())


def test_a_bare_plan_serves_everybody_and_is_judged() -> None:
    problem = reload_instance(12, vehicles=2)
    scored = judged.score(problem, bare_pyvrp(problem, seconds=0.5, seed=1))
    assert scored.left_out == 0
    assert scored.net == pytest.approx(scored.km)
    assert scored.broken == ()


def test_ratios_compare_only_plans_that_leave_out_as_few() -> None:
    problem = reload_instance(12, vehicles=2)
    many = judged.solved(problem, "nearest", 1.0, 1)
    few = judged.Score(left_out=many.left_out + 1, net=many.net / 2, km=1.0, tips=1, vehicles=1, broken=())
    bad = judged.Score(left_out=0, net=1.0, km=1.0, tips=1, vehicles=1, broken=("site-closed",))
    runs = {
        name: [Measured(value=value, seconds=1.0, cpu_s=1.0, start_s=0.0, peak_mb=1.0, grown_mb=1.0)]
        for name, value in (("a", many), ("b", few), ("c", bad))
    }
    ratio = rounds.COLUMNS.index(next(c for c in rounds.COLUMNS if c.name == "ratio"))
    assert [(row[0], row[ratio]) for row in rounds._rows(runs)] == [("a", 1.0), ("b", None), ("c", None)]


def test_hubs_of_a_made_up_city() -> None:
    (table,) = hubs.tables(QUICK, city=(60, 8))
    assert len(rows(table)) == 6
    assert all(row["ours"] > 0 and row["proven gap pct"] >= 0 for row in rows(table))


def test_hubs_of_published_instances_beside_other_programs(data_dir: Path) -> None:
    options = Options(seconds=20, seeds=1, data=data_dir)
    median, warehouse, _ = hubs.tables(
        options, pmedians=("pmed1",), warehouses=("cap71",), others=("highs", "cbc"), city=(20, 4)
    )
    assert [row["engine"] for row in rows(median)] == ["lagrange", "highs", "cbc"]
    assert [row["gap pct"] for row in rows(median)] == [0.0] * 3
    assert [row["engine"] for row in rows(warehouse)][1:] == ["highs", "cbc"]
    for row in rows(warehouse):
        assert row["gap pct"] == pytest.approx(0.0, abs=1e-3)
        assert row["proven gap pct"] == pytest.approx(0.0, abs=1e-3)


@pytest.fixture(name="town")
def _town(tmp_path: Path) -> Path:
    """A grid of streets with a restriction-free centre and wide streets."""
    nodes = {1 + x + 6 * y: (120.0 * x + 7 * y, 90.0 * y) for x in range(6) for y in range(6)}
    ways = {
        **{10 + y: street(*(1 + x + 6 * y for x in range(6))) for y in range(6)},
        **{20 + x: street(*(1 + x + 6 * y for y in range(6)), highway="tertiary") for x in range(6)},
    }
    return write(tmp_path / "grid.osm", nodes_xml(nodes), ways_xml(ways))


def test_streets_differ_from_no_peer(town: Path) -> None:
    options = replace(QUICK, files=(town,), places=20, peers=("scipy", "networkx"), repeats=1)
    stage, matrix, peers = streets.tables(options, points=200)
    assert (rows(stage)[0]["segments"], rows(stage)[0]["states"]) == (60, 120)
    assert rows(stage)[0]["peak MB"] > 0
    assert rows(matrix)[0]["N"] == 20
    assert rows(matrix)[0]["with distances"] > 0
    assert [row["peer"] for row in rows(peers)] == ["scipy", "networkx"]
    assert all(row["difference s"] == row["difference m"] == 0 for row in rows(peers))


def test_one_extract_ends_in_one_line(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["streets", str(town), "--places", "20", "--peers", "scipy", "--json", "--repeats", "1"]
    assert command.main(words) == 0
    said = json.loads(capsys.readouterr().out.splitlines()[-1])
    stages_s = {"load_s", "prepare_s", "customise_s", "matrix_s", "durations_s", "snap_s", "update_s", "peak_mb"}
    assert stages_s <= set(said)
    assert said["places"] == 20
    assert said["peers"]["scipy"]["max_difference_s"] == 0
    assert said["peers"]["scipy"]["extrapolated"] is False
    assert said["machine"]["python"]


def test_peers_that_search_row_by_row_are_extrapolated(town: Path) -> None:
    found = street_runs.against_peer(street_runs.Case(file=town), 20, "networkx")
    assert found["rows"] == 5 < found["places"]
    assert found["max_difference_s"] == found["max_difference_m"] == 0


def test_growth_says_exponents_and_draws(town: Path, tmp_path: Path) -> None:
    options = replace(QUICK, files=(town,), repeats=1)
    streets_, places = growth.tables(options, copies=(2, 3), sizes=(5, 10), size=8, folder=tmp_path / "out")
    assert [row["segments"] for row in rows(streets_)] == [60, 120 + merging.BRIDGES, 180 + 2 * merging.BRIDGES]
    assert [row["streets"] for row in rows(streets_)] == ["grid.osm", "2 x grid.osm (merged)", "3 x grid.osm (merged)"]
    assert [row["N"] for row in rows(places)] == [5, 10]
    pictures = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert pictures == [f"{what}-by-{by}.svg" for what in ("memory", "time") for by in ("places", "segments")]
    assert all(ET.parse(tmp_path / "out" / name).getroot().tag.endswith("svg") for name in pictures)


def test_copies_side_by_side_are_one_network_with_its_rules(town: Path) -> None:
    one = read_osm(town)
    three = merging.merged(one, 3)
    assert three.segments == 3 * one.segments + 2 * merging.BRIDGES
    assert len(np.unique(three.junction_id)) == three.junctions == 3 * one.junctions
    driven = street_runs.ready(three)
    assert driven.allowed.all()  # one strongly connected part
    assert three.length_m[: one.segments].sum() == pytest.approx(three.length_m[one.segments :][: one.segments].sum())


def test_a_power_law_is_read_off_again() -> None:
    line = plot.fit([1, 10, 100], [3, 30 * 10**0.5, 3000])
    assert line.exponent == pytest.approx(1.5)
    assert line.factor == pytest.approx(3, rel=0.2)


def test_instances_are_the_same_for_the_same_seed() -> None:
    one, two = hub_instance(30, 5, aim=Aim.COST, capacities=True), hub_instance(30, 5, aim=Aim.COST, capacities=True)
    assert one.candidates == two.candidates
    assert np.array_equal(one.distance_m, two.distance_m)
    assert all(c.capacity_kg_per_day for c in one.candidates)
    assert reload_instance(20).stops == reload_instance(20).stops


def test_the_command_prints_one_json_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(command, "TABLES", {"hubs": lambda options: hubs.tables(options, city=(20, 4))})
    monkeypatch.delenv("MZUNGUKO_DATA", raising=False)
    assert command.main(["hubs", "--json", "--seconds", "1"]) == 0
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    said = json.loads(out)
    assert said["machine"]["python"]
    assert [table["id"] for table in said["tables"]] == ["hubs-city"]
    assert said["tables"][0]["command"] == "python -m benchmarks hubs --seconds 1"


def test_the_command_prints_tables(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(command, "TABLES", {"hubs": lambda options: hubs.tables(options, city=(20, 4))})
    monkeypatch.delenv("MZUNGUKO_DATA", raising=False)
    assert command.main(["all", "--seconds", "1"]) == 0
    out = capsys.readouterr().out
    assert "processor" in out
    assert "Hubs: a made-up city of 20 demand points" in out
    assert "MZUNGUKO_DATA is not set" in out


@pytest.mark.parametrize(
    "words",
    [
        ["all", "--seconds", "0"],
        ["all", "--seeds", "0"],
        ["nothing"],
        ["streets", "no-such-file.osm.pbf"],
        ["streets", "--places", "0"],
        ["streets", "--peers", "somebody"],
    ],
)
def test_wrong_words_are_refused(words: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        command.main(words)
    assert stopped.value.code == 2
