"""From turn restrictions between ways to paths of directed segments, once the ways are cut into segments.

*Via a node*: from the segment of the first way that arrives there to the segment of the last way that leaves it.
*Via ways*: along the segments of the ways between, the shortest way that touches each of them.
A restriction between ways that are not cut where they should be names several turns; of those, the ones count that
``oneway`` leaves open and that turn as the rule says (a left turn goes 20 to 160 degrees to the left).
"""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from network.directions import signed
from network.relations import Relation, Rule
from network.restrictions import Restrictions
from network.streets import StreetNetwork
from network.values import column

Path = tuple[int, ...]  # directed segments: 2 * segment, + 1 against the direction it was mapped in

_SENSES = {"left": (20, 160), "right": (-160, -20), "straight": (-60, 60)}  # degrees turned to the left


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent:
    """Ways that are in the file but not in the network: outside the area, or no streets."""

    outside: Collection[int] = ()
    no_street: Collection[int] = ()


def resolve(
    network: StreetNetwork, relations: Iterable[Relation], absent: Absent | None = None
) -> tuple[Restrictions, Counter[str]]:
    """Return the restrictions as paths, and the number of relations kept and left out, by reason.

    Reasons: ``outside-area`` and ``no-street`` (a way named is in the file but not in the network), ``missing-member``
    (it is not in the file), ``not-connected`` (the ways named do not lead to one another there, or not any more after
    the network was cut to its area), ``several-members`` (an ``only_…`` rule with more than one way to go),
    ``ambiguous`` (ways not cut at the junction, and no turn among them goes as the rule says).
    """
    absent = absent or Absent()
    relations = tuple(relations)
    streets = _Streets(network, relations)
    found: list[tuple[Path, Rule, Relation]] = []
    counts: Counter[str] = Counter()
    for relation in relations:
        reason = _missing(relation, streets.of_way, absent)
        paths: list[tuple[Path, Rule]] = []
        for rule in () if reason else relation.rules:
            some, reason = streets.paths(relation, rule.kind)
            paths += [(path, rule) for path in some]
        counts["kept" if paths else reason] += 1
        found += [(path, rule, relation) for path, rule in paths]
    return _table(found), counts


def _missing(relation: Relation, known: Mapping[int, Sequence[int]], absent: Absent) -> str:
    """Return why a way named is not in the network; of several ways to come from or to go to, one will do."""
    for ways in (relation.leaving, *((way,) for way in relation.passing), relation.entering):
        if not any(way in known for way in ways):
            if any(way in absent.outside for way in ways):
                return "outside-area"
            return "no-street" if any(way in absent.no_street for way in ways) else "missing-member"
    return ""


def _table(found: Sequence[tuple[Path, Rule, Relation]]) -> Restrictions:
    return Restrictions(
        start=np.cumsum([0, *(len(path) for path, _, _ in found)], dtype=np.int64),
        path=np.array([d for path, _, _ in found for d in path], np.int32),
        kind=column(rule.kind for _, rule, _ in found),
        key=column(rule.key for _, rule, _ in found),
        when=column(rule.when for _, rule, _ in found),
        exempt=column(relation.exempt for _, _, relation in found),
        relation_id=np.array([relation.id for _, _, relation in found], np.int64),
    )


class _Streets:
    """The segments of the ways that restrictions name."""

    def __init__(self, network: StreetNetwork, relations: Sequence[Relation]) -> None:
        self.network = network
        self.ends = network.tail, network.head
        along, against = signed(network)
        self.open: NDArray[np.bool_] = np.column_stack([along, against]).ravel()
        order = np.argsort(network.way_id, kind="stable")
        named = np.unique(np.array([way for relation in relations for way in relation.ways], np.int64))
        first, last = (np.searchsorted(network.way_id, named, side, order) for side in ("left", "right"))
        self.of_way: dict[int, list[int]] = {
            way: order[a:b].tolist()
            for way, a, b in zip(named.tolist(), first.tolist(), last.tolist(), strict=True)
            if b > a
        }
        nodes = np.array([node for relation in relations for node in relation.nodes], np.int64)
        at = np.searchsorted(network.junction_id, nodes).clip(max=network.junctions - 1)
        there = network.junction_id[at] == nodes
        self.junction = dict(zip(nodes[there].tolist(), at[there].tolist(), strict=True))

    def paths(self, relation: Relation, kind: str) -> tuple[list[Path], str]:
        """Return the paths of a rule, or none and the reason why."""
        if relation.nodes:
            junction = self.junction.get(relation.nodes[0])
            return ([], "not-connected") if junction is None else self._turns(relation, kind, junction)
        pairs = [(a, b) for a in relation.leaving for b in relation.entering if a in self.of_way and b in self.of_way]
        paths = [path for a, b in pairs if (path := self._along(a, relation.passing, b))]
        if kind.startswith("only") and len(paths) > 1:
            return [], "several-members"
        return paths, "" if paths else "not-connected"

    def _turns(self, relation: Relation, kind: str, junction: int) -> tuple[list[Path], str]:
        """Return the turns at a junction that a rule is about."""
        arriving = {way: found for way in relation.leaving if (found := self._directed(way, junction, 1))}
        leaving = {way: found for way in relation.entering if (found := self._directed(way, junction, 0))}
        if not (arriving and leaving):
            return [], "not-connected"
        if kind.startswith("only") and len(arriving) * len(leaving) > 1:
            return [], "several-members"
        turns: list[Path] = []
        for come, from_segments in arriving.items():
            for go, to_segments in leaving.items():
                turns += self._choose([(a, b) for a in from_segments for b in to_segments], kind, round_=come == go)
        return turns, "" if turns else "ambiguous"

    def _directed(self, way: int, junction: int, end: int) -> list[int]:
        """Return the directed segments of a way that end (1) or begin (0) at a junction."""
        return [
            2 * segment + against
            for segment in self.of_way.get(way, ())
            for against in (0, 1)
            if self.ends[end ^ against][segment] == junction
        ]

    def _choose(self, turns: list[tuple[int, int]], kind: str, *, round_: bool) -> list[tuple[int, int]]:
        """Return the turns that are meant, where several could be."""
        if round_:  # back into the way come from: a U-turn, or straight on along it
            turns = [turn for turn in turns if (turn[0] ^ turn[1] == 1) == kind.endswith("u_turn")] or turns
        if len(turns) > 1:
            turns = [turn for turn in turns if self.open[list(turn)].all()] or turns
        sense = next((sense for name, sense in _SENSES.items() if f"_{name}" in kind), None)
        if len(turns) > 1 and sense:
            turns = [turn for turn in turns if sense[0] <= self._angle(*turn) <= sense[1]]
        return turns

    def _angle(self, one: int, other: int) -> float:
        """Return the degrees turned to the left from the end of a directed segment into the next one."""
        turn = self._heading(other, start=True) - self._heading(one, start=False)
        return (turn + 180) % 360 - 180

    def _heading(self, directed: int, *, start: bool) -> float:
        line = self.network.shape(directed >> 1)[:: -1 if directed & 1 else 1]
        (x1, y1), (x2, y2) = (line[:2] if start else line[-2:]).tolist()
        return math.degrees(math.atan2(y2 - y1, (x2 - x1) * math.cos(math.radians(y1))))

    def _along(self, first: int, passing: Sequence[int], last: int) -> Path:
        """Return the path from one way along others to another one, empty if there is none."""
        steps = self._steps(passing)
        goals: dict[int, list[int]] = {}
        for junction in steps:
            if away := self._directed(last, junction, 0):
                goals[junction] = away
        starts = [(d, junction) for junction in steps for d in self._directed(first, junction, 1)]
        for shut in (True, False):  # first without driving against one-way streets
            found = [
                path
                for d, junction in starts
                if self.open[d] or not shut
                for path in _walks(d, junction, steps, goals, self.open if shut else None)
                if self._touches(path, passing)
            ]
            if found:
                return min(found, key=len)
        return ()

    def _steps(self, ways: Sequence[int]) -> dict[int, list[tuple[int, int]]]:
        """Return for each junction of these ways the directed segments that leave it, and where each leads."""
        steps: dict[int, list[tuple[int, int]]] = {}
        for segment in dict.fromkeys(segment for way in ways for segment in self.of_way[way]):
            tail, head = (int(end[segment]) for end in self.ends)
            steps.setdefault(tail, []).append((2 * segment, head))
            steps.setdefault(head, []).append((2 * segment + 1, tail))
        return steps

    def _touches(self, path: Path, ways: Sequence[int]) -> bool:
        """Return whether a path runs along each of the ways."""
        passed = {d >> 1 for d in path[1:-1]}
        return all(passed.intersection(self.of_way[way]) for way in ways)


def _walks(
    first: int,
    start: int,
    steps: Mapping[int, Sequence[tuple[int, int]]],
    goals: Mapping[int, Sequence[int]],
    open_: NDArray[np.bool_] | None,
) -> list[Path]:
    """Return the shortest path from a directed segment over at least one step to each goal it can reach."""
    before: dict[int, tuple[int, int]] = {}
    paths: list[Path] = []
    queue, seen = deque([start]), {start}
    while queue:
        junction = queue.popleft()
        if junction != start:
            between = _back(before, start, junction)
            paths += [
                (first, *between, last)
                for last in goals.get(junction, ())
                if (open_ is None or open_[last]) and last != between[-1] ^ 1 and last != between[-1]
            ]
        for d, beyond in steps[junction]:
            if beyond not in seen and d ^ 1 != first and (open_ is None or open_[d]):
                seen.add(beyond)
                before[beyond] = d, junction
                queue.append(beyond)
    return paths


def _back(before: Mapping[int, tuple[int, int]], start: int, junction: int) -> Path:
    """Return the directed segments that led from the start to a junction."""
    path: list[int] = []
    while junction != start:
        d, junction = before[junction]
        path.append(d)
    return tuple(reversed(path))
