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
    assert [(doubt.code, doubt.place) for doubt in doubts] == [("zone-without-streets", "zone lake")]


def test_empty_zones_are_passed_over() -> None:
    empty = zone("park", 0, square(-500, 50, 100))
    homes, doubts = people_in_zones(CROSS, PIECES, [empty, zone("west", 60, square(0, 50, 140))])
    assert (homes.people.sum(), doubts) == (pytest.approx(60), ())


@pytest.mark.parametrize("zones", [None, (), (zone("park", 0, square(0, 0, 100)),)])
def test_nobody_at_all_is_refused(zones: object) -> None:
    with pytest.raises(InputError) as refused:
        people_in_zones(CROSS, PIECES, zones)
    assert [fault.code for fault in refused.value.faults] == ["no-zones"]
