"""Kerbside streets of an earlier extract found again in a newer one, with every change.

Ids hang on ways and nodes of OpenStreetMap, which outlive an extract but not every edit of the map: a way is split, a
junction is added, a street is drawn anew. What an old street has become is told by the pieces it lies on: the same
piece between the same nodes (or the same way, where the nodes are new), overlapping by a metre or more, on the same
side; failing that, by a street of the same name and side whose middle lies near.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from network.frontage import plain
from network.plane import to_plane
from scenarios.model.kerbside import KerbsideStreet, Side, StreetPiece

Ints = NDArray[np.int64]
LEAST_M = 1.0  # an overlap of less is two streets that meet
NEAR_M = 30.0  # how far the middle of a street drawn anew may lie (expert)
SAME = 0.01  # metres and kilograms that differ by less are the same


class ChangeKind(StrEnum):
    """What has become of a kerbside street."""

    NEW = "new"  # nothing was there before
    GONE = "gone"  # nothing is there any more
    BECAME = "became"  # it has another id, or several, or shares one with others
    CHANGED = "changed"  # the same id, with other metres or kilograms


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetChange:
    """A change between two sets of kerbside streets: what was, and what is, by id.

    ``metres`` and ``kg_per_day`` are by how much the new ones together have more than the old ones.
    """

    kind: ChangeKind
    old: tuple[str, ...]
    new: tuple[str, ...]
    metres: float
    kg_per_day: float


def rematch(old: Sequence[KerbsideStreet], new: Sequence[KerbsideStreet]) -> tuple[StreetChange, ...]:
    """Return what has changed between the kerbside streets of two extracts; nothing is said of those that are the same.

    Every old and every new street that is not the same is in at least one change.
    """
    before, after = {street.id: street for street in old}, {street.id: street for street in new}
    kept = before.keys() & after.keys()
    lost = [street for street in old if street.id not in kept]
    came = [street for street in new if street.id not in kept]
    pairs = _overlaps(lost, came)
    found = {a for a, _ in pairs}, {b for _, b in pairs}
    pairs |= _near(
        [street for street in lost if street.id not in found[0]],
        [street for street in came if street.id not in found[1]],
    )
    became: dict[str, list[str]] = {}
    for a, b in sorted(pairs):
        became.setdefault(a, []).append(b)
    reached = {b for _, b in pairs}
    changes = [_change(ChangeKind.CHANGED, [before[id_]], [after[id_]]) for id_ in before if id_ in kept]
    changes = [change for change in changes if _differs(change, before[change.old[0]])]
    changes += [
        _change(ChangeKind.BECAME, [street], [after[id_] for id_ in became[street.id]])
        if street.id in became
        else _change(ChangeKind.GONE, [street], [])
        for street in lost
    ]
    return (*changes, *(_change(ChangeKind.NEW, [], [street]) for street in came if street.id not in reached))


def _change(kind: ChangeKind, old: Sequence[KerbsideStreet], new: Sequence[KerbsideStreet]) -> StreetChange:
    return StreetChange(
        kind=kind,
        old=tuple(street.id for street in old),
        new=tuple(street.id for street in new),
        metres=sum(street.length_m for street in new) - sum(street.length_m for street in old),
        kg_per_day=sum(street.total_kg_per_day for street in new) - sum(street.total_kg_per_day for street in old),
    )


def _differs(change: StreetChange, old: KerbsideStreet) -> bool:
    return abs(change.metres) > SAME * old.length_m or abs(change.kg_per_day) > SAME * max(old.total_kg_per_day, 1.0)


def _overlaps(old: Sequence[KerbsideStreet], new: Sequence[KerbsideStreet]) -> set[tuple[str, str]]:
    """Return pairs of ids that share a piece: between the same nodes, else of the same way."""
    by_nodes: dict[tuple[int, int, int], list[tuple[KerbsideStreet, StreetPiece]]] = {}
    by_way: dict[int, list[tuple[KerbsideStreet, StreetPiece]]] = {}
    for street in new:
        for piece in street.pieces:
            by_nodes.setdefault(_ends(piece), []).append((street, piece))
            by_way.setdefault(piece.way, []).append((street, piece))
    pairs: set[tuple[str, str]] = set()
    for street in old:
        for piece in street.pieces:
            same = by_nodes.get(_ends(piece))
            for other, there in same or by_way.get(piece.way, []):
                if (same is None or _shared_m(piece, there) >= LEAST_M) and _one_side(street, piece, other, there):
                    pairs.add((street.id, other.id))
    return pairs


def _ends(piece: StreetPiece) -> tuple[int, int, int]:
    return piece.way, min(piece.tail, piece.head), max(piece.tail, piece.head)


def _shared_m(one: StreetPiece, other: StreetPiece) -> float:
    low = max(min(one.from_m, one.to_m), min(other.from_m, other.to_m))
    return min(max(one.from_m, one.to_m), max(other.from_m, other.to_m)) - low


def _one_side(one: KerbsideStreet, at: StreetPiece, other: KerbsideStreet, there: StreetPiece) -> bool:
    """Return whether two streets lie on the same side of a piece; both sides are on each."""
    return Side.BOTH in (one.side, other.side) or _mapped_side(one, at) == _mapped_side(other, there)


def _mapped_side(street: KerbsideStreet, piece: StreetPiece) -> int:
    """Return -1 left, 1 right, seen in the direction in which the way is mapped."""
    side = 1 if street.side is Side.RIGHT else -1
    return -side if piece.to_m < piece.from_m else side


def _near(old: Sequence[KerbsideStreet], new: Sequence[KerbsideStreet]) -> set[tuple[str, str]]:
    """Return pairs of ids of streets of the same name and side whose middles lie near each other."""
    if not old or not new:
        return set()
    true_lat = new[0].lat
    there, places = (
        to_plane(np.array([s.lon for s in streets]), np.array([s.lat for s in streets]), true_lat)
        for streets in (new, old)
    )
    close = cKDTree(places).query_ball_tree(cKDTree(there), NEAR_M)
    pairs = ((street, new[k]) for street, near in zip(old, close, strict=True) for k in near)
    return {(a.id, b.id) for a, b in pairs if _alike(a, b)}


def _alike(one: KerbsideStreet, other: KerbsideStreet) -> bool:
    same = one.side is other.side or Side.BOTH in (one.side, other.side)
    return bool(one.name) and plain(one.name) == plain(other.name) and same
