"""States and turns: the street network as a driver goes through it.

A *state* is a directed segment; a *turn* leads from the end of one to the start of another. Some segments need copies:

* A street that may be entered to serve only (``access=destination``) has a *leaving* and an *arriving* copy. Leaving
  leads to leaving and to public streets, public streets lead to arriving, arriving to arriving, and nothing leads out
  of arriving: so one may come from such a street or go to one, but not pass. From leaving to arriving of the very same
  directed segment leads a step without length, for whoever stays there. Public streets behind streets to serve only
  (:func:`network.component.behind`) are treated likewise, else nobody could come to them.
* A street on the way of a restriction through several streets has a *memory* copy for each way of having come to it
  that matters (:mod:`network.memory`). One starts without memories, and ends in a copy of its own, reached from all
  others by a step without length.

The graph is built once for a kind of movement, from whatever any of its profiles may ever use; restrictions, barriers,
closures and hours close turns when it is weighed for one of them (:mod:`network.weigh`). Turning round is a turn at
both ends of every two-way street.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from network.component import behind
from network.memory import Marks, Memory, memory
from network.plane import to_plane
from network.profiles import Movement, VehicleProfile
from network.streets import StreetNetwork
from network.tags import usable
from network.turns import Manners, bearings, manners, wrapped

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

PLAIN, LEAVING, ARRIVING, MEMORY, END = 0, 1, 2, 4, 8
"""Kinds of state. MEMORY is added to the others; END is the copy in which ways end where there are memories."""


@dataclass(frozen=True, kw_only=True)
class TurnGraph:
    """States, the turns between them, and the restrictions that forbid them; turns sorted by where they lead from.

    Parameters
    ----------
    network, movement
        What it was made of.
    segment, against
        Of each state: its segment, and whether it goes against the direction that was mapped in.
    kind
        PLAIN, LEAVING or ARRIVING, with MEMORY added where something is remembered; or END.
    leaving, arriving
        For each directed segment the state in which ways begin, and in which they end; -1 where there is none.
    serve, public
        Whether each segment may be entered to serve only, and may be passed, by some profile at some time.
    turn_start, turn_from, turn_to
        The turns of state ``s`` are ``turn_start[s]:turn_start[s + 1]``.
    junction
        Where a turn is made, -1 for a step without length within a directed segment.
    angle_deg
        By how much it turns to the left, above -180 and up to 180 degrees.
    u_turn
        Whether it turns round, back into the street it came from.
    banned_start, banned
        Turn ``t`` is forbidden by the restrictions ``banned[banned_start[t]:banned_start[t + 1]]``, while they bind.
    x, y
        Middle of each state, metres in the plane.
    """

    network: StreetNetwork
    movement: Movement
    segment: NDArray[np.int32]
    against: Bools
    kind: NDArray[np.int8]
    leaving: NDArray[np.int32]
    arriving: NDArray[np.int32]
    serve: Bools
    public: Bools
    turn_start: Ints
    turn_from: NDArray[np.int32]
    turn_to: NDArray[np.int32]
    junction: NDArray[np.int32]
    angle_deg: NDArray[np.float32]
    u_turn: Bools
    banned_start: Ints
    banned: NDArray[np.int32]
    x: NDArray[np.float64]
    y: NDArray[np.float64]

    def __post_init__(self) -> None:
        for array in vars(self).values():
            if isinstance(array, np.ndarray):
                array.setflags(write=False)

    @property
    def states(self) -> int:
        """Number of states."""
        return len(self.segment)

    @property
    def turns(self) -> int:
        """Number of turns, steps without length included."""
        return len(self.turn_to)

    @cached_property
    def directed(self) -> Ints:
        """The directed segment of each state."""
        return 2 * self.segment.astype(np.int64) + self.against

    @cached_property
    def real(self) -> Bools:
        """Whether each turn is one, and not a step within a directed segment."""
        return self.junction >= 0

    @cached_property
    def copied_turns(self) -> Ints:
        """The turns that lead from or to a leaving or arriving copy."""
        copied = self.kind & (LEAVING | ARRIVING) > 0
        return np.flatnonzero(self.real & (copied[self.turn_from] | copied[self.turn_to]))

    @cached_property
    def banned_turn(self) -> Ints:
        """The turn that each of ``banned`` forbids."""
        return np.repeat(np.arange(self.turns), np.diff(self.banned_start))

    @cached_property
    def manners(self) -> Manners:
        """What of each turn costs time."""
        return manners(self)


def turn_graph(network: StreetNetwork, profiles: Iterable[VehicleProfile]) -> TurnGraph:
    """Build the states and turns of a kind of movement.

    Parameters
    ----------
    profiles
        Who will go: the graph holds what any of them may use at any time.

    Raises
    ------
    ValueError
        If there is no profile, or they do not move in the same way.
    """
    profiles = tuple(profiles)
    movements = {profile.movement for profile in profiles}
    if len(movements) != 1:
        raise ValueError(f"a turn graph is for one kind of movement, not for {sorted(movements) or 'none'}")
    movement = movements.pop()
    ever = _ever(network, profiles)
    walkers = np.array([key == "restriction:foot" for key in network.restrictions.key.values], bool)
    binding = walkers[network.restrictions.key.codes] == (movement == "foot")
    held = memory(network.restrictions, binding, ever.open)
    nodes = _nodes(network, ever, held)
    return _layered(network, movement, ever, nodes, _node_turns(network, nodes, held))


class _Ever(NamedTuple):
    """What any profile may ever use."""

    open: Bools  # by directed segment
    serve: Bools  # by segment: somebody may be let in to serve only
    public: Bools  # by segment: somebody may pass


def _ever(network: StreetNetwork, profiles: tuple[VehicleProfile, ...]) -> _Ever:
    """Put together what the profiles may use; what depends on conditions is taken as possible in every way."""
    open_ = np.zeros((network.segments, 2), bool)
    serve, public = np.zeros(network.segments, bool), np.zeros(network.segments, bool)
    conditional = np.zeros(network.segments, bool)
    for key, column in network.tags.items():
        if ":conditional" in key and not key.startswith("maxspeed"):
            conditional |= column.codes > 0
    for profile in profiles:
        use = usable(network, profile)
        used = use.forward | use.backward
        may = conditional & network.tag("highway").isin(set(profile.speed_kmh))
        open_ |= np.stack([use.forward | may, use.backward | may], axis=-1)
        serve |= (used & use.serve_only) | behind(network, profile) | may
        public |= (used & ~use.serve_only) | may
    return _Ever(open_.ravel(), serve, public)


class _Nodes(NamedTuple):
    """Directed segments in use, then memories: what each stands on, and its states."""

    on: Ints
    copied: Bools  # has a leaving and an arriving copy, one after the other
    public: Bools
    state: Ints  # the plain or leaving one
    of: Ints  # node of each directed segment, -1 for none
    end: Ints  # directed segments that have an end state; these come last
    states: int


def _nodes(network: StreetNetwork, ever: _Ever, held: Memory) -> _Nodes:
    """Number the nodes and their states."""
    used = np.flatnonzero(ever.open)
    of = np.full(2 * network.segments, -1, np.int64)
    of[used] = np.arange(len(used))
    on = np.concatenate([used, held.last])
    copied = ever.serve[on >> 1]
    last = np.cumsum(1 + copied)
    end = np.unique(held.last)
    total = (int(last[-1]) if len(last) else 0) + len(end)
    return _Nodes(on, copied, ever.public[on >> 1], last - 1 - copied, of, end, total)


class _NodeTurns(NamedTuple):
    """Turns from node to node, sorted by the first and the directed segment they lead onto."""

    start: Ints
    from_: Ints
    onto: Ints
    into: Ints
    banned_start: Ints
    banned: Ints


def _node_turns(network: StreetNetwork, nodes: _Nodes, held: Memory) -> _NodeTurns:
    """Give every turn between nodes, and what forbids it."""
    directed, used = 2 * network.segments, nodes.on[: len(nodes.on) - len(held.last)]
    ends = np.stack([network.tail, network.head], axis=-1).astype(np.int64)
    begins_at, ends_at = ends.ravel(), ends[:, ::-1].ravel()
    leaving = used[np.argsort(begins_at[used], kind="stable")]
    first = np.searchsorted(begins_at[leaving], np.arange(network.junctions + 1))
    low, high = first[ends_at[nodes.on]], first[ends_at[nodes.on] + 1]
    start = np.concatenate([[0], np.cumsum(high - low)])
    from_ = np.repeat(np.arange(len(nodes.on)), high - low)
    onto = leaving[np.repeat(low - start[:-1], high - low) + np.arange(start[-1])]
    into = nodes.of[onto]
    key = from_ * directed + onto

    def numbered(node: Ints) -> Ints:
        return np.where(node < directed, nodes.of[np.minimum(node, directed - 1)], node - directed + len(used))

    def found(said: Marks) -> tuple[Ints, Ints, Bools]:
        at = numbered(said.node)
        wanted = at * directed + said.onto
        turn = np.searchsorted(key, wanted).clip(max=max(len(key) - 1, 0))
        return at, turn, (key[turn] == wanted if len(key) else np.zeros(len(wanted), bool))

    _, turn, there = found(held.into)
    into[turn[there]] = numbered(held.into.what[there])
    _, turn, there = found(held.forbidden)
    at, allowed, drivable = found(held.only)
    many = start[at + 1] - start[at]
    other = np.repeat(start[at] - np.cumsum(many) + many, many) + np.arange(many.sum())
    beside = other != np.repeat(np.where(drivable, allowed, -1), many)
    pairs = np.unique(
        np.stack(
            [
                np.concatenate([turn[there], other[beside]]),
                np.concatenate([held.forbidden.what[there], np.repeat(held.only.what, many)[beside]]),
            ]
        ),
        axis=1,
    )
    banned_start = np.searchsorted(pairs[0], np.arange(len(key) + 1))
    return _NodeTurns(start, from_, onto, into, banned_start, pairs[1])


class _Arcs(NamedTuple):
    """Turns from state to state, with the turn between nodes that each is (-1 for a step)."""

    from_: Ints
    to: Ints
    turn: Ints


def _between_copies(nodes: _Nodes, turns: _NodeTurns) -> _Arcs:
    """Give the turns between copies."""
    a, b = turns.from_, turns.into
    copied_a, copied_b = nodes.copied[a], nodes.copied[b]
    same = nodes.on[a] >> 1 == nodes.on[b] >> 1
    onward = copied_a | ~copied_b | nodes.public[b]
    enter = copied_b & np.where(copied_a, nodes.public[a] & ~same, True)
    within = copied_a & copied_b
    parts = [(onward, 0, 0), (enter, 0, 1), (within, 1, 1)]
    rows = [np.flatnonzero(chosen) for chosen, _, _ in parts]
    return _Arcs(
        np.concatenate([nodes.state[a[row]] + late for row, (_, late, _) in zip(rows, parts, strict=True)]),
        np.concatenate([nodes.state[b[row]] + late for row, (_, _, late) in zip(rows, parts, strict=True)]),
        np.concatenate(rows),
    )


def _steps(nodes: _Nodes) -> _Arcs:
    """Give the steps without length: from leaving to arriving, and to the states in which ways end."""
    stay = nodes.state[nodes.copied]
    at = np.searchsorted(nodes.end, nodes.on).clip(max=max(len(nodes.end) - 1, 0))
    ending = np.flatnonzero(nodes.end[at] == nodes.on) if len(nodes.end) else np.zeros(0, np.int64)
    last = nodes.state[ending] + nodes.copied[ending]
    from_ = np.concatenate([stay, last])
    to = np.concatenate([stay + 1, nodes.states - len(nodes.end) + at[ending]])
    return _Arcs(from_, to, np.full(len(from_), -1, np.int64))


def _layered(network: StreetNetwork, movement: Movement, ever: _Ever, nodes: _Nodes, turns: _NodeTurns) -> TurnGraph:
    """Put states and turns together."""
    arcs = _Arcs(*map(np.concatenate, zip(_between_copies(nodes, turns), _steps(nodes), strict=True)))
    order = np.argsort(arcs.from_ * nodes.states + arcs.to, kind="stable")
    arcs = _Arcs(*(column[order] for column in arcs))
    real = arcs.turn >= 0
    turn = np.maximum(arcs.turn, 0)
    directed, kind = _described(nodes)
    on, onto = directed[arcs.from_], directed[arcs.to]
    begins, ends = bearings(network)
    many = np.where(real, np.diff(turns.banned_start)[turn], 0) if len(turns.onto) else np.zeros(len(real), np.int64)
    banned_start = np.concatenate([[0], np.cumsum(many)])
    banned = turns.banned[np.repeat(turns.banned_start[turn] - banned_start[:-1], many) + np.arange(banned_start[-1])]
    xy = _middles(network)[directed >> 1]
    tail, head = network.tail[on >> 1], network.head[on >> 1]
    leaving, arriving = _begin_and_end(nodes, 2 * network.segments)
    return TurnGraph(
        network=network,
        movement=movement,
        segment=(directed >> 1).astype(np.int32),
        against=directed & 1 == 1,
        kind=kind,
        leaving=leaving,
        arriving=arriving,
        serve=ever.serve,
        public=ever.public,
        turn_start=np.searchsorted(arcs.from_, np.arange(nodes.states + 1)).astype(np.int64),
        turn_from=arcs.from_.astype(np.int32),
        turn_to=arcs.to.astype(np.int32),
        junction=np.where(real, np.where(on & 1, tail, head), -1).astype(np.int32),
        angle_deg=np.where(real, wrapped(begins[onto] - ends[on]), 0).astype(np.float32),
        u_turn=real & (onto == on ^ 1),
        banned_start=banned_start.astype(np.int64),
        banned=banned.astype(np.int32),
        x=xy[:, 0].copy(),
        y=xy[:, 1].copy(),
    )


def _described(nodes: _Nodes) -> tuple[Ints, NDArray[np.int8]]:
    """Return the directed segment and the kind of each state."""
    node = np.repeat(np.arange(len(nodes.on)), 1 + nodes.copied)
    late = np.arange(len(node)) - nodes.state[node]
    kind = np.where(nodes.copied[node], LEAVING + late, PLAIN) + MEMORY * (nodes.of[nodes.on[node]] != node)
    ends = np.full(len(nodes.end), END)
    return np.concatenate([nodes.on[node], nodes.end]), np.concatenate([kind, ends]).astype(np.int8)


def _begin_and_end(nodes: _Nodes, directed: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the states in which ways begin and end, by directed segment."""
    leaving, arriving = np.full(directed, -1, np.int32), np.full(directed, -1, np.int32)
    used = np.flatnonzero(nodes.of >= 0)
    leaving[used] = nodes.state[nodes.of[used]]
    arriving[used] = leaving[used] + nodes.copied[nodes.of[used]]
    arriving[nodes.end] = np.arange(nodes.states - len(nodes.end), nodes.states)
    return leaving, arriving


def _middles(network: StreetNetwork) -> NDArray[np.float64]:
    """Return x, y of the middle of the points of each segment, in metres."""
    true_lat = float(network.junction_lat.mean()) if network.junctions else 0.0
    first, last = network.shape_start[:-1], network.shape_start[1:] - 1
    left, right = (first + last) // 2, (first + last + 1) // 2
    middle = [(degrees[left] + degrees[right]) / 2 for degrees in (network.shape_lon, network.shape_lat)]
    return to_plane(middle[0], middle[1], true_lat)
