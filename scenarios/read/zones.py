"""Areas in GeoJSON: zones with their people, and the outline by which a map is cut."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from faults import Fault, InputError
from network.sources.aequilibrae import Zone
from scenarios.read.files import kind_of, resolve
from scenarios.read.findings import Findings
from scenarios.read.geojson import read_areas
from scenarios.read.rows import interpret
from scenarios.scenario import Scenario


def read_boundary(path: Path, file: str) -> list[NDArray[np.float64]]:
    """Return the rings of all polygons of a file; a ring inside another one is a hole.

    Raises
    ------
    InputError
        If it is no GeoJSON with polygons.
    """
    _require_geojson(path, file)
    _, areas, _ = read_areas(path, file=file)
    return [ring for parts in areas for part in parts for ring in part]


def read_zone_table(scenario: Scenario, folder: Path) -> tuple[Zone, ...]:
    """Read the scenario's table of zones.

    Raises
    ------
    InputError
        With every fault of the table.
    """
    ref = scenario.tables["zones"]
    path = resolve(folder, ref.file, "tables.zones.file")
    _require_geojson(path, ref.file)
    sheet, areas, _ = read_areas(path, file=ref.file)
    found = Findings()
    rows = interpret("zones", sheet, scenario, found, {})
    ids = [rows.values["id"][k] or str(sheet.numbers[k]) for k in range(len(rows))]
    for k, id_ in enumerate(ids):
        if id_ in ids[:k]:
            cause = f"{id_!r} is also the id in {rows.place(ids.index(id_))}"
            rows.refuse(k, "id", "id-twice", cause, "give each zone its own id")
    found.settle()
    return tuple(
        Zone(
            id=ids[k],
            name=rows.values["name"][k] or ids[k],
            rings=tuple(ring for part in areas[k] for ring in part),
            population=rows.values["people"][k],
        )
        for k in range(len(rows))
    )


def _require_geojson(path: Path, file: str) -> None:
    if kind_of(path, file) != "geojson":
        raise InputError(
            Fault(code="file-kind", place=file, cause="it is no GeoJSON", action="export the areas as GeoJSON (WGS 84)")
        )
