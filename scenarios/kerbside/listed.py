"""Kerbside work from a planner's list: a row is a street, a way or a piece of one, or houses between two numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from network.features import MapFeatures
from network.frontage import fronts
from network.snap import stopping
from network.streets import StreetNetwork
from network.tagcolumn import TagColumn
from scenarios.data.defaults import lookup
from scenarios.kerbside.doors import IN_ONE_PASS, Doors, together
from scenarios.kerbside.estimate import rate_of
from scenarios.kerbside.ref import KerbsideRef
from scenarios.read.address import comparable
from scenarios.read.context import Context, note_default, table
from scenarios.read.rows import Rows
from scenarios.read.words import closest
from scenarios.scenario import Scenario

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
SPACING_M = 10.0  # what a row says of a whole street is spread over places so far apart
HOUSE_REACH_M = 100.0  # a house farther from the street of its address is not on it
PIECE = re.compile(r"(\d+)(?::(\d+)-(\d+))?")
SIDE = {"left": -1, "right": 1, "both": IN_ONE_PASS}


def listed(
    context: Context, ref: KerbsideRef, network: StreetNetwork, features: MapFeatures | None
) -> tuple[Doors | None, Rows | None]:
    """Read the table of kerbside streets; faults go into the context's findings."""
    rows = table(context, "kerbside", stands_in={"stream": ref.stream})
    if rows is None:
        return None, None
    amounts = _amounts(rows, context.scenario, ref, context)
    row, segment = _streets(rows, network)
    for k in sorted(set(rows.good()) - set(row.tolist())):
        _unknown(rows, k, network)
    kept = np.isin(row, np.array(rows.good(), np.int64))
    numbered = np.array([_numbered(rows, k) for k in range(len(rows))], bool)
    whole, part = kept & ~numbered[row], kept & numbered[row]
    found = [
        _along(rows, network, row[whole], segment[whole]),
        _houses(rows, network, features, row[part], segment[part]),
    ]
    for k in sorted(set(row[part].tolist()) - set(found[1].row.tolist())):
        span = f"{rows.values['from_house'][k]} to {rows.values['to_house'][k]}"
        cause = f"the map has no house from number {span} there"
        rows.refuse(k, "from_house", "kerbside-houses", cause, "leave the numbers out, or add the addresses to the map")
    places = together([_doors(place, amounts, rows, context.scenario) for place in found])
    return places.take(np.isin(places.row, np.array(rows.good(), np.int64))), rows


class _Places(NamedTuple):
    """Places along streets with their share of what the row says."""

    row: Ints
    segment: Ints
    along_m: Floats
    side: Ints
    share: Floats


class _Amounts(NamedTuple):
    """What each row says of a day."""

    kg: Floats
    people: Floats
    households: Floats
    bins: Floats
    guessed: NDArray[np.bool_]  # the kilograms are


def _amounts(rows: Rows, scenario: Scenario, ref: KerbsideRef, context: Context) -> _Amounts:
    """Return kilograms, people and households of each row; what is not given is worked out from what is."""
    kg, people, households, bins = (
        np.array([np.nan if value is None else value for value in rows.values[name]], np.float64)
        for name in ("kg_per_day", "people", "households", "bins")
    )
    size = lookup("household-size", scenario.country).value
    bare = np.isnan(kg) & np.isnan(people) & np.isnan(households)
    for k in np.flatnonzero(bare).tolist():
        if k not in rows.bad:
            rows.refuse(k, "kg_per_day", "missing", "no amount is given", "write kilograms, people or households")
    people = np.where(np.isnan(people), households * size, people)
    kg_known = ~np.isnan(kg)
    if (guessed := int((~kg_known & ~bare).sum())) > 0:
        note_default(rows, ("kg-per-person-day",), guessed, "kg_per_day", context)
    kg = np.where(kg_known, kg, people * rate_of(scenario, ref))
    people = np.where(np.isnan(people), kg / rate_of(scenario, ref), people)
    households = np.where(np.isnan(households), people / size, households)
    kg, people, households, bins = (np.nan_to_num(values) for values in (kg, people, households, bins))
    return _Amounts(kg=kg, people=people, households=households, bins=bins, guessed=~kg_known)


def _streets(rows: Rows, network: StreetNetwork) -> tuple[Ints, Ints]:
    """Return pairs of rows and the segments they name."""
    fit = np.flatnonzero(stopping(network))
    codes = {name: k for k, name in enumerate(dict.fromkeys(comparable(name) for name in network.name.values))}
    own = np.array([codes[comparable(name)] if name else -1 for name in network.name.values])[network.name.codes]
    written = [str(value or "").strip() for value in rows.values["street"]]
    pieces = [PIECE.fullmatch(text) for text in written]
    called = [comparable(text) if piece is None else "" for text, piece in zip(written, pieces, strict=True)]
    name = np.array([codes.get(text, -2) if text else -2 for text in called])
    way = np.array([int(piece[1]) if piece else -2 for piece in pieces], np.int64)
    row_a, segment_a = _pairs(name, own[fit])
    row_b, segment_b = _pairs(way, network.way_id[fit])
    row, segment = np.concatenate([row_a, row_b]), fit[np.concatenate([segment_a, segment_b])]
    nodes = np.array([[int(p[2]), int(p[3])] if p and p[2] else [-1, -1] for p in pieces], np.int64).reshape(-1, 2)
    ends = np.sort(np.stack([network.junction_id[network.tail], network.junction_id[network.head]], axis=-1), axis=1)
    right = (nodes[row, 0] < 0) | (ends[segment] == np.sort(nodes, axis=1)[row]).all(axis=1)
    order = np.lexsort((segment[right], row[right]))
    return row[right][order], segment[right][order]


def _pairs(wanted: Ints, known: Ints) -> tuple[Ints, Ints]:
    """Return every pair of positions with the same number; negative ones have no partner."""
    order = np.argsort(known, kind="stable")
    low, high = (np.searchsorted(known[order], wanted, side=side) for side in ("left", "right"))
    count = np.where(wanted >= 0, high - low, 0)
    first = np.repeat(np.arange(len(wanted)), count)
    return first, order[np.repeat(low - np.cumsum(count) + count, count) + np.arange(len(first))]


def _unknown(rows: Rows, k: int, network: StreetNetwork) -> None:
    written = str(rows.values["street"][k] or "")
    likely = closest(written, [name for name in network.name.values if name])
    action = f"did you mean {likely!r}?" if likely else "write the name as the map has it, or the number of its way"
    rows.refuse(k, "street", "kerbside-street-unknown", f"the map has no street {written!r} to stop in", action)


def _numbered(rows: Rows, k: int) -> bool:
    return rows.values["from_house"][k] is not None or rows.values["to_house"][k] is not None


def _along(rows: Rows, network: StreetNetwork, row: Ints, segment: Ints) -> _Places:
    """Spread what a row says along the whole of its streets, by length."""
    count = np.maximum(1, np.round(network.length_m[segment] / SPACING_M)).astype(np.int64)
    owner = np.repeat(np.arange(len(row)), count)
    nth = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    step = network.length_m[segment[owner]] / count[owner]
    total = np.bincount(row, network.length_m[segment], minlength=len(rows))
    share = step / np.maximum(total[row[owner]], 1e-9)
    return _sided(rows, row[owner], segment[owner], (nth + 0.5) * step, share)


def _sided(rows: Rows, row: Ints, segment: Ints, along: Floats, share: Floats) -> _Places:
    """Give each place the side its row names; both sides, half each, where it names none."""
    named = np.array([SIDE.get(value or "", 9) for value in rows.values["side"]])[row]
    each = named == 9
    first = np.where(each, -1, named)
    again = np.flatnonzero(each)
    return _Places(
        row=np.concatenate([row, row[again]]),
        segment=np.concatenate([segment, segment[again]]),
        along_m=np.concatenate([along, along[again]]),
        side=np.concatenate([first, np.ones(len(again), np.int64)]),
        share=np.concatenate([np.where(each, share / 2, share), share[again] / 2]),
    )


def _houses(rows: Rows, network: StreetNetwork, features: MapFeatures | None, row: Ints, segment: Ints) -> _Places:
    """Give what a row says to the houses between its numbers, in equal shares."""
    no, none = np.zeros(0, np.int64), np.zeros(0)
    nothing = _Places(row=no, segment=no, along_m=none, side=no, share=none)
    if features is None or not len(row):
        return nothing
    houses = features.addresses
    number = np.array([_leading(text) for text in houses.housenumber.values])[houses.housenumber.codes]
    wanted = sorted(set(row.tolist()))
    of_row = {k: comparable(network.name.values[network.name.codes[segment[row == k][0]]]) for k in wanted}
    street = [comparable(name) for name in houses.street.values]
    found = []
    for k in wanted:  # a list has few rows with house numbers
        low = rows.values["from_house"][k] or 0
        high = rows.values["to_house"][k] or 10**9
        same = np.array([name == of_row[k] and bool(name) for name in street])[houses.street.codes]
        at = np.flatnonzero(same & (number >= min(low, high)) & (number <= max(low, high)))
        found.append(_fronting(rows, network, features, k, segment[row == k], at))
    return _Places(*(np.concatenate(parts) for parts in zip(*found, strict=True)))


def _fronting(rows: Rows, network: StreetNetwork, features: MapFeatures, k: int, segments: Ints, at: Ints) -> _Places:
    chosen = np.zeros(network.segments, bool)
    chosen[segments] = True
    houses = features.addresses
    none = TagColumn(codes=np.zeros(len(at), np.int32), values=("",))
    place = fronts(
        network, chosen, houses.lon[at], houses.lat[at], none, limit_m=HOUSE_REACH_M, named_limit_m=HOUSE_REACH_M
    )
    on = place.segment >= 0
    side = SIDE.get(rows.values["side"][k] or "", 9)
    own = np.where(place.side == 0, 1, place.side)[on].astype(np.int64)
    return _Places(
        row=np.full(on.sum(), k),
        segment=place.segment[on].astype(np.int64),
        along_m=place.along_m[on],
        side=own if side == 9 else np.full(on.sum(), side),
        share=np.full(on.sum(), 1.0 / max(on.sum(), 1)),
    )


def _leading(text: str) -> int:
    digits = re.match(r"\s*(\d{1,6})", text)
    return int(digits[1]) if digits else -1


def _doors(place: _Places, amounts: _Amounts, rows: Rows, scenario: Scenario) -> Doors:
    ids: Sequence[str] = [stream.id for stream in scenario.streams]
    stream = np.array([ids.index(value) if value in ids else 0 for value in rows.values["stream"]], np.int64)
    own = amounts.bins == 0
    return Doors(
        segment=place.segment,
        along_m=place.along_m,
        side=place.side,
        stream=stream[place.row],
        kg_per_day=amounts.kg[place.row] * place.share,
        people=amounts.people[place.row] * place.share,
        households=amounts.households[place.row] * place.share,
        doors=(amounts.households * own)[place.row] * place.share,
        bins=amounts.bins[place.row] * place.share,
        row=place.row,
        estimated=amounts.guessed[place.row],
    )
