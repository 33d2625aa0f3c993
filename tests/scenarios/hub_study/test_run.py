"""The sample from end to end; every number of the answer is worked out again by other means."""

import csv
import json
import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from openpyxl import load_workbook

from faults import InputError
from network.profiles import PROFILES
from network.snap import snap
from network.walking import distances_within
from optimiser.result import Status
from scenarios.documents.numbers import fixed
from scenarios.hub_study.documents import told, write_study
from scenarios.hub_study.outcome import StudyOutcome
from scenarios.hub_study.run import run_study

REACH_M, UNSERVED_M = 450.0, 900.0


def distances(outcome: StudyOutcome) -> np.ndarray:
    """Walking metres from everybody to every candidate, infinite beyond the reach."""
    foot, given = PROFILES["foot"], outcome.given
    from_ = snap(outcome.network, foot, [p.lon for p in given.people], [p.lat for p in given.people])
    to = snap(outcome.network, foot, [c.lon for c in given.candidates], [c.lat for c in given.candidates])
    metres = distances_within(outcome.network, foot, from_, to, limit_m=REACH_M)
    metres = metres + from_.distance_m[:, None] + to.distance_m[None, :]
    return np.where(metres <= REACH_M, metres, np.inf)


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_no_pair_of_allowed_sites_is_better(outcome: StudyOutcome) -> None:
    far = distances(outcome)
    people = np.array([row.people for row in outcome.given.people])
    allowed = [k for k, site in enumerate(outcome.posed.everyone.candidates) if not site.excluded]
    assert [outcome.given.candidates[k].id for k in range(5) if k not in allowed] == ["H5"]

    def total(pair: tuple[int, ...]) -> float:
        nearest = far[:, list(pair)].min(axis=1)
        return float(people @ np.where(np.isfinite(nearest), nearest, UNSERVED_M))

    best = min(combinations(allowed, 2), key=total)
    assert {step.site for step in outcome.order} == {outcome.given.candidates[k].id for k in best}
    assert outcome.result.status is Status.OPTIMAL
    assert outcome.result.price is not None
    assert outcome.result.price.objective == pytest.approx(total(best))


def test_the_first_site_does_most_alone_and_the_steps_add_up(outcome: StudyOutcome) -> None:
    far = distances(outcome)
    people = np.array([row.people for row in outcome.given.people])
    ids = [site.id for site in outcome.given.candidates]
    alone = {step.site: float(people @ np.minimum(far[:, ids.index(step.site)], UNSERVED_M)) for step in outcome.order}
    assert outcome.order[0].site == min(alone, key=lambda site: alone[site])
    served = people[np.isfinite(far[:, ids.index(outcome.order[0].site)])].sum()
    assert outcome.order[0].adds == outcome.order[0].served == served
    assert sum(step.adds for step in outcome.order) == outcome.order[-1].served


def test_the_files_agree_with_each_other_and_with_the_report(outcome: StudyOutcome, tmp_path: Path) -> None:
    written = write_study(outcome, tmp_path)
    names = ["report.html", "sites.csv", "people.csv", "hubs.geojson", "hubs.xlsx", "summary.json"]
    assert [document.name for document in written] == names
    sites = rows_of(tmp_path / "sites.csv")
    people = rows_of(tmp_path / "people.csv")
    summary = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    for site in sites:
        mine = [row for row in people if row["site"] == site["id"]]
        weights = [float(row["people"]) for row in mine]
        assert float(site["people"]) == pytest.approx(sum(weights))
        mean = np.average([float(row["walk_m"]) for row in mine], weights=weights)
        assert float(site["mean_walk_m"]) == pytest.approx(mean)
    assert summary["totals"]["served"] == pytest.approx(sum(float(site["people"]) for site in sites))
    assert [site["id"] for site in summary["sites"]] == [site["id"] for site in sites]
    features = json.loads((tmp_path / "hubs.geojson").read_text(encoding="utf-8"))["features"]
    kinds = [feature["properties"]["kind"] for feature in features]
    assert (kinds.count("site"), kinds.count("candidate"), kinds.count("people")) == (2, 3, 18)
    book = load_workbook(tmp_path / "hubs.xlsx")
    assert [row[1] for row in book["Sites"].iter_rows(min_row=2, values_only=True)] == [s["id"] for s in sites]
    html = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<script" not in html
    assert f"Build first: {sites[0]['name']}" in html
    for site in sites:
        assert site["name"] in html
        assert fixed(float(site["mean_walk_m"]), 0) in html
    assert "school South Lane" in html
    assert told(outcome, written, tmp_path).splitlines()[-1] == str(tmp_path / "report.html")


def test_forbidding_a_site_costs_what_the_report_says_it_is_worth(outcome: StudyOutcome) -> None:
    far = distances(outcome)
    people = np.array([row.people for row in outcome.given.people])
    ids = [site.id for site in outcome.given.candidates]
    assert outcome.result.price is not None
    for site, change in outcome.worth.items():
        others = [k for k in range(5) if ids[k] not in {site, "H5"}]
        best = min(
            float(people @ np.where(np.isfinite(w := far[:, list(pair)].min(axis=1)), w, UNSERVED_M))
            for pair in combinations(others, 2)
        )
        assert change is not None
        assert -change.gain == pytest.approx(best - outcome.result.price.objective)


@pytest.mark.parametrize("aim", ["centre", "max-cover", "cover", "ede", "worst"])
def test_every_aim_ends_in_a_report(folder: Path, tmp_path: Path, aim: str) -> None:
    file = folder / "hubs.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('"median"', f'"{aim}"'), encoding="utf-8")
    outcome = run_study(folder, seconds=20)
    assert outcome.plan is not None
    write_study(outcome, tmp_path / "out")
    assert "Build first" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_people_left_out_have_their_reason(folder: Path, tmp_path: Path) -> None:
    file = folder / "hubs.toml"
    text = (
        file.read_text(encoding="utf-8").replace("reach_m = 450", "reach_m = 120").replace("at_most = 2", "at_most = 1")
    )
    file.write_text(text, encoding="utf-8")
    outcome = run_study(folder, seconds=20)
    write_study(outcome, tmp_path / "out")
    rows = rows_of(tmp_path / "out" / "people.csv")
    assert {row["reason"] for row in rows if row["site"]} == {""}
    assert {row["reason"] for row in rows if not row["site"]} >= {"nobody-in-reach", "not-chosen"}
    assert "all-excluded" in {row["reason"] for row in rows}


def test_where_nobody_reaches_anything_that_is_a_fault(folder: Path) -> None:
    file = folder / "hubs.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("reach_m = 450", "reach_m = 1"), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        run_study(folder)
    assert [fault.code for fault in caught.value.faults] == ["nobody-in-reach"]


def test_why_a_candidate_fell_out_stands_as_it_was_written_or_measured(folder: Path, tmp_path: Path) -> None:
    file = folder / "candidates.csv"
    head, *rows = file.read_text(encoding="utf-8").splitlines()
    rows = [f"{row},{'the owner refuses' if row.startswith('H1') else ''}" for row in rows]
    file.write_text("\n".join([f"{head},excluded", *rows, ""]), encoding="utf-8")
    outcome = run_study(folder, seconds=20)
    write_study(outcome, tmp_path / "out")
    report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "It fell out: the owner refuses." in report
    assert re.search(r"It fell out: school[^<]* \((inside|\d+ m away, \d+ m is asked for)\)\.", report)
