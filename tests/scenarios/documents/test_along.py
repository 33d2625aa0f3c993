from dataclasses import replace

import numpy as np
import pytest

from scenarios.documents.along import along
from scenarios.documents.itinerary import Side, all_itineraries
from tests.scenarios.documents import town

STEP = 0.001  # degrees: 111 m


@pytest.fixture
def step():
    _, itinerary = next(iter(all_itineraries(town.full())))
    return itinerary.stops[0]


def served(step, *points, side=Side.NONE):
    return replace(step, leg=replace(step.leg, served=np.array(points, dtype=float)), side=side)


def test_what_stands_at_one_place_is_not_collected_along(step):
    assert along(step, "en") == ""


def test_how_far_where_to_and_on_which_side(step):
    assert along(served(step, (0, 0), (0, STEP), side=Side.LEFT), "en") == "Collect along 111 m, north, on the left"
    assert along(served(step, (0, 0), (STEP, STEP)), "en") == "Collect along 157 m, north-east, on both sides"


def test_a_dead_end_is_told_in_and_out(step):
    told = along(served(step, (0, 0), (-STEP, 0), (0, 0)), "en")
    assert told == "Collect along 111 m, west, and back, on both sides"
