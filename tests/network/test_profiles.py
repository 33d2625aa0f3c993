import csv
from dataclasses import replace
from importlib.resources import files

import pytest

from network.profiles import KINDS, PROFILES


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(files("network.data").joinpath(name).read_text(encoding="utf-8").splitlines()))


def test_the_five_profiles_are_there() -> None:
    assert list(PROFILES) == ["refuse-truck", "small-truck", "tricycle", "handcart", "foot"]
    assert [profile.id for profile in PROFILES.values()] == list(PROFILES)
    assert [profile.movement for profile in PROFILES.values()] == ["drive", "drive", "drive", "foot", "foot"]


@pytest.mark.parametrize(
    ("profile", "highway", "kmh"),
    [
        ("refuse-truck", "motorway", 60),
        ("refuse-truck", "residential", 15),
        ("refuse-truck", "service", 10),
        ("tricycle", "primary", 20),
        ("handcart", "residential", 3),
        ("foot", "footway", 5),
    ],
)
def test_speeds_are_those_of_the_table(profile: str, highway: str, kmh: float) -> None:
    assert PROFILES[profile].speed_kmh[highway] == kmh


def test_who_may_go_where() -> None:
    assert "steps" in PROFILES["foot"].speed_kmh
    assert not any("steps" in profile.speed_kmh for profile in PROFILES.values() if profile.id != "foot")
    assert not any("motorway" in PROFILES[who].speed_kmh for who in ("tricycle", "handcart", "foot"))
    assert PROFILES["refuse-truck"].width_m > PROFILES["small-truck"].width_m > PROFILES["tricycle"].width_m
    assert {"destination", "private", "delivery"} <= PROFILES["refuse-truck"].serve


@pytest.mark.parametrize("name", ["speeds.csv", "vehicles.csv", "soft.csv"])
def test_every_figure_has_unit_range_source_year_and_status(name: str) -> None:
    table = rows(name)
    assert table
    for row in table:
        assert float(row["low"]) <= float(row["value"]) <= float(row["high"]), row
        assert row["unit"]
        assert row["source"]
        assert row["year"].isdigit()
        assert row["status"] in {"verified", "expert", "unverified"}
        assert row.get("profile", "foot") in PROFILES


def test_no_figure_is_given_twice() -> None:
    speeds = [(row["profile"], row["kind"], row["class"]) for row in rows("speeds.csv")]
    vehicles = [(row["profile"], row["quantity"]) for row in rows("vehicles.csv")]
    assert len(set(speeds)) == len(speeds)
    assert len(set(vehicles)) == len(vehicles)
    soft = [(row["rule"], row["class"]) for row in rows("soft.csv")]
    assert len(set(soft)) == len(soft)
    assert {row["kind"] for row in rows("speeds.csv")} == set(KINDS)


def test_no_class_is_faster_than_the_profile() -> None:
    for profile in PROFILES.values():
        assert max(profile.speed_kmh.values()) <= profile.kmh_cap


def test_a_profile_can_be_hashed_and_equals_its_copy() -> None:
    truck = PROFILES["refuse-truck"]
    assert hash(replace(truck)) == hash(truck)
    assert replace(truck) == truck


@pytest.mark.parametrize(
    "change",
    [
        {"speed_kmh": {"residential": 0.0}},
        {"speed_kmh": {}},
        {"serve_factor": 0.0},
        {"access_keys": ()},
        {"u_turn_s": -1.0},
    ],
)
def test_a_profile_without_sense_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="profile refuse-truck"):
        replace(PROFILES["refuse-truck"], **change)


def test_larger_vehicles_need_more_room_and_more_time_to_turn() -> None:
    truck, small, tricycle = PROFILES["refuse-truck"], PROFILES["small-truck"], PROFILES["tricycle"]
    for name in ("length_m", "turning_m", "axle_load_t", "near_turn_s", "far_turn_s", "u_turn_s"):
        assert getattr(truck, name) > getattr(small, name) > getattr(tricycle, name) > 0, name
    for profile in PROFILES.values():
        assert profile.axle_load_t <= profile.weight_t
        assert profile.near_turn_s <= profile.far_turn_s
        assert profile.reverse_m == 0
    assert [profile.u_turns for profile in PROFILES.values()] == ["dead-ends"] * 2 + ["anywhere"] * 3


def test_which_streets_a_crew_crosses() -> None:
    truck, walker = PROFILES["refuse-truck"].crosses, PROFILES["foot"].crosses
    assert {"residential", "tertiary", "secondary"} <= truck
    assert not {"motorway", "trunk", "primary", "primary_link"} & truck
    assert "primary" in walker
    assert "trunk" not in walker


def test_a_profile_is_known_by_its_own_words() -> None:
    assert PROFILES["refuse-truck"].kinds == {"hgv", "motor_vehicle", "vehicle"}
