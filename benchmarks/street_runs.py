"""What is measured of the streets, each in a fresh process: from the file to the matrix, and against peers.

Every figure is the median of repeats, wall clock and processor time; compiled functions are loaded before. Places stand
on directed segments drawn at random, one direction each, at random shares of their length.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from benchmarks.child import peak_mb
from benchmarks.merged import merged
from benchmarks.street_peers import PEERS, search
from network.closures import Closures, closing
from network.drive import Drive, Prepared, closed, drive
from network.ends import arriving_ends, leaving_ends
from network.hierarchy import customise, order, sweep, topology
from network.hierarchy.customise import Metric
from network.hierarchy.warm import warm
from network.lines import points_at
from network.matrix import matrix
from network.profiles import PROFILES
from network.snap import Snapped, snap, stopping
from network.sources.made_up import twelve_junctions
from network.sources.osm_file import read_osm
from network.stances import Stances
from network.states import turn_graph
from network.streets import StreetNetwork
from network.weigh import weigh

PROFILE = "refuse-truck"
NOISE_M = 25.0
CLOSED = 5  # segments closed in the closure that is worked in by part
SEED = 1
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Timed(Generic[T]):
    """What a call returned, and the medians of what it took."""

    value: T
    seconds: float
    cpu_s: float


def timed(function: Callable[[], T], repeats: int) -> Timed[T]:
    """Call a function several times."""
    wall, cpu = [], []
    for _ in range(repeats):
        began, used = time.perf_counter(), time.process_time()
        value = function()
        wall.append(time.perf_counter() - began)
        cpu.append(time.process_time() - used)
    return Timed(value=value, seconds=median(wall), cpu_s=median(cpu))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What to measure on: a file, perhaps several copies of it side by side, and how often."""

    file: Path
    copies: int = 1
    repeats: int = 3

    def network(self) -> StreetNetwork:
        """Read it."""
        network = read_osm(self.file)
        return network if self.copies == 1 else merged(network, self.copies)


def rehearse() -> None:
    """Load all compiled functions, so that none is timed with them."""
    warm()
    found = ready(twelve_junctions())
    at, one = places(found, 6)
    matrix(found, at, one, one)
    snap(found.prepared.network, found.profile, at.lon, at.lat)


def ready(network: StreetNetwork) -> Drive:
    """Return the streets as the truck drives them."""
    return drive(_prepared(network), PROFILES[PROFILE])


def _prepared(network: StreetNetwork) -> Prepared:
    graph = turn_graph(network, [profile for profile in PROFILES.values() if profile.movement == "drive"])
    rank = order.dissect(graph.states, graph.turn_from, graph.turn_to, graph.x, graph.y)
    shape = topology.build(graph.states, graph.turn_from, graph.turn_to, rank)
    return Prepared(network=network, graph=graph, topology=shape)


def places(found: Drive, count: int) -> tuple[Snapped, Stances]:
    """Return places on directed segments that can be served, all different as long as there are enough."""
    network, random = found.prepared.network, np.random.default_rng(SEED)
    there = np.flatnonzero(found.serving)
    directed = random.choice(there, count, replace=count > len(there))
    segment, back = directed >> 1, (directed & 1).astype(bool)
    along = random.uniform(0, network.length_m[segment])
    lon, lat = points_at(network, segment, along).T
    at = Snapped(
        segment=segment.astype(np.int32),
        along_m=along,
        side=np.zeros(count, np.int8),
        lon=lon.copy(),
        lat=lat.copy(),
        distance_m=np.zeros(count),
        problem=("",) * count,
    )
    here = np.arange(count, dtype=np.int32)
    ids = tuple(map(str, range(count)))
    return at, Stances(ids=ids, place=here, ahead=~back, back=back, across=np.zeros(count, bool))


def from_file_to_matrix(case: Case, sizes: tuple[int, ...]) -> dict[str, float]:
    """Measure all stages; matrices under ``matrix_<N>_s`` (with distances) and ``durations_<N>_s``."""
    rehearse()
    found: dict[str, float] = {"loaded_mb": peak_mb()}
    read = timed(case.network, case.repeats)
    network = read.value
    found |= _told("load", read) | {"junctions": network.junctions, "segments": network.segments}
    profiles = [profile for profile in PROFILES.values() if profile.movement == "drive"]
    states = timed(lambda: turn_graph(network, profiles), case.repeats)
    graph = states.value
    ends = (graph.states, graph.turn_from, graph.turn_to)
    ranked = timed(lambda: order.dissect(*ends, graph.x, graph.y), case.repeats)
    shape = timed(lambda: topology.build(*ends, ranked.value), case.repeats)
    found |= _told("graph", states) | _told("order", ranked) | _told("topology", shape)
    found |= {"states": graph.states, "turns": len(graph.turn_to), "slots": shape.value.slots}
    for part in ("_s", "_cpu_s"):
        found[f"prepare{part}"] = found[f"graph{part}"] + found[f"order{part}"] + found[f"topology{part}"]
    prepared = Prepared(network=network, graph=graph, topology=shape.value)
    weighed = timed(lambda: weigh(graph, PROFILES[PROFILE]), case.repeats)
    combined, shift = weighed.value.combined()
    basic = timed(lambda: customise.customise(shape.value, combined, shift), case.repeats)
    whole = timed(lambda: _ready(customise.customise(shape.value, combined, shift)), case.repeats)
    found |= _told("weigh", weighed) | _told("customise_basic", basic) | _told("customise", whole)
    found |= _closure(whole.value, case.repeats)
    driven = drive(prepared, PROFILES[PROFILE])
    _ready(driven.metric)
    few = _few(network)
    found |= _told("profile", timed(lambda: _ready(drive(prepared, PROFILES[PROFILE]).metric), case.repeats))
    found |= _told("closure", timed(lambda: _ready(closed(driven, few).metric), case.repeats))
    for size in sizes:
        found |= _matrices(driven, size, case.repeats)
    return found | {"peak_mb": peak_mb()}


def _few(network: StreetNetwork) -> Closures:
    """Return a handful of closed streets."""
    some = np.zeros(network.segments, bool)
    some[np.random.default_rng(SEED).choice(network.segments, CLOSED)] = True
    return closing("a handful", np.repeat(some, 2), some)


def _ready(metric: Metric) -> Metric:
    """Do what a matrix needs beside customising."""
    _ = metric.pruned
    return metric


def _told(name: str, took: Timed[T]) -> dict[str, float]:
    return {f"{name}_s": took.seconds, f"{name}_cpu_s": took.cpu_s}


def _closure(metric: Metric, repeats: int) -> dict[str, float]:
    """Close a handful of arcs in a metric that is there."""
    random = np.random.default_rng(SEED)
    arcs = random.choice(np.flatnonzero(np.isfinite(metric.weight)), CLOSED)
    part = timed(lambda: customise.update(metric, arcs, np.full(CLOSED, np.inf)), repeats)
    return _told("update", part) | _told("update_ready", timed(lambda: _ready(_copy(part.value)), repeats))


def _copy(metric: Metric) -> Metric:
    """Return the metric without what was worked out for matrices."""
    return Metric(topology=metric.topology, weight=metric.weight, shift=metric.shift, up=metric.up, down=metric.down)


def _matrices(driven: Drive, size: int, repeats: int) -> dict[str, float]:
    """Measure N x N, durations with distances and durations alone."""
    at, stances = places(driven, size)
    both = timed(lambda: matrix(driven, at, stances, stances), repeats)
    leaving, arriving = leaving_ends(driven, at, stances), arriving_ends(driven, at, stances)
    alone = timed(
        lambda: sweep.many_to_many(
            driven.metric, leaving.state, arriving.state, leave=leaving.at, arrive=arriving.at, distances=False
        ),
        repeats,
    )
    return _told(f"matrix_{size}", both) | _told(f"durations_{size}", alone)


def snapping(case: Case, points: int) -> dict[str, float]:
    """Put points beside the streets onto them."""
    rehearse()
    network, random = case.network(), np.random.default_rng(SEED)
    allowed = ready(network).allowed
    segment = random.choice(np.flatnonzero(allowed & stopping(network)), points)
    lon, lat = points_at(network, segment, random.uniform(0, network.length_m[segment])).T
    degree = NOISE_M / 111_195
    lon = lon + random.normal(0, degree, points) / np.cos(np.radians(lat))
    lat = lat + random.normal(0, degree, points)
    first = timed(lambda: snap(network, PROFILES[PROFILE], lon, lat, allowed=allowed), 1)
    again = timed(lambda: snap(network, PROFILES[PROFILE], lon, lat, allowed=allowed), case.repeats)
    return _told("snap_first", first) | _told("snap", again) | {"points": points, "peak_mb": peak_mb()}


def against_peer(case: Case, size: int, peer: str) -> dict[str, float]:
    """Let a peer answer the same matrix on the same turn graph, and compare entry by entry."""
    driven = ready(case.network())
    at, stances = places(driven, size)
    ours = matrix(driven, at, stances, stances)
    leaving, arriving = leaving_ends(driven, at, stances), arriving_ends(driven, at, stances)
    graph, (weight, shift) = driven.prepared.graph, driven.weights.combined()
    problem = search(
        graph.states,
        (graph.turn_from, graph.turn_to, weight, shift),
        (leaving.state, arriving.state),
        (graph.x, graph.y),
    )
    function, rows = PEERS[peer]
    answer = function(problem, rows)
    found = {"matrix_s": answer.matrix_s, "ready_s": answer.ready_s, "rows": answer.rows, "places": size}
    one = 1 if answer.milliseconds else 2**shift
    offset = arriving.at[None, :] - leaving.at[: answer.rows, None]
    if answer.milliseconds:
        offset = arriving.at[None, :] // 2**shift - leaving.at[: answer.rows, None] // 2**shift
    total = answer.found + offset
    mine = ours.duration_ms[: answer.rows].astype(np.float64)
    mine[mine == 2**31 - 1] = np.inf
    distinct = _distinct(leaving.directed, arriving.directed, answer.rows)
    found["max_difference_s"] = _difference(np.floor(total / one), mine, distinct) / 1000
    if not answer.milliseconds:
        metres = ours.distance_dm[: answer.rows].astype(np.float64)
        metres[np.isinf(mine)] = np.inf
        found["max_difference_m"] = _difference(np.where(np.isinf(total), np.inf, total % one), metres, distinct) / 10
    return found


def _distinct(rows: NDArray[np.int32], columns: NDArray[np.int32], count: int) -> NDArray[np.bool_]:
    """Return which pairs are not on one and the same directed segment, where one may have to come round."""
    different: NDArray[np.bool_] = rows[:count, None] != columns[None, :]
    return different


def _difference(theirs: NDArray[np.float64], ours: NDArray[np.float64], where: NDArray[np.bool_]) -> float:
    """Return the largest difference; infinite where one finds a way and the other one none."""
    if (np.isinf(theirs) != np.isinf(ours))[where].any():
        return float("inf")
    both = where & np.isfinite(ours)
    return float(np.abs(theirs[both] - ours[both]).max(initial=0.0))
