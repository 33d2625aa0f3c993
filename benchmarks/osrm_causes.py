"""Why two routes differ: each is driven under the other's rules, and the first thing that stops it is named.

OSRM's way is read as the nodes it passes and driven on our states and turns. Where that is impossible, what forbids it
here is the cause. Where it is possible but takes longer by our clock, OSRM is made to follow our way from street to
street, and the first turn at which it goes somewhere else is looked at in the map.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from network.barriers import applies, passable
from network.drive import Drive
from network.lines import points_at
from network.tags import SpeedSource, usable

CLOSE_M, CLOSE_SHARE = 12.0, 0.03  # lengths of the same street in both
TIE = 1.05
HAIRPIN_DEG = 140.0
ROUND_SHARE = 0.6  # of what turning round costs: no other turn is as dear


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place in the middle of a street: its segment and metres from the tail."""

    segment: int
    along_m: float


@dataclass(slots=True)
class Ours:
    """Our states and turns, to drive given streets one after the other."""

    drive: Drive
    by_ends: dict[tuple[int, int], list[int]] = field(default_factory=lambda: defaultdict(list))
    states_of: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    junction: dict[int, int] = field(default_factory=dict)
    rules: dict[int, list[tuple[tuple[int, ...], bool]]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        graph, network = self.drive.prepared.graph, self.drive.prepared.network
        self.junction = {node: k for k, node in enumerate(network.junction_id.tolist())}
        for segment, ends in enumerate(zip(network.tail.tolist(), network.head.tolist(), strict=True)):
            self.by_ends[ends].append(2 * segment)
            self.by_ends[ends[::-1]].append(2 * segment + 1)
        for state, (segment, against) in enumerate(zip(graph.segment.tolist(), graph.against.tolist(), strict=True)):
            self.states_of[2 * segment + against].append(state)
        binding = applies(network.restrictions, self.drive.profile, self.drive.moment)
        only = [kind.startswith("only_") for kind in network.restrictions.kind.strings()]
        start, path = network.restrictions.start, network.restrictions.path.tolist()
        for rule in np.flatnonzero(binding).tolist():
            said = tuple(path[start[rule] : start[rule + 1]])
            self.rules[said[0]].append((said, only[rule]))

    def broken(self, directed: Sequence[int]) -> int:
        """Return how many turn restrictions these directed segments break, by the words of the rules alone."""
        count = 0
        for k, first in enumerate(directed):
            for said, only in self.rules.get(first, ()):
                driven = tuple(directed[k : k + len(said)])
                follows = len(driven) > 1 and driven == said[: len(driven)]
                count += (not follows and len(driven) > 1 and k + 1 < len(directed)) if only else driven == said
        return count

    def read(self, leg: dict[str, Any], begin: Spot, end: Spot) -> list[int] | str:
        """Return the directed segments of a leg of OSRM's, or why they cannot be told."""
        nodes, metres = leg["annotation"]["nodes"], leg["annotation"]["distance"]
        at = np.concatenate([[0.0], np.cumsum(metres)])
        kept = [(self.junction[node], float(at[k])) for k, node in enumerate(nodes) if node in self.junction]
        if not kept:
            return [2 * begin.segment] if begin.segment == end.segment else "not told by nodes"
        first, kept = self._first(begin, kept)
        last, kept = self._last(end, kept)
        found = [first]
        for (tail, so_far), (head, after) in pairwise(kept):
            length = after - so_far
            lengths = [(abs(self._length(d) - length), d) for d in self.by_ends.get((tail, head), ())]
            off, directed = min(lengths, default=(np.inf, -1))
            if off > CLOSE_M + CLOSE_SHARE * length:
                return "a street that is none here"
            found.append(directed)
        return [*found, last]

    def _length(self, directed: int) -> float:
        return float(self.drive.prepared.network.length_m[directed >> 1])

    def _first(self, begin: Spot, kept: list[tuple[int, float]]) -> tuple[int, list[tuple[int, float]]]:
        """Return the directed segment it starts on; a node behind the start is dropped."""
        network = self.drive.prepared.network
        ends = int(network.tail[begin.segment]), int(network.head[begin.segment])
        if len(kept) > 1 and {kept[0][0], kept[1][0]} == set(ends) and kept[0][1] == 0:
            kept = kept[1:]
        return 2 * begin.segment + (kept[0][0] != ends[1]), kept

    def _last(self, end: Spot, kept: list[tuple[int, float]]) -> tuple[int, list[tuple[int, float]]]:
        network = self.drive.prepared.network
        ends = int(network.tail[end.segment]), int(network.head[end.segment])
        if len(kept) > 1 and {kept[-1][0], kept[-2][0]} == set(ends):
            kept = kept[:-1]
        return 2 * end.segment + (kept[-1][0] != ends[0]), kept

    def driven(self, directed: Sequence[int], begin: Spot, end: Spot) -> float | str:
        """Return the seconds these streets take by our clock, or what forbids them."""
        graph, weights = self.drive.prepared.graph, self.drive.weights
        start = int(graph.leaving[directed[0]])
        if start < 0 or not weights.usable[start]:
            return self.closed(directed[0])
        costs = {start: 0}
        for a, b in pairwise(directed):
            after: dict[int, int] = {}
            for state, cost in self._steps(costs).items():
                for turn in range(*graph.turn_start[state : state + 2].tolist()):
                    to = int(graph.turn_to[turn])
                    if weights.turn_ms[turn] < 0 or 2 * graph.segment[to] + graph.against[to] != b:
                        continue
                    if graph.junction[turn] < 0:
                        continue
                    total = cost + int(weights.ms[state]) + int(weights.turn_ms[turn])
                    after[to] = min(total, after.get(to, total))
            if not after:
                return self.forbids(a, b)
            costs = after
        reached = self._steps(costs).get(int(graph.arriving[directed[-1]]))
        if reached is None:
            return "destination street"
        ends = [self._part(directed[0], begin), self._part(directed[-1], end)]
        return (reached - ends[0] + ends[1]) / 1000

    def clocks(self, leg: dict[str, Any], directed: Sequence[int], begin: Spot, end: Spot, ours_s: float) -> str:
        """Return what makes the two clocks differ on the very same streets: turns, or speeds, and by which rule."""
        theirs = leg["annotation"]["duration"]
        driving = [float(self.drive.weights.ms[self.drive.prepared.graph.leaving[each]]) / 1000 for each in directed]
        ends = [self._part(directed[0], begin) / 1000, self._part(directed[-1], end) / 1000]
        ours_driving = sum(driving[:-1]) - ends[0] + ends[1]
        off_driving = sum(theirs) - ours_driving
        off_turning = (leg["duration"] - sum(theirs)) - (ours_s - ours_driving)
        if off_turning > ROUND_SHARE * self.drive.profile.u_turn_s:
            return "same way, OSRM takes a sharp turn for turning round"
        if abs(off_turning) > abs(off_driving):
            return "same way, other turn costs" + (" (more)" if off_turning > 0 else " (less)")
        return f"same way, other speeds ({self._slowest_rule(leg, directed)})"

    def _slowest_rule(self, leg: dict[str, Any], directed: Sequence[int]) -> str:
        """Return the rule of ours that set the speed where the two clocks differ most."""
        network = self.drive.prepared.network
        use = usable(network, self.drive.profile, self.drive.moment)
        nodes, theirs = leg["annotation"]["nodes"], np.cumsum([0.0, *leg["annotation"]["duration"]])
        at = {self.junction[node]: float(theirs[k]) for k, node in enumerate(nodes) if node in self.junction}
        worst, rule = 0.0, "unknown"
        for each in directed[1:-1]:
            ends = int(network.tail[each >> 1]), int(network.head[each >> 1])
            if set(ends) <= set(at):
                seconds = float(self.drive.weights.ms[self.drive.prepared.graph.leaving[each]]) / 1000
                off = abs(abs(at[ends[1]] - at[ends[0]]) - seconds)
                if off > worst:
                    serve = use.serve_only[each >> 1]
                    worst, rule = off, "to serve" if serve else SpeedSource(use.speed_source[each >> 1]).name.lower()
        return rule

    def _steps(self, costs: dict[int, int]) -> dict[int, int]:
        """Add the states that are reached by steps without length."""
        graph, found, todo = self.drive.prepared.graph, dict(costs), list(costs)
        while todo:
            state = todo.pop()
            for turn in range(*graph.turn_start[state : state + 2].tolist()):
                to = int(graph.turn_to[turn])
                if graph.junction[turn] < 0 and self.drive.weights.turn_ms[turn] >= 0 and to not in found:
                    found[to] = found[state]
                    todo.append(to)
        return found

    def _part(self, directed: int, spot: Spot) -> float:
        share = spot.along_m / max(self._length(directed), 1e-9)
        state = int(self.drive.prepared.graph.leaving[directed])
        return float(self.drive.weights.ms[state]) * (1 - share if directed & 1 else share)

    def closed(self, directed: int) -> str:
        """Say why a directed segment cannot be driven."""
        use = usable(self.drive.prepared.network, self.drive.profile, self.drive.moment)
        other = use.forward if directed & 1 else use.backward
        return "one-way" if other[directed >> 1] else "access, size or class"

    def forbids(self, a: int, b: int) -> str:
        """Say why one cannot turn from one directed segment into another."""
        graph, network = self.drive.prepared.graph, self.drive.prepared.network
        states = [state for state in self.states_of.get(b, ()) if self.drive.weights.usable[state]]
        if not states:
            return self.closed(b)
        if a ^ 1 == b:
            return "U-turn"
        at = int(network.tail[a >> 1] if a & 1 else network.head[a >> 1])
        if not passable(network, self.drive.profile, self.drive.moment)[at]:
            return "barrier"
        banned = {
            turn
            for state in self.states_of[a]
            for turn in range(*graph.turn_start[state : state + 2].tolist())
            if int(graph.turn_to[turn]) in states and graph.banned_start[turn + 1] > graph.banned_start[turn]
        }
        return "restriction" if banned else "destination street"

    def refused(self, a: int, b: int) -> str:
        """Say what the map has at a turn that OSRM does not take although we do."""
        network = self.drive.prepared.network
        at = int(network.tail[a >> 1] if a & 1 else network.head[a >> 1])
        use = usable(network, self.drive.profile, self.drive.moment)
        if a ^ 1 == b:
            return "OSRM: U-turn"
        if self._angle(a, b) > HAIRPIN_DEG:
            return "OSRM: hairpin from one carriageway into the other"
        if any(said[:1] == (a,) for said in _paths(self.drive)):
            return "OSRM: restriction"
        if network.junction_tag("barrier").strings()[at]:
            return "OSRM: barrier"
        if use.serve_only[a >> 1] or use.serve_only[b >> 1]:
            return "OSRM: destination street"
        return "unexplained"

    def _angle(self, a: int, b: int) -> float:
        """Return by how many degrees one turns from a directed segment into another, to either side."""
        graph = self.drive.prepared.graph
        states = self.states_of[b]
        first, last = graph.turn_start[self.states_of[a][0]], graph.turn_start[self.states_of[a][0] + 1]
        turns = [turn for turn in range(int(first), int(last)) if int(graph.turn_to[turn]) in states]
        return max((abs(float(graph.angle_deg[turn])) for turn in turns), default=0.0)

    def follows(self, legs: Sequence[dict[str, Any]], directed: Sequence[int]) -> str:
        """Return why OSRM takes longer on our way, leg by leg from the middle of a street to that of the next."""
        graph, weights = self.drive.prepared.graph, self.drive.weights
        for leg, (a, b) in list(zip(legs, pairwise(directed), strict=True))[1:-1]:
            here = int(graph.leaving[a])
            turns = range(*graph.turn_start[here : here + 2].tolist())
            ours_ms = [int(weights.turn_ms[t]) for t in turns if int(graph.turn_to[t]) in self.states_of[b]]
            halves = int(weights.ms[here]) + int(weights.ms[graph.leaving[b]])
            if leg["duration"] * 1000 - halves / 2 - max(ours_ms) > ROUND_SHARE * 1000 * self.drive.profile.u_turn_s:
                return "OSRM takes a sharp turn of our way for turning round"
        return "our way takes longer by OSRM's speeds or turn costs"

    def middles(self, directed: Sequence[int]) -> NDArray[np.float64]:
        """Return the middles of directed segments, lon and lat."""
        network = self.drive.prepared.network
        segment = np.array(directed, np.int64) >> 1
        return points_at(network, segment, network.length_m[segment] / 2)

    def headings(self, directed: Sequence[int]) -> NDArray[np.float64]:
        """Return in which direction one drives there, degrees clockwise from north."""
        network = self.drive.prepared.network
        segment = np.array(directed, np.int64) >> 1
        half = network.length_m[segment] / 2
        ahead = points_at(network, segment, half + 1) - points_at(network, segment, half - 1)
        ahead *= np.where(np.array(directed, np.int64) & 1, -1.0, 1.0)[:, None]
        narrow = np.cos(np.radians(network.junction_lat.mean()))
        heading: NDArray[np.float64] = np.degrees(np.arctan2(ahead[:, 0] * narrow, ahead[:, 1])) % 360
        return heading

    def lengths(self, directed: Sequence[int]) -> list[float]:
        """Return half the metres of each directed segment."""
        return [self._length(each) / 2 for each in directed]


def _paths(drive: Drive) -> list[tuple[int, ...]]:
    rules = drive.prepared.network.restrictions
    return [tuple(rules.path[a:b].tolist()) for a, b in zip(rules.start, rules.start[1:], strict=False)]
