import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest

from network.streets import LoadReport, StreetNetwork, TagColumn
from scenarios.documents.frame import frame_around, scale_bar_m
from scenarios.documents.itinerary import itineraries
from scenarios.documents.map import day_map, hub_map, places_map, round_map, small_map
from scenarios.documents.map_names import street_names
from scenarios.documents.map_sheet import base_of, round_base
from scenarios.documents.map_streets import street_layers
from scenarios.documents.marks import DASHES, PALETTE, Labels, vehicle_colour, vehicle_dash

SVG = "{http://www.w3.org/2000/svg}"


def words(drawing: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(drawing).iter(f"{SVG}text")]


@pytest.fixture(scope="module")
def monday(full):
    day = full.days[0]
    return day, itineraries(full, day)


def test_the_frame_shows_all_places_and_keeps_shape():
    lon, lat = np.array([36.80, 36.85]), np.array([-1.31, -1.26])
    frame = frame_around(lon, lat, width=760)
    x, y = frame.xy(lon, lat)
    assert 0 <= x.min() < x.max() <= frame.width
    assert 0 <= y.min() < y.max() <= frame.height
    assert y[1] < y[0]  # north is up
    metres = 0.05 * 111_195
    assert (y[0] - y[1]) * frame.metres_per_point == pytest.approx(metres, rel=1e-3)
    assert (x[1] - x[0]) * frame.metres_per_point == pytest.approx(metres * np.cos(np.radians(1.285)), rel=1e-3)


def test_one_place_alone_still_makes_a_map():
    frame = frame_around(np.array([10.0]), np.array([50.0]), width=760)
    assert frame.metres_per_point * frame.width >= 250
    assert scale_bar_m(frame) in {10.0, 20.0, 50.0, 100.0}


@pytest.mark.parametrize("extent", [0.0005, 0.01, 0.2, 3.0])
def test_the_scale_bar_is_round_and_fits(extent):
    frame = frame_around(np.array([0.0, extent]), np.array([0.0, extent]), width=760)
    metres = scale_bar_m(frame)
    assert str(int(metres))[0] in "125"
    assert 0.08 * frame.width < metres / frame.metres_per_point <= 0.22 * frame.width


def test_a_day_map_numbers_its_stops_and_names_its_places(full, monday):
    day, rounds = monday
    texts = words(day_map(full, day, rounds, base_of(full, rounds), title="Monday <map>"))
    for number in ("1", "2", "3", "4", "5"):
        assert number in texts
    for name in ("Municipal yard", "Quarry landfill", "Compost site", "made-up town", "N", "Left out"):
        assert name in texts
    assert any(text.startswith("Truck <1>: 5 stops") for text in texts)
    assert any("South Lane" in text for text in texts) or any("North Road" in text for text in texts)


def test_maps_that_share_a_page_share_their_streets(full, monday):
    day, rounds = monday
    base = base_of(full, rounds, name="streets")
    assert 'id="streets-minor"' in base.definition()
    drawing = day_map(full, day, rounds, base, title="x")
    assert 'href="#streets-minor"' in drawing
    assert len(small_map(full, rounds[0], base, title="x")) < 6000


def test_a_round_map_stands_alone(full, monday):
    _, rounds = monday
    drawing = round_map(full, rounds[0], round_base(full, rounds[0]), title="x")
    assert "href" not in drawing
    assert vehicle_colour(0) in drawing
    assert vehicle_colour(1) not in drawing


def test_the_hub_map_tells_hubs_candidates_and_homes(full, monday):
    _, rounds = monday
    texts = words(hub_map(full, base_of(full, rounds), title="x"))
    assert {"Hub at First Avenue", "Recycling hub", "Candidate not chosen", "Home that no hub serves"} <= set(texts)
    assert "Hub at Fourth Avenue" not in texts


def test_lines_lie_inside_the_frame(full, monday):
    _day, rounds = monday
    base = base_of(full, rounds)
    for itinerary in rounds:
        for leg in itinerary.legs:
            x, y = base.frame.xy(leg.line[:, 0], leg.line[:, 1])
            assert x.min() >= 0
            assert y.min() >= 0
            assert x.max() <= base.frame.width
            assert y.max() <= base.frame.height


def test_places_on_an_empty_network_can_be_drawn(full):
    drawing = places_map(replace(full, network=grid(0)), base_of(replace(full, network=grid(0)), ()), title="x")
    ET.fromstring(drawing)


def test_colours_are_told_apart_by_dashes_when_they_run_out():
    looks = [(vehicle_colour(k), vehicle_dash(k)) for k in range(len(PALETTE) * len(DASHES))]
    assert len(set(looks)) == len(looks)


@pytest.mark.parametrize("colour", PALETTE)
def test_colours_stand_out_on_white(colour):
    red, green, blue = (int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (red, green, blue)]
    luminance = float(np.dot([0.2126, 0.7152, 0.0722], linear))
    assert 1.05 / (luminance + 0.05) >= 4.5  # WCAG 2.1, text


def test_labels_never_cover_each_other():
    frame = frame_around(np.array([0.0, 0.01]), np.array([0.0, 0.01]), width=760)
    labels = Labels(frame)
    placed = [labels.place(400 + 3 * k, 300 + 2 * k, f"Name {k}") for k in range(40)]
    boxes = labels.taken
    assert 3 < sum(bool(text) for text in placed) < 40
    for k, a in enumerate(boxes):
        assert not any(a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3] for b in boxes[k + 1 :])
    assert labels.reserve_turned(100, 100, 60, 8, 30)
    assert not labels.reserve_turned(120, 110, 60, 8, -30)  # crosses it
    assert not labels.reserve_turned(5, 5, 60, 8, 0)  # leaves the sheet


def grid(side: int) -> StreetNetwork:
    """A city of ``2 * side * (side - 1)`` segments, each with a bend that cannot be seen and one that can."""
    step = 0.0012
    east = [((i, j), (i + 1, j)) for j in range(side) for i in range(side - 1)]
    ends = np.array(east + [((j, i), (j, i + 1)) for j in range(side) for i in range(side - 1)], float).reshape(
        -1, 2, 2
    )
    middle = ends.mean(axis=1) + np.array([0.06, 0.05])
    shapes = np.stack([ends[:, 0], (ends[:, 0] + middle) / 2, middle, ends[:, 1]], axis=1).reshape(-1, 2) * step
    count = len(ends)
    kinds = ("", "residential", "primary", "footway")
    return StreetNetwork(
        junction_id=np.arange(max(side, 1) ** 2),
        junction_lon=np.zeros(max(side, 1) ** 2),
        junction_lat=np.zeros(max(side, 1) ** 2),
        tail=np.zeros(count, np.int32),
        head=np.zeros(count, np.int32),
        length_m=np.full(count, 130.0),
        way_id=np.arange(count),
        tags={"highway": TagColumn(codes=(1 + np.arange(count) % 3).astype(np.int32), values=kinds)},
        name=TagColumn(codes=(np.arange(count) % 2).astype(np.int32), values=("", "Long Street")),
        shape_start=np.arange(0, 4 * count + 1, 4),
        shape_lon=shapes[:, 0].copy(),
        shape_lat=shapes[:, 1].copy(),
        source="a grid",
        date="",
        licence="",
        attribution="",
        box=(0.0, 0.0, side * step, side * step),
        report=LoadReport(),
    )


def test_a_city_of_35_000_segments_stays_small():
    network = grid(133)
    assert network.segments > 35_000
    frame = frame_around(network.shape_lon, network.shape_lat, width=760)
    drawing = "".join(street_layers(network, frame))
    assert len(drawing) < 1_500_000
    assert len(re.findall("<path", drawing)) <= 7


def test_streets_outside_the_frame_are_not_drawn():
    network = grid(20)
    far = frame_around(np.array([50.0]), np.array([50.0]), width=760)
    assert "".join(street_layers(network, far)) == ""
    assert street_names(network, far, Labels(far)) == []
