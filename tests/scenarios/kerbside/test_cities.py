"""Real towns: everybody is served or named, sides are found in the network again, and most can be gone along."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from network.features import read_features
from network.sources.osm_file import read_osm
from scenarios.kerbside.collect import kerbside
from scenarios.kerbside.ref import KerbsideRef
from scenarios.model.kerbside import Side
from scenarios.model.system import WasteSystem
from tests.scenarios.kerbside.drawn import standing, vehicle
from tests.scenarios.kerbside.test_estimate import SCENARIO

PEOPLE = 30_000.0


def test_monaco_from_its_buildings(data_dir: Path) -> None:
    path = data_dir / "osm" / "monaco.osm.pbf"
    network, features = read_osm(path), read_features(path)
    scenario = replace(SCENARIO, country="FR", kerbside=KerbsideRef(people=PEOPLE))
    system = WasteSystem(
        streams=scenario.streams, points=(), residents=(), depots=(), facilities=(), vehicles=(vehicle(),)
    )
    found = kerbside(scenario, Path(), system, network=network, features=features, zones=None)
    streets = found.streets
    served = sum(street.people for street in streets)
    (left,) = [doubt for doubt in found.doubts if doubt.code == "kerbside-left-out"]
    assert round(PEOPLE - served) == int(left.cause.split()[0])
    assert 0.9 * PEOPLE < served < PEOPLE
    assert 2000 < len(streets) < 3000
    assert len({street.id for street in streets}) == len(streets)
    assert sum(bool(street.blind) for street in streets) > 300
    assert all(street.side is Side.BOTH for street in streets if street.blind)
    kerb = standing(network, streets, "refuse-truck")
    assert kerb.length_m == pytest.approx([s.length_m for s in {s.stretch: s for s in streets}.values()], abs=1e-6)
    can = kerb.can.any(axis=1)
    people = np.zeros(len(can))
    for street in streets:
        people[kerb.position[street.stretch]] += street.people
    assert people[can].sum() > 0.93 * served
    assert len(kerb.ids) < 2.2 * len(can)
