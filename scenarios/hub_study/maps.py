"""Two maps of a study: who goes to which site, and how many minutes everybody walks."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from scenarios.documents import marks
from scenarios.documents.frame import Floats, frame_around
from scenarios.documents.lines import path_data, pieces
from scenarios.documents.map_names import street_names
from scenarios.documents.map_sheet import WIDTH, Base, sheet
from scenarios.documents.map_streets import is_crowded, street_layers
from scenarios.documents.marks import LegendItem
from scenarios.hub_study.layers import MINUTE_LOOKS, area_sign, areas, fell_out, walked_sign, walked_streets
from scenarios.hub_study.outcome import StudyOutcome
from scenarios.hub_study.rows import MINUTES, minute_metres, walks
from scenarios.hub_study.sentences import site_names
from scenarios.messages import say

FARTHER = "#b9b2a2"  # people within reach who walk longer than the last band
SIZES = (30, 44, 62)  # diameter of a dot in tenths of a point: fewer, as many, more people than usual
Bools = NDArray[np.bool_]


def base_map(outcome: StudyOutcome) -> Base:
    """Return the sheet that shows all people and candidates."""
    people, candidates = outcome.given.people, outcome.given.candidates
    lon = np.array([*(row.lon for row in people), *(row.lon for row in candidates)])
    lat = np.array([*(row.lat for row in people), *(row.lat for row in candidates)])
    frame = frame_around(lon, lat, width=WIDTH)
    minor, main = street_layers(outcome.network, frame)
    return Base(frame=frame, minor=minor, main=main, crowded=is_crowded(outcome.network, frame), name="streets")


def site_map(outcome: StudyOutcome, base: Base, *, title: str) -> Markup:
    """Draw who goes where: a colour and a number for each site."""
    language, found = outcome.study.language, walks(outcome)
    x, y = _people(outcome, base)
    layers = [*areas(outcome, base.frame), _lines(outcome, base, x, y, found.site)]
    size = _sizes(outcome)
    layers += [_dots(x, y, size, found.site % 8 + 8 * (found.site < 0) == k, marks.PALETTE[k]) for k in range(8)]
    left = found.served < 1e-6
    layers.append(_dots(x, y, size, left, marks.LEFT_OUT, ring=True))
    layers += _sites(outcome, base)
    dot = Markup('<circle r="3" fill="{}"/>').format(marks.PALETTE[0])
    none = Markup('<circle r="3" fill="#fff" stroke="{}" stroke-width="1.5"/>').format(marks.LEFT_OUT)
    items = [
        LegendItem(sign=_number(0, 0, 1), text=say("study.map.site", language)),
        LegendItem(sign=dot, text=say("study.map.people", language)),
        LegendItem(sign=marks.hub_mark(0, 0, chosen=False), text=say("study.map.candidate", language)),
    ]
    if left.any():
        items.append(LegendItem(sign=none, text=say("study.map.left", language)))
    if any(site.excluded for site in outcome.posed.everyone.candidates):
        items.append(LegendItem(sign=fell_out(0, 0), text=say("study.map.fell_out", language)))
    if outcome.given.areas:
        items.append(LegendItem(sign=area_sign(), text=say("study.map.area", language)))
    return sheet(outcome, base, layers, items, title=title)


def reach_map(outcome: StudyOutcome, base: Base, *, title: str) -> Markup:
    """Draw every street by the minutes to a site along the streets, and the people on it."""
    language, found = outcome.study.language, walks(outcome)
    x, y = _people(outcome, base)
    limits = np.array(minute_metres(outcome))
    served = found.served > 0
    band = np.where(served, np.searchsorted(limits, np.where(served, found.metres, 0.0)), -1)
    size = _sizes(outcome)
    colours = (*(colour for colour, _ in MINUTE_LOOKS), FARTHER)
    layers = walked_streets(outcome, base.frame)
    layers += [_dots(x, y, size, band == k, colour, edge="#fff") for k, colour in enumerate(colours)]
    layers.append(_dots(x, y, size, band < 0, marks.LEFT_OUT, ring=True))
    layers += _sites(outcome, base, candidates=False)
    items = [
        LegendItem(sign=walked_sign(k), text=say("study.map.minutes", language, minutes=minutes))
        for k, minutes in enumerate(MINUTES)
    ]
    dot = Markup('<circle r="3.5" fill="{}"/>')
    items.append(LegendItem(sign=dot.format(colours[0]), text=say("study.map.dots", language)))
    if (band == len(MINUTES)).any():
        text = say("study.map.farther", language, minutes=MINUTES[-1])
        items.append(LegendItem(sign=dot.format(FARTHER), text=text))
    none = Markup('<circle r="3" fill="#fff" stroke="{}" stroke-width="1.5"/>').format(marks.LEFT_OUT)
    if (band < 0).any():
        items.append(LegendItem(sign=none, text=say("study.map.left", language)))
    return sheet(outcome, base, layers, items, title=title)


def _people(outcome: StudyOutcome, base: Base) -> tuple[Floats, Floats]:
    rows = outcome.given.people
    return base.frame.xy(np.array([row.lon for row in rows]), np.array([row.lat for row in rows]))


def _sizes(outcome: StudyOutcome) -> NDArray[np.int64]:
    """Return which size of dot each row of people has, by how many they are beside the usual."""
    people = outcome.posed.everyone.demand.weight
    usual = float(np.median(people)) if len(people) else 0.0
    return np.digitize(people, [0.6 * usual, 1.6 * usual]).astype(np.int64)


def _dots(
    x: Floats, y: Floats, size: NDArray[np.int64], mine: Bools, colour: str, *, ring: bool = False, edge: str = ""
) -> Markup:
    """Draw dots; a ring is hollow, an edge sets them off from what lies below."""
    parts = []
    for k, wide in enumerate(SIZES):
        here = np.column_stack([x, y])[mine & (size == k)]
        if not len(here):
            continue
        data = "".join(f"M{a} {b}h0" for a, b in np.rint(here * 10).astype(np.int64).tolist())
        if edge:
            parts.append(Markup('<path d="{}" stroke="{}" stroke-width="{}"/>').format(data, edge, wide + 36))
        full = wide + 12 * (ring or bool(edge))
        parts.append(Markup('<path d="{}" stroke="{}" stroke-width="{}"/>').format(data, colour, full))
        if ring:
            parts.append(Markup('<path d="{}" stroke="#fff" stroke-width="{}"/>').format(data, wide - 12))
    return Markup('<g transform="scale(.1)" fill="none" stroke-linecap="round">{}</g>').format(Markup("").join(parts))


def _lines(outcome: StudyOutcome, base: Base, x: Floats, y: Floats, site: NDArray[np.int64]) -> Markup:
    """Draw a thin line from everybody to the site."""
    spots = {row.id: row for row in outcome.given.candidates}
    parts = []
    for k, step in enumerate(outcome.order):
        mine = np.flatnonzero(site == k)
        if not len(mine):
            continue
        at_x, at_y = base.frame.xy(spots[step.site].lon, spots[step.site].lat)
        ends_x = np.column_stack([x[mine], np.full(len(mine), float(at_x))]).ravel()
        ends_y = np.column_stack([y[mine], np.full(len(mine), float(at_y))]).ravel()
        data = path_data(ends_x, ends_y, pieces(np.full(len(mine), 2)), tolerance=0.0)
        parts.append(Markup('<path d="{}" stroke="{}"/>').format(data, marks.PALETTE[k % 8]))
    return Markup(
        '<g transform="scale(.1)" fill="none" stroke-width="6" stroke-opacity=".35" stroke-linecap="round">{}</g>'
    ).format(Markup("").join(parts))


def _sites(outcome: StudyOutcome, base: Base, *, candidates: bool = True) -> list[Markup]:
    labels, names = marks.Labels(base.frame), site_names(outcome)
    opened = {step.site for step in outcome.order}
    spots = {row.id: row for row in outcome.given.candidates}
    drawn = []
    barred = {site.id for site in outcome.posed.everyone.candidates if site.excluded}
    for row in outcome.given.candidates if candidates else ():
        if row.id not in opened:
            x, y = map(float, base.frame.xy(row.lon, row.lat))
            drawn.append(fell_out(x, y) if row.id in barred else marks.hub_mark(x, y, chosen=False))
    places = [base.frame.xy(spots[step.site].lon, spots[step.site].lat) for step in outcome.order]
    for at in places:
        labels.keep_clear(float(at[0]), float(at[1]), 11)
    for k, (step, at) in enumerate(zip(outcome.order, places, strict=True)):
        drawn.append(_number(float(at[0]), float(at[1]), k + 1))
        drawn.append(labels.place(float(at[0]), float(at[1]), names[step.site], gap=14))
    return [*drawn, *street_names(outcome.network, base.frame, labels)]


def _number(x: float, y: float, number: int) -> Markup:
    return Markup(
        '<g transform="translate({:.1f} {:.1f})"><circle r="10.5" fill="{}" stroke="#fff" stroke-width="2"/>'
        '<text y="4.2" text-anchor="middle" font-size="12" font-weight="700" fill="#fff">{}</text></g>'
    ).format(x, y, marks.PALETTE[(number - 1) % 8], number)
