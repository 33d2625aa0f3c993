"""Streets against peers: loading, snapping, many-to-many times. Faster counts only where nothing differs."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import networkx as nx
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from benchmarks.child import alone
from benchmarks.options import NO_DATA, Options
from benchmarks.table import Cell, Table, columns
from faults import SourceError
from network.component import component
from network.exchange import to_networkx
from network.matrix import travel_matrix
from network.plane import to_plane, true_metres
from network.profiles import PROFILES, VehicleProfile
from network.snap import Snapped, snap, stopping
from network.sources.osm_file import read_osm
from network.streets import StreetNetwork
from network.tags import usable
from scenarios.samples import prepare

EXTRACTS = ("nairobi-central", "porto-metro")
PROFILE = "refuse-truck"
POINTS = 10_000
NOISE_M = 25.0
SIZES = (200, 1_000)
PEER_ROWS = 10  # rows that networkx is asked for; its time for all is extrapolated (it searches row by row)
ROWS_AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A street file read."""

    seconds: float
    junctions: int
    segments: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Snaps:
    """Points put on streets; ``difference_m`` is the largest between the distances found."""

    points: int
    ours_s: float
    peer_s: float
    difference_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrices:
    """Times between junctions; differences are the largest found in whole ms and dm."""

    size: int
    ours_s: float
    scipy_s: float
    networkx_s: float
    difference_ms: int
    difference_dm: int


def tables(
    options: Options,
    *,
    files: Mapping[str, Path] | None = None,
    points: int = POINTS,
    sizes: tuple[int, ...] = SIZES,
) -> Iterator[Table]:
    """Yield loading, snapping and matrices; unless files are given, of the demo and of the data folder."""
    files, notes = _files(options) if files is None else (files, ())
    loads: list[tuple[Cell, ...]] = []
    snaps: list[tuple[Cell, ...]] = []
    matrices: list[tuple[Cell, ...]] = []
    for name, file in files.items():
        loaded = alone(load, file)
        value = loaded.value
        loads.append((name, file.stat().st_size / 1e6, value.junctions, value.segments, value.seconds, loaded.peak_mb))
        found, ways = alone(compare, file, points, sizes).value
        snaps.append((name, found.points, found.ours_s, found.peer_s, found.peer_s / found.ours_s, found.difference_m))
        matrices += [
            (name, m.size, m.ours_s, m.scipy_s, m.networkx_s, m.networkx_s / m.ours_s, m.difference_ms, m.difference_dm)
            for m in ways
        ]
    yield Table(
        id="streets-load",
        title="Streets: an OpenStreetMap file into a network",
        command=options.command("streets"),
        columns=columns(extract="", file_MB=",.1f", junctions=",d", segments=",d", seconds=".2f", peak_MB=",.0f"),
        rows=tuple(loads),
        notes=notes,
    )
    yield Table(
        id="streets-snap",
        title=f"Streets: points beside the streets ({NOISE_M:g} m off) onto them, {PROFILE}",
        command=options.command("streets"),
        columns=columns(
            extract="", points=",d", ours_s=".2f", shapely_s=".2f", times_faster=".1f", largest_difference_m=".1e"
        ),
        rows=tuple(snaps),
        notes=("shapely: STRtree.query_nearest over the same straight pieces, tree included, as ours is",),
    )
    yield Table(
        id="streets-matrix",
        title=f"Streets: times and distances from N to N junctions, {PROFILE}",
        command=options.command("streets"),
        columns=columns(
            extract="", N=",d", ours_s=".2f", scipy_s=".2f", networkx_s=".1f", times_networkx=".0f",
            largest_difference_ms="d", largest_difference_dm="d",
        ),
        rows=tuple(matrices),
        notes=(
            "ours: exact times and distances together, graph built anew",
            "scipy: csgraph.dijkstra, times only, graph ready",
            f"networkx: {PEER_ROWS} rows, time extrapolated, graph ready",
        ),
    )  # fmt: skip


def _files(options: Options) -> tuple[dict[str, Path], tuple[str, ...]]:
    """Return the street files there are, and what is missing."""
    files: dict[str, Path] = {}
    notes: list[str] = []
    try:
        files["helsinki"] = prepare("helsinki").parent / "Helsinki.osm.pbf"
    except SourceError as error:
        notes.append(f"helsinki is left out: {error}")
    if options.data is None:
        notes.append(NO_DATA)
    else:
        files |= {name: options.data / "osm" / f"{name}.osm.pbf" for name in EXTRACTS}
    return files, tuple(notes)


def load(file: Path) -> Loaded:
    """Read a file."""
    began = time.perf_counter()
    network = read_osm(file)
    return Loaded(seconds=time.perf_counter() - began, junctions=network.junctions, segments=network.segments)


def compare(file: Path, points: int, sizes: tuple[int, ...]) -> tuple[Snaps, tuple[Matrices, ...]]:
    """Snap and search on one extract, and let the peers do the same."""
    network, profile = read_osm(file), PROFILES[PROFILE]
    return compare_snaps(network, profile, points), tuple(compare_matrices(network, profile, sizes))


def compare_snaps(network: StreetNetwork, profile: VehicleProfile, points: int) -> Snaps:
    """Snap points beside streets, with ours and with a tree of straight pieces."""
    rng = np.random.default_rng(1)
    chosen = component(network, usable(network, profile)) & stopping(network)
    owner = np.repeat(np.arange(network.segments), np.diff(network.shape_start))
    here = rng.choice(np.flatnonzero(chosen[owner]), points)
    degree = NOISE_M / 111_195  # of latitude
    lat = network.shape_lat[here] + rng.normal(0, degree, points)
    lon = network.shape_lon[here] + rng.normal(0, degree, points) / math.cos(math.radians(float(lat.mean())))
    began = time.perf_counter()
    found = snap(network, profile, lon, lat)
    ours_s = time.perf_counter() - began
    began = time.perf_counter()
    distance_m = tree_distances(network, chosen, owner, lon, lat)
    peer_s = time.perf_counter() - began
    near = found.segment >= 0
    difference = float(abs(found.distance_m - distance_m)[near].max())
    return Snaps(points=points, ours_s=ours_s, peer_s=peer_s, difference_m=difference)


def tree_distances(
    network: StreetNetwork,
    chosen: NDArray[np.bool_],
    owner: NDArray[np.intp],
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return metres from each point to the nearest chosen street, by shapely."""
    true_lat = (network.box[1] + network.box[3]) / 2
    plane = to_plane(network.shape_lon, network.shape_lat, true_lat)
    first = np.flatnonzero((owner[:-1] == owner[1:]) & chosen[owner[:-1]])
    pieces = np.asarray(shapely.linestrings(np.stack([plane[first], plane[first + 1]], axis=1)))
    at = shapely.points(to_plane(lon, lat, true_lat))
    _, distance = shapely.STRtree(pieces).query_nearest(at, return_distance=True, all_matches=False)
    return np.asarray(distance) * true_metres(lat, true_lat)


def compare_matrices(network: StreetNetwork, profile: VehicleProfile, sizes: tuple[int, ...]) -> Iterator[Matrices]:
    """Search between junctions, with ours, scipy and networkx."""
    rng = np.random.default_rng(1)
    at = snap(network, profile, network.junction_lon, network.junction_lat)
    there = np.flatnonzero(standing_there(network, at))
    lon, lat = network.junction_lon, network.junction_lat
    graph, oracle = plain_graph(network, profile), exact_graph(network, profile)
    for size in (size for size in sizes if size <= len(there)):
        chosen = rng.choice(there, size, replace=False)
        began = time.perf_counter()
        ours = travel_matrix(network, profile, snap(network, profile, lon[chosen], lat[chosen]), [*map(str, chosen)])
        ours_s = time.perf_counter() - began
        began = time.perf_counter()
        blocks = np.array_split(chosen, -(-size // ROWS_AT_ONCE))
        times = np.concatenate([dijkstra(graph, indices=block)[:, chosen] for block in blocks])
        scipy_s = time.perf_counter() - began
        rows = min(PEER_ROWS, size)
        began = time.perf_counter()
        lengths = [
            nx.single_source_dijkstra_path_length(oracle, node, weight="both")
            for node in network.junction_id[chosen[:rows]].tolist()
        ]
        networkx_s = (time.perf_counter() - began) * size / rows
        both = np.array([[row[node] for node in network.junction_id[chosen].tolist()] for row in lengths])
        differ_ms = max(abs(ours.duration_ms - times).max(), abs(ours.duration_ms[:rows] - (both >> 32)).max())
        differ_dm = abs(ours.distance_dm[:rows] - (both & (2**32 - 1))).max()
        yield Matrices(
            size=size,
            ours_s=ours_s,
            scipy_s=scipy_s,
            networkx_s=networkx_s,
            difference_ms=int(differ_ms),
            difference_dm=int(differ_dm),
        )


def standing_there(network: StreetNetwork, at: Snapped) -> NDArray[np.bool_]:
    """Return which junctions were snapped to themselves, and not to one at the same spot on a bridge above."""
    here, segment = np.arange(network.junctions), np.maximum(at.segment, 0)
    first = (network.tail[segment] == here) & (at.along_m * 10 < 0.5)
    last = (network.head[segment] == here) & ((network.length_m[segment] - at.along_m) * 10 < 0.5)
    itself: NDArray[np.bool_] = (at.segment >= 0) & (first | last)
    return itself


def plain_graph(network: StreetNetwork, profile: VehicleProfile) -> csr_array:
    """Return whole milliseconds from junction to junction, the fastest of parallel streets."""
    use = usable(network, profile)
    inside = component(network, use)
    ahead, back = np.flatnonzero(inside & use.forward), np.flatnonzero(inside & use.backward)
    segment = np.concatenate([ahead, back])
    tail = np.concatenate([network.tail[ahead], network.head[back]])
    head = np.concatenate([network.head[ahead], network.tail[back]])
    length_m = network.length_m[segment]
    ms = np.maximum(np.floor(length_m * 3600 / use.speed_kmh[segment] + 0.5), np.floor(length_m * 10 + 0.5))
    order = np.lexsort((ms, head, tail))
    tail, head, ms = tail[order], head[order], ms[order]
    first = np.r_[True, (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])]
    return csr_array((ms[first], (tail[first], head[first])), shape=(network.junctions, network.junctions))


def exact_graph(network: StreetNetwork, profile: VehicleProfile) -> nx.MultiDiGraph[int]:
    """Return the exchange graph with one whole number for milliseconds, then decimetres."""
    graph = to_networkx(network, profile)
    for _, _, data in graph.edges(data=True):
        dm = math.floor(data["length"] * 10 + 0.5)
        data["both"] = (max(math.floor(data["travel_time"] * 1000 + 0.5), dm) << 32) + dm
    return graph
