"""Who is served at the kerb and who is not: nobody is lost, and those left out are named."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from network.streets import StreetNetwork
from scenarios.demand.homes import Homes
from scenarios.kerbside.doors import bins_of
from scenarios.kerbside.estimate import Served, served
from scenarios.kerbside.fleet import reach
from scenarios.kerbside.ref import KerbsideRef
from scenarios.model.work import Stream
from scenarios.scenario import DemandRef, Scenario, StreetsRef
from tests.network.drawing import column, degrees
from tests.scenarios.kerbside.drawn import GATE, NORTH, WEST, town, vehicle

SCENARIO = Scenario(
    name="drawn",
    country="DE",
    currency="EUR",
    streams=(Stream(id="residual", name="Residual", density_kg_m3=400.0),),
    streets=StreetsRef(town="twelve-junctions"),
)
WITH_CONTAINERS = replace(SCENARIO, demand=DemandRef(from_="buildings", people=100.0))
PLACES = {  # metres east and north, people, street of the address
    "north of North Street": (100.0, 215.0, 10.0, ""),
    "north, but of West Street": (20.0, 230.0, 20.0, "West Street"),
    "on the line of Gate Street": (100.0, 0.0, 6.0, ""),
    "far away": (2000.0, 2000.0, 40.0, ""),
    "tower": (100.0, 190.0, 24.0, ""),
}
HOMES = Homes(
    lon=degrees([p[0] for p in PLACES.values()], 0.0)[0],
    lat=degrees(0.0, [p[1] for p in PLACES.values()])[1],
    people=np.array([p[2] for p in PLACES.values()]),
    street=column([p[3] for p in PLACES.values()]),
)


def found(scenario: Scenario = SCENARIO, network: StreetNetwork | None = None, **ref: object) -> Served:
    network = network or town()
    fleet = reach(network, (vehicle(),), {"residual"})
    return served(scenario, KerbsideRef(**ref), network, HOMES, fleet, gap_days=1.0)  # type: ignore[arg-type]


def test_homes_go_to_the_side_of_their_street() -> None:
    result = found()
    doors = result.doors
    told = sorted(zip(doors.segment.tolist(), doors.side.tolist(), doors.people.tolist(), strict=True))
    # North Street is mapped from east to west, West Street from north to south
    expected = [(NORTH, 1, 10.0), (NORTH, -1, 24.0), (WEST, -1, 20.0), (GATE, -1, 3.0), (GATE, 1, 3.0)]
    assert told == sorted(expected)
    assert result.taken.tolist() == [True, True, True, False, True]
    assert result.doors.people.sum() == HOMES.people[result.taken].sum()


def test_who_is_not_served_is_said_unless_there_are_containers_for_them() -> None:
    (doubt,) = found().doubts
    assert doubt.code == "kerbside-left-out"
    assert "40 people (40.0%)" in doubt.cause
    assert found(WITH_CONTAINERS).doubts == ()


def test_a_large_building_has_containers_of_its_own() -> None:
    assert found(most_people=20.0).taken.tolist() == [True, True, True, False, False]


def test_streets_of_other_classes_are_not_served() -> None:
    assert not found(classes=("tertiary",)).taken.any()


@pytest.mark.parametrize(("scenario", "stays"), [(SCENARIO, True), (WITH_CONTAINERS, False)])
def test_streets_that_no_vehicle_may_enter_are_named_with_their_people(scenario: Scenario, stays: bool) -> None:
    """North Street is closed; so West Street is a dead end, and too narrow for the truck to turn round."""
    network = town()
    shut = replace(network, tags={**network.tags, "access": column(["", "", "no", "", "", ""])})
    result = found(scenario, shut)
    doubt = next(doubt for doubt in result.doubts if doubt.code == "kerbside-no-vehicle")
    assert "54 people" in doubt.cause
    assert "North Street (34), West Street (20)" in doubt.cause
    assert ("containers" in doubt.cause) is not stays
    assert result.taken.tolist() == [stays, stays, True, False, stays]


def test_kilograms_households_and_what_they_put_out() -> None:
    result = found(kg_per_person_day=1.5)
    assert result.doors.kg_per_day == pytest.approx(result.doors.people * 1.5)
    assert result.doors.households == pytest.approx(result.doors.people / 2.3)
    assert result.doors.estimated.all()


def test_shared_bins_where_that_is_quicker() -> None:
    doors, bins = bins_of(
        np.array([5.0, 40.0, 150.0]), np.array([1.0, 3.0, 20.0]), bin_kg=100.0, household_s=12.0, bin_s=41.0
    )
    assert doors.tolist() == [1.0, 3.0, 0.0]  # three sacks take 36 s, a bin 41 s; twenty take 240 s, two bins 82 s
    assert bins.tolist() == [0.0, 0.0, 2.0]
