"""What a network holds: for a planner to see before trusting it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from network.component import component
from network.profiles import PROFILES
from network.streets import Box, LoadReport, StreetNetwork
from network.tags import usable

UNKNOWN_KEYS = ("surface", "width", "maxspeed")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileShare:
    """What one profile may use.

    ``connected`` is the share (0 to 1) of its usable metres in its largest strongly connected part; ``serve_only_km``
    it may enter to serve only. ``unknown_km`` are usable kilometres without the tag.
    """

    id: str
    name: str
    usable_km: float
    serve_only_km: float
    connected: float
    unknown_km: dict[str, float]


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
    yield from _report(about.report)


def _report(report: LoadReport) -> Iterator[str]:
    """Give the lines on what was read and left out."""
    yield f"{report.ways_read:,} ways read"
    for reason, count in report.left_out.items():
        yield f"  left out, {reason}: {count:,}"
    yield f"  parts cut off from the rest: {report.islands:,} with {report.islands_m / 1000:,.1f} km"
    yield f"  streets cut at the border of the area: {report.clipped_ends:,}; nodes missing: {report.missing_nodes:,}"
    for note in report.notes:
        yield f"  note: {note}"
