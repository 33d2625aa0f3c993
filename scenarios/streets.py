"""Streets, what stands beside them, and zones, from wherever a scenario says they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from faults import Fault, InputError
from network.features import MapFeatures, read_features
from network.sources.aequilibrae import Zone, read_aequilibrae, read_zones
from network.sources.graphml import read_graphml
from network.sources.made_up import twelve_junctions
from network.sources.osm_file import read_osm
from network.sources.osm_place import read_place
from network.streets import StreetNetwork
from scenarios.data.defaults import COUNTRIES
from scenarios.read.files import as_written, resolve
from scenarios.read.opening import has_addresses
from scenarios.read.zones import read_boundary, read_zone_table
from scenarios.samples import cache_folder
from scenarios.scenario import Scenario, StreetsRef

Rings = list[NDArray[np.float64]]
OSM = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2")
GRAPHML = (".graphml",)
PROJECT = (".zip", ".sqlite", ".sqlite3", ".db")


def load_streets(scenario: Scenario, folder: Path) -> tuple[StreetNetwork, MapFeatures | None, tuple[Zone, ...] | None]:
    """Read the streets of a scenario; traffic keeps to the side that its country drives on.

    Without a known country it keeps to the side that the map tells.

    Buildings and addresses are read from an OpenStreetMap file when demand is estimated or a table has addresses. Zones
    come from the scenario's own table, else from the street file if that carries some.

    Parameters
    ----------
    folder
        Where the files of the scenario lie.

    Raises
    ------
    InputError
        ``file-missing``, ``path-outside``, ``streets-kind`` for a file of an unknown kind, ``streets-cut`` for a box or
        boundary with streets that cannot be cut; and faults of the boundary or the zones.
    SourceError
        If the streets cannot be had.
    """
    network, features, zones = _loaded(scenario, folder)
    country = COUNTRIES.get(scenario.country)
    left_hand = network.left_hand if country is None else country.drives == "left"
    return network if network.left_hand == left_hand else replace(network, left_hand=left_hand), features, zones


def _loaded(scenario: Scenario, folder: Path) -> tuple[StreetNetwork, MapFeatures | None, tuple[Zone, ...] | None]:
    ref = scenario.streets
    rings = read_boundary(resolve(folder, ref.boundary, "streets.boundary"), ref.boundary) if ref.boundary else None
    zones = read_zone_table(scenario, folder) if "zones" in scenario.tables else None
    if ref.town is not None:
        _refuse_cut(ref)
        return twelve_junctions(), None, zones
    if ref.place is not None:
        return _online(ref, rings), None, zones
    assert ref.file is not None, "the scenario was checked"
    path = resolve(folder, ref.file, "streets.file")
    reader = _reader(path.name)
    if reader is None:
        raise InputError(_unknown_kind(ref.file))
    if reader is not read_osm:
        _refuse_cut(ref)
        with as_written(path, ref.file):
            network = reader(path)
            own = read_zones(path) if reader is read_aequilibrae and zones is None else ()
        return network, None, zones or own or None
    wanted = scenario.demand.from_ != "points" or scenario.kerbside is not None or has_addresses(scenario, folder)
    with as_written(path, ref.file):
        network = read_osm(path, box=ref.box, boundary=rings)
        return network, read_features(path, box=ref.box, boundary=rings) if wanted else None, zones


def _reader(name: str) -> Callable[[Path], StreetNetwork] | None:
    readers: tuple[tuple[tuple[str, ...], Callable[[Path], StreetNetwork]], ...] = (
        (OSM, read_osm),
        (GRAPHML, read_graphml),
        (PROJECT, read_aequilibrae),
    )
    return next((reader for endings, reader in readers if name.lower().endswith(endings)), None)


def _online(ref: StreetsRef, rings: Rings | None) -> StreetNetwork:
    """Fetch by outline or box where one is given, then the name is only a name."""
    assert ref.place is not None
    cache = cache_folder() / "osm"
    if rings is not None:
        outline = shapely.build_area(shapely.MultiLineString([shapely.LineString(ring) for ring in rings]))
        assert isinstance(outline, shapely.Polygon | shapely.MultiPolygon)
        return read_place(outline, cache=cache)
    return read_place(ref.box or ref.place, cache=cache)


def _refuse_cut(ref: StreetsRef) -> None:
    given = [name for name in ("box", "boundary") if getattr(ref, name) is not None]
    if given:
        raise InputError(
            Fault(
                code="streets-cut",
                place=f"streets.{given[0]}",
                cause=f"only OpenStreetMap files and places can be cut by a {given[0]}",
                action="take it out, or use an OpenStreetMap file (.osm.pbf)",
                pointer=f"/streets/{given[0]}",
            )
        )


def _unknown_kind(file: str) -> Fault:
    return Fault(
        code="streets-kind",
        place="streets.file",
        cause=f"{file!r} is no street file that can be read",
        action=f"give a file ending in {', '.join((*OSM, *GRAPHML, *PROJECT))}",
        pointer="/streets/file",
    )
