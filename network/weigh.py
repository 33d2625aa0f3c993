"""What every state and turn costs one vehicle at one time, and which of them are closed to it.

Whole milliseconds and whole decimetres. A state of l metres at v km/h (times the factors f) takes

    D = round(10 l) dm        T = max(round(3600 l / (v f)), D) ms        (nothing is faster than 360 km/h)

Which turns are open is told in :mod:`network.opened`, what they cost in :mod:`network.turns`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from faults import Fault, InputError
from network.barriers import applies, passable
from network.component import behind, strongest
from network.conditional import Moment
from network.opened import Rules, check, opened
from network.profiles import VehicleProfile
from network.states import TurnGraph
from network.tags import usable
from network.turns import turn_ms

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LONGEST_MS = 2**31 - 1  # times are told in 31 bits
EXACT_BITS = 53  # whole numbers below 2**53 are exact in float64


@dataclass(frozen=True, kw_only=True)
class Weights:
    """The turn graph as one vehicle meets it; from start to start, so a turn carries the state it leaves.

    Parameters
    ----------
    graph, profile
        Of which these are the weights, and for whom.
    ms, dm
        Of each state, from its start to its end; 0 ms where it is not usable.
    turn_ms
        What each turn costs beside, -1 where it is closed.
    usable
        Whether each state can be driven at all.
    arrive, leave
        Whether each state can be reached from the strongest part, and can reach it. The strongest part is the one with
        the most metres of street within which every state can be reached from every other one.
    root
        A state of the strongest part, -1 if there is none.
    """

    graph: TurnGraph
    profile: VehicleProfile
    ms: Ints
    dm: Ints
    turn_ms: Ints
    usable: Bools
    arrive: Bools
    leave: Bools
    root: int

    def __post_init__(self) -> None:
        for array in vars(self).values():
            if isinstance(array, np.ndarray):
                array.setflags(write=False)

    def arcs(self, weight: Floats | Ints) -> csr_array:
        """Return the open turns as a sparse array of the weights given for all turns (zeros count as arcs)."""
        open_ = self.turn_ms >= 0
        start = np.concatenate([[0], np.cumsum(open_)])[self.graph.turn_start].astype(np.int32)
        shape = (self.graph.states, self.graph.states)
        return csr_array((np.asarray(weight)[open_].astype(np.float64), self.graph.turn_to[open_], start), shape=shape)

    def along(self) -> tuple[Ints, Ints]:
        """Return the milliseconds and decimetres of each turn, start to start; what is closed included."""
        from_, real = self.graph.turn_from, self.graph.real
        return np.where(real, self.ms[from_], 0) + self.turn_ms, np.where(real, self.dm[from_], 0)

    def combined(self) -> tuple[Floats, int]:
        """Return ``ms * 2**shift + dm`` of each turn, infinite where it is closed, and the shift.

        Fastest first, then shortest. No fastest way takes longer than the longest way to a state of the strongest part
        plus the longest one from it, and its metres are at most that long at the highest speed anywhere; so sums stay
        below 2**53, float64 adds them without error, and both parts can be read back.

        Raises
        ------
        InputError
            ``network-too-large``: ways so long that their times do not fit in 31 bits, or both parts not in 53.
        """
        ms, dm = self.along()
        bound = self._longest(ms) + 2 * int(ms.max(initial=0))  # and a turn more at either end
        highest = float((self.dm / np.maximum(self.ms, 1))[self.usable].max(initial=0))
        shift = (int(bound * highest) + 1).bit_length()
        if bound >= LONGEST_MS or (bound + 1) * 2**shift >= 2**EXACT_BITS:
            raise InputError(
                Fault(
                    code="network-too-large",
                    place=self.graph.network.source,
                    cause=f"ways through this network can take {bound / 3.6e6:.0f} hours: too long to be added exactly",
                    action="cut the network to the area that is planned, with a box or a boundary",
                )
            )
        return np.where(self.turn_ms >= 0, ((ms << shift) + dm).astype(np.float64), np.inf), shift

    def _longest(self, ms: Ints) -> int:
        """Return the longest of the fastest ways to the root, plus the longest from it."""
        if self.root < 0:
            return 0
        arcs = self.arcs(ms)
        far = [dijkstra(graph, indices=[self.root]) for graph in (arcs, arcs.T.tocsr())]
        return sum(int(times[np.isfinite(times)].max()) for times in far)


def weigh(
    graph: TurnGraph,
    profile: VehicleProfile,
    *,
    moment: Moment | None = None,
    speed_factor: float = 1.0,
    closed: Bools | None = None,
    factor: Floats | None = None,
    kmh: Floats | None = None,
) -> Weights:
    """Weigh a turn graph for a vehicle.

    Parameters
    ----------
    graph
        Built for profiles among which is this one, or one that may use no less.
    moment
        When; without one, conditions on day and hour do not hold.
    speed_factor
        All speeds are multiplied by it.
    closed, factor, kmh
        For each directed segment: closed at the moment; what its speed is multiplied by; its speed as learnt from
        tracks, NaN where nothing is known. What has no speed above 0 is closed.

    Raises
    ------
    ValueError
        If the speed factor is not above 0, or the graph lacks what this profile may use.
    """
    network = graph.network
    rules = Rules(
        usable(network, profile, moment),
        passable(network, profile, moment),
        applies(network.restrictions, profile, moment),
        behind(network, profile, moment),
    )
    return weigh_under(rules, graph, profile, speed_factor=speed_factor, closed=closed, factor=factor, kmh=kmh)


def weigh_under(
    rules: Rules,
    graph: TurnGraph,
    profile: VehicleProfile,
    *,
    speed_factor: float = 1.0,
    closed: Bools | None = None,
    factor: Floats | None = None,
    kmh: Floats | None = None,
) -> Weights:
    """Weigh a turn graph under rules that are known already; see :func:`weigh`."""
    if not 0 < speed_factor < np.inf:
        raise ValueError(f"the speed factor must be above 0, not {speed_factor}")
    speed = np.stack([rules.use.forward_kmh, rules.use.backward_kmh], axis=-1).ravel()
    open_ = np.stack([rules.use.forward, rules.use.backward], axis=-1).ravel()
    check(graph, profile, rules.use)
    speed = (speed if kmh is None else np.where(np.isnan(kmh), speed, kmh)) * speed_factor
    speed = speed if factor is None else speed * factor
    open_ &= speed > 0
    open_ &= True if closed is None else ~closed
    length = np.repeat(graph.network.length_m, 2)
    dm = np.floor(length * 10 + 0.5).astype(np.int64)
    ms = np.zeros(len(dm), np.int64)
    took = np.minimum(3600 * length[open_] / speed[open_], 2.0**EXACT_BITS)
    ms[open_] = np.maximum(np.floor(took + 0.5).astype(np.int64), dm[open_])
    cost = np.where(opened(graph, profile, rules, open_), turn_ms(graph, profile), -1)
    found = Weights(
        graph=graph,
        profile=profile,
        ms=ms[graph.directed],
        dm=dm[graph.directed],
        turn_ms=cost,
        usable=open_[graph.directed],
        arrive=np.zeros(graph.states, bool),
        leave=np.zeros(graph.states, bool),
        root=-1,
    )
    part = strongest(found.arcs(cost), graph.segment, graph.network.length_m)
    return replace(found, arrive=part.arrive, leave=part.leave, root=part.root)
