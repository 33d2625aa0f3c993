"""Street files that are served: how they are named, read once, kept ready; and the command."""

import json
import logging
import os
import traceback
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest

from api.config import Config, Limits, from_environment, named_files
from api.interop import extracts
from api.interop.avoid import Avoid
from api.interop.extracts import Extract, Use
from api.interop.places import anywhere
from faults import InputError
from network.profiles import PROFILES
from tests.api.interop.town import write_town
from tests.api.service import command, serve
from tests.network.extracts import nodes_xml, street, ways_xml, write

CAR = Use(profile=PROFILES["small-truck"], avoid=Avoid())


@pytest.fixture(scope="module")
def extract(tmp_path_factory: pytest.TempPathFactory) -> Extract:
    folder = tmp_path_factory.mktemp("extract")
    return Extract("town", write_town(folder / "town.osm"), folder / "kept")


def test_a_file_is_called_as_it_is_said_or_after_itself() -> None:
    assert named_files(["maps/nairobi.osm.pbf", "home=x/y.osm", "a=b=c.osm"]) == {
        "nairobi": Path("maps/nairobi.osm.pbf"),
        "home": Path("x/y.osm"),
        "a=b": Path("c.osm"),
    }


def test_the_environment_names_files_and_limits(tmp_path: Path) -> None:
    one, two = write_town(tmp_path / "one.osm"), write_town(tmp_path / "two.osm")
    config = from_environment(
        {
            "MZUNGUKO_HOME": str(tmp_path),
            "MZUNGUKO_STREETS": os.pathsep.join([str(one), f"second={two}"]),
            "MZUNGUKO_LIMITS": "table_places=50, route_places=7",
        }
    )
    assert dict(config.streets) == {"one": one, "second": two}
    assert (config.limits.table_places, config.limits.route_places) == (50, 7)
    assert replace(config.limits, table_places=2000, route_places=500) == Limits()


@pytest.mark.parametrize("text", ["places=5", "table_places", "table_places=0", "table_places=-1", "wait_seconds=3"])
def test_a_limit_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InputError) as refused:
        from_environment({"MZUNGUKO_LIMITS": text})
    assert [fault.code for fault in refused.value.faults] == ["bad-limit"]


@pytest.mark.parametrize("name", ["route", "v2", "a/b", "", "x" * 61])
def test_a_name_that_cannot_stand_in_an_address_is_refused(tmp_path: Path, name: str) -> None:
    file = write_town(tmp_path / "town.osm")
    with pytest.raises(InputError) as refused:
        Config(home=tmp_path, streets={name: file, "gone": tmp_path / "gone.osm"})
    assert {fault.code for fault in refused.value.faults} == {"bad-streets-name", "no-network-file"}


def test_a_file_is_read_once_and_its_hierarchy_kept(extract: Extract, caplog) -> None:
    with caplog.at_level(logging.INFO, "mzunguko.streets"):
        extract.warm()
        first = extract.roads(CAR)
        assert extract.roads(CAR) is first
        extract.roads(Use(profile=PROFILES["refuse-truck"], avoid=Avoid()))
    read = [record.message for record in caplog.records if "read: done" in record.message]
    assert len(read) == 1
    assert "town.osm" in read[0]
    assert list(extract._cache.glob("hierarchy-*.npz"))


def test_only_the_last_few_uses_are_kept(extract: Extract, monkeypatch) -> None:
    monkeypatch.setattr(extracts, "DRIVES", 2)
    kept = extract.roads(CAR)
    for height in (3.0, 3.1):
        extract.roads(replace(CAR, profile=replace(CAR.profile, height_m=height)))
    assert len(extract._roads) == 2
    assert extract.roads(CAR) is not kept


def test_what_is_avoided_is_closed(extract: Extract) -> None:
    ring = ((0.0033, 0.0022), (0.0045, 0.0022), (0.0045, 0.0032), (0.0033, 0.0032), (0.0033, 0.0022))
    free = extract.roads(CAR)
    around = extract.roads(replace(CAR, avoid=Avoid(areas=((ring,),), classes=frozenset({"toll", "steps"}))))
    places = anywhere([0.0005, 0.0062], [0.0027, 0.0027])
    lengths = [roads.table(roads.locate(places), [0], [1])[1][0, 0] for roads in (free, around)]
    assert lengths[1] > lengths[0] + 100


def test_a_map_without_streets_is_read_once_and_told(tmp_path: Path, monkeypatch) -> None:
    empty = tmp_path / "empty.osm"
    empty.write_text('<osm version="0.6"></osm>')
    read = []
    monkeypatch.setattr(extracts, "read_file", lambda file, once=extracts.read_file: read.append(file) or once(file))
    service = serve(tmp_path / "home", streets={"empty": empty})
    for _ in range(2):
        answer = service.client().get("/osrm/nearest/v1/driving/0,0")
        assert (answer.status_code, answer.json["code"]) == (500, "InternalError")
    assert read == [empty]
    service.store.close()


def test_a_file_that_cannot_be_read_takes_no_more_memory_with_every_request(tmp_path: Path) -> None:
    broken = Extract("gone", tmp_path / "gone.osm", None)
    lengths = []
    for _ in range(4):
        with pytest.raises(InputError) as refused:
            broken.roads(CAR)
        lengths.append(len(list(traceback.walk_tb(refused.value.__traceback__))))
    assert lengths[1] == lengths[3]


def test_where_a_vehicle_may_go_nowhere_no_place_is_found(tmp_path: Path) -> None:
    nodes = nodes_xml({1: (0, 0), 2: (100, 0), 3: (100, 100)})
    paths = write(tmp_path / "paths.osm", nodes, ways_xml({9: street(1, 2, 3, highway="footway")}))
    service = serve(tmp_path / "home", streets={"paths": paths})
    client = service.client()
    for path in ("nearest/v1/driving/0,0", "route/v1/driving/0,0;0.0009,0.0009", "table/v1/driving/0,0;0.0009,0.0009"):
        answer = client.get(f"/osrm/{path}")
        assert (answer.status_code, answer.json["code"]) == (400, "NoSegment")
    assert client.get("/osrm/match/v1/driving/0,0;0.0009,0").json["code"] == "NoSegment"
    walk = client.get("/osrm/route/v1/foot/0,0;0.0009,0.0009?overview=false").json
    assert walk["routes"][0]["distance"] == pytest.approx(200, abs=1)
    service.store.close()


def test_in_left_hand_traffic_the_kerb_is_on_the_left(tmp_path: Path) -> None:
    service = serve(tmp_path / "home", streets={"town": write_town(tmp_path / "town.osm", left_hand=True)})
    url = "/osrm/route/v1/driving/0.0001,0.0005;0.00265,0.0005?steps=true&approaches=;curb"
    steps = service.client().get(url).json["routes"][0]["legs"][0]["steps"]
    assert {step["driving_side"] for step in steps} == {"left"}
    assert steps[-1]["maneuver"]["modifier"] == "left"
    service.store.close()


def test_the_command_serves_a_street_file(tmp_path: Path) -> None:
    file = write_town(tmp_path / "town.osm")
    with command(tmp_path / "home", "--streets", f"small={file}") as (_, address):
        url = f"{address}/osrm/small/table/v1/driving/0.0001,0.0005;0.0068,0.0050"
        with urllib.request.urlopen(url, timeout=60) as reply:
            assert json.load(reply)["durations"][0][0] == 0
    assert "streets small: town.osm read: done" in (tmp_path / "home").with_suffix(".log").read_text()
