"""What is assumed, counted in kilometres."""

from dataclasses import replace

import numpy as np
import pytest

from network.conditional import Moment
from network.fill import grades, surfaces, widths
from network.profiles import PROFILES
from network.restrictions import Restrictions
from network.soft import ASSUMPTIONS, assumed, kilometres, notes, sentences, undecided, unread
from network.sources.made_up import twelve_junctions
from network.streets import StreetNetwork
from tests.network.drawing import column, draw

TRUCK, CART, FOOT = PROFILES["refuse-truck"], PROFILES["handcart"], PROFILES["foot"]
MORNING = Moment(day="mon", time_s=8 * 3600)
TOLD = {"width": "5", "surface": "asphalt"}


def line(*tags: dict[str, str]) -> StreetNetwork:
    """Return streets of 100 m in a ring, so that none is a dead end."""
    corners = {str(k): (100.0 * k, 0.0) for k in range(len(tags) + 1)}
    return draw(corners, [(str(k), str(k + 1), {"length": "100", **tag}) for k, tag in enumerate(tags)])


@pytest.mark.parametrize(
    ("tags", "codes"),
    [
        (TOLD, set()),
        ({"surface": "asphalt"}, {"width-unknown"}),
        ({"width": "wide", "surface": "asphalt"}, {"width-unknown"}),
        ({"est_width": "5", "tracktype": "grade2"}, set()),
        ({"width": "5"}, {"surface-unknown"}),
        ({**TOLD, "highway": "road"}, {"class-unknown"}),
        ({**TOLD, "maxheight": "default"}, set()),
        ({**TOLD, "maxheight": "quite low"}, {"limit-unread"}),
        ({**TOLD, "maxspeed": "fast"}, {"limit-unread"}),
        ({**TOLD, "maxspeed": "none"}, set()),
        ({**TOLD, "incline": "up"}, {"incline-unmeasured"}),
        ({**TOLD, "incline": "4%"}, set()),
        ({**TOLD, "ford": "yes"}, {"ford"}),
        ({**TOLD, "ford": "no"}, set()),
        ({**TOLD, "flood_prone": "yes"}, {"flood-prone"}),
        ({**TOLD, "toll": "yes"}, {"toll"}),
        ({**TOLD, "hgv:conditional": "no @ (Mo-Fr 07:00-09:00)"}, {"hours-not-applied"}),
        ({**TOLD, "hgv:conditional": "no @ (weight>40)"}, set()),
        ({**TOLD, "maxspeed:conditional": "80 @ wet"}, {"condition-ignored"}),
        ({**TOLD, "access:conditional": "no @ (2016 Apr 25-2016 Sep 26)"}, {"condition-ignored"}),
        ({**TOLD, "hgv:conditional": "no @ (as it comes)"}, {"condition-unread"}),
        ({**TOLD, "hgv:conditional": "no"}, {"condition-unread"}),
        ({**TOLD, "bicycle:conditional": "no @ (as it comes)"}, set()),  # nobody asked
        ({"hgv": "no"}, set()),  # what is not used is not counted
    ],
)
def test_what_is_assumed_of_a_street(tags: dict[str, str], codes: set[str]) -> None:
    net = line(TOLD, tags, TOLD)
    km = kilometres(net, assumed(net, TRUCK))
    assert set(km) == codes
    assert all(value == pytest.approx(0.1) for value in km.values())


def test_low_bridges_are_counted_for_those_who_fit() -> None:
    net = line(TOLD, {**TOLD, "maxheight": "below_default"}, TOLD)
    assert kilometres(net, assumed(net, TRUCK)) == {}  # closed
    assert set(kilometres(net, assumed(net, PROFILES["small-truck"]))) == {"height-below-default"}


def test_with_a_time_hours_are_heeded() -> None:
    net = line(TOLD, {**TOLD, "hgv:conditional": "no @ (Mo-Fr 10:00-12:00)"}, TOLD)
    assert kilometres(net, assumed(net, TRUCK, MORNING)) == {}


def test_dead_ends_are_counted_for_those_who_need_room() -> None:
    net = line({"surface": "asphalt"}, TOLD)
    assert kilometres(net, assumed(net, TRUCK)) == pytest.approx({"width-unknown": 0.1, "turning-room-unknown": 0.1})
    assert "turning-room-unknown" not in kilometres(net, assumed(net, CART))
    for marks in ({"highway": column(["turning_circle", "", ""])}, {"clipped": column(["yes", "", ""])}):
        marked = replace(net, junction_tags=marks)
        assert "turning-room-unknown" not in kilometres(marked, assumed(marked, TRUCK))


def test_of_walkers_little_is_assumed() -> None:
    net = line({"incline": "up", "toll": "yes", "hgv:conditional": "no @ (Mo-Fr 10:00-12:00)"})
    assert set(kilometres(net, assumed(net, FOOT))) == {"surface-unknown"}


def test_for_the_segments_of_a_plan_each_counts_once() -> None:
    net = line({}, {}, TOLD)
    masks = assumed(net, CART)
    assert kilometres(net, masks)["width-unknown"] == pytest.approx(0.2)
    assert kilometres(net, masks, [0, 0, 2])["width-unknown"] == pytest.approx(0.1)
    assert kilometres(net, masks, np.zeros(0, np.int64)) == {}


def test_every_code_has_an_array_and_words() -> None:
    net = twelve_junctions()
    masks = assumed(net, TRUCK)
    assert list(masks) == list(ASSUMPTIONS)
    assert all(mask.shape == (net.segments,) and mask.dtype == bool for mask in masks.values())
    assert sentences({"width-unknown": 3.24, "ford": 0.04}) == (
        "3.2 km on streets of unknown width: taken by lanes, kind and class",
        "40 m through fords: passable when dry, at walking pace",
    )


def test_notes_for_a_page() -> None:
    net = line(TOLD, {**TOLD, "toll": "yes"}, TOLD)
    assert notes(net, TRUCK) == ("100 m on toll roads: the toll is not counted",)
    assert notes(net, TRUCK, segments=[0]) == ()


def test_restrictions_that_do_not_bind_for_want_of_a_time() -> None:
    whens = ["", "Mo-Fr 07:00-09:00", "Mo-Fr 07:00-09:00", "wet", "somehow", "weight>7.5"]
    rules = Restrictions(
        start=np.arange(0, 13, 2),
        path=np.arange(12, dtype=np.int32),
        kind=column(["no_left_turn"] * 6),
        key=column(["restriction"] * 6),
        when=column(whens),
        exempt=column([""] * 6),
        relation_id=np.arange(6, dtype=np.int64),
    )
    assert undecided(rules) == {"condition-ignored": 1, "condition-unread": 1, "hours-not-applied": 2}
    assert undecided(rules, MORNING) == {"condition-ignored": 1, "condition-unread": 1}


def test_what_cannot_be_read_is_listed_once_with_its_length() -> None:
    odd = {"hgv:conditional": "no @ (as it comes)"}
    net = line(odd, odd, {"hgv:conditional": "no @ (weight>7.5)"})
    assert unread(net) == pytest.approx({"hgv:conditional=no @ (as it comes)": 0.2})


def test_widths_by_lanes_kind_and_class() -> None:
    net = line(
        {"width": "4"},
        {"width": "4", "width:carriageway": "3"},
        {"lanes": "2"},
        {"highway": "service", "service": "alley"},
        {"highway": "primary"},
        {"highway": "never-heard-of"},
        {"narrow": "yes"},
        {"lanes": "a few"},
    )
    found = widths(net.tag)
    assert found.metres.tolist() == [4, 3, 6, 3, 8, 4, 2.5, 5.5]
    assert found.known.tolist() == [True, True, *[False] * 6]


def test_surfaces_of_tracks_and_paths() -> None:
    net = line(
        {"highway": "path"}, {"highway": "track", "tracktype": "grade2"}, {}, {"highway": "path", "surface": "sett"}
    )
    assert surfaces(net.tag).strings().tolist() == ["ground", "", "", "sett"]


def test_slopes() -> None:
    net = line(
        *({"incline": value} for value in ("10%", "-10%", "45°", "10°", "up", "down", "steep", "1:8", "-1:8", ""))
    )
    found = grades(net.tag)
    assert found.percent == pytest.approx([10, -10, 0, 17.633, 6, -6, 0, 12.5, -12.5, 0], abs=1e-3)
    assert found.measured.tolist() == [True, True, False, True, False, False, False, True, True, False]
