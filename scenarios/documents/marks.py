"""Signs on a map: stops, depots, unloading sites, hubs, names, scale bar, legend. Never by colour alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from scenarios.documents.document import clean
from scenarios.documents.frame import Floats, Frame, scale_bar_m
from scenarios.documents.numbers import number

# Eight hues that people with any common colour vision keep apart, each at least 4.5:1 on white (after Okabe and Ito,
# "Color Universal Design", 2008, darkened); from the ninth vehicle on the line is dashed as well.
PALETTE = ("#0067a5", "#c1440e", "#00755a", "#a33c86", "#7a5c00", "#4b3fa6", "#00798c", "#8c2d3f")
DASHES = ("", "70 26", "24 22")
INK, MUTED, LEFT_OUT, HUB = "#1d2a2f", "#5a686e", "#b3261e", "#1b7a3d"
LONG_NAME, SHORT_NAME = 46, 24  # letters of a name on a map: as much as there is room for
LETTER = 0.56  # mean width of a letter as a share of the font size, for the system's sans-serif faces


def vehicle_colour(position: int) -> str:
    """Return the colour of the n-th vehicle of the fleet."""
    return PALETTE[position % len(PALETTE)]


def vehicle_dash(position: int) -> str:
    """Return the dashes of the n-th vehicle, in tenths of a point; empty for a full line."""
    return DASHES[position // len(PALETTE) % len(DASHES)]


def depot_mark(x: float, y: float) -> Markup:
    """Draw a depot: a house in a dark square."""
    return Markup(
        '<g transform="translate({:.1f} {:.1f})"><rect x="-8" y="-8" width="16" height="16" rx="3" fill="{}"'
        ' stroke="#fff" stroke-width="1.5"/><path d="M-4.6 .4 0-4.4 4.6 .4M-3 0V4.2H3V0" fill="none" stroke="#fff"'
        ' stroke-width="1.5" stroke-linejoin="round" stroke-linecap="round"/></g>'
    ).format(x, y, INK)


def facility_mark(x: float, y: float) -> Markup:
    """Draw an unloading site: an arrow down into a tray, in a dark disc."""
    return Markup(
        '<g transform="translate({:.1f} {:.1f})"><circle r="9" fill="{}" stroke="#fff" stroke-width="1.5"/>'
        '<path d="M0-5V1.6M-2.7-1 0 1.7 2.7-1M-4.6 1.2V4.2H4.6V1.2" fill="none" stroke="#fff" stroke-width="1.5"'
        ' stroke-linejoin="round" stroke-linecap="round"/></g>'
    ).format(x, y, INK)


def hub_mark(x: float, y: float, *, chosen: bool = True) -> Markup:
    """Draw a recycling hub: a green hexagon; hollow and grey when the candidate was not chosen."""
    fill, stroke, radius = (HUB, "#fff", 9.5) if chosen else ("#fff", MUTED, 5.5)
    corners = " ".join(f"{radius * np.sin(turn):.1f},{-radius * np.cos(turn):.1f}" for turn in np.arange(6) * np.pi / 3)
    core = Markup('<circle r="3" fill="#fff"/>') if chosen else Markup("")
    return Markup(
        '<g transform="translate({:.1f} {:.1f})"><polygon points="{}" fill="{}" stroke="{}" stroke-width="1.5"/>{}</g>'
    ).format(x, y, corners, fill, stroke, core)


def left_out_mark(x: float, y: float) -> Markup:
    """Draw a stop that is left out: a red cross with a white edge."""
    cross = "M-4.2-4.2 4.2 4.2M4.2-4.2-4.2 4.2"
    return Markup(
        '<g transform="translate({:.1f} {:.1f})" fill="none" stroke-linecap="round">'
        '<path d="{}" stroke="#fff" stroke-width="5"/><path d="{}" stroke="{}" stroke-width="2.4"/></g>'
    ).format(x, y, cross, cross, LEFT_OUT)


def stop_mark(x: float, y: float, colour: str, label: str = "", *, radius: float = 2.7) -> Markup:
    """Draw a stop: a white disc with its number, or a small dot when it has none."""
    if not label:
        return Markup('<circle cx="{:.1f}" cy="{:.1f}" r="{}" fill="{}" stroke="#fff" stroke-width=".7"/>').format(
            x, y, radius, colour
        )
    size = 9.0 if len(label) < 3 else 7.4
    return Markup(
        '<g transform="translate({:.1f} {:.1f})"><circle r="7.6" fill="#fff" stroke="{}" stroke-width="2"/>'
        '<text y="{:.1f}" text-anchor="middle" font-size="{}" font-weight="600" fill="{}">{}</text></g>'
    ).format(x, y, colour, size * 0.36, size, INK, label)


def dot_mark(x: float, y: float) -> Markup:
    """Draw a collection point that is only shown, not planned on this map."""
    return Markup('<circle cx="{:.1f}" cy="{:.1f}" r="2.4" fill="{}" stroke="#fff" stroke-width=".8"/>').format(
        x, y, MUTED
    )


class Labels:
    """Names beside signs, each where it covers nothing that is already there; ``taken`` has a box a row, x and y."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self._boxes = np.empty((64, 4))
        self._count = 0

    @property
    def taken(self) -> Floats:
        """Boxes that are taken: left, top, right, bottom."""
        return self._boxes[: self._count]

    def keep_clear(self, x: float, y: float, radius: float) -> None:
        """Reserve the room of a sign."""
        self._take(np.array([[x - radius, y - radius, x + radius, y + radius]]))

    def place(self, x: float, y: float, text: str, *, gap: float = 11.0, size: float = 10.5) -> Markup:
        """Write a name beside, above or below a point; left out when there is no room at all."""
        found = (self._name(x, y, shorten(text, most), gap, size) for most in (LONG_NAME, SHORT_NAME))
        return next(filter(None, found), Markup(""))

    def _name(self, x: float, y: float, text: str, gap: float, size: float) -> Markup:
        wide, high = len(text) * LETTER * size, size
        for anchor, dx, dy, left in (
            ("start", gap, high * 0.35, 0.0),
            ("end", -gap, high * 0.35, -wide),
            ("middle", 0.0, -gap - 2, -wide / 2),
            ("middle", 0.0, gap + high * 0.8, -wide / 2),
            ("end", gap, -gap - 2, -wide),
            ("end", gap, gap + high * 0.8, -wide),
            ("start", -gap, -gap - 2, 0.0),
            ("start", -gap, gap + high * 0.8, 0.0),
        ):
            box = np.array([[x + dx + left, y + dy - high * 0.8, x + dx + left + wide, y + dy + high * 0.25]])
            if self._reserve(box):
                return Markup(
                    '<text x="{:.1f}" y="{:.1f}" text-anchor="{}" font-size="{}" font-weight="600" fill="{}"'
                    ' stroke="#fff" stroke-width="3" stroke-linejoin="round" paint-order="stroke">{}</text>'
                ).format(x + dx, y + dy, anchor, size, INK, text)
        return Markup("")

    def reserve_turned(self, x: float, y: float, wide: float, high: float, turn: float) -> bool:
        """Reserve room for a line of text turned about its middle; false if something stands there already."""
        angle = np.radians(turn)
        along = np.linspace(-wide / 2, wide / 2, max(2, int(wide / high) + 1))
        middle_x, middle_y = x + along * np.cos(angle), y + along * np.sin(angle)
        half = high / 2
        return self._reserve(np.column_stack([middle_x - half, middle_y - half, middle_x + half, middle_y + half]))

    def _reserve(self, boxes: Floats) -> bool:
        far = self.frame.width - 2, self.frame.height - 2
        if boxes[:, :2].min() < 2 or boxes[:, 2].max() > far[0] or boxes[:, 3].max() > far[1]:
            return False
        mine, there = boxes[:, None, :], self.taken[None, :, :]
        apart = (mine[..., :2] >= there[..., 2:]) | (there[..., :2] >= mine[..., 2:])
        if not apart.any(axis=-1).all():
            return False
        self._take(boxes)
        return True

    def _take(self, boxes: Floats) -> None:
        while self._count + len(boxes) > len(self._boxes):
            self._boxes = np.concatenate([self._boxes, np.empty_like(self._boxes)])
        self._boxes[self._count : self._count + len(boxes)] = boxes
        self._count += len(boxes)


def shorten(text: str, most: int) -> str:
    """Return text of at most so many letters, with an ellipsis where it was cut."""
    text = clean(text)
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}\u2026"


def scale_bar(frame: Frame) -> Markup:
    """Draw a scale bar in the lower left corner."""
    metres = scale_bar_m(frame)
    long = metres / frame.metres_per_point
    text = f"{number(metres / 1000)} km" if metres >= 1000 else f"{number(metres)} m"
    return Markup(
        '<g transform="translate(12 {:.0f})"><rect x="-6" y="-17" width="{:.1f}" height="24" rx="3" fill="#fff"'
        ' fill-opacity=".85"/><path d="M0-4V0H{:.1f}V-4" fill="none" stroke="{}" stroke-width="1.4"/>'
        '<text x="{:.1f}" y="-6" text-anchor="middle" font-size="9.5" fill="{}">{}</text></g>'
    ).format(frame.height - 10, long + 12, long, INK, long / 2, INK, text)


def north_arrow(frame: Frame, letter: str) -> Markup:
    """Draw where north is, in the upper right corner."""
    return Markup(
        '<g transform="translate({:.0f} 22)"><circle r="15" fill="#fff" fill-opacity=".85"/>'
        '<path d="M0-11 4.4 4 0 1.4-4.4 4Z" fill="{}"/>'
        '<text y="13" text-anchor="middle" font-size="8.5" font-weight="600" fill="{}">{}</text></g>'
    ).format(frame.width - 22, INK, INK, letter)


def credit(frame: Frame, attribution: str) -> Markup:
    """Write whose map data this is, in the lower right corner."""
    text = shorten(attribution, 90)
    wide = len(text) * LETTER * 9 + 10
    return Markup(
        '<g transform="translate({:.0f} {:.0f})"><rect x="{:.0f}" y="-12" width="{:.0f}" height="17" fill="#fff"'
        ' fill-opacity=".85"/><text text-anchor="end" font-size="9" fill="{}">{}</text></g>'
    ).format(frame.width - 6, frame.height - 5, 5 - wide, wide, INK, text)


@dataclass(frozen=True, slots=True, kw_only=True)
class LegendItem:
    """A sign and what it means; the sign is drawn about (0, 0) and is at most 24 points wide."""

    sign: Markup
    text: str


LEGEND_ROW = 19.0


def legend(items: Sequence[LegendItem], *, width: float, top: float) -> tuple[Markup, float]:
    """Draw a legend below a map; return it with its height in points."""
    longest = max((len(item.text) for item in items), default=0)
    columns = max(1, min(4, int(width // (longest * LETTER * 10.5 + 44))))
    cell = width / columns
    rows = -(-len(items) // columns)
    drawn = [
        Markup('<g transform="translate({:.1f} {:.1f})">{}<text x="18" y="3.6" font-size="11" fill="{}">{}</text></g>')
        .format(16 + cell * (k // rows), top + LEGEND_ROW * (k % rows + 0.8), item.sign, INK,
                shorten(item.text, int((cell - 36) / (LETTER * 10.5))))
        for k, item in enumerate(items)
    ]  # fmt: skip
    return Markup("").join(drawn), rows * LEGEND_ROW + 8
