"""Floods: how deep the water stands on each street, and what that leaves of its speed.

Depth to speed after Pregnolato, Ford, Wilkinson and Dawson (2017), The impact of flooding on road transport: a
depth-disruption function, Transportation Research Part D 55, 67-81: the highest safe speed of a car in w mm of water is

    v(w) = 0.0009 w^2 - 0.5529 w + 86.9448 km/h        below 300 mm, where cars begin to float; 0 from there on.

Who passes deeper water than a car (``network/data/fording.csv``) goes by the same curve, stretched to his own limit.
Bridges stay dry, since the depth is that on the ground.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from faults import Fault, SourceError
from network.closures import Closures, Polygon, shapes, within
from network.geometry import METRES_PER_DEGREE
from network.lines import points_at
from network.profiles import VehicleProfile
from network.streets import StreetNetwork
from network.tagcolumn import TagColumn
from network.tags import usable

Floats = NDArray[np.float64]
CAR_MM = 300.0
HEADER = ("ncols", "nrows", "cellsize")
AT_ONCE = 2**20  # points of streets looked up at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class DepthGrid:
    """Depths on a grid of square cells.

    Parameters
    ----------
    west, south
        Outer corner of the first cell of the last row, degrees.
    cell
        Width of a cell, degrees.
    depth_mm
        Rows from north to south; 0 where there is no water or nothing is known.
    """

    west: float
    south: float
    cell: float
    depth_mm: Floats

    def at(self, lon: Floats, lat: Floats) -> Floats:
        """Return the depth at points; 0 outside."""
        rows, cols = self.depth_mm.shape
        col = np.floor((lon - self.west) / self.cell).astype(np.int64)
        row = rows - 1 - np.floor((lat - self.south) / self.cell).astype(np.int64)
        inside = (col >= 0) & (col < cols) & (row >= 0) & (row < rows)
        return np.where(inside, self.depth_mm[np.where(inside, row, 0), np.where(inside, col, 0)], 0.0)


def read_depths(path: Path | str, *, mm_per_unit: float = 1000.0) -> DepthGrid:
    """Read a flood map from an ESRI ASCII grid (``.asc``) in degrees of longitude and latitude.

    Parameters
    ----------
    mm_per_unit
        What one unit of depth is: metres unless said otherwise.

    Raises
    ------
    SourceError
        ``grid-broken``: no such grid, cut short, or not made of numbers. ``grid-not-in-degrees``: its corners are no
        longitudes and latitudes.
    """
    try:
        lines = Path(path).read_text(encoding="ascii").splitlines()
        head = [line.split() for line in lines[:6] if line[:1].isalpha()]
        header = {words[0].lower(): float(words[1]) for words in head}
        cols, rows, cell = (header[key] for key in HEADER)
        half = cell / 2
        west = header["xllcorner"] if "xllcorner" in header else header["xllcenter"] - half
        south = header["yllcorner"] if "yllcorner" in header else header["yllcenter"] - half
        values = np.array(" ".join(lines[len(head) :]).split(), np.float64).reshape(int(rows), int(cols))
        sound = min(cols, rows) >= 1 and bool(np.isfinite(values).all()) and 0 < cell < np.inf
    except (OSError, ValueError, KeyError, IndexError) as error:
        raise _broken(path, str(error)) from error
    if not sound:
        raise _broken(path, "it is empty, or holds what is no finite number")
    if not (-180 <= west <= 180 and -90 <= south <= 90 and west + cols * cell <= 360 and south + rows * cell <= 90):
        raise SourceError(
            Fault(
                code="grid-not-in-degrees",
                place=str(path),
                cause=f"the corner {west}, {south} and cells of {cell} are no longitudes and latitudes",
                action="export the flood map in EPSG:4326",
            )
        )
    depth = np.where(values == header.get("nodata_value", -9999.0), 0.0, values)
    return DepthGrid(west=west, south=south, cell=cell, depth_mm=np.maximum(depth, 0) * mm_per_unit)


def _broken(path: Path | str, why: str) -> SourceError:
    return SourceError(
        Fault(
            code="grid-broken",
            place=str(path),
            cause=f"this is no ESRI ASCII grid: {why}",
            action="export the flood map as .asc",
        )
    )


def depths_of_grid(network: StreetNetwork, grid: DepthGrid) -> Floats:
    """Return the greatest depth on each segment, mm: at both ends and every half cell between them.

    Streets are looked at in blocks of about ``AT_ONCE`` points (100 MB), however fine the grid and large the town.
    """
    apart = grid.cell / 2 * METRES_PER_DEGREE * np.cos(np.radians(np.abs(network.junction_lat).max(initial=0)))
    count = np.ceil(network.length_m / apart).astype(np.int64) + 1
    block = np.cumsum(count) // AT_ONCE
    deepest = np.zeros(network.segments)
    for one in np.unique(block):
        mine = np.flatnonzero(block == one)
        segment = np.repeat(mine, count[mine])
        nth = np.arange(len(segment)) - np.repeat(np.cumsum(count[mine]) - count[mine], count[mine])
        share = nth / np.maximum(count - 1, 1)[segment]
        points = points_at(network, segment, share * network.length_m[segment])
        np.maximum.at(deepest, segment, grid.at(points[:, 0], points[:, 1]))
    return _on_the_ground(network, deepest)


def depths_of_areas(network: StreetNetwork, areas: Sequence[Polygon], depth_mm: Sequence[float], name: str) -> Floats:
    """Return the greatest depth on each segment, mm, where any of it lies in an area of that depth.

    Raises
    ------
    InputError
        ``area-broken``.
    ValueError
        If areas and depths differ in number.
    """
    deepest = np.zeros(network.segments)
    for shape, depth in zip(shapes(areas, name), depth_mm, strict=True):
        deepest = np.where(within(network, shape), np.maximum(deepest, depth), deepest)
    return _on_the_ground(network, deepest)


def flooded(
    network: StreetNetwork, profile: VehicleProfile, depth_mm: Floats, name: str, *, passes_mm: float | None = None
) -> Closures:
    """Return what a flood closes and slows for a profile.

    Parameters
    ----------
    depth_mm
        Of each segment, from :func:`depths_of_grid` or :func:`depths_of_areas`.
    passes_mm
        In water as deep as this it goes nowhere; from ``network/data/fording.csv`` unless given.

    Raises
    ------
    ValueError
        If nothing is known of this profile and nothing is given.
    """
    known = fording()
    if passes_mm is None and profile.id not in known:
        raise ValueError(f"how deep water {profile.id} passes is not known; give passes_mm")
    limit = known[profile.id] if passes_mm is None else passes_mm
    safe = safe_kmh(depth_mm, limit)
    use = usable(network, profile)
    kmh = np.stack([use.forward_kmh, use.backward_kmh], axis=-1)
    slowed = np.divide(safe[:, None], kmh, out=np.ones_like(kmh), where=(kmh > 0) & (depth_mm > 0)[:, None])
    closed = np.repeat(depth_mm >= limit, 2)
    factor = np.where(closed, 1.0, np.minimum(slowed, 1.0).ravel())
    touched = closed | (factor < 1)
    codes = (touched[::2] | touched[1::2]).astype(np.int32)
    return Closures(name=name, closed=closed, factor=factor, why=TagColumn(codes=codes, values=("", name or "flooded")))


def safe_kmh(depth_mm: Floats, passes_mm: float) -> Floats:
    """Return the highest safe speed in water; 0 where it is too deep."""
    w = depth_mm * (CAR_MM / passes_mm)
    speed = 0.0009 * w**2 - 0.5529 * w + 86.9448
    return np.where(w < CAR_MM, np.maximum(speed, 0.0), 0.0)


@cache
def fording() -> dict[str, float]:
    """Return how deep water stops each profile, mm."""
    text = files("network.data").joinpath("fording.csv").read_text(encoding="utf-8")
    return {row["profile"]: float(row["value"]) for row in csv.DictReader(text.splitlines())}


def _on_the_ground(network: StreetNetwork, depth_mm: Floats) -> Floats:
    return np.where(network.tag("bridge").isin({"", "no"}), depth_mm, 0.0)
