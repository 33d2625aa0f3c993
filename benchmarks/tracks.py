"""Tracks against the truth: trips driven on real streets, received with noise, matched, and compared metre by metre."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from benchmarks.options import NO_DATA, Options
from benchmarks.table import Cell, Table, columns
from benchmarks.trips import agreement, receive, trip
from network.profiles import PROFILES
from network.sources.osm_file import read_osm
from network.states import turn_graph
from network.tracks.match import ground, match_one
from network.weigh import weigh

EXTRACTS = {"monaco": 3_000.0, "porto-alegre": 5_000.0, "porto-metro": 5_000.0}  # and metres of a trip at least
RECEIVED = ((1.0, 5.0), (5.0, 10.0), (10.0, 5.0), (10.0, 10.0), (10.0, 20.0), (30.0, 10.0), (60.0, 10.0))
TRIPS = 40
PROFILE = PROFILES["refuse-truck"]


def tables(options: Options, *, files: Mapping[Path, float] | None = None, count: int = TRIPS) -> Iterator[Table]:
    """Yield how much of what was driven is found, by sampling and noise; unless files are given, of the data folder."""
    rows: list[tuple[Cell, ...]] = []
    if files is None:
        files = {options.data / "osm" / f"{name}.osm.pbf": m for name, m in EXTRACTS.items()} if options.data else {}
    for file, least_m in files.items():
        weights = weigh(turn_graph(read_osm(file), [PROFILE]), PROFILE)
        random = np.random.default_rng(1)
        trips = [trip(weights, random, least_m=least_m) for _ in range(count)]
        ready = ground(weights)
        metres = np.array([driven.metres for driven in trips])
        for every_s, noise_m in RECEIVED:
            tracks = [receive(weights, driven, random, every_s=every_s, noise_m=noise_m)[0] for driven in trips]
            match_one(ready, tracks[0])  # compiles
            began = time.process_time()
            found = [match_one(ready, track).driven for track in tracks]
            took = time.process_time() - began
            shares = np.array([agreement(driven, one) for driven, one in zip(trips, found, strict=True)])
            recall, precision = (shares * metres[:, None]).sum(axis=0) / metres.sum()
            points = sum(map(len, tracks))
            rows.append(
                (file.name, every_s, noise_m, points, metres.sum() / 1e3, 100 * recall, 100 * precision, points / took)
            )
    yield Table(
        id="tracks-match",
        title=f"Tracks: {count} trips an extract, driven and received, matched to the streets, {PROFILE.id}",
        command=options.command("tracks"),
        columns=columns(
            extract="",
            every_s=".0f",
            noise_m=".0f",
            points=",d",
            km=",.0f",
            found_percent=".1f",
            right_percent=".1f",
            points_a_second=",.0f",
        ),
        rows=tuple(rows),
        notes=(
            "noise_m: standard deviation along each axis, new for every point; the matching always takes 10 m",
            "found: metres driven that were found in their order; right: metres found that were driven",
            *(() if files else (NO_DATA,)),
        ),
    )
