"""What lies on the streets of a map: ways driven, stops, sites, walks to hubs, and what the legend says of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from scenarios.documents import marks
from scenarios.documents.frame import Floats, Frame
from scenarios.documents.itinerary import Itinerary
from scenarios.documents.lines import path_data, pieces
from scenarios.documents.marks import LegendItem
from scenarios.documents.numbers import km
from scenarios.documents.places import Place, Role
from scenarios.messages import say

ARROW_EVERY = 62.0  # points on paper between two arrowheads, more where many rounds share a map
NUMBERED_MOST = 150  # above this many stops on a map all are dots
CELL = 26.0  # of arrowheads one way, one is drawn in a square of this side
TIP, BACK, WING = 4.4, 2.6, 3.0  # shape of an arrowhead
APART = 15.5  # points between two numbered stops; nearer ones are dots
Ends = tuple[tuple[float, float], tuple[float, float]]


BESIDE = 17.0  # between the two signs of a site that is both


def xy(frame: Frame, place: Place) -> tuple[float, float]:
    """Return where a place is on paper."""
    x, y = frame.xy(place.lon, place.lat)
    return float(x), float(y)


def round_lines(rounds: Sequence[Itinerary], frame: Frame, *, width: float = 3.0, arrows: bool = True) -> list[Markup]:
    """Draw the ways of rounds on one white edge, with arrowheads beside them on the right of the direction.

    Where a few rounds share a street, lines below are wider, so that each shows beside the one on top.
    """
    wider = 2.4 if 1 < len(rounds) <= 4 else 0.0
    wides = [width + wider * above for above in reversed(range(len(rounds)))]
    ways = [(itinerary, _way_data(itinerary, frame)) for itinerary in reversed(rounds)]
    edges = [
        Markup('<path d="{}" stroke="#fff" stroke-width="{:.0f}" stroke-opacity=".9"/>').format(data, 10 * wide + 18)
        for (_, data), wide in zip(ways, wides, strict=True)
    ]
    lines = [
        Markup('<path d="{}" stroke="{}" stroke-width="{:.0f}" stroke-dasharray="{}"/>').format(
            data,
            marks.vehicle_colour(itinerary.position),
            10 * wide,
            marks.vehicle_dash(itinerary.position) or "none",
        )
        for (itinerary, data), wide in zip(ways, wides, strict=True)
    ]
    group = Markup('<g transform="scale(.1)" fill="none" stroke-linecap="round" stroke-linejoin="round">{}</g>')
    beside = 5.0 + width / 2
    every = ARROW_EVERY * max(1.0, len(rounds) / 4)
    heads = [_arrowheads(itinerary, frame, beside, every) for itinerary in rounds] if arrows else []
    return [group.format(Markup("").join([*edges, *lines])), *heads]


def _way_data(itinerary: Itinerary, frame: Frame) -> str:
    lines = [leg.whole for leg in itinerary.legs if len(leg.whole)]
    if not lines:
        return ""
    lonlat = np.concatenate(lines)
    counts = np.array([len(line) for line in lines], dtype=np.int64)
    return path_data(*frame.xy(lonlat[:, 0], lonlat[:, 1]), pieces(counts))


def _arrowheads(itinerary: Itinerary, frame: Frame, beside: float, every: float) -> Markup:
    """Draw arrowheads at even distances along the whole round, all in one path."""
    lines = [leg.whole for leg in itinerary.legs if len(leg.whole)]
    if not lines:
        return Markup("")
    lonlat = np.concatenate(lines)
    x, y = frame.xy(lonlat[:, 0], lonlat[:, 1])
    dx, dy = np.diff(x), np.diff(y)
    step = np.hypot(dx, dy)
    reach = np.concatenate([[0.0], np.cumsum(step)])
    at = np.arange(every / 2, reach[-1], every)
    if not len(at):
        return Markup("")
    piece = np.clip(np.searchsorted(reach, at, side="right") - 1, 0, len(step) - 1)
    along = at - reach[piece]
    ux, uy = dx[piece] / step[piece], dy[piece] / step[piece]
    px, py = x[piece] + along * ux - beside * uy, y[piece] + along * uy + beside * ux
    keep = _first_in_cells(px, py, ux, uy)
    px, py, ux, uy = px[keep], py[keep], ux[keep], uy[keep]
    corner_x = np.column_stack([px + TIP * ux, px - BACK * ux - WING * uy, px - BACK * ux + WING * uy])
    corner_y = np.column_stack([py + TIP * uy, py - BACK * uy + WING * ux, py - BACK * uy - WING * ux])
    corners = np.stack([corner_x, corner_y], axis=-1).reshape(-1, 6).round(1).tolist()
    data = "".join("M{:g} {:g}L{:g} {:g}L{:g} {:g}Z".format(*corner) for corner in corners)
    return Markup('<path d="{}" fill="{}" stroke="#fff" stroke-width=".8" paint-order="stroke"/>').format(
        data, marks.vehicle_colour(itinerary.position)
    )


def _first_in_cells(x: Floats, y: Floats, ux: Floats, uy: Floats) -> NDArray[np.intp]:
    """Choose one arrowhead of those that stand close together and point the same way."""
    octant = np.rint(np.arctan2(uy, ux) / (np.pi / 4)) % 8
    cells = np.column_stack([np.floor(x / CELL), np.floor(y / CELL), octant]).astype(np.int64)
    _, first = np.unique(cells, axis=0, return_index=True)
    return np.sort(first)


def stop_marks(rounds: Sequence[Itinerary], frame: Frame, labels: marks.Labels) -> list[Markup]:
    """Draw the stops: numbered where there is room, as dots elsewhere; the first and last of a round come first."""
    stops = [(i, place, step.number) for i in rounds for step in i.stops if (place := step.place) is not None]
    if not stops:
        return []
    numbered, radius = numbered_stops(rounds, frame), 2.7 if has_numbers(rounds) else 1.9
    dots, discs = [], []
    for itinerary, place, number in stops:
        x, y = xy(frame, place)
        colour = marks.vehicle_colour(itinerary.position)
        if (itinerary.position, number) in numbered:
            discs.append(marks.stop_mark(x, y, colour, str(number)))
            labels.keep_clear(x, y, 8)
        else:
            dots.append(marks.stop_mark(x, y, colour, radius=radius))
            labels.keep_clear(x, y, 2.5)
    return [*dots, *discs]


def has_numbers(rounds: Sequence[Itinerary]) -> bool:
    """Return whether a map of these rounds is calm enough to number its stops."""
    return sum(len(itinerary.stops) for itinerary in rounds) <= NUMBERED_MOST


def numbered_stops(rounds: Sequence[Itinerary], frame: Frame) -> set[tuple[int, int | None]]:
    """Choose the stops whose numbers do not cover each other, by vehicle and number; none on a crowded map."""
    if not has_numbers(rounds):
        return set()
    chosen: list[tuple[float, float]] = []
    keys: set[tuple[int, int | None]] = set()
    ends = [(i, step) for i in rounds for step in (*i.stops[:1], *i.stops[-1:])]
    inner = [(i, step) for i in rounds for step in i.stops[1:-1]]
    for itinerary, step in (*ends, *inner):
        if step.place is None:
            continue
        x, y = xy(frame, step.place)
        if all((x - a) ** 2 + (y - b) ** 2 >= APART**2 for a, b in chosen):
            chosen.append((x, y))
            keys.add((itinerary.position, step.number))
    return keys


def site_marks(sites: Sequence[Place], frame: Frame, labels: marks.Labels) -> list[Markup]:
    """Draw depots and unloading sites with their names; what is both has two signs and one name."""
    signs, named = [], dict[tuple[str, float, float], tuple[float, float]]()
    for place in sites:
        x, y = xy(frame, place)
        if (spot := (place.name, x, y)) in named:
            x += BESIDE
        named.setdefault(spot, (x, y))
        labels.keep_clear(x, y, 9)
        signs.append(marks.depot_mark(x, y) if place.role is Role.DEPOT else marks.facility_mark(x, y))
    return [*signs, *(labels.place(*at, name) for (name, *_), at in named.items())]


def walks(ends: Sequence[Ends], frame: Frame) -> Markup:
    """Draw who walks where as thin straight lines, with a dot at each home."""
    if not ends:
        return Markup("")
    lonlat = np.array(ends, dtype=np.float64).reshape(-1, 2)
    x, y = frame.xy(lonlat[:, 0], lonlat[:, 1])
    data = path_data(x, y, pieces(np.full(len(ends), 2)), tolerance=0.0)
    homes = _dots(x[::2], y[::2])
    return Markup(
        '<g transform="scale(.1)" fill="none" stroke="{0}" stroke-linecap="round"><path d="{1}" stroke-width="6"'
        ' stroke-opacity=".45"/><path d="{2}" stroke-width="44" stroke-opacity=".8"/></g>'
    ).format(marks.HUB, data, homes)


def homes_without(homes: Sequence[tuple[float, float]], frame: Frame) -> Markup:
    """Draw homes that no hub serves."""
    if not homes:
        return Markup("")
    lonlat = np.array(homes, dtype=np.float64)
    return Markup(
        '<g transform="scale(.1)"><path d="{}" fill="none" stroke="{}" stroke-width="44" stroke-linecap="round"/></g>'
    ).format(_dots(*frame.xy(lonlat[:, 0], lonlat[:, 1])), marks.LEFT_OUT)


def _dots(x: Floats, y: Floats) -> str:
    """Return a path of lines without length, which round caps draw as dots; each place on paper once."""
    spots = np.unique(np.rint(np.column_stack([x, y]) * 10).astype(np.int64), axis=0)
    return "".join(f"M{a} {b}h0" for a, b in spots.tolist())


def round_item(itinerary: Itinerary, language: str) -> LegendItem:
    """Say which line is whose."""
    line = Markup('<path d="M-10 0H10" stroke="{}" stroke-width="4" stroke-dasharray="{}"/>').format(
        marks.vehicle_colour(itinerary.position),
        " ".join(str(int(part) / 10) for part in marks.vehicle_dash(itinerary.position).split()) or "none",
    )
    text = say(
        "map.round",
        language,
        vehicle=itinerary.vehicle.name or itinerary.vehicle.id,
        count=len(itinerary.stops),
        km=km(itinerary.price.distance_m),
    )
    return LegendItem(sign=line, text=text)


def place_items(
    sites: Sequence[Place], language: str, *, rounds: Sequence[Itinerary] = (), left_out: bool = False
) -> list[LegendItem]:
    """Say what the signs mean that stand on a map."""
    roles = {place.role for place in sites}
    stops, numbers = any(itinerary.stops for itinerary in rounds), has_numbers(rounds)
    signs = (
        (stops and numbers, marks.stop_mark(0, 0, marks.INK, "1"), say("map.stop", language)),
        (stops and not numbers, marks.stop_mark(0, 0, marks.INK), say("map.dot", language)),
        (left_out, marks.left_out_mark(0, 0), say("map.left_out", language)),
        (Role.DEPOT in roles, marks.depot_mark(0, 0), say("map.depot", language)),
        (Role.FACILITY in roles, marks.facility_mark(0, 0), say("map.facility", language)),
    )
    return [LegendItem(sign=sign, text=text) for shown, sign, text in signs if shown]


def hub_items(language: str, *, others: bool, walking: bool, without: bool) -> list[LegendItem]:
    """Say what the signs of a hub map mean."""
    walk = Markup('<path d="M-9 0H7" stroke="{0}" stroke-width="1"/><circle cx="-9" r="2" fill="{0}"/>').format(
        marks.HUB
    )
    alone = Markup('<circle r="2.2" fill="{}"/>').format(marks.LEFT_OUT)
    signs = (
        (True, marks.hub_mark(0, 0), say("map.hub", language)),
        (others, marks.hub_mark(0, 0, chosen=False), say("map.candidate", language)),
        (walking, walk, say("map.walk", language)),
        (without, alone, say("map.no_hub", language)),
    )
    return [LegendItem(sign=sign, text=text) for shown, sign, text in signs if shown]
