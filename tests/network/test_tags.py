"""One street with the tags in question, asked by one profile."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.keys import KEYS
from network.profiles import PROFILES
from network.sources.made_up import twelve_junctions
from network.streets import StreetNetwork, TagColumn
from network.tags import SpeedSource, Usability, usable
from tests.network.drawing import draw

TRUCK, SMALL, TRICYCLE, CART, FOOT = "refuse-truck", "small-truck", "tricycle", "handcart", "foot"
BOTH, ALONG, AGAINST, NONE = (True, True), (True, False), (False, True), (False, False)


def street(profile: str, **tags: str) -> Usability:
    """What a profile may do on a street; ``__`` in a key stands for ``:``."""
    spelled = {key.replace("__", ":"): value for key, value in tags.items()}
    return usable(draw({"a": (0, 0), "b": (100, 0)}, [("a", "b", spelled)]), PROFILES[profile])


def ways(result: Usability) -> tuple[bool, bool]:
    return bool(result.forward[0]), bool(result.backward[0])


def speed(result: Usability) -> tuple[float, SpeedSource]:
    return float(result.speed_kmh[0]), SpeedSource(int(result.speed_source[0]))


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({}, BOTH),
        ({"oneway": "yes"}, ALONG),
        ({"oneway": "true"}, ALONG),
        ({"oneway": "1"}, ALONG),
        ({"oneway": "-1"}, AGAINST),
        ({"oneway": "reverse"}, AGAINST),
        ({"oneway": "no"}, BOTH),
        ({"oneway": "alternating"}, BOTH),
        ({"oneway": "reversible"}, NONE),
        ({"oneway": "perhaps"}, BOTH),
        ({"junction": "roundabout"}, ALONG),
        ({"junction": "circular"}, ALONG),
        ({"junction": "roundabout", "oneway": "no"}, BOTH),
        ({"junction": "roundabout", "oneway": "-1"}, AGAINST),
        ({"junction": "roundabout", "oneway": "perhaps"}, ALONG),
        ({"highway": "motorway"}, ALONG),
        ({"highway": "motorway_link"}, ALONG),
        ({"highway": "motorway", "oneway": "no"}, BOTH),
        ({"oneway": "yes", "oneway__hgv": "no"}, BOTH),
        ({"oneway__hgv": "yes"}, ALONG),
        ({"oneway__motor_vehicle": "-1"}, AGAINST),
        ({"oneway": "yes", "oneway__motor_vehicle": "-1", "oneway__hgv": "no"}, BOTH),
        ({"oneway": "yes", "oneway__bicycle": "no"}, ALONG),
        ({"oneway": "yes", "oneway__goods": "no"}, ALONG),
    ],
)
def test_one_way_rules_for_a_truck(tags: Mapping[str, str], expected: tuple[bool, bool]) -> None:
    assert ways(street(TRUCK, **tags)) == expected


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"oneway": "yes"}, BOTH),
        ({"oneway": "reversible"}, BOTH),
        ({"junction": "roundabout"}, BOTH),
        ({"oneway__foot": "yes"}, ALONG),
        ({"oneway__foot": "-1"}, AGAINST),
        ({"oneway": "-1", "oneway__foot": "no"}, BOTH),
    ],
)
@pytest.mark.parametrize("profile", [FOOT, CART])
def test_on_foot_one_ways_do_not_count(profile: str, tags: Mapping[str, str], expected: tuple[bool, bool]) -> None:
    assert ways(street(profile, **tags)) == expected


OPEN, SERVE, SHUT = "open", "serve", "shut"


def verdict(result: Usability) -> str:
    if not (result.forward[0] or result.backward[0]):
        return SHUT
    return SERVE if result.serve_only[0] else OPEN


@pytest.mark.parametrize(
    ("profile", "tags", "expected"),
    [
        (TRUCK, {}, OPEN),
        (TRUCK, {"access": "yes"}, OPEN),
        (TRUCK, {"access": "no"}, SHUT),
        (TRUCK, {"access": "private"}, SERVE),
        (TRUCK, {"access": "destination"}, SERVE),
        (TRUCK, {"access": "delivery"}, SERVE),
        (TRUCK, {"access": "customers"}, SERVE),
        (TRUCK, {"access": "Private"}, SERVE),
        (TRUCK, {"access": "agricultural"}, SHUT),
        (TRUCK, {"access": "agricultural;destination"}, SERVE),
        (TRUCK, {"access": "purple"}, OPEN),
        (TRUCK, {"access": "no", "motor_vehicle": "yes"}, OPEN),
        (TRUCK, {"access": "no", "motor_vehicle": "destination"}, SERVE),
        (TRUCK, {"access": "no", "motor_vehicle": "purple"}, SHUT),
        (TRUCK, {"motor_vehicle": "yes", "hgv": "no"}, SHUT),
        (TRUCK, {"motor_vehicle": "no", "hgv": "delivery"}, SERVE),
        (TRUCK, {"vehicle": "no", "foot": "yes"}, SHUT),
        (TRUCK, {"foot": "no"}, OPEN),
        (SMALL, {"hgv": "no"}, OPEN),
        (SMALL, {"goods": "no"}, SHUT),
        (FOOT, {"access": "no", "foot": "yes"}, OPEN),
        (FOOT, {"motor_vehicle": "no"}, OPEN),
        (FOOT, {"foot": "no"}, SHUT),
        (FOOT, {"access": "private"}, SERVE),
        (CART, {"vehicle": "no"}, OPEN),
        # classes made for people on foot
        (TRUCK, {"highway": "pedestrian"}, SHUT),
        (TRUCK, {"highway": "pedestrian", "access": "yes"}, SHUT),
        (TRUCK, {"highway": "pedestrian", "motor_vehicle": "delivery"}, SERVE),
        (TRUCK, {"highway": "footway", "vehicle": "yes"}, OPEN),
        (TRUCK, {"highway": "footway", "motor_vehicle": "no"}, SHUT),
        (TRUCK, {"highway": "steps", "motor_vehicle": "yes"}, SHUT),
        (CART, {"highway": "footway"}, OPEN),
        (CART, {"highway": "steps"}, SHUT),
        (FOOT, {"highway": "steps"}, OPEN),
        # classes made for cars
        (TRUCK, {"highway": "motorway"}, OPEN),
        (TRICYCLE, {"highway": "motorway"}, SHUT),
        (FOOT, {"highway": "motorway"}, SHUT),
        (TRUCK, {"highway": "trunk", "motorroad": "yes"}, OPEN),
        (TRICYCLE, {"highway": "trunk", "motorroad": "yes"}, SHUT),
        (FOOT, {"highway": "trunk", "motorroad": "no"}, OPEN),
        (TRUCK, {"highway": "bridleway"}, SHUT),
        (FOOT, {"highway": "never-heard-of"}, SHUT),
    ],
)
def test_access(profile: str, tags: Mapping[str, str], expected: str) -> None:
    assert verdict(street(profile, **tags)) == expected


@pytest.mark.parametrize(
    ("profile", "tags", "expected"),
    [
        (TRUCK, {"maxweight": "7.5"}, SHUT),
        (TRUCK, {"maxweight": "26"}, OPEN),
        (TRUCK, {"maxweight": "unknown"}, OPEN),
        (TRUCK, {"maxweightrating": "3.5 t"}, SHUT),
        (SMALL, {"maxweight": "7.5"}, OPEN),
        (TRUCK, {"maxheight": "3.2 m"}, SHUT),
        (TRUCK, {"maxheight": "default"}, OPEN),
        (TRUCK, {"maxheight": "12'"}, OPEN),
        (TRUCK, {"maxwidth": "2"}, SHUT),
        (SMALL, {"maxwidth": "2"}, OPEN),
        (TRUCK, {"width": "1.5"}, SHUT),
        (TRUCK, {"width": "0"}, OPEN),
        (TRUCK, {"est_width": "1.5"}, SHUT),
        (TRUCK, {"est_width": "1.5", "width": "3"}, OPEN),
        (FOOT, {"width": "0.3", "maxheight": "1.5", "maxweight": "0.1"}, OPEN),
        (CART, {"highway": "path", "width": "0.5"}, SHUT),
    ],
)
def test_size(profile: str, tags: Mapping[str, str], expected: str) -> None:
    assert verdict(street(profile, **tags)) == expected


@pytest.mark.parametrize(
    ("profile", "tags", "expected"),
    [
        (TRUCK, {}, (15, SpeedSource.CLASS)),
        (TRUCK, {"highway": "trunk"}, (45, SpeedSource.CLASS)),
        (TRUCK, {"highway": "trunk", "maxspeed": "30"}, (30, SpeedSource.MAXSPEED)),
        (TRUCK, {"highway": "trunk", "maxspeed": "20 mph"}, (32.18688, SpeedSource.MAXSPEED)),
        (TRUCK, {"highway": "trunk", "maxspeed": "100"}, (45, SpeedSource.CLASS)),
        (TRUCK, {"highway": "trunk", "maxspeed": "none"}, (45, SpeedSource.CLASS)),
        (TRUCK, {"maxspeed": "walk"}, (5, SpeedSource.MAXSPEED)),
        (TRUCK, {"highway": "trunk", "maxspeed": "50;30"}, (30, SpeedSource.MAXSPEED)),
        (TRUCK, {"highway": "trunk", "maxspeed": "30", "maxspeed__hgv": "20"}, (20, SpeedSource.MAXSPEED)),
        (TRUCK, {"highway": "trunk", "maxspeed": "20", "maxspeed__hgv": "40"}, (40, SpeedSource.MAXSPEED)),
        (
            TRUCK,
            {"highway": "trunk", "maxspeed__forward": "40", "maxspeed__backward": "30"},
            (40, SpeedSource.MAXSPEED),
        ),
        (TRUCK, {"highway": "trunk", "maxspeed": "35", "maxspeed__forward": "20"}, (35, SpeedSource.MAXSPEED)),
        (TRUCK, {"highway": "primary", "surface": "dirt"}, (20, SpeedSource.SURFACE)),
        (TRUCK, {"highway": "primary", "surface": "mud"}, (6, SpeedSource.SURFACE)),
        (TRUCK, {"highway": "primary", "surface": "asphalt"}, (35, SpeedSource.CLASS)),
        (TRUCK, {"highway": "primary", "smoothness": "very_bad"}, (10, SpeedSource.SMOOTHNESS)),
        (TRUCK, {"highway": "primary", "smoothness": "very_bad", "surface": "mud"}, (6, SpeedSource.SURFACE)),
        (TRUCK, {"highway": "track", "tracktype": "grade5"}, (10, SpeedSource.CLASS)),
        (TRUCK, {"highway": "unclassified", "tracktype": "grade5"}, (10, SpeedSource.TRACKTYPE)),
        (TRUCK, {"smoothness": "impassable"}, (0, SpeedSource.SMOOTHNESS)),
        (TRUCK, {"access": "private"}, (7.5, SpeedSource.CLASS)),
        (TRUCK, {"access": "no"}, (0, SpeedSource.CLASS)),
        (TRICYCLE, {"highway": "primary"}, (20, SpeedSource.CLASS)),
        (CART, {"maxspeed": "2"}, (3, SpeedSource.CLASS)),
        (FOOT, {"highway": "steps"}, (2.5, SpeedSource.CLASS)),
    ],
)
def test_speed_and_what_set_it(profile: str, tags: Mapping[str, str], expected: tuple[float, SpeedSource]) -> None:
    result = speed(street(profile, **tags))
    assert result == (pytest.approx(expected[0]), expected[1])


def test_the_profile_itself_can_be_the_limit() -> None:
    slow = replace(PROFILES[TRUCK], kmh_cap=12.0)
    assert speed(usable(twelve_junctions(), slow)) == (12, SpeedSource.PROFILE)


def test_impassable_closes_both_ways() -> None:
    assert verdict(street(TRUCK, smoothness="impassable")) == SHUT
    assert verdict(street(FOOT, smoothness="impassable")) == OPEN


tag_values = st.fixed_dictionaries(
    {
        "highway": st.sampled_from(["motorway", "residential", "service", "footway", "steps", "track", "platform"]),
        "access": st.sampled_from(["", "yes", "no", "private", "psv"]),
        "motor_vehicle": st.sampled_from(["", "yes", "no", "destination"]),
        "foot": st.sampled_from(["", "yes", "no"]),
        "oneway": st.sampled_from(["", "yes", "-1", "no", "reversible"]),
        "junction": st.sampled_from(["", "roundabout"]),
        "maxspeed": st.sampled_from(["", "5", "50", "x"]),
        "surface": st.sampled_from(["", "mud", "asphalt"]),
        "width": st.sampled_from(["", "1", "5"]),
    }
)


@given(st.lists(tag_values, min_size=1, max_size=6), st.sampled_from(sorted(PROFILES)))
def test_streets_do_not_depend_on_each_other_and_speeds_are_sane(tags: list[dict[str, str]], who: str) -> None:
    profile = PROFILES[who]
    points = {str(k): (100.0 * k, 0.0) for k in range(len(tags) + 1)}
    together = usable(draw(points, [(str(k), str(k + 1), tag) for k, tag in enumerate(tags)]), profile)
    used = together.forward | together.backward
    assert ((together.speed_kmh > 0) == used).all()
    assert together.speed_kmh.max() <= profile.kmh_cap
    assert not (together.serve_only & ~used).any()
    for k, tag in enumerate(tags):
        alone = usable(draw({"a": (0, 0), "b": (100, 0)}, [("a", "b", tag)]), profile)
        assert ways(alone) == (together.forward[k], together.backward[k])
        assert (alone.serve_only[0], alone.speed_kmh[0]) == (together.serve_only[k], together.speed_kmh[k])


def test_every_tag_that_is_asked_for_is_read_from_the_file() -> None:
    asked: set[str] = set()

    class Listening(StreetNetwork):
        def tag(self, key: str) -> TagColumn:
            asked.add(key)
            return super().tag(key)

    town = Listening(**vars(twelve_junctions()))
    for profile in PROFILES.values():
        usable(town, profile)
    assert {"hgv", "oneway:hgv", "maxspeed:backward", "maxweightrating"} <= asked
    assert asked - set(KEYS) == set()


def test_the_arrays_cannot_be_changed() -> None:
    result = street(TRUCK)
    with pytest.raises(ValueError, match="read-only"):
        result.forward_kmh[0] = 99.0
    assert result.speed_source.dtype == np.int8
