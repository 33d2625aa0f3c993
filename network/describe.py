"""What a network holds: for a planner to see before trusting it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from network.component import component
from network.profiles import PROFILES
from network.restrictions import Restrictions
from network.soft import ASSUMPTIONS, assumed, kilometres
from network.streets import Box, LoadReport, StreetNetwork, TagColumn
from network.tags import usable
from network.unknown import unknown_values

UNKNOWN_KEYS = ("surface", "width", "maxspeed")
MOST_LINES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileShare:
    """What one profile may use.

    ``connected`` is the share (0 to 1) of its usable metres in its largest strongly connected part; ``serve_only_km``
    it may enter to serve only. ``unknown_km`` are usable kilometres without the tag; ``assumed_km`` those of which
    something is assumed, by codes of :data:`network.soft.ASSUMPTIONS`.
    """

    id: str
    name: str
    usable_km: float
    serve_only_km: float
    connected: float
    unknown_km: dict[str, float]
    assumed_km: dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Turn restrictions that are kept: paths by rule, those over other streets, at certain hours, for some vehicles."""

    by_kind: dict[str, int]
    along_streets: int
    conditional: int
    for_some: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """Sizes of a network; kilometres count each street once, whatever its directions."""

    source: str
    date: str
    licence: str
    attribution: str
    sha256: str
    box: Box
    junctions: int
    segments: int
    km: float
    km_by_class: dict[str, float]
    profiles: tuple[ProfileShare, ...]
    report: LoadReport
    left_hand: bool
    restrictions: Rules
    barriers: dict[str, int]  # junctions by kind of barrier
    places: dict[str, int]  # junctions with signals, room to turn, fords
    unknown_values: dict[str, float]  # "key=value" that no rule understands -> kilometres

    def __str__(self) -> str:
        """Read as a page of plain text."""
        return "\n".join(_lines(self))


def describe(network: StreetNetwork) -> Description:
    """Return what the network holds."""
    km = network.length_m / 1000
    highway = network.tag("highway")
    by_class = np.bincount(highway.codes, weights=km, minlength=len(highway.values))
    order = np.argsort(-by_class, kind="stable")
    return Description(
        source=network.source,
        date=network.date,
        licence=network.licence,
        attribution=network.attribution,
        sha256=network.sha256,
        box=network.box,
        junctions=network.junctions,
        segments=network.segments,
        km=float(km.sum()),
        km_by_class={highway.values[k] or "no class": float(by_class[k]) for k in order if by_class[k] > 0},
        profiles=tuple(_profile(network, km, id) for id in PROFILES),  # noqa: A001 - the field is called id
        report=network.report,
        left_hand=network.left_hand,
        restrictions=_rules(network.restrictions),
        barriers=_counted(network.junction_tag("barrier")),
        places=_counted(network.junction_tag("highway")) | _fords(network),
        unknown_values=unknown_values(network),
    )


def _counted(column: TagColumn) -> dict[str, int]:
    """Return how often each value occurs, the most frequent first."""
    count = np.bincount(column.codes, minlength=len(column.values))
    count[0] = 0
    return {column.values[k]: int(count[k]) for k in np.argsort(-count, kind="stable").tolist() if count[k]}


def _fords(network: StreetNetwork) -> dict[str, int]:
    count = int((network.junction_tag("ford").codes > 0).sum())
    return {"ford": count} if count else {}


def _rules(restrictions: Restrictions) -> Rules:
    return Rules(
        by_kind=_counted(restrictions.kind),
        along_streets=int((np.diff(restrictions.start) > 2).sum()),
        conditional=int((restrictions.when.codes > 0).sum()),
        for_some=int((~restrictions.key.isin({"restriction"})).sum()),
    )


def _profile(network: StreetNetwork, km: NDArray[np.float64], id: str) -> ProfileShare:  # noqa: A002
    """Return what one profile may use."""
    use = usable(network, PROFILES[id])
    may = use.forward | use.backward
    total = float(km[may].sum())
    return ProfileShare(
        id=id,
        name=PROFILES[id].name,
        usable_km=total,
        serve_only_km=float(km[may & use.serve_only].sum()),
        connected=float(km[component(network, use)].sum()) / total if total else 0.0,
        unknown_km={key: float(km[may & (network.tag(key).codes == 0)].sum()) for key in UNKNOWN_KEYS},
        assumed_km=kilometres(network, assumed(network, PROFILES[id])),
    )


def _lines(about: Description) -> Iterator[str]:
    """Give the lines of the page."""
    west, south, east, north = about.box
    yield f"{about.source or 'Network'}{f', {about.date}' if about.date else ''}"
    yield f"{about.attribution} ({about.licence})" if about.licence else about.attribution
    yield f"from {west:.4f}, {south:.4f} to {east:.4f}, {north:.4f} (longitude, latitude)"
    yield f"{about.junctions:,} junctions, {about.segments:,} segments, {about.km:,.1f} km of street"
    yield ""
    yield "Kilometres by class"
    for name, km in about.km_by_class.items():
        yield f"  {name:<18}{km:>10,.1f}"
    yield ""
    yield "                     usable  to serve  connected   not known, km:"
    yield f"  {'who goes':<14}{'km':>9}{'only, km':>10}{'%':>11}{''.join(f'{key:>12}' for key in UNKNOWN_KEYS)}"
    for who in about.profiles:
        unknown = "".join(f"{who.unknown_km[key]:>12,.1f}" for key in UNKNOWN_KEYS)
        yield (
            f"  {who.name:<14}{who.usable_km:>9,.1f}{who.serve_only_km:>10,.1f}{100 * who.connected:>11.1f}{unknown}"
        )
    yield ""
    yield from _assumptions(about.profiles)
    yield f"Traffic keeps to the {'left' if about.left_hand else 'right'}"
    yield from _turns(about)
    yield from _listed("At junctions", about.places)
    yield from _listed("Barriers", about.barriers)
    yield ""
    yield from _report(about.report)
    if about.unknown_values:
        yield f"  values that no rule understands{_of(about.unknown_values)}:"
    yield from _longest(about.unknown_values)


def _assumptions(profiles: Sequence[ProfileShare]) -> Iterator[str]:
    """Give the lines on what is assumed, by profile."""
    codes = [code for code in ASSUMPTIONS if any(code in who.assumed_km for who in profiles)]
    if not codes:
        return
    yield f"{'Assumed, km':<22}{''.join(f'{who.name:>15}' for who in profiles)}"
    for code in codes:
        yield f"  {code:<20}{''.join(f'{who.assumed_km.get(code, 0):>15,.1f}' for who in profiles)}"
    yield ""


def _turns(about: Description) -> Iterator[str]:
    """Give the lines on turn restrictions."""
    rules, counts = about.restrictions, about.report.restrictions
    yield from _listed("Turn restrictions", rules.by_kind)
    if rules.by_kind:
        yield (
            f"  over other streets: {rules.along_streets}; at certain times or sizes: {rules.conditional}; "
            f"for some vehicles only: {rules.for_some}"
        )
    for reason, count in counts.items():
        if reason != "kept":
            yield f"  left out, {reason}: {count:,}"


def _listed(title: str, counts: Mapping[str, int]) -> Iterator[str]:
    """Give a title with its total, and what it is made of in lines that fit the page."""
    yield f"{title}: {sum(counts.values()):,}"
    items = ", ".join(f"{name} {count:,}" for name, count in counts.items())
    yield from textwrap.wrap(items, 96, initial_indent="  ", subsequent_indent="  ")


def _of(things: Mapping[str, float]) -> str:
    return f", {MOST_LINES} of {len(things)}" if len(things) > MOST_LINES else ""


def _longest(km: Mapping[str, float]) -> Iterator[str]:
    """Give the first lines of what is listed by length."""
    for name, length in list(km.items())[:MOST_LINES]:
        yield f"    {name[:60]:<60}{length:>10,.1f} km"


def _report(report: LoadReport) -> Iterator[str]:
    """Give the lines on what was read and left out."""
    yield f"{report.ways_read:,} ways read"
    for reason, count in report.left_out.items():
        yield f"  left out, {reason}: {count:,}"
    yield f"  parts cut off from the rest: {report.islands:,} with {report.islands_m / 1000:,.1f} km"
    yield f"  streets cut at the border of the area: {report.clipped_ends:,}; nodes missing: {report.missing_nodes:,}"
    if report.unread_m:
        yield f"  tags of streets that are not read{_of(report.unread_m)}:"
    yield from _longest({key: metres / 1000 for key, metres in report.unread_m.items()})
    for note in report.notes:
        yield from textwrap.wrap(f"note: {note}", 96, initial_indent="  ", subsequent_indent="  ")
