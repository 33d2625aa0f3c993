"""From places where something is put out to sides of streets: joined, cut, counted; nothing is lost on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from network.fill import widths
from network.lines import points_at
from network.parts import Parts, Pieces, cut, halved, part_of, pieces
from network.streets import StreetNetwork
from network.stretches import Stretches, stretches
from scenarios.kerbside.doors import IN_ONE_PASS, Doors, together
from scenarios.kerbside.fleet import QUIET, Reach
from scenarios.kerbside.ref import KerbsideRef
from scenarios.model.kerbside import KerbsideStreet, Side, StreetPiece
from scenarios.model.origin import Origin

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
SHORTEST_CUT_M = 20.0  # a part is not cut shorter for its load: what stands on 20 m is one building
ROUNDS = 12  # of halving
SIDES = (Side.LEFT, Side.BOTH, Side.RIGHT)  # by number: -1, 0, 1 with 1 added


@dataclass(frozen=True, kw_only=True)
class Plots:
    """Stretches cut into parts, with what their rules say: in one pass, or a dead end and at which end."""

    known: Stretches
    parts: Parts
    pieces: Pieces
    whole: Bools
    blind: NDArray[np.object_]


def build(
    network: StreetNetwork,
    doors: Doors,
    reach: Reach,
    ref: KerbsideRef,
    *,
    streams: Sequence[str],
    gap_days: float,
    origins: Sequence[Origin],
    estimate: Origin,
) -> tuple[KerbsideStreet, ...]:
    """Return the sides of streets for everything that is put out.

    Parameters
    ----------
    gap_days
        Days for which waste gathers between two collections, at most.
    origins
        The planner's rows, by position.
    estimate
        What an estimate is called.
    """
    if not len(doors):
        return ()
    doors = _apart(doors, reach)
    plots = _plots(network, doors, reach, ref, gap_days)
    part = part_of(plots.known, plots.parts, doors.segment, doors.along_m)
    against = (plots.known.directed[plots.known.position[doors.segment]] & 1).astype(bool)
    side = np.where(against, -doors.side, doors.side)
    side = np.where(plots.whole[part] | (plots.blind[part] != ""), IN_ONE_PASS, side)
    key, which = np.unique(np.stack([part, side, doors.stream]), axis=1, return_inverse=True)
    which = which.ravel()
    part, side, stream = key
    first = np.unique(which, return_index=True)[1]

    def total(values: Floats) -> list[float]:
        sums: list[float] = np.bincount(which, values, minlength=len(part)).tolist()
        return sums

    lon, lat = _middles(plots.known, plots.parts)[part].T.tolist()
    stretch, label = _names(plots)
    cells = _pieces(network, plots.pieces)
    name = network.name.strings()[plots.pieces.directed[plots.pieces.start[:-1]] >> 1]
    return tuple(
        KerbsideStreet(
            id=f"{stretch[p]}:{SIDES[s + 1]}:{label[p]}" + ("" if streams[k] == ref.stream else f"+{streams[k]}"),
            stretch=f"{stretch[p]}:{label[p]}",
            name=str(name[p]),
            side=SIDES[s + 1],
            pieces=cells[p],
            kg_per_day={streams[k]: kg},
            people=people,
            households=households,
            doors=door,
            bins=bins,
            lon=x,
            lat=y,
            blind=str(plots.blind[p]),
            days=ref.days,
            estimated=guessed,
            origin=origins[row] if row >= 0 else estimate,
        )
        for p, s, k, kg, people, households, door, bins, x, y, row, guessed in zip(
            *(values.tolist() for values in (part, side, stream)),
            *(total(values) for values in (doors.kg_per_day, doors.people, doors.households, doors.doors, doors.bins)),
            lon,
            lat,
            doors.row[first].tolist(),
            (np.bincount(which, doors.estimated, minlength=len(part)) > 0).tolist(),
            strict=True,
        )
    )


def _apart(doors: Doors, reach: Reach) -> Doors:
    """Return the doors, with each side apart where a list wants both at once on a street that no crew may cross."""
    one_way = reach.open_[::2] != reach.open_[1::2]
    wide = (doors.side == IN_ONE_PASS) & ~(reach.crossing | one_way)[doors.segment]
    if not wide.any():
        return doors
    split = doors.take(wide)
    half = {name: getattr(split, name) / 2 for name in ("kg_per_day", "people", "households", "doors", "bins")}
    sides = [replace(split, side=np.full(len(split), side), **half) for side in (-1, 1)]
    return together([doors.take(~wide), *sides])


def _plots(network: StreetNetwork, doors: Doors, reach: Reach, ref: KerbsideRef, gap_days: float) -> Plots:
    """Join and cut the streets that have doors, and decide which parts are served in one go."""
    chosen = np.zeros(network.segments, bool)
    chosen[doors.segment] = True
    known = stretches(network, chosen, reach.open_, streets=reach.streets, short_m=ref.shortest_m)
    parts = cut(known, ref.longest_m)
    most_kg = ref.payload_share * reach.payload_kg
    for _ in range(ROUNDS):
        at = part_of(known, parts, doors.segment, doors.along_m)
        load = np.bincount(at, doors.kg_per_day * gap_days, minlength=len(parts))
        over = (load > most_kg) & (parts.length_m > 2 * SHORTEST_CUT_M)
        if not over.any():
            break
        parts = halved(parts, over)
    found = pieces(known, parts)
    blind = _blind(network, known, parts, found, reach)
    whole = _whole(network, found, reach, ref)
    at = part_of(known, parts, doors.segment, doors.along_m)
    whole[at[doors.side == IN_ONE_PASS]] = True
    return Plots(known=known, parts=parts, pieces=found, whole=whole, blind=blind)


def _blind(network: StreetNetwork, known: Stretches, parts: Parts, found: Pieces, reach: Reach) -> NDArray[np.object_]:
    """Return at which end each part is a dead end for all vehicles: "last", "first" or "" for neither."""
    arms = np.bincount(network.tail[reach.streets], minlength=network.junctions)
    arms += np.bincount(network.head[reach.streets], minlength=network.junctions)
    clipped = network.junction_tag("clipped").codes > 0
    d = known.directed
    begins, ends = (np.where((d & 1) == flip, network.tail[d >> 1], network.head[d >> 1]) for flip in (0, 1))
    number = parts.number
    is_last = np.r_[number[1:] == 1, True]
    both_ways = np.logical_and.reduceat(reach.open_[found.directed] & reach.open_[found.directed ^ 1], found.start[:-1])
    alone = (arms == 1) & ~clipped
    at_end = is_last & alone[ends[known.start[parts.stretch + 1] - 1]]
    at_begin = (number == 1) & alone[begins[known.start[parts.stretch]]]
    result = np.where(at_end, "last", np.where(at_begin, "first", "")).astype(object)
    result[~both_ways | (at_end & at_begin)] = ""
    return result


def _whole(network: StreetNetwork, found: Pieces, reach: Reach, ref: KerbsideRef) -> Bools:
    """Return which parts are always served in one pass: narrow one-way streets, and all narrow ones if so wished."""
    narrow = np.logical_and.reduceat(narrow_streets(network, ref)[found.directed >> 1], found.start[:-1])
    if ref.at_once == "never":
        return np.zeros(len(found), bool)
    one_way = reach.open_[found.directed] != reach.open_[found.directed ^ 1]
    chosen: Bools = narrow & (np.logical_and.reduceat(one_way, found.start[:-1]) | (ref.at_once == "always"))
    return chosen


def narrow_streets(network: StreetNetwork, ref: KerbsideRef) -> Bools:
    """Return on which segments a crew may work at both sides at once."""
    metres = widths(network.tag).metres
    quiet: Bools = network.tag("highway").isin(QUIET)
    return quiet & (metres <= ref.at_once_width_m)


def _middles(known: Stretches, parts: Parts) -> Floats:
    """Return longitude and latitude of the middle of each part."""
    at = (parts.from_m + parts.to_m) / 2
    piece = np.searchsorted(known.begin_m, at, side="right") - 1
    directed = known.directed[piece]
    length = known.network.length_m[directed >> 1]
    along = np.clip(at - known.begin_m[piece], 0.0, length)
    return points_at(known.network, directed >> 1, np.where(directed & 1, length - along, along))


def _names(plots: Plots) -> tuple[list[str], list[int]]:
    """Return ``way:nodeA-nodeB`` of each part, and its number among those of the same name."""
    network, known = plots.known.network, plots.known
    first, last = known.directed[known.start[:-1]], known.directed[known.start[1:] - 1]
    begin = network.junction_id[np.where(first & 1, network.head[first >> 1], network.tail[first >> 1])]
    end = network.junction_id[np.where(last & 1, network.tail[last >> 1], network.head[last >> 1])]
    way = network.way_id[first >> 1]
    text = [f"{w}:{a}-{b}" for w, a, b in zip(way.tolist(), begin.tolist(), end.tolist(), strict=True)]
    alike = np.unique(np.stack([way, begin, end]), axis=1, return_inverse=True)[1].ravel()[plots.parts.stretch]
    order = np.argsort(alike, kind="stable")
    start = np.flatnonzero(np.r_[True, alike[order][1:] != alike[order][:-1]])
    number = np.empty(len(alike), np.int64)
    number[order] = np.arange(len(alike)) - np.repeat(start, np.diff(np.append(start, len(alike)))) + 1
    return [text[k] for k in plots.parts.stretch.tolist()], number.tolist()


def _pieces(network: StreetNetwork, found: Pieces) -> list[tuple[StreetPiece, ...]]:
    """Return the pieces of each part."""
    segment = found.directed >> 1
    every = [
        StreetPiece(way=way, tail=tail, head=head, from_m=a, to_m=b)
        for way, tail, head, a, b in zip(
            network.way_id[segment].tolist(),
            network.junction_id[network.tail[segment]].tolist(),
            network.junction_id[network.head[segment]].tolist(),
            found.from_m.tolist(),
            found.to_m.tolist(),
            strict=True,
        )
    ]
    start = found.start.tolist()
    return [tuple(every[a:b]) for a, b in pairwise(start)]
