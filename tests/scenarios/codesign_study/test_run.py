"""The answer of a study: what its parts add up to, what its files say, and what it says where little can be done."""

from __future__ import annotations

import csv
import io
import json
from itertools import combinations
from pathlib import Path

import pytest
from openpyxl import load_workbook

from optimiser.hubs.codesign.price import price
from scenarios.codesign_study.documents import write_codesign
from scenarios.codesign_study.outcome import CodesignOutcome, Fate, Source
from scenarios.codesign_study.report import page
from scenarios.codesign_study.rows import open_rows, side
from scenarios.codesign_study.run import run_codesign
from scenarios.codesign_study.sentences import lead
from tests.scenarios.codesign_study.changed import only, site, told


def test_both_plans_keep_every_rule_and_their_parts_add_up(outcome: CodesignOutcome) -> None:
    assert outcome.first is not None
    for plan in (outcome.together, outcome.first):
        numbers = side(plan)
        assert not plan.day.violations
        assert plan.left_out == 0
        parts = numbers.vehicle_cost + numbers.wages + numbers.distance_cost + numbers.fees
        assert parts == pytest.approx(plan.driving)
        assert sum(row.cost for row in open_rows(outcome, plan)) == pytest.approx(plan.opening)
        assert numbers.collected_kg == pytest.approx(sum(outcome.posed.loads_kg.values()))


def test_the_sample_saves_by_other_sites(outcome: CodesignOutcome) -> None:
    assert outcome.first is not None
    assert not outcome.same_sites
    assert outcome.saved is not None
    assert outcome.saved > 0
    assert outcome.result.bound is None
    assert any("more a day" in sentence for sentence in lead(outcome))


def test_sets_and_closed_candidates_say_where_their_costs_come_from(outcome: CodesignOutcome) -> None:
    assert [row.rank for row in outcome.sets] == list(range(1, len(outcome.sets) + 1))
    assert outcome.sets[0].fate is Fate.CHOSEN
    assert outcome.sets[0].judged == pytest.approx(outcome.together.total)
    assert len({row.sites for row in outcome.sets}) == len(outcome.sets)
    assert all((row.judged is None) == (row.fate in (Fate.NOT_JUDGED, Fate.BROKEN)) for row in outcome.sets)
    closed = {row.site.id: row for row in outcome.closed}
    assert set(closed) | set(outcome.together.open) == set(outcome.sites)
    assert closed["school"].source is Source.NONE
    assert all((row.more is None) == (row.source is Source.NONE) for row in outcome.closed)


def test_the_files_agree_with_the_plan(outcome: CodesignOutcome, tmp_path: Path) -> None:
    written = {document.name for document in write_codesign(outcome, tmp_path)}
    assert {"report.html", "sites.csv", "sets.csv", "codesign.geojson", "codesign.xlsx", "summary.json"} <= written
    sites = list(csv.DictReader(io.StringIO((tmp_path / "sites.csv").read_text("utf-8"))))
    opened = [row for row in sites if row["open"] == "yes"]
    assert sum(float(row["cost"]) for row in opened) == pytest.approx(outcome.together.opening)
    told_ = json.loads((tmp_path / "summary.json").read_text("utf-8"))
    assert sum(row["cost"] for row in told_["rounds"]) == pytest.approx(outcome.together.driving)
    assert told_["together"]["total"] == pytest.approx(outcome.together.total)
    features = json.loads((tmp_path / "codesign.geojson").read_text("utf-8"))["features"]
    assert sum(one["properties"]["kind"] == "site" for one in features) == len(outcome.sites)
    assert {one["properties"].get("plan") for one in features} == {None, "together", "hubs-first"}
    assert len(load_workbook(tmp_path / "codesign.xlsx").sheetnames) == 5


def test_the_report_asks_no_other_host(outcome: CodesignOutcome) -> None:
    html = page(outcome)
    assert "<script" not in html
    assert 'src="http' not in html
    assert "Illustration" in html or "illustration" in html


def test_the_best_of_all_sets_of_a_small_study_is_found(folder: Path) -> None:
    only(folder, "west", "south", "east")
    told(folder, "[solve]", "[solve]\niterations = 60")
    found = run_codesign(folder, seconds=20)
    assert found.all_judged
    costs = {}
    for count in (1, 2, 3):
        for names in combinations(("west", "south", "east"), count):
            rows = [row for row in found.sets if set(row.sites) == set(names) and not row.left_out]
            judged = [row.judged for row in rows if row.judged is not None]
            costs |= dict.fromkeys([names] if judged else [], min(judged, default=0.0))
    assert min(costs.values()) == pytest.approx(found.together.total)
    plan = found.together
    assert found.result.plan is not None
    assert price(found.posed.problem, found.result.plan).total == pytest.approx(plan.total)


def test_a_depot_short_by_one_kg_leaves_out_what_does_not_fit_and_says_why(folder: Path) -> None:
    only(folder, "east")
    table = folder / "vehicles.csv"
    table.write_text(
        table.read_text("utf-8").replace("truck,west", "truck,east").replace("cle,south", "cle,east"), "utf-8"
    )
    site(folder, "east", "east,Depot,0.001349,0.006259,depot,21000,1969,tricycle: 8,,,,,,")
    found = run_codesign(folder, seconds=6)
    assert not found.together.day.violations
    assert found.together.left_out >= 1
    assert all(item["reason"] for item in _left(found))
    assert page(found)


def test_sites_on_an_island_open_nothing_and_every_stop_has_its_reason(folder: Path) -> None:
    only(folder, "west", "south")
    streets = ["First Avenue", "Second Avenue", "Third Avenue", "Fourth Avenue", "South Lane", "Market Street"]
    closure = f"[[streets.closures]]\nname = 'Flood'\nstreets = {[*streets, 'North Road']}\n\n[tables.points]"
    told(folder, "[tables.points]", closure)
    found = run_codesign(folder, seconds=3)
    assert not found.solved
    assert found.together.left_out == 18
    assert all(item["reason"] for item in _left(found))
    assert all(row.reaches_nobody for row in found.closed)
    assert page(found)


def _left(found: CodesignOutcome) -> list[dict[str, object]]:
    from scenarios.codesign_study.data import left_table

    return [dict(row) for row in left_table(found.together)]
