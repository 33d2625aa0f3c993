"""No network: the services' answers are recorded (made by hand in their form)."""

import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote_plus

import numpy as np
import osmnx
import pytest
import requests
import responses
from shapely import box as rectangle

from faults import SourceError
from network.keys import CLASSES
from network.profiles import PROFILES
from network.sources.osm_place import read_place
from network.streets import StreetNetwork
from network.tags import usable

RECORDED = Path(__file__).parent.parent / "recorded"
NOMINATIM = "https://nominatim.openstreetmap.org/search"
OVERPASS = "https://overpass-api.de/api/interpreter"
BOX = (36.795, -1.305, 36.805, -1.295)


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Iterator[responses.RequestsMock]:
    """Answers instead of the network, and no waiting."""
    monkeypatch.setattr("time.sleep", lambda _: None)
    monkeypatch.setattr(socket, "gethostbyname", lambda _: "127.0.0.1")
    with responses.RequestsMock() as answers:
        yield answers


def answer(services: responses.RequestsMock, name: str) -> None:
    url, method = (NOMINATIM, responses.GET) if name.startswith("nominatim") else (OVERPASS, responses.POST)
    services.add(method, url, body=(RECORDED / f"{name}.json").read_text(encoding="utf-8"))


def test_a_place_by_name(services: responses.RequestsMock) -> None:
    answer(services, "nominatim-small-place")
    answer(services, "overpass-small-place")
    network = read_place("Small Place, Nairobi")
    assert network.segments == 6
    assert network.source == "OpenStreetMap, Small Place, Nairobi"
    assert (network.licence, network.attribution) == ("ODbL 1.0", "© OpenStreetMap contributors")
    assert re.match(r"\d{4}-\d\d-\d\d", network.date)
    assert services.calls[0].request.params["q"] == "Small Place, Nairobi"
    assert services.calls[0].request.headers["User-Agent"].startswith("mzunguko/")


def fetch(services: responses.RequestsMock) -> StreetNetwork:
    answer(services, "overpass-small-place")
    return read_place(BOX)


def test_ways_are_kept_apart_and_tags_are_there(services: responses.RequestsMock) -> None:
    network = fetch(services)
    tags = {
        int(way): {key: str(column.strings()[s]) for key, column in network.tags.items() if column.codes[s]}
        for s, way in enumerate(network.way_id)
    }
    assert tags == {
        101: {"highway": "primary", "maxspeed": "50", "surface": "asphalt", "lanes": "2"},
        102: {"highway": "primary", "maxspeed": "30", "surface": "asphalt"},
        103: {"highway": "residential", "oneway": "yes"},
        104: {"highway": "residential", "surface": "gravel", "maxweight": "3.5"},
        105: {"highway": "residential", "oneway": "yes"},
        106: {"highway": "service", "access": "private", "hgv": "destination"},
    }
    assert set(network.name.strings()) == {"", "Harbour Road", "Fish Lane", "Net Street"}
    bend = network.shape(int(np.flatnonzero(network.way_id == 104)[0]))
    assert [36.8012, -1.2985] in bend.tolist()


def test_profiles_read_the_tags_of_a_place_as_of_a_file(services: responses.RequestsMock) -> None:
    network = fetch(services)
    use = usable(network, PROFILES["refuse-truck"])
    row = {int(way): s for s, way in enumerate(network.way_id)}
    assert not use.forward[row[104]]  # 3.5 t
    assert use.serve_only[row[106]]
    assert use.backward.sum() == 3
    lane = network.shape(row[103])  # mapped 3 -> 4, open 4 -> 3
    assert lane.tolist() == [[36.802, -1.299], [36.802, -1.3]]


def test_streets_that_reach_out_of_the_place_end_at_the_first_node_outside(services: responses.RequestsMock) -> None:
    lon = fetch(services).shape_lon
    assert lon.max() == 36.8205  # the street goes on to 36.83


def test_an_outline_is_asked_for_as_it_is(services: responses.RequestsMock) -> None:
    answer(services, "overpass-small-place")
    assert read_place(rectangle(*BOX)).segments == 6
    assert "residential" in str(services.calls[0].request.body)


def test_nothing_global_is_left_changed(services: responses.RequestsMock) -> None:
    before = {name: value for name, value in vars(osmnx.settings).items() if not name.startswith("__")}
    look_up = socket.getaddrinfo
    fetch(services)
    services.add(responses.POST, OVERPASS, status=500, body="out of order")
    with pytest.raises(SourceError):
        read_place((36.0, -1.0, 36.01, -0.99))
    assert {name: value for name, value in vars(osmnx.settings).items() if not name.startswith("__")} == before
    assert socket.getaddrinfo is look_up


def test_answers_are_kept_in_the_folder_given_and_nowhere_else(
    services: responses.RequestsMock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    fetch(services)
    assert list(tmp_path.iterdir()) == []
    answer(services, "overpass-small-place")
    kept = tmp_path / "kept"
    assert read_place(BOX, cache=kept).sha256 == read_place(BOX, cache=kept).sha256
    assert len(list(kept.iterdir())) == 1
    assert len(services.calls) == 2


@pytest.mark.parametrize("recorded", ["nominatim-nothing", "nominatim-a-point"])
def test_a_place_that_is_not_known_or_has_no_area(services: responses.RequestsMock, recorded: str) -> None:
    answer(services, recorded)
    assert refused("Nowhereville") == "place-unknown"


def test_a_place_without_streets(services: responses.RequestsMock) -> None:
    answer(services, "overpass-nothing")
    assert refused(BOX) == "place-without-streets"


def test_offline(services: responses.RequestsMock) -> None:
    services.add(responses.POST, OVERPASS, body=requests.ConnectionError("no route"))
    assert refused(BOX) == "osm-unreachable"
    services.add(responses.GET, NOMINATIM, body=requests.Timeout("slow"))
    assert refused("Small Place") == "osm-unreachable"


def test_a_service_in_trouble(services: responses.RequestsMock) -> None:
    services.add(responses.POST, OVERPASS, status=500, body="<html>out of order</html>")
    assert refused(BOX) == "osm-refused"


def test_a_busy_service_is_asked_three_times(services: responses.RequestsMock) -> None:
    services.add(responses.POST, OVERPASS, status=429, body="{}")
    assert refused(BOX) == "osm-busy"
    assert len(services.calls) == 3


def refused(place: object) -> str:
    with pytest.raises(SourceError) as error:
        read_place(place)
    (fault,) = error.value.faults
    assert fault.action
    return fault.code


def test_what_stands_at_nodes_and_what_is_not_known(services: responses.RequestsMock) -> None:
    answered = json.loads((RECORDED / "overpass-small-place.json").read_text(encoding="utf-8"))
    inner, crossing, corner = 6, 7, 1
    for element in answered["elements"]:
        if element["type"] == "node":
            element["tags"] = {
                inner: {"barrier": "gate", "access": "private"},
                crossing: {"highway": "crossing"},
                corner: {"highway": "traffic_signals", "note": "x"},
            }.get(element["id"], {})
    services.add(responses.POST, OVERPASS, json=answered)
    network = read_place(BOX)
    tags = {
        int(node): {
            key: column.values[column.codes[row]] for key, column in network.junction_tags.items() if column.codes[row]
        }
        for row, node in enumerate(network.junction_id)
    }
    assert {node: found for node, found in tags.items() if found} == {
        inner: {"barrier": "gate", "access": "private"},
        corner: {"highway": "traffic_signals"},
    }
    assert "turn restrictions" in network.report.notes[0]
    assert len(network.restrictions) == 0


def test_the_same_classes_and_tags_as_from_a_file(services: responses.RequestsMock) -> None:
    fetch(services)
    asked = unquote_plus(str(services.calls[0].request.body))
    assert all(f"|{name}" in asked or f"({name}" in asked for name in CLASSES)
