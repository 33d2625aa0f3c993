"""The paper is checked before anybody is judged by it."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from tests.network.crafted import QUARTERS, Quarter, Trip, write_town

SIGNS = {"^": 0, "<": 90, ">": -90, "@": 180}
TRIPS = [(quarter, trip) for quarter in QUARTERS for trip in quarter.trips]


@pytest.mark.parametrize(("quarter", "trip"), TRIPS, ids=[f"{quarter.name}: {trip.way}" for quarter, trip in TRIPS])
def test_turns_on_paper_are_those_of_the_drawing(quarter: Quarter, trip: Trip) -> None:
    nodes = quarter.nodes()
    letters = [sign for sign in trip.way if sign.isalpha()]
    places = np.array([nodes[letter] for letter in letters])
    heading = np.degrees(np.arctan2(*np.diff(places, axis=0).T[::-1]))
    turned = np.round((np.diff(heading) + 180) % 360 - 180).astype(int) % 360
    assert len(trip.way) == 2 * len(letters) - 2 if len(letters) > 2 else trip.way == "".join(letters)
    for sign, angle in zip(trip.way[2::2], turned.tolist(), strict=True):
        assert sign == "~" or SIGNS[sign] % 360 == angle


def test_every_piece_of_a_way_on_paper_is_drawn(tmp_path: Path) -> None:
    town = write_town(tmp_path / "town.osm")
    for quarter, trip in TRIPS:
        letters = [sign for sign in trip.way if sign.isalpha()]
        for pair in map("".join, pairwise(letters)):
            assert (quarter.name, pair) in town.way


def test_quarters_have_names_of_their_own() -> None:
    assert len({quarter.name for quarter in QUARTERS}) == len(QUARTERS)
