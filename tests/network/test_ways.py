import numpy as np
import pytest

from network.closures import closing
from network.drive import Drive, closed, drive, prepare
from network.geometry import steps_m
from network.matrix import matrix
from network.profiles import PROFILES
from network.snap import Snapped
from network.stances import Stances
from network.ways import Way, ways
from tests.network.drawing import grid
from tests.network.towns import NORTH, SECOND, SOUTH, TOWN, driven, facing, scattered, standing


def all_pairs(count: int) -> np.ndarray:
    return np.stack(np.divmod(np.arange(count * count), count), axis=-1)


def agrees(drive: Drive, places: Snapped, leave: Stances, arrive: Stances) -> list[Way]:
    """Check all ways against the matrix, and each against its own line and steps."""
    numbers = matrix(drive, places, leave, arrive)
    pairs = all_pairs(len(leave))
    there = numbers.duration_ms[pairs[:, 0], pairs[:, 1]] < 2**31 - 1
    found = ways(drive, places, leave, arrive, pairs[there])
    for way, (row, col) in zip(found, pairs[there], strict=True):
        assert round(way.duration_s * 1000) == numbers.duration_ms[row, col]
        assert round(way.distance_m * 10) == numbers.distance_dm[row, col]
        assert sum(round(s.duration_s * 1000) for s in way.steps) == numbers.duration_ms[row, col]
        assert sum(round(s.distance_m * 10) for s in way.steps) == numbers.distance_dm[row, col]
        assert way.steps[-1].last_point == len(way.lon) - 1
        assert steps_m(way.lon, way.lat).sum() == pytest.approx(way.distance_m, abs=0.2 + 0.01 * way.distance_m)
        a, b = leave.place[row], arrive.place[col]
        ends = (way.lon[0], way.lat[0], way.lon[-1], way.lat[-1])
        assert ends == (places.lon[a], places.lat[a], places.lon[b], places.lat[b])
    return found


@pytest.mark.parametrize("seed", range(3))
def test_ways_are_as_long_as_the_matrix_says(seed: int) -> None:
    places, stances = scattered(driven(), 25, seed)
    assert len(agrees(driven(), places, stances, stances)) > 300


@pytest.mark.parametrize("profile", ["refuse-truck", "small-truck", "foot"])
def test_ways_through_a_bent_grid(profile: str) -> None:
    network = grid(7, 7, seed=5)
    who = drive(prepare(network, PROFILES[profile].movement), PROFILES[profile])
    places, stances = scattered(who, 25, 1)
    agrees(who, places, stances, stances)


def test_pieces_join_and_nothing_is_driven_that_is_closed() -> None:
    places, stances = scattered(driven(), 20, 4)
    begins = np.stack([TOWN.tail, TOWN.head], axis=-1).ravel()
    for way in agrees(driven(), places, stances, stances):
        assert way.driven is not None
        directed = way.driven.directed
        assert (begins[directed[1:]] == begins[directed[:-1] ^ 1]).all()
        assert driven().usable[directed].all()
        onward = [way.driven.open_after(k) for k in range(len(directed) - 1)]
        assert all(b in arms for arms, b in zip(onward, directed[1:], strict=True))


def test_a_way_on_paper() -> None:
    places = standing(TOWN, [SOUTH, NORTH], [50, 100], [0, 1])
    (way,) = ways(driven(), places, facing(">>"), facing("<<"), [(0, 1)])
    assert way.names == ("South Lane", "Second Avenue", "North Road")
    assert way.distance_m == 150 + 250 + 100
    told = [(s.kind, s.modifier, s.name, s.distance_m) for s in way.steps]
    assert told == [
        ("depart", "", "South Lane", 150),
        ("turn", "left", "Second Avenue", 250),
        ("end of road", "left", "North Road", 100),
        ("arrive", "left", "North Road", 0),
    ], "the place lies right of North Road as mapped, so left of who comes the other way"
    assert [(s.bearing_before, s.bearing_after) for s in way.steps] == [(0, 90), (90, 0), (0, 270), (270, 0)]


def test_who_leaves_a_street_before_its_barrier_is_told_as_on_any_other_day() -> None:
    places = standing(TOWN, [SOUTH, NORTH], [50, 100], [0, 1])
    ahead = np.arange(TOWN.segments) == SOUTH + 1
    shut = closed(driven(), closing("market", np.repeat(ahead, 2), ahead))
    assert not shut.weights.usable[shut.prepared.graph.segment == SOUTH + 1].any()
    (usual,), (way,) = (ways(each, places, facing(">>"), facing("<<"), [(0, 1)]) for each in (driven(), shut))
    assert way.steps == usual.steps, "the street is still there, and the driver has to turn off it"


def test_coming_round_is_driven() -> None:
    places = standing(TOWN, [SOUTH, SOUTH], [150, 50])
    (way,) = ways(driven(), places, facing(">>"), facing(">>"), [(0, 1)])
    assert way.distance_m == 800
    assert way.driven is not None
    assert (way.driven.directed[0], way.driven.directed[-1]) == (0, 0)
    assert way.names == ("South Lane", "Second Avenue", "North Road", "First Avenue", "South Lane")


def test_of_two_directions_the_better_one_is_taken() -> None:
    places = standing(TOWN, [SOUTH, SECOND], [150, 50])
    (way,) = ways(driven(), places, facing("oo"), facing("oo"), [(0, 1)])
    assert way.distance_m == 100
    assert way.driven is not None
    assert way.driven.directed.tolist() == [0, 2 * SECOND]


def test_steps_are_left_out_if_not_asked_for() -> None:
    places = standing(TOWN, [SOUTH, SECOND], [150, 50])
    (way,) = ways(driven(), places, facing("oo"), facing("oo"), [(0, 1)], tell=False)
    assert way.steps == ()
    assert ways(driven(), places, facing("oo"), facing("oo"), []) == []


def test_a_way_that_is_none_is_refused_by_name() -> None:
    places = standing(TOWN, [SOUTH, -1], [150, 0])
    with pytest.raises(ValueError, match="no way from 0o to 1o"):
        ways(driven(), places, facing("oo"), facing("oo"), [(0, 0), (0, 1)])
