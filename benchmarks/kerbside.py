"""Kerbside collection of a whole town: every residential street as sides, stances and travel, in seconds and MB.

``python -m benchmarks.kerbside town.osm.pbf`` prints one JSON object a line.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil

from network.drive import drive, prepare
from network.matrix import matrix
from network.profiles import PROFILES
from network.sources.aequilibrae import read_aequilibrae
from network.sources.osm_file import read_osm
from network.streets import StreetNetwork
from network.travel import travel
from scenarios.kerbside.build import build
from scenarios.kerbside.doors import Doors
from scenarios.kerbside.fleet import reach
from scenarios.kerbside.ref import KerbsideRef
from scenarios.kerbside.stands import stands
from scenarios.model.fleet import FleetVehicle
from scenarios.model.kerbside import KerbsideStreet
from scenarios.model.origin import Origin

HERE = Origin(file="benchmark")
TRUCK = FleetVehicle(
    id="truck", name="truck", profile="refuse-truck", start_depot="", end_depot="", streams=("residual",),
    payload_kg=7000.0, shift_start_s=0.0, shift_end_s=28_800.0, wage_per_hour=0.0, cost_per_km=0.0, origin=HERE,
)  # fmt: skip
KG_PER_M = 0.15  # on either side: about 20 people on 100 m
SPACING_M = 10.0
MOST_DENSE = 12_000  # rows; beyond, only a part is worked out in full


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """The residential streets of a town that a truck can serve: which segments, and their sides."""

    chosen: np.ndarray
    streets: tuple[KerbsideStreet, ...]


@contextmanager
def measured(line: dict[str, object], name: str) -> Iterator[None]:
    """Add the seconds of a step and what it left in memory to a line."""
    process, began = psutil.Process(), time.perf_counter()
    before = process.memory_info().rss
    yield
    line[f"{name}_s"] = round(time.perf_counter() - began, 2)
    line[f"{name}_mb"] = round((process.memory_info().rss - before) / 1e6, 1)


def doors_of(length_m: np.ndarray, chosen: np.ndarray) -> Doors:
    """Return doors on both sides of the chosen segments, every few metres."""
    segments = np.flatnonzero(chosen)
    count = np.maximum(1, np.round(length_m[segments] / SPACING_M)).astype(np.int64)
    owner = np.repeat(segments, count)
    nth = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    step = length_m[owner] / np.repeat(count, count)
    size = 2 * len(owner)
    kg = np.tile(step * KG_PER_M, 2)
    return Doors(
        segment=np.tile(owner, 2),
        along_m=np.tile((nth + 0.5) * step, 2),
        side=np.repeat([-1, 1], len(owner)),
        stream=np.zeros(size, np.int64),
        kg_per_day=kg,
        people=kg,
        households=kg / 3,
        doors=kg / 3,
        bins=np.zeros(size),
        row=np.full(size, -1),
        estimated=np.ones(size, bool),
    )


def network_of(path: Path) -> StreetNetwork:
    """Read an extract of OpenStreetMap, or the zip of an AequilibraE project."""
    return read_aequilibrae(path) if path.suffix == ".zip" else read_osm(path)


def sides_of(network: StreetNetwork, *, gap_days: float = 1.0) -> Sides:
    """Return every residential street that a truck can serve, as sides; no more than ``gap_days`` of waste lie there.

    Narrow one-way streets have both sides in one.
    """
    can = reach(network, [TRUCK], {"residual"})
    chosen = network.tag("highway").isin({"residential"}) & can.served
    doors = doors_of(network.length_m, chosen)
    streets = build(
        network, doors, can, KerbsideRef(), streams=["residual"], gap_days=gap_days, origins=[], estimate=HERE
    )
    return Sides(chosen=chosen, streets=streets)


def measure(path: Path) -> dict[str, object]:
    """Return the figures of a town."""
    line: dict[str, object] = {"file": path.name}
    with measured(line, "read"):
        network = network_of(path)
    with measured(line, "prepare"):
        truck = drive(prepare(network), PROFILES["refuse-truck"])
    with measured(line, "sides"):
        sides = sides_of(network)
    chosen, streets = sides.chosen, sides.streets
    line |= {"segments": int(chosen.sum()), "km": round(float(network.length_m[chosen].sum()) / 1000, 1)}
    line |= {"sides": len(streets), "stretches": len({street.stretch for street in streets})}
    with measured(line, "stances"):
        kerb = stands(network, streets, {"refuse-truck": truck})
        places = kerb.places()
        rows, columns = kerb.stances("refuse-truck", 0)
    line["rows"] = len(rows)
    with measured(line, "lazy"):
        lazy = travel(truck, places, rows, columns)
    with measured(line, "lazy_nearest"):
        lazy.nearest(np.arange(min(1000, len(rows))), 40)
    if len(rows) <= MOST_DENSE:
        with measured(line, "dense"):
            full = matrix(truck, places, rows, columns)
        line["dense_arrays_mb"] = round((full.duration_ms.nbytes + full.distance_dm.nbytes) / 1e6, 1)
    return line


def main() -> None:
    """Measure the towns named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="+", type=Path)
    for path in parser.parse_args().file:
        print(json.dumps(measure(path)))


if __name__ == "__main__":
    main()
