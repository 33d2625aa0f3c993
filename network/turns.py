"""What a turn is: its angle, what it costs, where a vehicle can turn round, which side is the kerb.

The cost of a turn is the sum of

* ``near_turn_s`` to the side of the road that traffic keeps to, ``far_turn_s`` to the other one, across the oncoming
  traffic: nothing below 30 degrees, all of it from 60 degrees on, in proportion between; only where there is a choice
  (a bend of the street is no turn) and not into, along or out of a roundabout;
* ``sharp_turn_s`` beyond 120 degrees;
* ``signals_s`` where traffic lights stand at the junction, or in the street that leads to it;
* ``give_way_s`` into a street of a higher class where there are no lights.

Turning round costs ``u_turn_s`` and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from network.fill import tagged_width
from network.keys import TURNING
from network.lines import points_at
from network.plane import to_plane
from network.profiles import VehicleProfile
from network.streets import StreetNetwork

if TYPE_CHECKING:
    from network.states import TurnGraph

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LOOK_M = 15.0  # the bearing of a street is that of its first metres, not of the last stroke of whoever drew it
STRAIGHT_DEG, FULL_DEG, SHARP_DEG = 30.0, 60.0, 120.0
ROUND = frozenset({"roundabout", "circular"})
SIGNALS = "traffic_signals"
CLIPPED = "clipped"  # key of a junction at which the area ends and a street does not
# Who waits for whom. A ramp waits for every street it leads into, and nobody waits to get onto one.
RANK: Mapping[str, float] = {
    "motorway": 8,
    "trunk": 7,
    "primary": 6,
    "secondary": 5,
    "tertiary": 4,
    "unclassified": 3,
    "residential": 3,
    "road": 3,
    "living_street": 2,
    "pedestrian": 2,
    "service": 1,
    "track": 1,
}


def near_side(network: StreetNetwork, segment: NDArray[np.integer], side: NDArray[np.integer]) -> NDArray[np.int8]:
    """Return which way a vehicle goes that has this side of the street at its kerb.

    Parameters
    ----------
    segment
        Positions of segments; -1 for none.
    side
        -1 left of the direction the segment was mapped in, 1 right of it, 0 on it.

    Returns
    -------
    NDArray
        0 in the direction it was mapped in, 1 against it, -1 for either (on the street, or no street).
    """
    with_it = side < 0 if network.left_hand else side > 0
    return np.where((segment < 0) | (side == 0), -1, np.where(with_it, 0, 1)).astype(np.int8)


def kerb(
    network: StreetNetwork, open_: Bools, segment: NDArray[np.integer], side: NDArray[np.integer]
) -> tuple[Bools, Bools]:
    """Return whether a place at the kerb is served by who goes in the direction mapped, and against it.

    That of the two directions which has it at its kerb; in a one-way street the only one there is, and where a place
    stands on the street both.

    Parameters
    ----------
    open_
        For each directed segment whether it can be driven there.
    segment, side
        As for :func:`near_side`.
    """
    near = near_side(network, segment, side)
    row = np.maximum(segment, 0).astype(np.int64)
    ahead, back = (open_[2 * row + against] & (segment >= 0) for against in (0, 1))
    return ahead & ((near != 1) | ~back), back & ((near != 0) | ~ahead)


def bearings(network: StreetNetwork) -> tuple[Floats, Floats]:
    """Return for each directed segment the direction in which it begins and in which it ends.

    Degrees to the left of east, above -180 and up to 180, over its first and last :data:`LOOK_M` metres.
    """
    middle = float(network.junction_lat.mean()) if network.junctions else 0.0
    every = np.arange(network.segments)
    look = np.minimum(LOOK_M, network.length_m)
    first, last = network.shape_start[:-1], network.shape_start[1:] - 1
    outward = []
    for at, along in ((first, look), (last, network.length_m - look)):
        seen = points_at(network, every, along)
        step = to_plane(seen[:, 0], seen[:, 1], middle) - to_plane(network.shape_lon[at], network.shape_lat[at], middle)
        outward.append(np.degrees(np.arctan2(step[:, 1], step[:, 0])))
    begins = np.stack(outward, axis=-1).ravel()
    return begins, wrapped(np.stack(outward[::-1], axis=-1).ravel() + 180.0)


def wrapped(degrees: Floats) -> Floats:
    """Return angles above -180 and up to 180 degrees."""
    return 180.0 - (180.0 - degrees) % 360.0


class Manners(NamedTuple):
    """What of each turn costs time, whoever makes it."""

    near: Floats  # shares of a whole turn
    far: Floats
    sharp: Bools
    signals: Bools
    give_way: Bools


def manners(graph: TurnGraph) -> Manners:
    """Return what matters of each turn of a graph."""
    network, turn = graph.network, graph.real
    from_, to = graph.directed[graph.turn_from], graph.directed[graph.turn_to]
    choice = turn & (_arms(graph)[graph.junction] > 2) & ~graph.u_turn
    ring = network.tag("junction").isin(ROUND)
    angle = graph.angle_deg.astype(np.float64)
    share = np.clip((np.abs(angle) - STRAIGHT_DEG) / (FULL_DEG - STRAIGHT_DEG), 0, 1)
    share = np.where(choice & ~ring[from_ >> 1] & ~ring[to >> 1], share, 0)
    near = (angle > 0) if network.left_hand else (angle < 0)
    signals = turn & ~graph.u_turn & (_lights(network, choice, graph.junction, from_) | _lit(network)[from_])
    rank = network.tag("highway").map(RANK, 0.0)
    return Manners(
        near=np.where(near, share, 0),
        far=np.where(near, 0, share),
        sharp=turn & ~graph.u_turn & (np.abs(angle) > SHARP_DEG),
        signals=signals,
        give_way=choice & ~signals & (rank[to >> 1] > rank[from_ >> 1]),
    )


def turn_ms(graph: TurnGraph, profile: VehicleProfile) -> Ints:
    """Return what each turn costs a vehicle that may make it, in whole milliseconds; 0 for what is no real turn."""
    how = graph.manners
    seconds = profile.near_turn_s * how.near + profile.far_turn_s * how.far
    seconds += profile.sharp_turn_s * how.sharp + profile.signals_s * how.signals + profile.give_way_s * how.give_way
    seconds[graph.u_turn] = profile.u_turn_s
    return np.floor(seconds * 1000 + 0.5).astype(np.int64)


def _arms(graph: TurnGraph) -> Ints:
    """Return how many streets of the graph end at each junction."""
    network = graph.network
    used = np.unique(graph.segment)
    ends = np.concatenate([network.tail[used], network.head[used]])
    return np.bincount(ends, minlength=network.junctions)


def _lights(network: StreetNetwork, crossing: Bools, junction: NDArray[np.int32], from_: Ints) -> Bools:
    """Return which turns are made at lights; those in the middle of a street may stand for one direction only."""
    lit = network.junction_tag("highway").isin({SIGNALS})
    ahead, back = lit.copy(), lit.copy()
    for key in ("traffic_signals:direction", "direction"):
        column = network.junction_tag(key)
        ahead &= ~column.isin({"backward"})
        back &= ~column.isin({"forward"})
    stand: Bools = np.where(crossing, lit[junction], np.stack([ahead, back])[from_ & 1, junction])
    return stand


def _lit(network: StreetNetwork) -> Bools:
    """Return for each directed segment whether one drives past traffic lights in it."""
    passed = network.tag(f"passes:{SIGNALS}")
    both = passed.isin({"yes", "both"})
    return np.stack([both | passed.isin({"forward"}), both | passed.isin({"backward"})], axis=-1).ravel()


def turning_places(network: StreetNetwork) -> Bools:
    """Return at which junctions every vehicle can turn round: turning circles and loops, mini-roundabouts."""
    return network.junction_tag("highway").isin(TURNING)


def clipped_ends(network: StreetNetwork) -> Bools:
    """Return at which junctions a street was cut off at the border of the area, and goes on."""
    return network.junction_tag(CLIPPED).codes > 0


def wide(network: StreetNetwork, profile: VehicleProfile) -> Bools:
    """Return which segments are not known to be narrower than a vehicle needs to turn round."""
    return tagged_width(network.tag) >= profile.turning_m


def backed_out(
    network: StreetNetwork, directed: Ints, used: Bools, room: tuple[Bools, Bools], reverse_m: float
) -> Bools:
    """Return from the ends of which of these directed segments a vehicle can back out.

    It backs to the first junction with another street to turn into, or to where there is room to turn: on the way that
    is a turning place or a wider street.

    Parameters
    ----------
    used
        Which segments the vehicle may use; others are no streets to it.
    room
        At which junctions and in which segments it can turn round.
    reverse_m
        As far as it may go backwards.
    """
    at_junction, in_street = room
    incident = np.concatenate([network.tail[used], network.head[used]])
    segments = np.tile(np.flatnonzero(used), 2)
    arms = np.bincount(incident, minlength=network.junctions)
    pair = np.bincount(incident, weights=segments, minlength=network.junctions).astype(np.int64)
    out = np.zeros(len(directed), bool)
    segment, at = directed >> 1, np.where(directed & 1, network.head[directed >> 1], network.tail[directed >> 1])
    gone = network.length_m[segment].copy()
    row = np.flatnonzero(gone <= reverse_m)
    for _ in range(network.segments):
        if not len(row):
            break
        here = at[row]
        before = np.where(arms[here] == 2, pair[here] - segment[row], segment[row])
        free = (arms[here] > 2) | at_junction[here] | in_street[before]
        out[row[free]] = True
        row, before = row[~free], before[~free]
        on = before != segment[row]
        row, before = row[on], before[on]
        at[row] = network.tail[before] + network.head[before] - at[row]
        segment[row] = before
        gone[row] += network.length_m[before]
        row = row[gone[row] <= reverse_m]
    return out
