import numpy as np
import pytest
import shapely

from network.geometry import METRES_PER_DEGREE
from network.isochrones import Isochrone, isochrones, outline
from network.matrix import matrix
from network.profiles import PROFILES
from tests.network.towns import FIRST, QUARRY, SECOND, SOUTH, TOWN, driven, facing, scattered, standing

PLACE = standing(TOWN, [SOUTH], [100])


def pieces(found: Isochrone) -> dict[int, tuple[float, float]]:
    """Directed segment -> where its piece begins and ends, without those of no length."""
    return {
        int(d): (round(float(a), 3), round(float(b), 3))
        for d, a, b in zip(found.directed, found.from_m, found.to_m, strict=True)
        if abs(a - b) > 1e-6
    }


def test_pieces_end_where_the_time_is_used_up() -> None:
    near, far = isochrones(driven(), PLACE, facing("o"), 0, [12, 36])  # 50 m and 150 m at 15 km/h
    assert pieces(near) == {2 * SOUTH: (100, 150), 2 * SOUTH + 1: (100, 50)}
    assert pieces(far) == {
        2 * SOUTH: (100, 200), 2 * SOUTH + 1: (100, 0), 2 * SOUTH + 2: (0, 50),
        2 * SECOND: (0, 50), 2 * FIRST: (0, 50),
    }  # fmt: skip
    assert far.end.max() == 36
    assert far.begin.tolist() == [0, 0, 24, 24, 24]


def test_facing_one_way_one_has_to_come_round_to_what_lies_behind() -> None:
    (half,) = isochrones(driven(), PLACE, facing(">"), 0, [700], unit="m")
    behind = (half.directed == 2 * SOUTH) & (half.from_m == 0)
    assert not behind.any(), "the start of the street is 800 m away, round two blocks"
    (more,) = isochrones(driven(), PLACE, facing(">"), 0, [830], unit="m")
    (k,) = np.flatnonzero((more.directed == 2 * SOUTH) & (more.from_m == 0))
    assert (more.begin[k], more.to_m[k]) == (800, 30)


def test_metres_are_those_of_the_shortest_ways() -> None:
    (found,) = isochrones(driven(), PLACE, facing("o"), 0, [100], unit="m")
    assert pieces(found) == {2 * SOUTH: (100, 200), 2 * SOUTH + 1: (100, 0)}
    assert (found.unit, found.limit, found.end.max()) == ("m", 100, 100)


def test_on_foot_one_way_streets_go_both_ways() -> None:
    (found,) = isochrones(driven(PROFILES["foot"]), standing(TOWN, [13], [50]), facing("o"), 0, [20], unit="m")
    assert pieces(found) == {26: (50, 70), 27: (50, 30)}


@pytest.mark.parametrize("seed", range(2))
def test_what_is_reached_is_what_the_matrix_says(seed: int) -> None:
    drive = driven()
    places, stances = scattered(drive, 30, seed)
    numbers = matrix(drive, places, stances, facing("".join("><"[k % 2] for k in range(30))))
    for row in range(0, 30, 7):
        limit_s = 60.0
        (found,) = isochrones(drive, places, stances, row, [limit_s])
        for col in range(30):
            if numbers.duration_ms[row, col] == 2**31 - 1:
                continue
            at = places.along_m[col]
            low, high = np.minimum(found.from_m, found.to_m) - 0.05, np.maximum(found.from_m, found.to_m) + 0.05
            mine = found.directed == 2 * places.segment[col] + col % 2
            seen = bool((mine & (low <= at) & (at <= high)).any())
            off_ms = numbers.duration_ms[row, col] - limit_s * 1000
            assert seen == (off_ms <= 0) or abs(off_ms) < 30


def test_an_outline_holds_what_is_reached_and_no_more_than_its_margin() -> None:
    (found,) = isochrones(driven(), PLACE, facing("o"), 0, [12])
    area = outline(driven(), found, beside_m=20)
    metre = 1 / METRES_PER_DEGREE
    assert area.contains(shapely.LineString([(50 * metre, 0), (150 * metre, 0)]))
    west, south, east, north = (x / metre for x in area.bounds)
    assert (west, south, east, north) == pytest.approx((30, -20, 170, 20), abs=4.5)


def test_small_holes_are_filled_and_large_ones_left() -> None:
    (found,) = isochrones(driven(), PLACE, facing("o"), 0, [2000])
    assert set((found.directed >> 1).tolist()) == set(range(TOWN.segments))
    filled, open_ = (outline(driven(), found, hole_m2=m2) for m2 in (1e9, 0.0))
    assert len(filled.interiors) == 0
    assert len(open_.interiors) == 5
    assert filled.area > open_.area


def test_nothing_is_reached_from_nowhere() -> None:
    (found,) = isochrones(driven(), standing(TOWN, [-1], [0]), facing("o"), 0, [100])
    assert len(found.directed) == 0
    assert outline(driven(), found).is_empty
    with pytest.raises(ValueError, match="below 0"):
        isochrones(driven(), PLACE, facing("o"), 0, [-1.0])
    (none,) = isochrones(driven(), PLACE, facing("o"), 0, [0])
    assert pieces(none) == {}
    assert QUARRY not in (none.directed >> 1)
