"""The crafted town: every way is the one on paper, node by node, and takes the seconds that the rules say."""

import pytest

from network.profiles import PROFILES
from tests.network.crafted import QUARTERS, Quarter, Trip
from tests.network.paper import SLACK_MS, inner, judged, paper_ms, passed

CASES = [(quarter, trip, profile) for quarter in QUARTERS for trip in quarter.trips for profile in trip.who]


@pytest.mark.parametrize(
    ("quarter", "trip", "profile"),
    CASES,
    ids=[
        f"{quarter.name}: {trip.way} {profile} {trip.at}{' left' if trip.left_hand else ''}"
        for quarter, trip, profile in CASES
    ],
)
def test_the_way_is_the_one_on_paper(quarter: Quarter, trip: Trip, profile: str) -> None:
    way, ms = judged(profile, quarter, trip)
    assert passed(quarter, way) in {inner(trip.way), inner(trip.or_way)}
    assert abs(ms - paper_ms(PROFILES[profile], quarter, trip)) <= SLACK_MS
    assert way.duration_s == pytest.approx(ms / 1000)
