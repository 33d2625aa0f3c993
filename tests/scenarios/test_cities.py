"""Real cities from end to end: what a planner relies on holds in every run, on every network.

The quick one is the worked example of ``docs/nairobi.md``, with its very files. The others are slow.
"""

from __future__ import annotations

import csv
import json
import math
import re
import shutil
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from network.geometry import metres_between
from optimiser.rounds.plan import Act
from scenarios.documents import write_all
from scenarios.outcome import DayPlan, Outcome
from scenarios.run import run

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "nairobi"
CITIES = Path(__file__).parent / "cities"
CONTRIBUTORS = "OpenStreetMap contributors"
ATTRIBUTION = f"© {CONTRIBUTORS}"
HEXAGON_M = 179.0  # edge of a hexagon of the grid of Porto Alegre (H3, resolution 9)


def lay(folder: Path, tables: Path, streets: Path, name: str) -> Path:
    """Copy a scenario, its tables and its streets into a folder, as a planner has them."""
    shutil.copytree(tables, folder, dirs_exist_ok=True)
    shutil.copy(streets, folder / name)
    return folder / "scenario.toml"


def judge(outcome: Outcome) -> None:
    """Check what holds in every run, whatever the engine found."""
    _mass_balance(outcome)
    for day in outcome.days:
        assert day.violations == ()
        assert day.result.plan is not None
        for round_ in day.result.plan.rounds:
            _shift_and_loads(outcome, day, round_.vehicle)
            _legs(outcome, day, round_.vehicle)
    figures = {figure.id: figure.value or 0.0 for figure in outcome.figures}
    metres = math.fsum(leg.distance_m for day in outcome.days for legs in day.ways.values() for leg in legs)
    assert figures["distance"] == pytest.approx(metres / 1000, abs=1e-3)
    assert 10 < figures["distance"] / figures["driving-hours"] < 45  # km/h, in a town
    assert outcome.provenance.attribution.startswith(ATTRIBUTION)
    for figure in outcome.figures:
        spread = [x for x in (figure.low, figure.value, figure.high) if x is not None]
        assert spread == sorted(spread)


def _mass_balance(outcome: Outcome) -> None:
    for row in outcome.balance:
        assert row.generated_kg == pytest.approx(row.collected_kg + row.to_hubs_kg + row.left_kg, abs=0.01)
        assert row.collected_kg == pytest.approx(math.fsum(row.unloaded_kg.values()), abs=0.01)
    stops = (
        day.loads_kg[stop]
        for day in outcome.days
        if day.result.plan
        for round_ in day.result.plan.rounds
        for stop in round_.stops
    )
    assert math.fsum(stops) == pytest.approx(math.fsum(row.collected_kg for row in outcome.balance), abs=0.01)


def _shift_and_loads(outcome: Outcome, day: DayPlan, id_: str) -> None:
    assert day.result.plan is not None
    round_ = next(round_ for round_ in day.result.plan.rounds if round_.vehicle == id_)
    vehicle = next(vehicle for vehicle in outcome.system.vehicles if vehicle.id == id_)
    assert vehicle.shift_start_s <= round_.start_s <= round_.end_s <= vehicle.shift_end_s
    if vehicle.max_hours is not None:
        assert round_.end_s - round_.start_s <= vehicle.max_hours * 3600 + 1e-6
    for trip in round_.trips:
        assert trip.tip is not None  # home empty
        kg = math.fsum(day.loads_kg[visit.id] for visit in trip.visits if visit.act is Act.STOP)
        assert kg <= vehicle.payload_kg + 1e-6
    ends = [(visit.arrive_s, visit.start_s, visit.end_s) for visit in round_.visits]
    assert [time for visit in ends for time in visit] == sorted(time for visit in ends for time in visit)


def _legs(outcome: Outcome, day: DayPlan, id_: str) -> None:
    """Every leg is as long as the travel matrix says, and as the line that is drawn on the map."""
    vehicle = next(vehicle for vehicle in outcome.system.vehicles if vehicle.id == id_)
    travel = day.problem.travel[vehicle.profile]
    assert day.result.plan is not None
    round_ = next(round_ for round_ in day.result.plan.rounds if round_.vehicle == id_)
    work = {item.id: item for item in (*day.problem.stops, *day.problem.tip_sites)}
    modes = iter([work[visit.id].modes[visit.mode] for visit in round_.visits if visit.act is not Act.BREAK])
    at, row, legs = vehicle.start_depot, vehicle.start_depot, day.ways[id_]
    for leg in legs:
        mode = next(modes, None)
        column = mode.arrive if mode else vehicle.end_depot
        milliseconds, decimetres = travel.legs(np.array([travel.row(row)]), np.array([travel.column(column)]))
        row = mode.leave if mode else ""
        assert leg.distance_m == pytest.approx(decimetres[0] / 10, abs=0.11)
        assert leg.duration_s == pytest.approx(milliseconds[0] / 1000, abs=0.0011)
        lon, lat = leg.line[:, 0], leg.line[:, 1]
        drawn = float(np.sum(metres_between(lon[:-1], lat[:-1], lon[1:], lat[1:])))
        assert leg.distance_m == pytest.approx(drawn, rel=0.005, abs=1.0)
        at = leg.to
    assert at == vehicle.end_depot


def documents(outcome: Outcome, folder: Path) -> None:
    """Check that the documents are there, carry the attribution, and keep the planner's own columns."""
    written = {document.name: document for document in write_all(outcome, folder)}
    assert {"report.html", "plan.xlsx", "plan.geojson", "outcome.json"} <= written.keys()
    rounds = sum(len(day.result.plan.rounds) for day in outcome.days if day.result.plan)
    for kind in ("driver-sheet-", "round-", "message-"):
        assert sum(name.startswith(kind) for name in written) == rounds
    for name in written:
        if not name.startswith("message-") and not name.endswith((".xlsx", ".csv")):  # a table to edit holds no map
            assert CONTRIBUTORS in (folder / name).read_text(encoding="utf-8"), name
    book = openpyxl.load_workbook(folder / "plan.xlsx")
    said = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert any(ATTRIBUTION in str(cell) for cell in said)
    features = json.loads((folder / "plan.geojson").read_text(encoding="utf-8"))["features"]
    assert len([f for f in features if f["properties"]["kind"] == "stop"]) == sum(
        len(round_.stops) for day in outcome.days if day.result.plan for round_ in day.result.plan.rounds
    )


def test_a_week_in_nairobi_from_end_to_end(data_dir: Path, tmp_path: Path) -> None:
    source = lay(tmp_path, EXAMPLE, data_dir / "osm" / "nairobi-central.osm.pbf", "nairobi.osm.pbf")
    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace("seed = 1\n", "seed = 1\niterations = 25\n"), encoding="utf-8")
    outcome = run(source)
    judge(outcome)
    documents(outcome, tmp_path / "out")
    assert [len(day.loads_kg) for day in outcome.days] == [38, 31, 38, 31, 38, 31]
    assert all(day.result.plan is not None and not day.result.plan.unserved for day in outcome.days)
    assert outcome.hubs is not None
    assert outcome.hubs.result.plan is not None
    assert outcome.hubs.result.plan.open == ("H2", "H4", "H5")
    book = openpyxl.load_workbook(tmp_path / "out" / "plan.xlsx")
    headers = next(book["Points (illustration)"].iter_rows(values_only=True))
    with (EXAMPLE / "skips.csv").open(encoding="utf-8", newline="") as table:
        own = next(csv.reader(table))
    assert list(headers[: len(own)]) == own


def hexagons(grid: Path, folder: Path) -> None:
    """Write the cells of a grid of centres with people as polygons."""
    with grid.open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    features = []
    for row in rows:
        lon, lat = float(row["lon"]), float(row["lat"])
        turns = [math.radians(angle) for angle in range(0, 361, 60)]
        east = HEXAGON_M / 111_195 / math.cos(math.radians(lat))
        ring = [[lon + east * math.cos(t), lat + HEXAGON_M / 111_195 * math.sin(t)] for t in turns]
        cell = {"type": "Polygon", "coordinates": [ring]}
        people = {"id": row["id"], "population": float(row["population"])}
        features.append({"type": "Feature", "properties": people, "geometry": cell})
    collection = {"type": "FeatureCollection", "features": features}
    (folder / "hexagons.geojson").write_text(json.dumps(collection), encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("city", "streets", "doubt"),
    [
        ("dhaka", "dhaka-central", "zone-off-map"),
        ("heidelberg", "heidelberg", "matched-by-address"),
        ("monaco", "monaco", "building-kind-unknown"),
        ("porto", "porto-metro", "default-used"),
        ("porto-alegre", "porto-alegre", "zone-without-streets"),
    ],
)
def test_cities_from_end_to_end(data_dir: Path, tmp_path: Path, city: str, streets: str, doubt: str) -> None:
    source = lay(tmp_path, CITIES / city, data_dir / "osm" / f"{streets}.osm.pbf", f"{streets}.osm.pbf")
    if city == "porto-alegre":
        hexagons(data_dir / "osm" / "porto-alegre-hexgrid.csv", tmp_path)
    outcome = run(source, seconds=4)
    judge(outcome)
    documents(outcome, tmp_path / "out")
    assert doubt in {found.code for found in outcome.doubts}
    people = sum(residents.people for residents in outcome.system.residents)
    assert round(people) == {"dhaka": 111_000, "monaco": 38_000, "porto": 230_000, "porto-alegre": 812_230}.get(city, 0)


def test_the_worked_example_shows_its_files_in_full() -> None:
    page = (ROOT / "docs" / "nairobi.md").read_text(encoding="utf-8")
    for file in sorted(EXAMPLE.iterdir()):
        assert f"```\n{file.read_text(encoding='utf-8')}```" in page.replace("```toml\n", "```\n").replace(
            "```csv\n", "```\n"
        ), file.name


def test_pictures_of_the_documentation_are_small_and_there() -> None:
    page = (ROOT / "docs" / "nairobi.md").read_text(encoding="utf-8")
    pictures = re.findall(r"!\[[^\]]+\]\((pictures/[^)]+)\)", page)
    assert len(pictures) >= 3
    for picture in pictures:
        assert (ROOT / "docs" / picture).stat().st_size < 300_000
    assert page.count(ATTRIBUTION) >= len(pictures)
