"""docs/nairobi-hubs.md says what a run of its folder says, and other people's programs find the same."""

import json
import re
import runpy
import shutil
from itertools import pairwise
from pathlib import Path

import networkx as nx
import numpy as np
import pulp
import pytest

from network.exchange import to_networkx
from network.profiles import PROFILES
from network.snap import Snapped, snap
from optimiser.hubs.siting.solve import solve
from optimiser.result import Budget, Status
from scenarios.hub_study.outcome import StudyOutcome
from scenarios.hub_study.rows import group_rows, left_out, site_rows, totals
from scenarios.hub_study.run import run_study
from scenarios.hub_study.sentences import firm_sentence, swap_sentence
from tests.test_house import ROOT

FOLDER, PAGE = ROOT / "docs" / "nairobi-hubs", ROOT / "docs" / "nairobi-hubs.md"
TEXT = PAGE.read_text(encoding="utf-8")
REACH_M, UNSERVED_M = 833.0, 1666.0


@pytest.fixture(scope="module")
def nairobi(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> StudyOutcome:
    folder = tmp_path_factory.mktemp("hubs") / "my-hubs"
    shutil.copytree(FOLDER, folder)
    shutil.copy(data_dir / "osm" / "nairobi-central.osm.pbf", folder / "nairobi.osm.pbf")
    return run_study(folder)


def table(heading: str) -> list[list[str]]:
    """Return the rows of the table of the page whose head holds a text, without thousands' commas."""
    tables = [found[0].splitlines() for found in re.finditer(r"(?:^\|.*\n)+", TEXT, re.MULTILINE)]
    (lines,) = (found for found in tables if heading in found[0])
    rows = [line.strip("|").split("|") for line in lines[2:]]
    return [[cell.strip().replace(",", "") for cell in row] for row in rows]


def whole(value: float | None) -> str:
    return f"{value:.0f}"


def share(value: float) -> str:
    return f"{100 * value:.0f} %"


def test_the_files_on_the_page_are_those_of_the_folder() -> None:
    assert f"```toml\n{(FOLDER / 'hubs.toml').read_text(encoding='utf-8').strip()}\n```" in TEXT
    for name, rows in {"people.csv": 189, "candidates.csv": 37}.items():
        lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
        assert "```csv\n" + "\n".join(lines[:4]) + "\n```" in TEXT
        assert len(lines) - 1 == rows
        assert re.search(rf"\b{rows}\b", TEXT)


def test_the_answer_on_the_page_is_that_of_a_run(nairobi: StudyOutcome) -> None:
    assert nairobi.result.status is Status.OPTIMAL
    assert table("it brings into reach") == [
        [str(row.number), row.site.name, *map(whole, (row.adds, row.people, row.mean_m, row.farthest_m))]
        for row in site_rows(nairobi)
    ]
    assert table("within five minutes") == [
        [name, whole(row.people), share(row.served / row.people), share(row.near / row.people), whole(row.mean_m)]
        for name, row in group_rows(nairobi).items()
    ]
    names = {0.0: "least mean walk"} | {a: f"fair aversion {a:g}" for a in (0.5, 1.0, 2.0)}
    assert table("tenth who are worst off") == [
        [names[point.aversion], whole(point.mean), whole(point.worst)] for point in nairobi.curve
    ]
    assert table("people nearer") == [
        [name, *map(whole, (moved.before, moved.after, moved.nearer, moved.farther))]
        for name, moved in nairobi.moved.items()
    ]


def test_the_sentences_on_the_page_are_those_of_a_run(nairobi: StudyOutcome) -> None:
    found, steps, lost = totals(nairobi), nairobi.order, left_out(nairobi)
    told = [found.people, found.served, steps[0].served, steps[1].adds, *lost.values(), steps[4].served]
    told += [sum(step.adds for step in steps[5:])]
    assert not [value for value in told if f"{value:,.0f}" not in TEXT]
    assert f"mean walk of {found.mean_m:.0f} m" in TEXT
    barred = [site for site in nairobi.posed.everyone.candidates if site.excluded]
    assert [site.excluded for site in barred] == ["river (96 m away, 100 m is asked for)"]
    extra = next(extra for extra in nairobi.extras if f"{extra.people:,.0f}" in TEXT)
    assert extra == nairobi.extras[0]
    assert not nairobi.doubts
    assert "opens Banda Street / Kimathi Street; Bunyala Road Roundabout / Workshop Road; " in swap_sentence(nairobi)
    assert firm_sentence(nairobi).endswith(
        "opens them: Commercial Street / Enterprise Road; General Waruingi Street / Muga Street."
    )
    lost_m = {site: -change.gain / nairobi.posed.core.demand.weight.sum() for site, change in nairobi.worth.items()}
    assert sum(f"{value:.1f}" == "0.1" for value in lost_m.values()) == 3
    assert max(lost_m, key=lambda site: lost_m[site]) == nairobi.order[3].site
    plain, fair, fairest = (next(p for p in nairobi.curve if p.aversion == a) for a in (0.0, 1.0, 2.0))
    assert f"costs everybody {fair.mean - plain.mean:.0f} m" in TEXT
    assert f"gives about {plain.worst - fair.worst:.0f} m" in TEXT
    assert f"costs {fairest.mean - fair.mean:.0f} m more and gives {fair.worst - fairest.worst:.0f} m" in TEXT


def test_the_tables_are_made_from_the_map(data_dir: Path, tmp_path: Path) -> None:
    osm = data_dir / "osm"
    main = runpy.run_path(str(FOLDER / "make_tables.py"))["main"]
    main(osm / "nairobi-central.osm.pbf", osm / "boundaries" / "nairobi-wards.geojson", tmp_path)
    for made in tmp_path.iterdir():
        assert made.read_text(encoding="utf-8") == (FOLDER / made.name).read_text(encoding="utf-8")
    assert len(list(tmp_path.iterdir())) == 5
    people = sum(int(line.rsplit(",", 2)[1]) for line in (tmp_path / "people.csv").read_text().splitlines()[1:])
    assert people == 155_231


def test_walks_and_the_best_mean_are_those_of_networkx_and_highs(nairobi: StudyOutcome) -> None:
    """Walks by networkx, the textbook's p-median by pulp and HiGHS: the same walks, the same least mean."""
    far = walks_by_networkx(nairobi)
    everyone = nairobi.posed.everyone
    row = np.repeat(np.arange(len(far)), np.diff(everyone.arcs.start))
    assert np.abs(far[row, everyone.arcs.site] - everyone.arcs.distance).max() < 1.0
    assert np.count_nonzero(far <= REACH_M - 1) <= len(row) <= np.count_nonzero(far <= REACH_M + 1)
    allowed = [j for j, site in enumerate(everyone.candidates) if not site.excluded]
    near = np.where(far[:, allowed] <= REACH_M, far[:, allowed], np.inf)
    reached = np.isfinite(near).any(axis=1)
    best, opened = p_median(near[reached], everyone.demand.weight[reached], sites=8)
    assert nairobi.result.price is not None
    assert best == pytest.approx(nairobi.result.price.objective, rel=1e-3)
    assert {everyone.candidates[allowed[j]].id for j in opened} == {step.site for step in nairobi.order}


def test_the_price_of_the_plan_is_everybodys_walk(nairobi: StudyOutcome) -> None:
    far = walks_by_networkx(nairobi)
    ids = [site.id for site in nairobi.given.candidates]
    nearest = far[:, [ids.index(step.site) for step in nairobi.order]].min(axis=1)
    way = np.where(nearest <= REACH_M, nearest, UNSERVED_M)[nairobi.posed.rows]
    people = np.array([row.people for row in nairobi.given.people])[nairobi.posed.rows]
    assert nairobi.result.price is not None
    assert people @ way == pytest.approx(nairobi.result.price.objective, rel=1e-3)


def test_highs_on_our_own_model_agrees(nairobi: StudyOutcome) -> None:
    found = solve(nairobi.posed.core, engine="highs", budget=Budget(seconds=60), seed=1)
    assert found.status is Status.OPTIMAL
    assert found.price is not None
    assert nairobi.result.price is not None
    assert found.price.objective == pytest.approx(nairobi.result.price.objective)


def walks_by_networkx(outcome: StudyOutcome) -> np.ndarray:
    """Metres from everybody to every candidate: both put into networkx's graph as nodes of their own."""
    network, foot = outcome.network, PROFILES["foot"]
    from_, to = (
        snap(network, foot, [row.lon for row in rows], [row.lat for row in rows])
        for rows in (outcome.given.people, outcome.given.candidates)
    )
    graph = to_networkx(network, foot)
    streets = nx.Graph()
    for tail, head, data in graph.edges(data=True):
        if data["length"] < streets.get_edge_data(tail, head, {"length": np.inf})["length"]:
            streets.add_edge(tail, head, length=data["length"])
    standing = [*stands("from", from_), *stands("to", to)]
    for segment in {segment for _, segment, _ in standing}:
        ends = int(network.junction_id[network.tail[segment]]), int(network.junction_id[network.head[segment]])
        there = sorted((along, name) for name, at, along in standing if at == segment)
        knots = [(0.0, ends[0]), *there, (float(network.length_m[segment]), ends[1])]
        for (a, one), (b, other) in pairwise(knots):
            streets.add_edge(one, other, length=b - a)
    found = np.full((len(from_), len(to)), np.inf)
    for j in range(len(to)):
        reached = nx.single_source_dijkstra_path_length(streets, f"to{j}", cutoff=2000, weight="length")
        metres = [reached.get(f"from{k}", np.inf) for k in range(len(from_))]
        found[:, j] = np.array(metres) + from_.distance_m + to.distance_m[j]
    return found


def stands(name: str, at: Snapped) -> list[tuple[str, int, float]]:
    return [(f"{name}{k}", int(at.segment[k]), float(at.along_m[k])) for k in range(len(at))]


def p_median(near: np.ndarray, people: np.ndarray, *, sites: int) -> tuple[float, list[int]]:
    """The textbook's model, written for pulp and solved by HiGHS; to be left out is a site that is always open."""
    model = pulp.LpProblem("p-median", pulp.LpMinimize)
    opens = [model.add_variable(f"y{j}", cat="Binary") for j in range(near.shape[1])]
    cost, goes = [], {}
    for i, row in enumerate(near):
        out = model.add_variable(f"u{i}", 0, 1)
        goes[i] = [out]
        cost.append(people[i] * UNSERVED_M * out)
        for j in np.flatnonzero(np.isfinite(row)).tolist():
            x = model.add_variable(f"x{i}_{j}", 0, 1)
            goes[i].append(x)
            cost.append(people[i] * row[j] * x)
            model += x <= opens[j]
        model += pulp.lpSum(goes[i]) == 1
    model += pulp.lpSum(opens) <= sites
    model.setObjective(pulp.lpSum(cost))
    assert model.solve(pulp.HiGHS(msg=False, threads=1)) == pulp.LpStatusOptimal
    return float(pulp.value(model.objective)), [j for j, y in enumerate(opens) if y.value() > 0.5]


def test_the_pictures_are_drawn_from_the_study_and_small() -> None:
    for name in ("sites", "minutes", "equity"):
        picture = ROOT / "docs" / "pictures" / f"nairobi-hubs-{name}.svg"
        assert picture.stat().st_size < 300_000
        assert f"pictures/{picture.name}" in TEXT


def test_the_areas_carry_their_licence() -> None:
    for file in FOLDER.glob("*.geojson"):
        assert "OpenStreetMap" in json.loads(file.read_text(encoding="utf-8"))["attribution"]
