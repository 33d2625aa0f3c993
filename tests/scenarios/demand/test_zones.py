import numpy as np
import pytest

from faults import InputError
from network.geometry import METRES_PER_DEGREE
from network.profiles import PROFILES
from scenarios.demand.pieces import street_pieces
from scenarios.demand.zones import people_in_zones
from tests.network.drawing import draw
from tests.scenarios.demand.ground import square, zone

CROSS = draw(
    {"w": (0, 100), "m": (300, 100), "e": (600, 100), "n": (300, 400)},
    [("w", "m"), ("m", "e", {"highway": "tertiary"}), ("m", "n", {"highway": "path"})],
)
PIECES = street_pieces(CROSS, PROFILES["foot"])


def spread(*zones) -> dict[tuple[int, int], float]:
    homes, _ = people_in_zones(CROSS, PIECES, zones)
    places = (np.column_stack([homes.lon, homes.lat]) * METRES_PER_DEGREE).round().astype(int)
    return {(x, y): round(people, 6) for (x, y), people in zip(places.tolist(), homes.people.tolist(), strict=True)}


def test_people_go_along_the_streets_inside_by_length() -> None:
    assert spread(zone("west", 60, square(0, 50, 140))) == {(25, 100): 20, (75, 100): 20, (125, 100): 20}


def test_main_streets_have_fewer_and_paths_none() -> None:
    found = spread(zone("all", 900, square(-10, -10, 700)))
    assert {place[0] < 300 for place, people in found.items() if people == 100} == {True}
    assert {people for place, people in found.items() if place[0] > 300} == {50}
    assert sum(found.values()) == 900


def test_where_there_is_nothing_else_paths_count() -> None:
    assert len(spread(zone("north", 40, square(250, 190, 210)))) == 4


def test_holes_are_outside_and_neighbours_add_up() -> None:
    ring = zone("ring", 20, square(0, 50, 140), square(50, 80, 50))
    assert spread(ring, zone("hole", 7, square(50, 80, 50))) == {(25, 100): 10, (75, 100): 7, (125, 100): 10}


def test_a_zone_without_streets_goes_to_those_beside_it() -> None:
    homes, doubts = people_in_zones(CROSS, PIECES, [zone("lake", 30, square(-500, 50, 100))])
    assert homes.people.sum() == pytest.approx(30)
    assert homes.lon.max() * METRES_PER_DEGREE == pytest.approx(325, abs=1)
    assert [doubt.code for doubt in doubts] == ["zone-without-streets"]
    assert "lake (30)" in doubts[0].cause


def test_zones_off_the_map_are_left_out_and_said_once() -> None:
    far = [zone(f"far-{k}", 10 + k, square(5000 + 500 * k, 50, 100)) for k in range(7)]
    homes, doubts = people_in_zones(CROSS, PIECES, [zone("west", 60, square(0, 50, 140)), *far])
    assert homes.people.sum() == pytest.approx(60)
    assert [doubt.code for doubt in doubts] == ["zone-off-map"]
    assert doubts[0].cause.startswith("91 people of 7 zones")
    assert doubts[0].cause.endswith("far-6 (16), far-5 (15), far-4 (14), far-3 (13), far-2 (12) and 2 more")


def test_a_zone_that_the_edge_of_the_map_cuts_is_reported_with_all_its_people() -> None:
    homes, doubts = people_in_zones(CROSS, PIECES, [zone("edge", 50, square(450, 50, 4000))])
    assert homes.people.sum() == pytest.approx(50)
    assert [doubt.code for doubt in doubts] == ["zone-cut"]
    assert people_in_zones(CROSS, PIECES, [zone("on", 50, square(350, 90, 250))])[1] == ()


def test_no_zone_on_the_map_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        people_in_zones(CROSS, PIECES, [zone("far", 10, square(50_000, 50, 100))])
    assert [fault.code for fault in refused.value.faults] == ["no-zones"]


def test_empty_zones_are_passed_over() -> None:
    empty = zone("park", 0, square(-500, 50, 100))
    homes, doubts = people_in_zones(CROSS, PIECES, [empty, zone("west", 60, square(0, 50, 140))])
    assert (homes.people.sum(), doubts) == (pytest.approx(60), ())


@pytest.mark.parametrize("zones", [None, (), (zone("park", 0, square(0, 0, 100)),)])
def test_nobody_at_all_is_refused(zones: object) -> None:
    with pytest.raises(InputError) as refused:
        people_in_zones(CROSS, PIECES, zones)
    assert [fault.code for fault in refused.value.faults] == ["no-zones"]
