from dataclasses import replace
from pathlib import Path

import pytest

from network.describe import Rules, describe
from network.profiles import PROFILES
from network.sources.made_up import twelve_junctions
from network.sources.osm_file import read_osm
from network.streets import LoadReport
from tests.network.drawing import draw
from tests.network.test_exchange import rich_town


def test_the_made_up_town() -> None:
    about = describe(twelve_junctions())
    assert (about.junctions, about.segments, about.km) == (12, 16, pytest.approx(2.95))
    assert about.km_by_class == {"residential": pytest.approx(2.95)}
    assert [who.id for who in about.profiles] == list(PROFILES)
    assert all((who.usable_km, who.connected) == pytest.approx((2.95, 1.0)) for who in about.profiles)


def test_shares_and_what_is_not_known() -> None:
    junctions = {"a": (0, 0), "b": (1000, 0), "c": (1000, 1000), "x": (5000, 0), "y": (6000, 0)}
    network = draw(
        junctions,
        [
            ("a", "b", {"highway": "primary", "surface": "asphalt", "maxspeed": "50"}),
            ("b", "c", {"access": "private"}),
            ("a", "c", {"highway": "steps", "length": "500"}),
            ("x", "y", {"width": "4"}),
        ],
    )
    about = describe(network)
    truck, foot = (next(who for who in about.profiles if who.id == name) for name in ("refuse-truck", "foot"))
    assert list(about.km_by_class) == ["residential", "primary", "steps"]
    assert (truck.usable_km, truck.serve_only_km, truck.connected) == pytest.approx((3.0, 1.0, 2 / 3))
    assert truck.unknown_km == pytest.approx({"surface": 2.0, "width": 2.0, "maxspeed": 2.0})
    assert foot.usable_km == pytest.approx(3.5)
    text = str(about)
    assert "5 junctions, 4 segments, 3.5 km of street" in text
    assert "Refuse truck 3.0 1.0 66.7 2.0 2.0 2.0" in " ".join(text.split())


def test_nothing_usable_is_no_error() -> None:
    about = describe(draw({"a": (0, 0), "b": (1, 0)}, [("a", "b", {"highway": "raceway"})]))
    assert {who.connected for who in about.profiles} == {0.0}


def test_reasons_and_notes_are_told() -> None:
    report = LoadReport(ways_read=3, left_out={"area": 1200}, clipped_ends=7, notes=("drawn in a hurry",))
    text = str(describe(replace(twelve_junctions(), report=report)))
    assert "3 ways read" in text
    assert "left out, area: 1,200" in text
    assert "at the border of the area: 7;" in text
    assert "note: drawn in a hurry" in text


def test_rules_barriers_and_the_side_of_traffic_are_told() -> None:
    about = describe(rich_town())
    assert about.left_hand
    assert about.restrictions == Rules(
        by_kind={"no_left_turn": 1, "only_straight_on": 1}, along_streets=1, conditional=1, for_some=1
    )
    assert (about.barriers, about.places) == ({"gate": 1, "bollard": 1}, {})
    text = str(about)
    for line in (
        "Traffic keeps to the left",
        "Turn restrictions: 2\n  no_left_turn 1, only_straight_on 1",
        "over other streets: 1; at certain times or sizes: 1; for some vehicles only: 1",
        "left out, incomplete: 1",
        "Barriers: 2\n  gate 1, bollard 1",
        "note: so",
    ):
        assert line in text


def test_what_is_assumed_and_what_is_not_read_is_told() -> None:
    junctions = {"a": (0, 0), "b": (1000, 0), "c": (1000, 1000)}
    streets = [
        ("a", "b", {"highway": "road", "width": "7"}),
        ("b", "c", {"access:conditional": "no @ (when the river rises)"}),
    ]
    report = LoadReport(unread_m={"mtb:scale": 1234.0, "note": 12.0})
    about = describe(replace(draw(junctions, streets), report=report))
    truck = about.profiles[0]
    assert truck.assumed_km["class-unknown"] == pytest.approx(1.0)
    assert truck.assumed_km["width-unknown"] == pytest.approx(1.0)
    assert about.unknown_values == {"access:conditional=no @ (when the river rises)": pytest.approx(1.0)}
    text = " ".join(str(about).split())
    assert "no rule understands: access:conditional=no @ (when the river rises) 1.0 km" in text
    assert "mtb:scale 1.2 km note 0.0 km" in text
    assert "class-unknown 1.0 1.0" in text


def test_what_was_left_out_is_told(data_dir: Path) -> None:
    network = read_osm(data_dir / "osm" / "nairobi-central.osm.pbf")
    text = str(describe(network))
    assert f"{network.report.islands} with" in text
    assert "© OpenStreetMap contributors (ODbL 1.0)" in text
    assert max(map(len, text.splitlines())) <= 100
