"""Files of closed areas and of floods."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from faults import Fault, InputError
from network.closures import Polygon as Area
from network.closures import close_areas, close_streets
from network.floods import depths_of_areas, depths_of_grid, read_depths
from network.streets import StreetNetwork
from scenarios.hazards import Hazard
from scenarios.read.files import as_written, kind_of, resolve
from scenarios.read.geojson import read_areas
from scenarios.scenario import ClosureRef, Scenario

DEPTH = "depth_m"
GRID = ".asc"


def read_hazards(scenario: Scenario, folder: Path, network: StreetNetwork) -> tuple[Hazard, ...]:
    """Read all closures of a scenario and see that each of them names streets that are there.

    A GeoJSON file holds closed areas; where every area has a property ``depth_m`` it is a flood of that many metres.
    An ESRI ASCII grid (``.asc``) holds the depth of a flood in metres.

    Raises
    ------
    InputError
        With the faults of all closures: ``closure-unknown``, ``area-broken``, ``depth-invalid``, and those of files.
    SourceError
        ``grid-broken`` or ``grid-not-in-degrees`` for a grid that cannot be read.
    """
    found: list[Hazard] = []
    faults: list[Fault] = []
    for position, ref in enumerate(scenario.streets.closures):
        try:
            hazard = _read(ref, folder, network, f"streets.closures.{position + 1}")
            _tried(hazard, network)
            found.append(hazard)
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return tuple(found)


def _read(ref: ClosureRef, folder: Path, network: StreetNetwork, place: str) -> Hazard:
    if ref.file is None:
        return Hazard(ref=ref)
    path = resolve(folder, ref.file, f"{place}.file")
    if path.suffix.lower() == GRID:
        with as_written(path, ref.file):
            return Hazard(ref=ref, depth_mm=depths_of_grid(network, read_depths(path)))
    if kind_of(path, ref.file) != "geojson":
        raise InputError(
            Fault(
                code="file-kind",
                place=ref.file,
                cause="it is neither GeoJSON nor an ESRI ASCII grid",
                action="export the areas as GeoJSON (WGS 84), or the flood map as .asc",
            )
        )
    sheet, shapes, _ = read_areas(path, file=ref.file)
    areas: list[tuple[Area, int]] = [
        ([ring.tolist() for ring in part], k) for k, parts in enumerate(shapes) for part in parts
    ]
    column = next((k for k, header in enumerate(sheet.headers) if header.strip().lower() == DEPTH), None)
    if column is None:
        return Hazard(ref=ref, areas=tuple(area for area, _ in areas))
    depth_mm = _depths([row[column] for row in sheet.rows], ref.file)
    return Hazard(
        ref=ref, depth_mm=depths_of_areas(network, [a for a, _ in areas], [depth_mm[k] for _, k in areas], ref.name)
    )


def _depths(cells: list[object], file: str) -> NDArray[np.float64]:
    """Return depths in mm, every one of them a number of metres."""
    faults = list(_broken_depths(cells, file))
    if faults:
        raise InputError(faults)
    return np.array([1000.0 * float(str(cell)) for cell in cells])


def _broken_depths(cells: list[object], file: str) -> Iterator[Fault]:
    for k, cell in enumerate(cells, start=1):
        try:
            fine = 0 <= float(str(cell)) < 100
        except ValueError:
            fine = False
        if not fine:
            yield Fault(
                code="depth-invalid",
                place=f"{file}, feature {k}",
                cause=f"{cell!r} is no depth of water in metres",
                action=f"give every area a {DEPTH} from 0 up to 100, or none of them",
            )


def _tried(hazard: Hazard, network: StreetNetwork) -> None:
    """See that what is listed is there."""
    if hazard.areas:
        close_areas(network, hazard.areas, hazard.ref.name)
    if hazard.ref.streets:
        close_streets(network, hazard.ref.streets, hazard.ref.name)
