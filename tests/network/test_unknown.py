from pathlib import Path

import pytest

from network.sources.osm_file import read_osm
from network.unknown import unknown_values
from tests.network.drawing import draw

ENDS = {"a": (0, 0), "b": (1000, 0)}
UNDERSTOOD = [
    {"access": "private"},
    {"access": "yes; sheep"},
    {"hgv:backward": "no"},
    {"surface": "concrete:plates"},
    {"surface": "asphalt"},
    {"surface": "gravel"},
    {"smoothness": "good"},
    {"tracktype": "grade3"},
    {"oneway": "reversible"},
    {"oneway:hgv": "no"},
    {"maxspeed": "30 mph"},
    {"maxspeed": "none"},
    {"maxspeed": "KE:urban"},
    {"maxweight": "7.5"},
    {"maxheight": "below_default"},
    {"maxheight": "default"},
    {"width": "3,5"},
    {"name": "whatever"},
]
NOT = [
    {"access": "ask the guard"},
    {"motor_vehicle:forward": "sheep"},
    {"surface": "lava"},
    {"smoothness": "so so"},
    {"tracktype": "grade6"},
    {"oneway": "sometimes"},
    {"oneway:goods": "maybe"},
    {"maxspeed": "slow"},
    {"maxweight": "a lot"},
    {"maxlength": "two lorries"},
    {"width": "wide"},
]


@pytest.mark.parametrize("tags", UNDERSTOOD, ids=str)
def test_what_some_rule_understands(tags: dict[str, str]) -> None:
    assert unknown_values(draw(ENDS, [("a", "b", tags)])) == {}


@pytest.mark.parametrize("tags", NOT, ids=str)
def test_what_no_rule_understands(tags: dict[str, str]) -> None:
    ((key, value),) = tags.items()
    assert unknown_values(draw(ENDS, [("a", "b", tags), ("a", "b")])) == {f"{key}={value}": pytest.approx(1.0)}


def test_longest_first() -> None:
    streets = [("a", "b", {"surface": "lava"}), ("a", "b", {"access": "ask", "length": "2000"})]
    assert list(unknown_values(draw(ENDS, streets))) == ["access=ask", "surface=lava"]


def test_most_of_a_real_town_is_understood(data_dir: Path) -> None:
    network = read_osm(data_dir / "osm" / "nairobi-central.osm.pbf")
    assert sum(unknown_values(network).values()) < 0.02 * network.length_m.sum() / 1000
