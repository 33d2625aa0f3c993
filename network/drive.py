"""Streets made ready for driving: prepared once for a network, then for each profile, hour and set of closures.

``prepare`` builds what does not depend on any weight: the turn graph of a kind of movement, and the hierarchy on it.
``drive`` puts weights on it, in a fraction of a second; several drives share one preparation. Matrices
(:mod:`network.matrix`), lazy travel (:mod:`network.travel`), ways (:mod:`network.ways`) and isochrones
(:mod:`network.isochrones`) all ask a drive, and all give the same numbers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from faults import SourceError
from network.conditional import Moment
from network.crossroads import Crossroads, crossroads
from network.hierarchy import customise, order, store, topology
from network.hierarchy.customise import Metric
from network.hierarchy.reach import UNREACHABLE
from network.hierarchy.topology import Topology
from network.profiles import PROFILES, Movement, VehicleProfile
from network.states import TurnGraph, turn_graph
from network.streets import StreetNetwork
from network.weigh import Weights, weigh

if TYPE_CHECKING:
    from network.closures import Closures

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
Bools = NDArray[np.bool_]
FEW = 0.01  # up to this share of turns a hierarchy is put right in part, which is quicker then


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What every profile, hour and closure of one kind of movement shares."""

    network: StreetNetwork
    graph: TurnGraph
    topology: Topology


@dataclass(frozen=True, kw_only=True)
class Drive:
    """One profile on its way: at a moment, with closures, at certain speeds.

    Parameters
    ----------
    weights
        Whole milliseconds and decimetres of states and turns.
    metric
        The hierarchy under their combined weight.
    moment, speed_factor, closures, kmh
        What they were made for.
    """

    prepared: Prepared
    profile: VehicleProfile
    weights: Weights
    metric: Metric
    moment: Moment | None = None
    speed_factor: float = 1.0
    closures: Closures | None = None
    kmh: NDArray[np.float64] | None = None

    @cached_property
    def length_dm(self) -> Int64:
        """Whole decimetres of each segment."""
        return np.floor(self.prepared.network.length_m * 10 + 0.5).astype(np.int64)

    @cached_property
    def connected(self) -> Bools:
        """Whether each state can be driven, and is joined to the strongest part in one direction at least."""
        weights = self.weights
        return weights.usable & (weights.arrive | weights.leave)

    @cached_property
    def usable(self) -> Bools:
        """Whether each directed segment can be come to, or be left."""
        return _held(self.prepared.graph, self.connected, self.connected)

    @cached_property
    def serving(self) -> Bools:
        """Whether each directed segment can be come to from the strongest part, and be left for it again."""
        return serving(self.weights)

    @cached_property
    def allowed(self) -> Bools:
        """Which segments serve a place: can be come to and left again, in one direction or the other."""
        return self.serving[::2] | self.serving[1::2]

    @cached_property
    def crossing(self) -> Bools:
        """On which segments the crew may cross the street."""
        return self.prepared.network.tag("highway").isin(self.profile.crosses)

    @cached_property
    def seen(self) -> Weights:
        """The weights without closures: a street that is closed today is still seen, and counted as an exit."""
        return self.weights if self.closures is None else weighed(self, None)

    @cached_property
    def crossroads(self) -> Crossroads:
        """The junctions as this driver sees them."""
        joined = self.seen.usable & (self.seen.arrive | self.seen.leave)
        used = _held(self.prepared.graph, joined, joined)
        return crossroads(self.prepared.network, used[::2] | used[1::2])

    def position(self, directed: Int32, state: Int32, along_m: NDArray[np.float64]) -> tuple[Int64, Int64]:
        """Return ms and dm from the start of a state to a place, given its metres from the tail of the segment."""
        length = self.length_dm[directed >> 1]
        spot = np.clip(np.floor(along_m * 10 + 0.5).astype(np.int64), 0, length)
        whole = self.weights.ms[state]
        of = np.maximum(length, 1)
        ms = (2 * whole * spot + of) // (2 * of)
        against = (directed & 1).astype(bool)
        return np.where(against, whole - ms, ms), np.where(against, length - spot, spot)

    def split(self, total: NDArray[np.float64]) -> tuple[Int32, Int32]:
        """Return the milliseconds and decimetres in sums of combined weights; ``UNREACHABLE`` where infinite."""
        known = np.isfinite(total)
        whole = np.where(known, total, 0).astype(np.int64)
        ms, dm = whole >> self.metric.shift, whole & ((1 << self.metric.shift) - 1)
        return np.where(known, ms, UNREACHABLE).astype(np.int32), np.where(known, dm, UNREACHABLE).astype(np.int32)


def prepare(
    network: StreetNetwork,
    movement: Movement = "drive",
    *,
    profiles: Iterable[VehicleProfile] = PROFILES.values(),
    cache: Path | None = None,
) -> Prepared:
    """Build the turn graph of a kind of movement and the hierarchy on it.

    Parameters
    ----------
    profiles
        Who may come: those of this movement decide which streets are in it.
    cache
        Folder in which the hierarchy is kept for the next time. A file in it that is broken or was made by another
        version is made anew.
    """
    graph = turn_graph(network, [profile for profile in profiles if profile.movement == movement])
    kept = None if cache is None else cache / f"hierarchy-{_key(graph)}.npz"
    shape = _kept(kept)
    if shape is None:
        count = len(graph.segment)
        rank = order.dissect(count, graph.turn_from, graph.turn_to, graph.x, graph.y)
        shape = topology.build(count, graph.turn_from, graph.turn_to, rank)
        if kept is not None:
            kept.parent.mkdir(parents=True, exist_ok=True)
            store.save(shape, kept)
    return Prepared(network=network, graph=graph, topology=shape)


def drive(
    prepared: Prepared,
    profile: VehicleProfile,
    *,
    moment: Moment | None = None,
    speed_factor: float = 1.0,
    closures: Closures | None = None,
    kmh: NDArray[np.float64] | None = None,
) -> Drive:
    """Put the weights of a profile on prepared streets.

    Parameters
    ----------
    moment
        Day and hour, for access and turns that depend on them; ``None``: such conditions do not hold.
    speed_factor
        All speeds are multiplied by it: 0.5 doubles every time on the way; turns cost what they cost.
    closures
        Streets that are closed or slowed.
    kmh
        Known speeds of directed segments (NaN: not known).

    Raises
    ------
    ValueError
        If the streets were prepared for another kind of movement.
    InputError
        ``network-too-large``: ways so long that their times cannot be added exactly.
    """
    if profile.movement != prepared.graph.movement:
        raise ValueError(f"profile {profile.id} does not go where {prepared.graph.movement} was prepared")
    weights = weigh(
        prepared.graph,
        profile,
        moment=moment,
        speed_factor=speed_factor,
        closed=None if closures is None else closures.closed,
        factor=None if closures is None else closures.factor,
        kmh=kmh,
    )
    combined, shift = weights.combined()
    return Drive(
        prepared=prepared,
        profile=profile,
        weights=weights,
        metric=customise.customise(prepared.topology, combined, shift),
        moment=moment,
        speed_factor=speed_factor,
        closures=closures,
        kmh=kmh,
    )


def closed(drive: Drive, closures: Closures | None) -> Drive:
    """Return the same drive under other closures (none: those of the map alone).

    Only what hangs on turns whose weight changes is worked out again, where these are few; the given drive stays as it
    is.
    """
    weights = weighed(drive, closures)
    combined, shift = weights.combined()
    metric, changed = drive.metric, np.flatnonzero(combined != drive.metric.weight)
    if shift != metric.shift or len(changed) > FEW * len(combined):
        metric = customise.customise(drive.prepared.topology, combined, shift)
    elif len(changed):
        metric = customise.update(metric, changed, combined[changed])
    return replace(drive, weights=weights, metric=metric, closures=closures)


def weighed(drive: Drive, closures: Closures | None) -> Weights:
    """Return the weights of the same drive under other closures."""
    return weigh(
        drive.prepared.graph,
        drive.profile,
        moment=drive.moment,
        speed_factor=drive.speed_factor,
        closed=None if closures is None else closures.closed,
        factor=None if closures is None else closures.factor,
        kmh=drive.kmh,
    )


def serving(weights: Weights) -> Bools:
    """Return whether each directed segment can be come to from the strongest part, and be left for it again."""
    return _held(weights.graph, weights.arrive, weights.leave)


def _held(graph: TurnGraph, arriving: Bools, leaving: Bools) -> Bools:
    """Return for each directed segment whether its states are among those marked."""
    held = np.zeros(len(graph.leaving), bool)
    there = np.flatnonzero((graph.arriving >= 0) & (graph.leaving >= 0))
    held[there] = arriving[graph.arriving[there]] & leaving[graph.leaving[there]]
    return held


def _key(graph: TurnGraph) -> str:
    """Return a name for the shape of a turn graph."""
    digest = hashlib.sha256(f"{graph.movement} {len(graph.segment)}".encode())
    for array in (graph.turn_from, graph.turn_to, graph.x, graph.y):
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:32]


def _kept(path: Path | None) -> Topology | None:
    """Return a hierarchy from its file, ``None`` where there is none that can be used."""
    if path is None or not path.exists():
        return None
    try:
        return store.load(path)
    except SourceError:
        return None
