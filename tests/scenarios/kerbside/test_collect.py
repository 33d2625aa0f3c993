"""Containers and kerbside share the people of an area: everybody is in one of them, nobody in both."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from network.features import MapFeatures
from network.sources.aequilibrae import Zone
from network.tagcolumn import TagColumn
from scenarios.demand.arisings import estimate
from scenarios.hubs import brought_shares
from scenarios.kerbside.collect import Kerbside, kerbside
from scenarios.kerbside.ref import KerbsideRef
from scenarios.model.kerbside import Side
from scenarios.model.system import WasteSystem
from scenarios.pose import hub_users
from scenarios.scenario import DemandRef, Scenario
from tests.network.drawing import column, degrees
from tests.scenarios.kerbside.drawn import town, vehicle
from tests.scenarios.kerbside.test_estimate import SCENARIO
from tests.scenarios.kerbside.test_listed import features

SYSTEM = WasteSystem(streams=SCENARIO.streams, points=(), residents=(), depots=(), facilities=(), vehicles=(vehicle(),))
BUILDINGS = [(100.0, 215.0, 100.0), (50.0, 215.0, 120.0), (100.0, -115.0, 80.0), (100.0, 185.0, 900.0)]


def built() -> MapFeatures:
    """Three houses and a large building, all lived in."""
    lon, lat = degrees([x for x, _, _ in BUILDINGS], [y for _, y, _ in BUILDINGS])
    count = len(BUILDINGS)
    empty = TagColumn(codes=np.zeros(count, np.int32), values=("",))
    known = features()
    return replace(
        known,
        buildings=replace(
            known.buildings,
            id=tuple(str(k) for k in range(count)),
            lon=lon,
            lat=lat,
            area_m2=np.array([area for _, _, area in BUILDINGS]),
            levels=np.ones(count),
            flats=np.full(count, np.nan),
            kind=column(["house"] * count),
            use=empty,
            name=empty,
            street=empty,
            housenumber=empty,
        ),
    )


def found(scenario: Scenario, zones: tuple[Zone, ...] | None = None) -> Kerbside:
    return kerbside(scenario, Path(), SYSTEM, network=town(), features=built(), zones=zones)


def test_the_people_of_large_buildings_have_containers_and_all_others_the_kerb() -> None:
    scenario = replace(
        SCENARIO,
        demand=DemandRef(from_="buildings", people=120.0, containers=1),
        kerbside=KerbsideRef(most_people=50.0),
    )
    at_kerb = found(scenario)
    points, residents, _ = estimate(scenario, town(), built(), None, taken=at_kerb.taken)
    assert math.fsum(street.people for street in at_kerb.streets) == pytest.approx(30.0)
    assert math.fsum(point.people for point in points) == pytest.approx(90.0)
    everybody = (*at_kerb.residents, *residents)
    assert math.fsum(people.people for people in everybody) == pytest.approx(120.0)
    assert len({people.id for people in everybody}) == len(everybody)


def test_where_all_are_served_at_the_kerb_there_are_no_containers() -> None:
    scenario = replace(SCENARIO, demand=DemandRef(from_="buildings", people=120.0), kerbside=KerbsideRef())
    at_kerb = found(scenario)
    assert at_kerb.taken is not None
    assert at_kerb.taken.all()
    assert estimate(scenario, town(), built(), None, taken=at_kerb.taken)[:2] == ((), ())


def test_another_stream_is_fetched_from_all_and_leaves_the_containers_alone() -> None:
    streams = (*SCENARIO.streams, replace(SCENARIO.streams[0], id="organic"))
    scenario = replace(
        SCENARIO,
        streams=streams,
        demand=DemandRef(from_="buildings", people=120.0),
        kerbside=KerbsideRef(stream="organic", kg_per_person_day=0.2),
    )
    system = replace(SYSTEM, vehicles=(replace(vehicle(), streams=("residual", "organic")),))
    at_kerb = kerbside(scenario, Path(), system, network=town(), features=built(), zones=None)
    assert at_kerb.taken is None
    assert math.fsum(street.kg_per_day["organic"] for street in at_kerb.streets) == pytest.approx(24.0)
    assert all("+" not in street.id for street in at_kerb.streets)
    assert at_kerb.residents == ()  # the demand has the same people


def test_people_of_zones_live_on_both_sides_of_their_streets() -> None:
    corners = np.stack(degrees([-50, 150, 150, -50, -50], [150, 150, 250, 250, 150]), axis=-1)
    zone = Zone(id="north", name="North", rings=(corners,), population=80.0)
    at_kerb = found(replace(SCENARIO, kerbside=KerbsideRef(from_="zones")), (zone,))
    assert math.fsum(street.people for street in at_kerb.streets) == pytest.approx(80.0)
    north = {s.side: s.people for s in at_kerb.streets if s.name == "North Street"}
    assert north[Side.LEFT] == pytest.approx(north[Side.RIGHT])


def test_a_scenario_that_asks_for_none_has_none() -> None:
    nothing = found(SCENARIO)
    assert (nothing.streets, nothing.residents, nothing.taken, nothing.doubts) == ((), (), None, ())


def test_who_lives_at_the_kerb_may_walk_to_a_hub_too() -> None:
    at_kerb = found(replace(SCENARIO, kerbside=KerbsideRef(people=100.0)))
    system = replace(SYSTEM, residents=at_kerb.residents, kerbside=at_kerb.streets)
    assert hub_users(system) == at_kerb.residents
    assert brought_shares(system, town(), SCENARIO, None) == {}
