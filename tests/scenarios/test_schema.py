from __future__ import annotations

import copy
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from faults import Fault, InputError
from scenarios.samples import NAMES
from scenarios.scenario import Scenario
from scenarios.schema import dump, json_schema, load, parse
from tests.scenarios.read.kit import codes, faults, the_fault

SAMPLES = Path(__file__).parents[2] / "scenarios" / "samples"

WHOLE: dict[str, Any] = {
    "name": "Small town",
    "description": "d",
    "country": "KE",
    "currency": "KES",
    "days": ["mon", "thu"],
    "days_since_last": 2,
    "illustration": ["fleet"],
    "language": "en",
    "streams": [
        {"id": "residual", "name": "Residual waste", "density_kg_m3": 334},
        {"id": "pet", "name": "PET", "density_kg_m3": 71.5, "sale_price_per_kg": 25},
    ],
    "streets": {
        "file": "town.osm.pbf",
        "box": [36.80, -1.31, 36.85, -1.26],
        "boundary": "ward.geojson",
        "closures": [{"name": "Market", "streets": ["Moi Avenue", "4711:12>13"], "speed_factor": 0.5, "days": ["mon"]}],
    },
    "tracks": [{"file": "monday.gpx", "vehicle": "truck-1", "day": "mon", "zone": "Africa/Nairobi"}],
    "tables": {
        "points": {
            "file": "points.xlsx",
            "sheet": "Bins",
            "columns": {"id": "Bin no", "kg_per_day": "kg/day"},
            "units": {"kg_per_day": "t/week", "open_s": "h"},
            "defaults": {"containers": 1, "optional": False, "kg_per_day": 0.5, "stream": "residual"},
            "header_row": 3,
            "decimal": "comma",
        },
        "vehicles": {"file": "vehicles.csv"},
        "depots": {"file": "depots.csv"},
        "facilities": {"file": "facilities.csv"},
        "hub_sites": {"file": "hubs.geojson"},
    },
    "demand": {"from": "buildings", "people": 12000, "containers": 40},
    "hubs": {"aim": "cost", "at_most": 3, "share_brought": 0.2, "budget_per_day": 100},
    "solve": {"engine": "nearest", "seconds": 5, "iterations": 10, "threads": 2, "seed": 7},
    "service_radius_m": 250,
    "snap_limit_m": 100,
}


def broken(path: str, value: Any = ..., *, at: Mapping[str, Any] = WHOLE) -> dict[str, Any]:
    """Return the whole scenario with one thing replaced, or taken out."""
    data = copy.deepcopy(dict(at))
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    inner: Any = data
    for step in steps:
        inner = inner[step]
    if value is ...:
        del inner[last]
    else:
        inner[last] = value
    return data


def test_the_whole_of_a_scenario() -> None:
    scenario = parse(WHOLE)
    assert scenario.demand.from_ == "buildings"
    assert scenario.streets.box == (36.80, -1.31, 36.85, -1.26)
    assert scenario.tables["points"].columns["kg_per_day"] == "kg/day"
    assert scenario.tables["points"].defaults["optional"] is False
    assert scenario.tables["points"].decimal == "comma"
    assert scenario.streams[0].density_kg_m3 == 334.0
    assert scenario.hubs is not None
    assert isinstance(scenario.days_since_last, float)


def test_a_scenario_comes_back_from_plain_data() -> None:
    scenario = parse(WHOLE)
    assert parse(json.loads(json.dumps(dump(scenario)))) == scenario
    assert dump(scenario)["demand"]["from"] == "buildings"


@pytest.mark.parametrize("name", NAMES)
def test_the_samples_are_scenarios(name: str) -> None:
    scenario = load(SAMPLES / name / "scenario.toml")
    assert scenario.illustration
    assert parse(dump(scenario)) == scenario


@pytest.mark.parametrize(
    ("path", "value", "code", "place", "pointer"),
    [
        ("name", ..., "missing", "name", "/name"),
        ("name", 7, "wrong-type", "name", "/name"),
        ("name", "  ", "missing", "name", "/name"),
        ("name", "a\x00b", "not-text", "name", "/name"),
        ("name", "x" * 3000, "not-text", "name", "/name"),
        ("name", "\ud800", "not-text", "name", "/name"),
        ("nmae", "x", "unknown-key", "nmae", "/nmae"),
        ("country", "Kenya", "country-unknown", "country", "/country"),
        ("country", "ke", "country-unknown", "country", "/country"),
        ("country", "XX", "country-unknown", "country", "/country"),
        ("currency", "kes", "currency-unknown", "currency", "/currency"),
        ("currency", "$", "currency-unknown", "currency", "/currency"),
        ("language", "xx", "language-unknown", "language", "/language"),
        ("days", ["mon", "someday"], "not-a-choice", "days.2", "/days/1"),
        ("days", ["mon", "mon"], "day-twice", "days.2", "/days/1"),
        ("days", "mon", "wrong-type", "days", "/days"),
        ("days_since_last", "3", "wrong-type", "days_since_last", "/days_since_last"),
        ("days_since_last", True, "wrong-type", "days_since_last", "/days_since_last"),
        ("days_since_last", float("nan"), "not-finite", "days_since_last", "/days_since_last"),
        ("days_since_last", float("inf"), "not-finite", "days_since_last", "/days_since_last"),
        ("days_since_last", 0, "out-of-range", "days_since_last", "/days_since_last"),
        ("streams", [], "missing", "streams", "/streams"),
        ("streams.1.id", "residual", "stream-twice", "streams.2", "/streams/1"),
        ("streams.1.id", "pet bottles", "stream-id", "streams.2.id", "/streams/1/id"),
        ("streams.0.density_kg_m3", 0, "out-of-range", "streams.1.density_kg_m3", "/streams/0/density_kg_m3"),
        ("streams.1.sale_price_per_kg", -1, "negative", "streams.2.sale_price_per_kg", "/streams/1/sale_price_per_kg"),
        ("streams.0.colour", "blue", "unknown-key", "streams.1.colour", "/streams/0/colour"),
        ("streets.file", ..., "streets-one", "streets", "/streets"),
        ("streets.town", "twelve-junctions", "streets-one", "streets", "/streets"),
        ("streets.file", "/etc/passwd", "path-outside", "streets.file", "/streets/file"),
        ("streets.boundary", "../x.geojson", "path-outside", "streets.boundary", "/streets/boundary"),
        ("streets.box", [36.85, -1.31, 36.80, -1.26], "box", "streets.box", "/streets/box"),
        ("streets.box", [36.8, -1.31, 36.85], "missing", "streets.box.4", "/streets/box/3"),
        ("streets.box", [-1.31, 36.80, -1.26, 136.85], "box", "streets.box", "/streets/box"),
        ("tables.bins", {"file": "x.csv"}, "not-a-choice", "tables.bins", "/tables/bins"),
        ("tables.points.file", "a\\b.csv", "path-outside", "tables.points.file", "/tables/points/file"),
        ("tables.points.file", ..., "missing", "tables.points.file", "/tables/points/file"),
        ("tables.points.header_row", 0, "out-of-range", "tables.points.header_row", "/tables/points/header_row"),
        (
            "tables.points.columns",
            {"kg": "x"},
            "column-unknown",
            "tables.points.columns.kg",
            "/tables/points/columns/kg",
        ),
        ("tables.points.defaults", {"i~d/": 1}, "column-unknown", "tables.points.defaults.i~d/", None),
        (
            "tables.points.defaults",
            {"id": [1]},
            "wrong-type",
            "tables.points.defaults.id",
            "/tables/points/defaults/id",
        ),
        ("tables.points.units", {"kg_per_day": "m3"}, "unit-unknown", "tables.points.units.kg_per_day", None),
        ("tables.points.units", {"id": "kg"}, "unit-unknown", "tables.points.units.id", None),
        (
            "tables.vehicles.units",
            {"wage_per_hour": "USD/h"},
            "unit-unknown",
            "tables.vehicles.units.wage_per_hour",
            None,
        ),
        ("tables.depots", ..., "table-missing", "tables.depots", "/tables/depots"),
        ("tables.hub_sites", ..., "table-missing", "tables.hub_sites", "/tables/hub_sites"),
        ("demand.from", "thin air", "not-a-choice", "demand.from", "/demand/from"),
        ("demand.from_", "points", "unknown-key", "demand.from_", "/demand/from_"),
        ("demand.people", ..., "missing", "demand.people", "/demand/people"),
        ("demand.people", -3, "out-of-range", "demand.people", "/demand/people"),
        ("demand.containers", 0, "out-of-range", "demand.containers", "/demand/containers"),
        ("demand.containers", 1.5, "wrong-type", "demand.containers", "/demand/containers"),
        ("demand.stream", "resdual", "stream-unknown", "demand.stream", "/demand/stream"),
        ("demand.from", "zones", "table-missing", "tables.zones", "/tables/zones"),
        ("hubs.at_most", 0, "out-of-range", "hubs.at_most", "/hubs/at_most"),
        ("hubs.at_most", "3", "wrong-type", "hubs.at_most", "/hubs/at_most"),
        ("hubs.share_brought", 1.1, "out-of-range", "hubs.share_brought", "/hubs/share_brought"),
        ("streets.closures.0.name", " ", "missing", "streets.closures.1.name", "/streets/closures/0/name"),
        ("streets.closures.0.streets", [], "missing", "streets.closures.1", "/streets/closures/0"),
        ("streets.closures.0.file", "/etc/x", "path-outside", "streets.closures.1.file", "/streets/closures/0/file"),
        (
            "streets.closures.0.speed_factor",
            1,
            "out-of-range",
            "streets.closures.1.speed_factor",
            "/streets/closures/0/speed_factor",
        ),
        ("tracks.0.file", "../x.gpx", "path-outside", "tracks.1.file", "/tracks/0/file"),
        ("tracks.0.zone", "Mars/Base", "not-a-choice", "tracks.1.zone", "/tracks/0/zone"),
        ("tracks.0.day", "someday", "not-a-choice", "tracks.1.day", "/tracks/0/day"),
        ("solve.seconds", 1e9, "out-of-range", "solve.seconds", "/solve/seconds"),
        ("solve.engine", "magic", "not-a-choice", "solve.engine", "/solve/engine"),
        ("solve.seed", -1, "out-of-range", "solve.seed", "/solve/seed"),
        ("solve.threads", 0, "out-of-range", "solve.threads", "/solve/threads"),
        ("solve.threads", 1_000, "out-of-range", "solve.threads", "/solve/threads"),
        ("solve.seed", 2**40, "out-of-range", "solve.seed", "/solve/seed"),
    ],
)
def test_one_thing_wrong(path: str, value: Any, code: str, place: str, pointer: str | None) -> None:
    fault = the_fault(parse, broken(path, value))
    assert (fault.code, fault.place) == (code, place)
    assert pointer is None or fault.pointer == pointer
    assert fault.pointer.startswith("/")


def test_a_pointer_escapes_what_rfc_6901_says() -> None:
    assert the_fault(parse, broken("tables.points.defaults", {"i~d/": 1})).pointer == "/tables/points/defaults/i~0d~1"
    assert the_fault(parse, broken("a/b~c", 1)).pointer == "/a~1b~0c"


def test_all_types_wrong_are_told_at_once_then_all_rules() -> None:
    data = broken("hubs.at_most", "3", at=broken("name", ..., at=broken("days", ["x"])))
    assert len(faults(parse, data)) == 3
    data = broken("hubs.at_most", 0, at=broken("country", "XX", at=broken("solve.seconds", -1)))
    assert len(faults(parse, data)) == 3


def test_suggestions() -> None:
    assert "did you mean people?" in the_fault(parse, broken("demand.peple", 3)).action
    assert "did you mean KE (Kenya)?" in the_fault(parse, broken("country", "Kenya")).action
    assert "kg_per_day" in the_fault(parse, broken("tables.points.columns", {"kg_per_dya": "x"})).action
    assert "t/week" in the_fault(parse, broken("tables.points.units", {"kg_per_day": "m3"})).action
    assert "never converted" in the_fault(parse, broken("tables.vehicles.units", {"cost_per_km": "USD/km"})).action


@pytest.mark.parametrize(
    ("data", "places"),
    [
        ({"demand": {}}, ["tables.points"]),
        ({"demand": {"from": "points"}, "tables": {}}, ["tables.points", "tables.hub_sites"]),
        ({"hubs": None, "tables": {}}, ["tables.vehicles"]),
        ({"tables": {"hub_sites": {"file": "h.csv"}}}, []),
        ({"tables": {"hub_sites": {"file": "h.csv"}, "today": {"file": "t.csv"}}}, ["tables.vehicles"]),
        ({"demand": {"from": "zones"}, "streets": {"file": "coquimbo.zip"}}, []),
        ({"demand": {"from": "zones"}, "streets": {"place": "Kisumu, Kenya"}}, ["tables.zones"]),
        ({"streets": {"town": "atlantis"}}, ["streets.town"]),
    ],
)
def test_tables_that_are_needed(data: dict[str, Any], places: list[str]) -> None:
    tables = {name: ref for name, ref in WHOLE["tables"].items() if name != "points"}
    whole = {**WHOLE, "tracks": [], "tables": tables, **data}
    if places:
        assert [fault.place for fault in faults(parse, whole)] == places
    else:
        parse(whole)


@pytest.mark.parametrize(
    ("file", "raw"),
    [
        ("s.toml", b"name = "),
        ("s.toml", b'name = "\xff"'),
        ("s.toml", b"x = " + b"9" * 5000),
        ("s.toml", b"x = " + b"[" * 50_000),
        ("s.toml", b'name = "a"\nname = "b"'),
        ("s.json", b"{"),
        ("s.json", b"[1]"),
        ("s.json", b"[" * 100_000),
        ("s.json", b'{"a":' * 5_000 + b"1" + b"}" * 5_000),
        ("s.json", b'{"name": "\\ud800"}'),
        ("s.json", b'{"x": 1} trailing'),
        ("s.json", b'"\xff"'),
        ("s.yaml", b"name: x"),
        ("s.toml", b"# " + b"x" * (11 * 2**20)),
    ],
)
def test_files_that_are_no_scenario(tmp_path: Path, file: str, raw: bytes) -> None:
    path = tmp_path / file
    path.write_bytes(raw)
    fault = the_fault(load, path)
    assert fault.code in {"scenario-file", "too-deep"}
    assert str(tmp_path) not in str(fault)


def test_a_file_that_is_not_there_or_a_folder(tmp_path: Path) -> None:
    assert "does not exist" in the_fault(load, tmp_path / "s.toml").cause
    (tmp_path / "d.toml").mkdir()
    assert the_fault(load, tmp_path / "d.toml").code == "scenario-file"


def test_toml_and_json_say_the_same(tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text("\ufeff" + json.dumps(WHOLE), encoding="utf-8")
    assert load(tmp_path / "s.json") == parse(WHOLE)
    (tmp_path / "s.toml").write_text(
        'name = "n"\ncountry = "KE"\ncurrency = "KES"\ndays_since_last = 3\n'
        '[[streams]]\nid = "r"\nname = "R"\ndensity_kg_m3 = 300\n[streets]\ntown = "twelve-junctions"\n'
        '[tables.hub_sites]\nfile = "h.csv"\n[hubs]\nat_most = 1\n'
        '[demand]\nfrom = "buildings"\npeople = 5\nstream = "r"\n'
    )
    scenario = load(tmp_path / "s.toml")
    assert (scenario.days_since_last, scenario.demand.from_) == (3.0, "buildings")


def test_dates_in_toml_are_no_numbers(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text('name = "x"\ndays_since_last = 2024-01-01\n')
    assert "wrong-type" in codes(faults(load, tmp_path / "s.toml"))


def test_the_json_schema_says_what_is_read() -> None:
    schema = json_schema()
    assert schema["additionalProperties"] is False
    assert set(schema["required"]) == {"name", "country", "currency", "streams", "streets"}
    assert "from" in schema["$defs"]["DemandRef"]["properties"]
    assert set(schema["properties"]) == set(Scenario.__dataclass_fields__)
    references = set(re.findall(r'"#/\$defs/(\w+)"', json.dumps(schema)))
    assert references == set(schema["$defs"])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(sorted(WHOLE))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=150)
@given(st.dictionaries(KEYS, JSON, max_size=4))
def test_whatever_stands_in_it_the_answer_is_a_scenario_or_faults(changes: dict[str, Any]) -> None:
    told: tuple[Fault, ...] = ()
    try:
        scenario = parse({**WHOLE, **changes})
        assert parse(dump(scenario)) == scenario
    except InputError as error:
        told = error.faults
    assert all(fault.place and fault.cause and fault.action for fault in told)


def test_a_number_of_five_thousand_digits() -> None:
    assert codes(faults(parse, broken("solve.seed", 10**5000))) == ["out-of-range"]
