"""For which places a scenario's hours hold: by area and by kind."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from faults import Fault, InputError
from scenarios.choices import HoursRef
from scenarios.read.files import kind_of, resolve
from scenarios.read.geojson import read_areas
from scenarios.scenario import Scenario


def read_hours(
    scenario: Scenario, folder: Path, lon: NDArray[np.float64], lat: NDArray[np.float64], kinds: Sequence[str]
) -> list[tuple[int, ...]]:
    """Return for each place the positions of the scenario's rules of hours that hold there.

    Parameters
    ----------
    lon, lat, kinds
        Of each place; the kind is ``""`` for kerbside streets, which only rules without kinds hold for.

    Raises
    ------
    InputError
        With the faults of all files of areas.
    """
    places: NDArray[np.object_] = np.asarray(shapely.points(lon, lat), dtype=object)
    kind = np.array(kinds, dtype=object)
    holds: NDArray[np.bool_] = np.zeros((len(scenario.hours), len(places)), dtype=np.bool_)
    faults: list[Fault] = []
    for k, rule in enumerate(scenario.hours):
        try:
            inside = _inside(rule, folder, places, f"hours.{k + 1}.file")
        except InputError as error:
            faults += error.faults
            continue
        holds[k] = inside & (np.isin(kind, rule.kinds) if rule.kinds else True)
    if faults:
        raise InputError(faults)
    return [tuple(np.flatnonzero(column).tolist()) for column in holds.T]


def _inside(rule: HoursRef, folder: Path, places: NDArray[np.object_], where: str) -> NDArray[np.bool_]:
    if rule.file is None:
        return np.ones(len(places), dtype=bool)
    path = resolve(folder, rule.file, where)
    if kind_of(path, rule.file) != "geojson":
        raise InputError(
            Fault(
                code="file-kind",
                place=rule.file,
                cause="it is no GeoJSON",
                action="export the areas as GeoJSON (WGS 84)",
            )
        )
    _, areas, _ = read_areas(path, file=rule.file)
    shape = shapely.union_all([shapely.Polygon(part[0], part[1:]) for parts in areas for part in parts])
    shapely.prepare(shape)
    return np.asarray(shapely.intersects(shape, places))
