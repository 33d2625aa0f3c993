"""What stands in the way of whom, and which turn restrictions bind."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network.barriers import FOR_WALKERS, GAPS, GATES, OPEN_PLACES, WALLS, applies, passable
from network.conditional import Moment
from network.profiles import PROFILES
from network.restrictions import Restrictions
from network.streets import StreetNetwork
from tests.network.drawing import column, draw

TRUCK, SMALL, TRICYCLE, CART, FOOT = "refuse-truck", "small-truck", "tricycle", "handcart", "foot"
DRIVERS, EVERYBODY = {TRUCK, SMALL, TRICYCLE}, set(PROFILES)
MORNING = Moment(day="mon", time_s=8 * 3600)


def junctions(*tagged: Mapping[str, str]) -> StreetNetwork:
    """Return a straight street with such nodes."""
    net = draw(
        {str(k): (100.0 * k, 0.0) for k in range(len(tagged) + 1)}, [(str(k), str(k + 1)) for k in range(len(tagged))]
    )
    keys = sorted(set().union(*tagged))
    return replace(net, junction_tags={key: column([*(tags.get(key, "") for tags in tagged), ""]) for key in keys})


def who(moment: Moment | None = None, **tags: str) -> set[str]:
    """Return who passes a node; ``__`` in a key stands for ``:``."""
    net = junctions({key.replace("__", ":"): value for key, value in tags.items()})
    passed = {name: passable(net, profile, moment) for name, profile in PROFILES.items()}
    assert all(result[1] for result in passed.values())  # the untagged node at the other end
    return {name for name, result in passed.items() if result[0]}


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"highway": "traffic_signals"}, EVERYBODY),
        ({"barrier": "entrance"}, EVERYBODY),
        ({"barrier": "toll_booth"}, EVERYBODY),
        ({"barrier": "gate"}, EVERYBODY),
        ({"barrier": "lift_gate"}, EVERYBODY),
        ({"barrier": "gate", "access": "private"}, EVERYBODY),
        ({"barrier": "gate", "access": "no"}, set()),
        ({"barrier": "gate", "access": "no", "foot": "yes"}, {CART, FOOT}),
        ({"barrier": "gate", "motor_vehicle": "no"}, {CART, FOOT}),
        ({"barrier": "gate", "hgv": "no"}, EVERYBODY - {TRUCK}),
        ({"barrier": "gate", "locked": "yes"}, set()),
        ({"barrier": "gate", "locked": "yes", "access": "private"}, EVERYBODY),
        ({"barrier": "bollard"}, {CART, FOOT}),
        ({"barrier": "bollard", "bollard": "rising"}, EVERYBODY),
        ({"barrier": "bollard", "bollard": "removable"}, {CART, FOOT}),
        ({"barrier": "bollard", "maxwidth": "1.5"}, {TRICYCLE, CART, FOOT}),
        ({"barrier": "bollard", "maxwidth": "0.8"}, {FOOT}),
        ({"barrier": "bollard", "maxwidth": "2.2 m"}, EVERYBODY - {TRUCK}),
        ({"barrier": "bollard", "motor_vehicle": "yes"}, EVERYBODY),
        ({"barrier": "bollard", "motor_vehicle": "yes", "maxwidth": "2.2"}, EVERYBODY - {TRUCK}),
        ({"barrier": "bollard", "bicycle": "yes"}, {CART, FOOT}),
        ({"barrier": "block"}, {CART, FOOT}),
        ({"barrier": "yes"}, {CART, FOOT}),
        ({"barrier": "never_heard_of"}, {CART, FOOT}),
        ({"barrier": "cycle_barrier"}, {FOOT}),
        ({"barrier": "stile"}, {FOOT}),
        ({"barrier": "wall"}, set()),
        ({"barrier": "fence", "access": "yes"}, EVERYBODY),
        ({"barrier": "height_restrictor", "maxheight": "3"}, EVERYBODY - {TRUCK}),
        ({"barrier": "height_restrictor"}, {TRICYCLE, CART, FOOT}),
        ({"barrier": "height_restrictor", "access": "yes"}, {TRICYCLE, CART, FOOT}),
        ({"barrier": "height_restrictor", "maxheight": "4.2"}, EVERYBODY),
        ({"barrier": "gate", "maxweight": "3.5"}, {TRICYCLE, CART, FOOT}),
        ({"maxheight": "1.7"}, {FOOT}),
        ({"access": "no"}, EVERYBODY),  # only barriers have guards
        ({"ford": "yes"}, EVERYBODY),
        ({"ford": "stepping_stones"}, {FOOT}),
        ({"ford": "boat"}, set()),
        ({"barrier": "gate", "access__conditional": "no @ (22:00-06:00)"}, EVERYBODY),
        ({"barrier": "gate", "access": "no", "access__conditional": "yes @ (Mo-Fr 07:00-09:00)"}, set()),
    ],
)
def test_who_passes(tags: Mapping[str, str], expected: set[str]) -> None:
    assert who(**tags) == expected


def test_gates_open_and_close_by_the_hour() -> None:
    opened = {"barrier": "gate", "access": "no", "access__conditional": "yes @ (Mo-Fr 07:00-09:00)"}
    assert who(MORNING, **opened) == EVERYBODY
    assert who(MORNING, barrier="gate", hgv__conditional="no @ (Mo-Fr 07:00-09:00)") == EVERYBODY - {TRUCK}


def test_a_network_without_tagged_junctions_is_open() -> None:
    net = draw({"a": (0, 0), "b": (100, 0)}, [("a", "b")])
    assert passable(net, PROFILES[TRUCK]).tolist() == [True, True]


def test_the_kinds_of_barrier_are_kept_apart() -> None:
    kinds = [*OPEN_PLACES, *GATES, *GAPS, *FOR_WALKERS, *WALLS]
    assert len(set(kinds)) == len(kinds)


@settings(deadline=None)
@given(
    st.sampled_from(["gate", "bollard", "stile", "wall", "height_restrictor", "odd", ""]),
    st.sampled_from(["", "0.7", "1", "2", "2.5", "x", "none"]),
    st.sampled_from(["", "2", "3.2", "default"]),
    st.sampled_from(["", "yes", "no", "private"]),
    st.lists(st.floats(0.1, 4), min_size=2, max_size=2),
    st.sampled_from([TRUCK, TRICYCLE, CART]),
)
def test_what_stops_the_smaller_stops_the_larger(
    barrier: str, wide: str, high: str, access: str, sizes: list[float], name: str
) -> None:
    net = junctions({"barrier": barrier, "maxwidth": wide, "maxheight": high, "access": access})
    small, large = sorted(sizes)
    for dimension in ("width_m", "height_m"):
        first, second = (replace(PROFILES[name], **{dimension: size}) for size in (small, large))  # type: ignore[arg-type]
        assert not (passable(net, second) & ~passable(net, first)).any()


def restrictions(*rules: Mapping[str, str]) -> Restrictions:
    count = len(rules)
    return Restrictions(
        start=np.arange(0, 2 * count + 1, 2),
        path=np.arange(2 * count, dtype=np.int32),
        kind=column(["no_left_turn"] * count),
        key=column([rule.get("key", "restriction") for rule in rules]),
        when=column([rule.get("when", "") for rule in rules]),
        exempt=column([rule.get("except", "") for rule in rules]),
        relation_id=np.arange(count, dtype=np.int64),
    )


@pytest.mark.parametrize(
    ("rule", "moment", "expected"),
    [
        ({}, None, DRIVERS),
        ({"except": "psv;bicycle"}, None, DRIVERS),
        ({"except": "psv; hgv"}, None, DRIVERS - {TRUCK}),
        ({"except": "motor_vehicle"}, None, set()),
        ({"except": "destination"}, None, DRIVERS),
        ({"key": "restriction:hgv"}, None, {TRUCK}),
        ({"key": "restriction:motor_vehicle"}, None, DRIVERS),
        ({"key": "restriction:bicycle"}, None, set()),
        ({"key": "restriction:foot"}, None, {CART, FOOT}),
        ({"when": "Mo-Fr 07:00-09:00"}, None, set()),
        ({"when": "Mo-Fr 07:00-09:00"}, MORNING, DRIVERS),
        ({"when": "(Mo-Fr 07:00-09:00)"}, MORNING, DRIVERS),
        ({"when": "Mo-Fr 10:00-12:00"}, MORNING, set()),
        ({"when": "weight>7.5"}, None, {TRUCK}),
        ({"when": "Mo-Fr 07:00-09:00 AND weight>7.5"}, MORNING, {TRUCK}),
        ({"when": "wet"}, MORNING, set()),
        ({"when": "who knows"}, MORNING, set()),
    ],
)
def test_which_turn_restrictions_bind(rule: Mapping[str, str], moment: Moment | None, expected: set[str]) -> None:
    rules = restrictions(rule, {"key": "restriction:horse"})
    bound = {name: applies(rules, profile, moment) for name, profile in PROFILES.items()}
    assert {name for name, result in bound.items() if result[0]} == expected
    assert not any(result[1] for result in bound.values())


def test_no_restrictions_bind_nobody() -> None:
    assert applies(restrictions(), PROFILES[TRUCK]).shape == (0,)
