from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from shapely import MultiPolygon, Polygon

import scenarios.streets
from faults import SourceError
from network.sources.graphml import write_graphml
from network.sources.made_up import twelve_junctions
from network.streets import StreetNetwork
from scenarios.scenario import DemandRef, Scenario, StreetsRef, TableRef
from scenarios.streets import load_streets
from tests.scenarios.read.kit import lay, scenario, the_fault

OSM = """<?xml version="1.0"?><osm version="0.6">
<node id="1" lat="0.0" lon="0.0"/><node id="2" lat="0.0" lon="0.002"/><node id="3" lat="0.0" lon="0.004"/>
<node id="4" lat="0.0001" lon="0.001"><tag k="addr:street" v="Long Street"/><tag k="addr:housenumber" v="5"/></node>
<way id="10"><nd ref="1"/><nd ref="2"/><nd ref="3"/>
<tag k="highway" v="residential"/><tag k="name" v="Long Street"/></way></osm>"""


def on(ref: StreetsRef, **changes: Any) -> Scenario:
    return scenario(streets=ref, **changes)


def ring(west: float, east: float) -> list[list[float]]:
    return [[west, -0.1], [east, -0.1], [east, 0.1], [west, 0.1], [west, -0.1]]


def geojson(path: Path, *features: tuple[dict[str, Any], list[Any]]) -> None:
    made = [
        {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": rings}}
        for properties, rings in features
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": made}))


def test_the_made_up_town(tmp_path: Path) -> None:
    network, features, zones = load_streets(on(StreetsRef(town="twelve-junctions")), tmp_path)
    assert network.junctions == 12
    assert features is None
    assert zones is None


@pytest.mark.parametrize(("country", "left_hand"), [("KE", True), ("FI", False)])
def test_traffic_keeps_to_the_side_its_country_drives_on(tmp_path: Path, country: str, left_hand: bool) -> None:
    wanted = on(StreetsRef(town="twelve-junctions"), country=country)
    assert load_streets(wanted, tmp_path)[0].left_hand is left_hand


def test_an_openstreetmap_file_with_what_stands_beside_the_streets(tmp_path: Path) -> None:
    (tmp_path / "t.osm").write_text(OSM)
    lay(tmp_path)
    network, features, _ = load_streets(on(StreetsRef(file="t.osm")), tmp_path)
    assert network.segments >= 1
    assert features is None, "no table has addresses and nothing is estimated"
    lay(tmp_path, depots="id,address\nyard,Long Street 5\n")
    _, features, _ = load_streets(on(StreetsRef(file="t.osm")), tmp_path)
    assert features is not None
    assert len(features.addresses.lon) == 1
    wanted = on(StreetsRef(file="t.osm"), demand=DemandRef(from_="buildings", people=10), tables={})
    assert load_streets(wanted, tmp_path)[1] is not None


def test_a_boundary_cuts(tmp_path: Path) -> None:
    (tmp_path / "t.osm").write_text(OSM)
    geojson(tmp_path / "ward.geojson", ({}, [ring(-0.001, 0.0025)]))
    whole, _, _ = load_streets(on(StreetsRef(file="t.osm"), tables={}), tmp_path)
    cut, _, _ = load_streets(on(StreetsRef(file="t.osm", boundary="ward.geojson"), tables={}), tmp_path)
    assert 0 < cut.length_m.sum() < whole.length_m.sum()


def test_graphml_comes_back(tmp_path: Path) -> None:
    write_graphml(twelve_junctions(), tmp_path / "t.graphml")
    network, features, _ = load_streets(on(StreetsRef(file="t.graphml")), tmp_path)
    assert network.length_m.sum() == pytest.approx(2950)
    assert features is None


@pytest.mark.parametrize(
    ("ref", "code"),
    [
        (StreetsRef(file="nowhere.osm.pbf"), "file-missing"),
        (StreetsRef(file="../t.osm"), "path-outside"),
        (StreetsRef(file="t.shp"), "streets-kind"),
        (StreetsRef(town="twelve-junctions", box=(0, 0, 1, 1)), "streets-cut"),
        (StreetsRef(file="t.graphml", box=(0, 0, 1, 1)), "streets-cut"),
        (StreetsRef(file="t.osm", boundary="nowhere.geojson"), "file-missing"),
        (StreetsRef(file="t.osm", boundary="t.shp"), "file-kind"),
    ],
)
def test_streets_that_cannot_be_read(tmp_path: Path, ref: StreetsRef, code: str) -> None:
    (tmp_path / "t.osm").write_text(OSM)
    (tmp_path / "t.shp").write_bytes(b"\x00\x00\x27\x0a")
    write_graphml(twelve_junctions(), tmp_path / "t.graphml")
    fault = the_fault(load_streets, on(ref), tmp_path)
    assert fault.code == code
    assert str(tmp_path) not in str(fault)


@pytest.mark.parametrize("file", ["b.osm", "b.osm.pbf", "b.graphml", "b.zip"])
def test_a_broken_street_file_is_called_as_the_scenario_calls_it(tmp_path: Path, file: str) -> None:
    (tmp_path / file).write_text("<broken")
    with pytest.raises(SourceError) as refused:
        load_streets(on(StreetsRef(file=file)), tmp_path)
    assert refused.value.faults[0].place == file
    assert str(tmp_path) not in str(refused.value)


def test_zones_of_a_table(tmp_path: Path) -> None:
    hole = [[0.001, -0.01], [0.002, -0.01], [0.002, 0.01], [0.001, -0.01]]
    geojson(
        tmp_path / "zones.geojson",
        ({"zone": "A", "Population": "1,200"}, [ring(0, 0.003), hole]),
        ({"zone": "B", "Population": 300.5}, [ring(0.003, 0.006)]),
    )
    ref = TableRef(file="zones.geojson", columns={"id": "zone"})
    plain = on(StreetsRef(town="twelve-junctions"), tables={"zones": ref}, demand=DemandRef(from_="zones"))
    _, _, zones = load_streets(plain, tmp_path)
    assert zones is not None
    assert [(zone.id, zone.name, zone.population) for zone in zones] == [("A", "A", 1200), ("B", "B", 300.5)]
    assert [len(zone.rings) for zone in zones] == [2, 1]
    assert np.array_equal(zones[0].rings[1], np.array(hole))


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ([{"people": "many"}, {"people": 1}], "not-a-number"),
        ([{"people": -1}, {"people": 1}], "negative"),
        ([{"people": None}, {"people": 1}], "missing"),
        ([{"persons": 5}, {"persons": 1}], "column-missing"),
        ([{"id": "a", "people": 5}, {"id": "a", "people": 1}], "id-twice"),
    ],
)
def test_zones_with_faults(tmp_path: Path, properties: list[dict[str, Any]], code: str) -> None:
    geojson(tmp_path / "zones.geojson", *((entry, [ring(0, 1)]) for entry in properties))
    plain = on(StreetsRef(town="twelve-junctions"), tables={"zones": TableRef(file="zones.geojson")})
    assert the_fault(load_streets, plain, tmp_path).code == code


def test_zones_must_be_areas(tmp_path: Path) -> None:
    (tmp_path / "zones.csv").write_text("id,people\na,5\n")
    plain = on(StreetsRef(town="twelve-junctions"), tables={"zones": TableRef(file="zones.csv")})
    assert the_fault(load_streets, plain, tmp_path).code == "file-kind"


def test_a_place_is_asked_for_by_outline_then_box_then_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def recorded(place: Any, *, cache: Path) -> StreetNetwork:
        asked.append(place)
        return replace(twelve_junctions(), source=str(cache.name))

    monkeypatch.setattr(scenarios.streets, "read_place", recorded)
    hole = [[0.4, -0.05], [0.6, -0.05], [0.6, 0.05], [0.4, -0.05]]
    geojson(tmp_path / "ward.geojson", ({}, [ring(0, 1), hole]), ({}, [ring(2, 3)]))
    box = (36.8, -1.31, 36.85, -1.26)
    for ref in (
        StreetsRef(place="Kisumu"),
        StreetsRef(place="Kisumu", box=box),
        StreetsRef(place="Kisumu", box=box, boundary="ward.geojson"),
    ):
        load_streets(on(ref, tables={}), tmp_path)
    name, asked_box, outline = asked
    assert name == "Kisumu"
    assert asked_box == box
    assert isinstance(outline, MultiPolygon)
    assert outline.area == pytest.approx(2 * 0.2 - Polygon(hole).area)


def test_a_transport_model_brings_its_zones(data_dir: Path) -> None:
    plain = on(StreetsRef(file="coquimbo-network.zip"), tables={}, demand=DemandRef(from_="zones"))
    network, _, zones = load_streets(plain, data_dir / "osm")
    assert network.segments == 19846
    assert zones is not None
    assert len(zones) == 133
