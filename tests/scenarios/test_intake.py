from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from faults import InputError
from scenarios.intake import take_in
from tests.scenarios.given import SAMPLES

DEMAND = """
[tables.zones]
file = "zones.geojson"
[demand]
from = "zones"
stream = "residual"
"""
OUTLINE = [[-0.01, -0.01], [0.02, -0.01], [0.02, 0.02], [-0.01, 0.02], [-0.01, -0.01]]


def test_an_estimated_container_never_takes_the_id_of_a_place_of_the_tables(tmp_path: Path) -> None:
    source = tmp_path / "town"
    shutil.copytree(SAMPLES / "town", source)
    zone = {"type": "Feature", "properties": {"id": "all", "people": 900}}
    zone["geometry"] = {"type": "Polygon", "coordinates": [OUTLINE]}
    (source / "zones.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [zone]}))
    file = source / "scenario.toml"
    file.write_text(file.read_text() + DEMAND)
    made = next(point.id for point in take_in(file).system.points if point.estimated)
    depots = source / "depots.csv"
    for taken in (made, f"{made}>"):
        shutil.copytree(SAMPLES / "town", source, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.toml"))
        for table in ("depots.csv", "vehicles.csv"):
            (source / table).write_text((source / table).read_text().replace("yard", taken))
        assert f"{taken}," in depots.read_text()
        with pytest.raises(InputError) as refused:
            take_in(file)
        (fault,) = refused.value.faults
        assert (fault.code, fault.place) == ("id-twice", f"depots.csv, row 2 ({taken})")
        assert repr(made) in fault.cause


def test_threads_are_those_of_the_scenario_unless_others_are_asked_for(tmp_path: Path) -> None:
    source = tmp_path / "town"
    shutil.copytree(SAMPLES / "town", source)
    file = source / "scenario.toml"
    assert take_in(file).scenario.solve.threads == 1
    assert take_in(file, threads=2).scenario.solve.threads == 2
