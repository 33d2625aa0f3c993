"""Tables that cities published, with their own headers and units."""

from __future__ import annotations

import shutil
from pathlib import Path

from scenarios.read.tables import read_tables
from scenarios.scenario import TableRef
from tests.scenarios.read.kit import lay, scenario


def test_the_skips_of_blantyre(tmp_path: Path, data_dir: Path) -> None:
    lay(tmp_path)
    shutil.copy(data_dir / "osm" / "waste" / "blantyre-waste-skips.csv", tmp_path / "skips.csv")
    ref = TableRef(file="skips.csv", defaults={"kg_per_day": 700, "kind": "container"})
    plain = scenario(country="MW", currency="MWK", tables={**scenario().tables, "points": ref})
    system, _ = read_tables(plain, tmp_path, network=None, features=None)
    assert len(system.points) == 53
    assert all(-16 < point.lat < -15 and 34 < point.lon < 36 for point in system.points)
    assert {point.own["capacity_l"] for point in system.points} == {"7000"}


def test_the_containers_of_montevideo(tmp_path: Path, data_dir: Path) -> None:
    lay(tmp_path)
    shutil.copy(data_dir / "osm" / "waste" / "montevideo-muni-b-containers.csv", tmp_path / "containers.csv")
    ref = TableRef(
        file="containers.csv",
        columns={"kg_now": "demand", "open_s": "open_min", "close_s": "close_min", "service_s": "service_min"},
        units={"open_s": "min", "close_s": "min", "service_s": "min"},
    )
    plain = scenario(country="UY", currency="UYU", tables={**scenario().tables, "points": ref})
    system, _ = read_tables(plain, tmp_path, network=None, features=None)
    assert len(system.points) == 172
    assert sum(point.kg_now == 0 for point in system.points) == 17
    assert {point.service_s for point in system.points} == {120.0}
    assert max(point.close_s or 0 for point in system.points) == 360 * 60
