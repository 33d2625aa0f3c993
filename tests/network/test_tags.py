"""One street with the tags in question, asked by one profile."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network.conditional import Moment
from network.keys import KEYS
from network.profiles import NOT_FOR_VEHICLES, PROFILES, VehicleProfile
from network.sources.made_up import twelve_junctions
from network.streets import StreetNetwork, TagColumn
from network.tags import SpeedSource, Usability, usable
from tests.network.drawing import draw

TRUCK, SMALL, TRICYCLE, CART, FOOT = "refuse-truck", "small-truck", "tricycle", "handcart", "foot"
MORNING = Moment(day="mon", time_s=8 * 3600)
BOTH, ALONG, AGAINST, NONE = (True, True), (True, False), (False, True), (False, False)


def street(profile: str | VehicleProfile, moment: Moment | None = None, **tags: str) -> Usability:
    """What a profile may do on a street; ``__`` in a key stands for ``:``."""
    spelled = {key.replace("__", ":"): value for key, value in tags.items()}
    who = PROFILES[profile] if isinstance(profile, str) else profile
    return usable(draw({"a": (0, 0), "b": (100, 0)}, [("a", "b", spelled)]), who, moment)


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
        (TRUCK, {"hgv": "no", "hgv__conditional": "destination @ (6:00-11:00)"}, SHUT),
        (TRUCK, {"hgv__conditional": "no @ (weight>7.5)"}, SHUT),
        (TRUCK, {"access__conditional": "no @ (weight>20)"}, OPEN),
        (TRUCK, {"motor_vehicle__conditional": "no @ (Mo-Fr 07:00-09:00)"}, OPEN),
        (TRUCK, {"motor_vehicle": "no", "motor_vehicle__conditional": "yes @ delivery"}, SERVE),
        (TRUCK, {"motor_vehicle": "destination", "motor_vehicle__conditional": "yes @ delivery"}, SERVE),
        (TRUCK, {"motor_vehicle": "yes", "motor_vehicle__conditional": "yes @ delivery"}, OPEN),
        (TRUCK, {"motor_vehicle__conditional": "no @ wet"}, OPEN),
        (TRUCK, {"highway": "service", "service": "emergency_access"}, SHUT),
        (TRUCK, {"highway": "service", "service": "emergency_access", "motor_vehicle": "yes"}, OPEN),
        (FOOT, {"highway": "service", "service": "emergency_access"}, OPEN),
        (TRUCK, {"tunnel": "yes"}, OPEN),
        (TRUCK, {"toll": "yes"}, OPEN),
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
        (TRUCK, {"maxweight": "none"}, OPEN),
        (TRUCK, {"maxweight": "3.5", "maxweight__hgv": "26"}, OPEN),
        (SMALL, {"maxweight": "3.5", "maxweight__hgv": "26"}, SHUT),
        (TRUCK, {"maxweight": "3.5", "maxweight__hgv": "none"}, OPEN),
        (TRUCK, {"maxweight": "3.5", "maxweight__hgv": "heavy"}, SHUT),
        (TRUCK, {"maxweight": "3.5", "maxweight__conditional": "none @ destination"}, SERVE),
        (TRUCK, {"maxweight": "26", "maxweight__conditional": "3.5 @ (weight>7.5)"}, SHUT),
        (TRUCK, {"maxweight__conditional": "15 @ (Mo-Fr 07:00-19:00)"}, OPEN),
        (TRUCK, {"maxaxleload": "8"}, SHUT),
        (SMALL, {"maxaxleload": "8"}, OPEN),
        (TRUCK, {"maxlength": "8"}, SHUT),
        (SMALL, {"maxlength": "8"}, OPEN),
        (TRUCK, {"maxlength__conditional": "7 @ (length>8)"}, SHUT),
        (TRUCK, {"maxheight": "none"}, OPEN),
        (TRUCK, {"maxheight": "no_sign"}, OPEN),
        (TRUCK, {"maxheight": "below_default"}, SHUT),
        (SMALL, {"maxheight": "below_default"}, OPEN),
        (TRUCK, {"maxheight__physical": "3.4"}, SHUT),
        (TRUCK, {"maxwidth__physical": "2.4"}, SHUT),
        (TRUCK, {"width": "2.2", "width__carriageway": "3"}, OPEN),
        (TRUCK, {"service": "alley", "highway": "service"}, OPEN),
        (TRUCK, {"narrow": "yes"}, OPEN),
        (TRICYCLE, {"highway": "path", "motor_vehicle": "yes"}, OPEN),
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
        (TRUCK, {"highway": "trunk", "oneway": "yes", "maxspeed__backward": "20"}, (45, SpeedSource.CLASS)),
        (TRUCK, {"highway": "primary", "surface": "dirt"}, (20, SpeedSource.SURFACE)),
        (TRUCK, {"highway": "primary", "surface": "mud"}, (6, SpeedSource.SURFACE)),
        (TRUCK, {"highway": "primary", "surface": "asphalt"}, (35, SpeedSource.CLASS)),
        (TRUCK, {"highway": "primary", "smoothness": "very_bad"}, (10, SpeedSource.SMOOTHNESS)),
        (TRUCK, {"highway": "primary", "smoothness": "very_bad", "surface": "mud"}, (6, SpeedSource.SURFACE)),
        (TRUCK, {"highway": "track", "tracktype": "grade5"}, (10, SpeedSource.CLASS)),
        (TRUCK, {"highway": "unclassified", "tracktype": "grade5"}, (10, SpeedSource.TRACKTYPE)),
        (TRUCK, {"smoothness": "impassable"}, (0, SpeedSource.SMOOTHNESS)),
        (TRUCK, {"highway": "service"}, (10, SpeedSource.CLASS)),
        (TRUCK, {"highway": "service", "service": "alley"}, (8, SpeedSource.SERVICE)),
        (TRUCK, {"highway": "service", "service": "driveway"}, (5, SpeedSource.SERVICE)),
        (TRUCK, {"ford": "yes"}, (5, SpeedSource.WATER)),
        (TRUCK, {"ford": "no"}, (15, SpeedSource.CLASS)),
        (TRUCK, {"ford": "stepping_stones"}, (0, SpeedSource.WATER)),
        (FOOT, {"ford": "stepping_stones"}, (2, SpeedSource.WATER)),
        (FOOT, {"ford": "boat"}, (0, SpeedSource.WATER)),
        (TRUCK, {"flood_prone": "yes"}, (10, SpeedSource.WATER)),
        (TRUCK, {"flood_prone": "no"}, (15, SpeedSource.CLASS)),
        (TRUCK, {"hazard": "flooding"}, (10, SpeedSource.WATER)),
        (TRUCK, {"hazard": "wild_animal"}, (15, SpeedSource.CLASS)),
        (CART, {"highway": "path"}, (2.5, SpeedSource.SURFACE)),
        (CART, {"highway": "path", "surface": "asphalt"}, (3, SpeedSource.CLASS)),
        (CART, {"highway": "track", "tracktype": "grade1"}, (3, SpeedSource.CLASS)),
        (TRUCK, {"highway": "trunk", "maxspeed__conditional": "30 @ (22:00-06:00)"}, (45, SpeedSource.CLASS)),
        (TRUCK, {"highway": "trunk", "maxspeed__conditional": "30 @ (weight>7.5)"}, (30, SpeedSource.MAXSPEED)),
        (TRUCK, {"highway": "trunk", "maxspeed__hgv__conditional": "20 @ (weight>7.5)"}, (20, SpeedSource.MAXSPEED)),
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


@settings(deadline=None)
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


@pytest.mark.parametrize(
    ("profile", "tags", "forward", "backward"),
    [
        (TRUCK, {"highway": "trunk", "maxspeed": "35", "maxspeed__forward": "20"}, 20, 35),
        (TRUCK, {"highway": "trunk", "maxspeed__hgv": "30", "maxspeed__forward": "20"}, 30, 30),
        (TRUCK, {"highway": "trunk", "maxspeed__hgv__backward": "30", "maxspeed": "20"}, 20, 30),
        (TRUCK, {"oneway": "yes"}, 15, 0),
        (TRUCK, {"oneway": "-1"}, 0, 15),
        (TRUCK, {"hgv__backward": "no"}, 15, 0),
        (TRUCK, {"motor_vehicle__forward": "agricultural", "oneway": "no"}, 0, 15),
        (TRUCK, {"access__backward": "no", "hgv": "yes"}, 15, 15),
        (TRUCK, {"vehicle__forward": "destination"}, 7.5, 7.5),
        (TRUCK, {"maxheight__forward": "3", "maxheight__backward": "4"}, 0, 15),
        # 125 kW against 13.05 t x 9.81 m/s2 x (sin of 20 % + 0.01)
        (TRUCK, {"highway": "trunk", "incline": "20%"}, 3.6 * 125 / (13.05 * 9.81 * 0.20611614), None),
        (TRUCK, {"highway": "trunk", "incline": "-5%"}, 45, 45),
        (TRUCK, {"highway": "trunk", "incline": "15%"}, 22.199, 22.199),  # down in the gear of the way up
        # 75 W against 0.2 t x 9.81 m/s2 x (sin of 10 % + 0.01)
        (CART, {"incline": "10%"}, 3.6 * 0.075 / (0.2 * 9.81 * 0.10950372), None),
        (CART, {"incline": "up"}, 1.967, 3),  # 6 %
        (CART, {"incline": "down"}, 3, 1.967),
        (CART, {"incline": "5.7°"}, 1.259, 1.259),
        (CART, {"incline": "-10 %"}, 1.257, 1.257),
        (CART, {"incline": "1:10"}, 1.257, 1.257),
        (CART, {"incline": "0"}, 3, 3),
        (CART, {"incline": "steep"}, 3, 3),
        (CART, {"incline": "300%"}, 3, 3),
        (CART, {"incline": "40%"}, 0.5, 0.5),
        (FOOT, {"incline": "20%"}, 5, 5),
        (TRICYCLE, {"incline": "10%"}, 15, 15),
    ],
)
def test_speeds_by_direction(profile: str, tags: Mapping[str, str], forward: float, backward: float | None) -> None:
    result = street(profile, **tags)
    assert result.forward_kmh[0] == pytest.approx(forward, rel=1e-3)
    assert backward is None or result.backward_kmh[0] == pytest.approx(backward, rel=1e-3)


@pytest.mark.parametrize(
    ("tags", "then", "else_"),
    [
        ({"motor_vehicle__conditional": "no @ (Mo-Fr 07:00-09:00)"}, SHUT, OPEN),
        ({"motor_vehicle": "no", "motor_vehicle__conditional": "yes @ (Mo-Fr 07:00-09:00)"}, OPEN, SHUT),
        ({"motor_vehicle": "no", "motor_vehicle__conditional": "destination @ (Mo-Sa 06:00-11:00)"}, SERVE, SHUT),
        ({"hgv": "yes", "access__conditional": "no @ (07:00-09:00)"}, OPEN, OPEN),
        ({"access__conditional": "no @ (7:30-19:00 AND weight>7.5)"}, SHUT, OPEN),
        ({"access__conditional": "no @ (7:30-19:00 AND weight>20)"}, OPEN, OPEN),
        ({"maxweight__conditional": "15 @ (07:00-19:00); 10 @ (Mo 07:00-19:00)"}, SHUT, OPEN),
        ({"maxweight": "7.5", "maxweight__conditional": "none @ (Mo-Fr 05:00-20:00)"}, OPEN, SHUT),
        ({"oneway": "reversible", "oneway__conditional": "yes @ (Mo-Fr 06:00-10:00)"}, OPEN, SHUT),
    ],
)
def test_by_the_hour(tags: Mapping[str, str], then: str, else_: str) -> None:
    assert verdict(street(TRUCK, MORNING, **tags)) == then
    assert verdict(street(TRUCK, None, **tags)) == else_
    assert verdict(street(TRUCK, Moment(day="sun", time_s=22 * 3600), **tags)) == else_


def test_one_ways_and_speeds_by_the_hour() -> None:
    tidal = {"oneway": "reversible", "oneway__conditional": "yes @ (06:00-10:00); -1 @ (16:00-20:00)"}
    assert ways(street(TRUCK, MORNING, **tidal)) == ALONG
    assert ways(street(TRUCK, Moment(day="mon", time_s=17 * 3600), **tidal)) == AGAINST
    assert ways(street(TRUCK, None, **tidal)) == NONE
    night = {"highway": "trunk", "maxspeed": "40", "maxspeed__conditional": "20 @ (22:00-06:00)"}
    assert speed(street(TRUCK, Moment(day="mon", time_s=23 * 3600), **night))[0] == 20
    assert speed(street(TRUCK, MORNING, **night))[0] == 40


LIMITED = st.fixed_dictionaries(
    {
        "highway": st.sampled_from(["residential", "service", "track", "path", "footway", "primary"]),
        "width": st.sampled_from(["", "1", "2.4", "5", "x"]),
        "lanes": st.sampled_from(["", "1", "2", "many"]),
        "narrow": st.sampled_from(["", "yes"]),
        "maxwidth": st.sampled_from(["", "1.5", "2.3", "none"]),
        "maxheight": st.sampled_from(["", "3", "default", "below_default", "4,2 m"]),
        "maxheight:physical": st.sampled_from(["", "3.3"]),
        "maxlength": st.sampled_from(["", "6", "8.5"]),
        "maxweight": st.sampled_from(["", "3.5", "7.5", "unsigned", "10 st"]),
        "maxweight:hgv": st.sampled_from(["", "18", "none"]),
        "maxweight:conditional": st.sampled_from(["", "none @ destination", "5 @ (weight>12)"]),
        "maxaxleload": st.sampled_from(["", "5", "11.5"]),
        "hgv:conditional": st.sampled_from(["", "no @ (weight>7.5)", "destination @ (length>8)", "no @ (width>=2.3)"]),
        "incline": st.sampled_from(["", "up", "-12%", "25%"]),
        "surface": st.sampled_from(["", "mud", "asphalt"]),
    }
)
DIMENSIONS = ("width_m", "height_m", "length_m", "weight_t", "axle_load_t")


@settings(deadline=None)
@given(
    LIMITED,
    st.sampled_from(DIMENSIONS),
    st.lists(st.floats(0.05, 40), min_size=2, max_size=2),
    st.sampled_from([TRUCK, CART]),
)
def test_heavier_and_larger_vehicles_are_never_faster(
    tags: dict[str, str], dimension: str, sizes: list[float], who: str
) -> None:
    net = draw({"a": (0, 0), "b": (100, 0)}, [("a", "b", tags)])
    light, heavy = (
        usable(net, replace(PROFILES[who], **{dimension: size}))  # type: ignore[arg-type]
        for size in sorted(sizes)
    )
    assert light.forward_kmh[0] >= heavy.forward_kmh[0]
    assert light.backward_kmh[0] >= heavy.backward_kmh[0]


@settings(deadline=None)
@given(
    st.sampled_from(["", "yes", "-1", "no", "reversible", "1"]),
    st.sampled_from(["", "yes", "no", "-1"]),
    st.sampled_from(["", "yes @ (Mo-Fr 07:00-09:00)", "-1 @ (Mo-Fr 07:00-09:00)", "no @ (Sa)"]),
    st.sampled_from([None, MORNING, Moment(day="sat", time_s=3600.0)]),
    st.sampled_from([TRUCK, SMALL, TRICYCLE]),
)
def test_one_ways_are_never_used_the_wrong_way(
    oneway: str, own: str, conditional: str, moment: Moment | None, who: str
) -> None:
    tags = {"oneway": oneway, "oneway__motor_vehicle": own, "oneway__conditional": conditional}
    result = street(who, moment, **tags)
    general = oneway
    if conditional and moment is not None and (moment.day == "sat") == conditional.startswith("no"):
        general = conditional.partition(" @")[0]
    decides = own or general
    if decides in {"yes", "1", "reversible"}:
        assert (result.backward[0], result.backward_kmh[0]) == (False, 0)
    if decides in {"-1", "reversible"}:
        assert (result.forward[0], result.forward_kmh[0]) == (False, 0)


def test_no_profile_is_too_wide_for_a_street_whose_width_is_assumed() -> None:
    services = ("", "alley", "driveway", "parking_aisle", "drive-through")
    for profile in PROFILES.values():
        tags = [
            {
                "highway": highway,
                "service": service,
                **more,
                **({"vehicle": "yes"} if highway in NOT_FOR_VEHICLES else {}),
            }
            for highway, service, more in product(profile.speed_kmh, services, ({}, {"lanes": "1"}, {"narrow": "yes"}))
        ]
        points = {str(k): (100.0 * k, 0.0) for k in range(len(tags) + 1)}
        net = draw(points, [(str(k), str(k + 1), tag) for k, tag in enumerate(tags)])
        assert usable(net, profile).forward.all(), profile.id
    wide = replace(PROFILES[TRUCK], width_m=3.2)
    assert verdict(street(wide, highway="service", service="alley")) == SHUT
    assert verdict(street(wide, highway="residential")) == OPEN
    assert verdict(street(wide, highway="footway", motor_vehicle="yes")) == OPEN
