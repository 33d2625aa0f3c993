"""A street network as a picture: classes of street by colour and width, one-ways, barriers, forbidden turns.

What is drawn is worked out here, in pixels; :mod:`network.paint` writes it as SVG or PNG.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from faults import Fault, InputError
from network.directions import signed
from network.keys import TURNING
from network.paint import Lines, Marks, Picture, Words, png, svg
from network.plane import to_plane, true_metres
from network.streets import StreetNetwork

Floats = NDArray[np.float64]

INK, PALE = "#333333", "#8a8a8a"
MARGIN, LEGEND, ROW = 20.0, 250.0, 20.0  # pixels
GRID = 0.5  # pixels: points nearer than that are one
ARROW = 45.0  # pixels of a street that has room for an arrow

STYLES: Mapping[str, tuple[str, float, tuple[str, ...]]] = MappingProxyType(
    {
        "path, steps": (
            "#b9a38a",
            0.7,
            ("path", "footway", "steps", "pedestrian", "cycleway", "bridleway", "corridor"),
        ),
        "track": ("#a08252", 0.8, ("track",)),
        "service": ("#9c9c9c", 0.9, ("service", "road")),
        "residential": ("#4d4d4d", 1.2, ("residential", "living_street", "unclassified")),
        "tertiary": ("#2b7bba", 1.8, ("tertiary", "tertiary_link")),
        "secondary": ("#e0a100", 2.4, ("secondary", "secondary_link")),
        "primary": ("#d55e00", 3.0, ("primary", "primary_link")),
        "motorway, trunk": ("#a3144b", 3.6, ("motorway", "motorway_link", "trunk", "trunk_link")),
    }
)
"""Name in the legend -> colour, width in pixels, classes; drawn in this order, told apart by width as well."""

BARRIER, FORBIDDEN, SIGNALS, TURN, ONE_WAY = "barrier", "forbidden turn", "signals", "room to turn", "one-way"


def draw(network: StreetNetwork, path: Path, *, width: int = 1400) -> None:
    """Draw a network into a file, ``.svg`` or ``.png``.

    Raises
    ------
    InputError
        ``drawing-format``: the name of the file ends in something else. ``drawing-not-written``: there is no such
        folder.
    """
    check_target(path)
    made = picture(network, width=width)
    if path.suffix.lower() == ".svg":
        path.write_text(svg(made), encoding="utf-8")
    else:
        path.write_bytes(png(made))


def check_target(path: Path) -> None:
    """Refuse a file that is neither ``.svg`` nor ``.png``, or whose folder is not there.

    Raises
    ------
    InputError
        ``drawing-format``, ``drawing-not-written``.
    """
    if not path.parent.is_dir() or path.is_dir():
        raise InputError(
            Fault(
                code="drawing-not-written",
                place=str(path),
                cause="it is a folder" if path.is_dir() else f"there is no folder {path.parent}",
                action="name a file in a folder that exists",
            )
        )
    if path.suffix.lower() not in {".svg", ".png"}:
        raise InputError(
            Fault(
                code="drawing-format",
                place=str(path),
                cause="a picture is drawn as .svg or .png",
                action="give the file one of these endings",
            )
        )


def picture(network: StreetNetwork, *, width: int = 1400) -> Picture:
    """Return the drawing of a network, ``width`` pixels wide with its legend."""
    frame = _Frame(network, width)
    lines = tuple(_streets(network, frame))
    marks = (*_one_ways(network, frame), *_marks(network, frame))
    height = max(frame.height, 2 * MARGIN + ROW * (len(lines) + len(marks) + 8))
    words = tuple(_words(network, frame, height))
    return Picture(
        width=width,
        height=int(np.ceil(height)),
        lines=(*lines, *_keys(lines, frame), frame.bar(height)),
        marks=(*marks, *_samples(marks, lines, frame)),
        words=(*words, *_names(network, lines, marks, frame)),
    )


class _Frame:
    """From degrees to pixels: north is up."""

    def __init__(self, network: StreetNetwork, width: int) -> None:
        west, south, east, north = network.box
        self.lat = (south + north) / 2
        corners = to_plane(np.array([west, east]), np.array([south, north]), self.lat)
        across, along = np.maximum(corners[1] - corners[0], 1.0)
        room = width - LEGEND - 2 * MARGIN
        self.scale = min(room / across, 1.6 * room / along)
        self.left, self.top = corners[0, 0], corners[1, 1]
        self.right = MARGIN + room  # where the legend begins
        self.height = along * self.scale + 2 * MARGIN

    def xy(self, lon: Floats, lat: Floats) -> Floats:
        """Return x, y rows in pixels."""
        plane = to_plane(lon, lat, self.lat)
        pixels: Floats = (plane - [self.left, self.top]) * [self.scale, -self.scale] + MARGIN
        return pixels

    def metres(self) -> float:
        """Return a round number of metres for the bar of scale."""
        most = 150.0 / self.scale
        power = 10.0 ** np.floor(np.log10(most))
        return float(max(step * power for step in (1, 2, 5) if step * power <= most))

    def bar(self, height: float) -> Lines:
        """Return the bar of scale."""
        length = self.metres() * self.scale * float(true_metres(np.array([self.lat]), self.lat)[0])
        x, y = self.right + MARGIN, height - MARGIN - 2 * ROW
        points = np.array([(x, y - 4), (x, y), (x + length, y), (x + length, y - 4)])
        return Lines(colour=INK, width=1.5, points=points, start=np.array([0, 4]))


def _streets(network: StreetNetwork, frame: _Frame) -> Iterator[Lines]:
    """Give the streets of each style, thinned to what can be seen."""
    points = frame.xy(network.shape_lon, network.shape_lat)
    segment = np.repeat(np.arange(network.segments), np.diff(network.shape_start))
    cell = np.round(points / GRID).astype(np.int64)
    new = np.ones(len(points), bool)
    new[1:] = (segment[1:] != segment[:-1]) | (cell[1:] != cell[:-1]).any(axis=1)
    highway = network.tag("highway")
    for colour, width, classes in STYLES.values():
        kept = new & highway.isin(set(classes))[segment]
        sizes = np.bincount(segment[kept], minlength=network.segments)
        kept &= (sizes > 1)[segment]
        start = np.concatenate([[0], np.cumsum(sizes[sizes > 1])])
        yield Lines(colour=colour, width=width, points=(cell[kept] * GRID).astype(np.float64), start=start)


def _one_ways(network: StreetNetwork, frame: _Frame) -> Iterator[Marks]:
    """Give arrows in the middle of one-way streets that have room for one."""
    along, against = signed(network)
    xy = frame.xy(network.shape_lon, network.shape_lat)
    step = np.hypot(*np.diff(xy, axis=0).T)
    step[network.shape_start[1:-1] - 1] = 0  # from one segment to the next
    run = np.concatenate([[0.0], np.cumsum(step)])
    first, last = run[network.shape_start[:-1]], run[network.shape_start[1:] - 1]
    rows = np.flatnonzero((along != against) & (last - first > ARROW))
    middle = (first[rows] + last[rows]) / 2
    at = np.clip(np.searchsorted(run, middle, "right") - 1, 0, max(len(step) - 1, 0))
    share = (middle - run[at]) / np.maximum(step[at], 1e-9)
    here = xy[at] + (xy[at + 1] - xy[at]) * share[:, None] if len(rows) else np.zeros((0, 2))
    way = (xy[at + 1] - xy[at]) * np.where(along[rows], 1.0, -1.0)[:, None] if len(rows) else np.zeros((0, 2))
    yield Marks(name=ONE_WAY, shape="arrow", colour=INK, size=4.0, points=here, angle=np.arctan2(way[:, 1], way[:, 0]))


def _marks(network: StreetNetwork, frame: _Frame) -> Iterator[Marks]:
    """Give what stands at junctions."""
    rules = network.restrictions
    first = rules.path[rules.start[:-1]]
    via = np.where(first & 1, network.tail[first >> 1], network.head[first >> 1])
    highway = network.junction_tag("highway")
    xy = frame.xy(network.junction_lon, network.junction_lat)
    size = 3.0 if frame.scale > 0.05 else 2.2  # a town, or a region
    for name, shape, colour, rows in (
        (SIGNALS, "circle", "#009e73", np.flatnonzero(highway.isin({"traffic_signals"}))),
        (TURN, "ring", "#0072b2", np.flatnonzero(highway.isin(TURNING))),
        (BARRIER, "square", "#7b3294", np.flatnonzero(network.junction_tag("barrier").codes)),
        (FORBIDDEN, "cross", "#d40000", np.unique(via)),
    ):
        yield Marks(name=name, shape=shape, colour=colour, size=size, points=xy[rows], angle=np.zeros(len(rows)))


def _row(frame: _Frame, row: int) -> tuple[float, float]:
    """Return where a row of the legend begins."""
    return frame.right + MARGIN, MARGIN + ROW * (row + 4)


def _keys(lines: tuple[Lines, ...], frame: _Frame) -> Iterator[Lines]:
    """Give a sample of each style for the legend, the widest first."""
    for row, line in enumerate(reversed(lines)):
        x, y = _row(frame, row)
        yield Lines(
            colour=line.colour, width=line.width, points=np.array([(x, y), (x + 30, y)]), start=np.array([0, 2])
        )


def _samples(marks: tuple[Marks, ...], lines: tuple[Lines, ...], frame: _Frame) -> Iterator[Marks]:
    """Give a sample of each mark for the legend."""
    for row, mark in enumerate(marks, len(lines)):
        x, y = _row(frame, row)
        yield Marks(
            name="",
            shape=mark.shape,
            colour=mark.colour,
            size=4.0,
            points=np.array([(x + 15, y)]),
            angle=np.zeros(1),
        )


def _names(
    network: StreetNetwork, lines: tuple[Lines, ...], marks: tuple[Marks, ...], frame: _Frame
) -> Iterator[Words]:
    """Give the words of the legend, with kilometres and numbers."""
    highway = network.tag("highway")
    for row, (name, (_, _, classes)) in enumerate(reversed(list(STYLES.items()))):
        x, y = _row(frame, row)
        km = float(network.length_m[highway.isin(set(classes))].sum()) / 1000
        yield Words(x=x + 40, y=y + 4, size=13, colour=INK, text=f"{name}: {km:,.1f} km")
    for row, mark in enumerate(marks, len(lines)):
        x, y = _row(frame, row)
        shown = f"{mark.name}: {len(mark.points):,}" if mark.name != ONE_WAY else "one-way, where there is room"
        yield Words(x=x + 40, y=y + 4, size=13, colour=INK, text=shown)


def _words(network: StreetNetwork, frame: _Frame, height: float) -> Iterator[Words]:
    """Give title, scale and attribution."""
    x = frame.right + MARGIN
    km = float(network.length_m.sum()) / 1000
    yield Words(x=x, y=MARGIN + 14, size=16, colour=INK, text=(network.source or "Street network")[:30])
    counts = f"{network.junctions:,} junctions, {network.segments:,} segments"
    yield Words(x=x, y=MARGIN + 34, size=12, colour=PALE, text=counts)
    side = "left" if network.left_hand else "right"
    yield Words(x=x, y=MARGIN + 52, size=12, colour=PALE, text=f"{km:,.1f} km; traffic keeps {side}")
    metres = frame.metres()
    bar = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
    yield Words(x=x, y=height - MARGIN - 1.2 * ROW, size=12, colour=INK, text=f"{bar}; north is up")
    stamp = f"{network.attribution} {network.date}".strip()
    yield Words(x=x, y=height - MARGIN, size=11, colour=PALE, text=stamp[:44])
