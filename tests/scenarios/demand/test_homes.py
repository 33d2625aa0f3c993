import numpy as np
import pytest

from network.profiles import PROFILES
from network.snap import snap
from scenarios.demand.homes import Homes, gather
from scenarios.demand.pieces import street_pieces
from tests.network.drawing import degrees, draw

FOOT = PROFILES["foot"]
LINE = draw({"a": (0, 0), "b": (200, 0)}, [("a", "b")])


def gathered(*homes: tuple[float, float, float]):
    x, y, people = np.array(homes, float).T
    lon, lat = degrees(x, y)
    found = snap(LINE, FOOT, lon, lat)
    return gather(LINE, street_pieces(LINE, FOOT), Homes(lon=lon, lat=lat, people=people), found)


def test_people_are_gathered_by_piece_and_side() -> None:
    groups = gathered((10, 20, 3), (30, 40, 1), (40, -10, 5), (120, 8, 2))
    by_id = dict(zip(groups.id, groups.people.tolist(), strict=True))
    assert by_id == {"100:1-2:left:1": 4.0, "100:1-2:right:1": 5.0, "100:1-2:left:3": 2.0}
    first = groups.id.index("100:1-2:left:1")
    assert groups.door_m[first] == pytest.approx((3 * 20 + 1 * 40) / 4, abs=1e-3)
    assert (groups.lon[first], groups.lat[first]) == pytest.approx(tuple(map(float, degrees(15, 25))), abs=1e-9)


def test_homes_far_from_every_street_stay_alone_and_nobody_is_lost() -> None:
    groups = gathered((10, 20, 3), (10, 900, 7), (10, 901, 4))
    assert groups.piece.tolist().count(-1) == 2
    assert sorted(name for name in groups.id if name.startswith("off")) == ["off-street:2", "off-street:3"]
    assert groups.people.sum() == 14
