"""Charts as SVG: a day as a timeline, the mass balance as bars, a share as a small bar."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from optimiser.rounds.plan import Act
from scenarios.documents import marks
from scenarios.documents.document import clean
from scenarios.documents.itinerary import Itinerary
from scenarios.documents.map_sheet import FACES, WIDTH
from scenarios.documents.numbers import tonnes
from scenarios.messages import say
from scenarios.outcome import BalanceRow

HOUR_S = 3600.0
NAME_WIDE, ROW_HIGH, AXIS_HIGH = 130.0, 38.0, 20.0
LOAD_HIGH, BAR_HIGH = 15.0, 11.0
DRIVE, TIP, REST = "#8d989c", "#1d2a2f", "#d9b44a"
STRIPES = ("", "M0 7H14", "M0 5H14M0 10H14")
COLLECTED, TO_HUBS, LEFT = "#2b6a88", "#1b7a3d", "#b3261e"


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """Hours from left to right."""

    first_h: int
    last_h: int

    @property
    def per_s(self) -> float:
        """Points a second."""
        return (WIDTH - NAME_WIDE - 16) / ((self.last_h - self.first_h) * HOUR_S)

    def x(self, seconds: float) -> float:
        """Return where a time of day is."""
        return NAME_WIDE + (seconds - self.first_h * HOUR_S) * self.per_s


def timeline(rounds: Sequence[Itinerary], *, language: str, title: str) -> Markup:
    """Draw what each vehicle does when: driving, collecting, unloading, rest, waiting; below it the load on board."""
    if not rounds:
        return Markup("")
    first = math.floor(min(i.round_.start_s for i in rounds) / HOUR_S)
    last = max(math.ceil(max(i.round_.end_s for i in rounds) / HOUR_S), first + 1)
    axis = Axis(first_h=first, last_h=last)
    tall = AXIS_HIGH + ROW_HIGH * len(rounds)
    rows = [_row(itinerary, AXIS_HIGH + ROW_HIGH * k, axis) for k, itinerary in enumerate(rounds)]
    below, high = marks.legend(_acts(language), width=WIDTH, top=tall + 6)
    return _svg(Markup("").join([_hours(axis, tall), *rows, below]), tall + high + 6, title)


def _hours(axis: Axis, tall: float) -> Markup:
    every = max(1, -(-(axis.last_h - axis.first_h) // 14))
    ticks = [
        Markup(
            '<path d="M{0:.1f} {1}V{2:.0f}" stroke="#e1e5e2"/><text x="{0:.1f}" y="12" text-anchor="middle"'
            ' font-size="10" fill="{3}">{4:02d}:00</text>'
        ).format(axis.x(hour * HOUR_S), AXIS_HIGH - 4, tall, marks.MUTED, hour % 24)
        for hour in range(axis.first_h, axis.last_h + 1, every)
    ]
    return Markup("").join(ticks)


def _row(itinerary: Itinerary, top: float, axis: Axis) -> Markup:
    colour, middle = marks.vehicle_colour(itinerary.position), top + 4 + BAR_HIGH / 2
    round_ = itinerary.round_
    name = marks.shorten(itinerary.vehicle.name or itinerary.vehicle.id, 19)
    blocks = {
        act: "".join(
            _block(axis, step.visit.start_s, step.visit.end_s, top + 4)
            for step in itinerary.steps
            if step.visit.act is act
        )
        for act in Act
    }
    waits = "".join(
        _block(axis, step.visit.arrive_s, step.visit.start_s, top + 4)
        for step in itinerary.steps
        if step.visit.start_s - step.visit.arrive_s >= 60
    )
    return Markup(
        '<text x="4" y="{text_y:.1f}" font-size="11" font-weight="600" fill="{ink}">{name}</text>'
        '<path d="{load}" fill="{colour}" fill-opacity=".22"/>'
        '<path d="M{start:.1f} {middle:.1f}H{end:.1f}" stroke="{drive}" stroke-width="3"/>'
        '<path d="{waits}" fill="#fff" stroke="{muted}" stroke-width=".8"/>'
        '<path d="{stops}" fill="{colour}"/><path d="{tips}" fill="{tip}"/><path d="{rests}" fill="{rest}"/>'
    ).format(
        text_y=top + 4 + BAR_HIGH * 0.85,
        ink=marks.INK,
        name=name,
        load=_load(itinerary, top, axis),
        colour=colour,
        start=axis.x(round_.start_s),
        end=axis.x(round_.end_s),
        middle=middle,
        drive=DRIVE,
        waits=waits,
        muted=marks.MUTED,
        stops=blocks[Act.STOP],
        tips=blocks[Act.TIP],
        rests=blocks[Act.BREAK],
        tip=TIP,
        rest=REST,
    )


def _block(axis: Axis, start_s: float, end_s: float, top: float) -> str:
    wide = max((end_s - start_s) * axis.per_s, 0.7)
    return f"M{axis.x(start_s):.1f} {top:g}h{wide:.1f}v{BAR_HIGH:g}h-{wide:.1f}z"


def _load(itinerary: Itinerary, top: float, axis: Axis) -> str:
    """Return the load on board over time as a stepped area; a full vehicle fills its height."""
    floor = top + 6 + BAR_HIGH + LOAD_HIGH
    parts = [f"M{axis.x(itinerary.round_.start_s):.1f} {floor:.1f}"]
    for step in itinerary.steps:
        share = min(step.full, 1.2)
        parts.append(f"H{axis.x(step.visit.end_s):.1f}V{floor - LOAD_HIGH * share:.1f}")
    return "".join([*parts, f"H{axis.x(itinerary.round_.end_s):.1f}V{floor:.1f}Z"])


def _acts(language: str) -> list[marks.LegendItem]:
    block = Markup('<rect x="-9" y="-5" width="18" height="10" fill="{}" fill-opacity="{}" stroke="{}"/>')
    line = Markup('<path d="M-9 0H9" stroke="{}" stroke-width="3"/>').format(DRIVE)
    signs = (
        (line, say("timeline.driving", language)),
        (block.format(marks.PALETTE[0], 1, "none"), say("timeline.stop", language)),
        (block.format(TIP, 1, "none"), say("timeline.tip", language)),
        (block.format(REST, 1, "none"), say("timeline.break", language)),
        (block.format("#fff", 1, marks.MUTED), say("timeline.waiting", language)),
        (block.format(marks.PALETTE[0], 0.22, "none"), say("timeline.load", language)),
    )
    return [marks.LegendItem(sign=sign, text=text) for sign, text in signs]


def balance_bars(rows: Sequence[BalanceRow], names: dict[str, str], *, language: str, title: str) -> Markup:
    """Draw where what was generated went: one bar a stream, all to one scale."""
    most = max((row.generated_kg for row in rows), default=0.0)
    if most <= 0:
        return Markup("")
    per_kg, high = (WIDTH - 250) / most, 22.0
    drawn = []
    for k, row in enumerate(rows):
        top, left = 4 + k * (high + 10), 170.0
        parts = ((row.collected_kg, COLLECTED), (row.to_hubs_kg, TO_HUBS), (row.left_kg, LEFT))
        drawn.append(_text(4, top + high * 0.66, marks.shorten(names.get(row.stream, row.stream), 26), bold=True))
        for kg, colour in parts:
            drawn.append(
                Markup('<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{}" fill="{}"/>').format(
                    left, top, kg * per_kg, high, colour
                )
            )
            left += kg * per_kg
        drawn.append(_text(left + 6, top + high * 0.66, f"{tonnes(row.generated_kg)} t"))
    items = [
        marks.LegendItem(sign=_swatch(colour), text=text)
        for colour, text in (
            (COLLECTED, say("balance.collected", language)),
            (TO_HUBS, say("balance.to_hubs", language)),
            (LEFT, say("balance.left", language)),
        )
    ]
    tall = 4 + len(rows) * (high + 10)
    below, under = marks.legend(items, width=WIDTH, top=tall)
    return _svg(Markup("").join([*drawn, below]), tall + under, title)


def share_bar(share: float, colour: str = COLLECTED) -> Markup:
    """Draw a share of one as a small bar for a table cell; more than one is drawn full and red."""
    shown = min(max(share, 0.0), 1.0)
    return Markup(
        '<svg class="bar" viewBox="0 0 60 8" width="60" height="8" aria-hidden="true">'
        '<rect width="60" height="8" rx="2" fill="#e3e7e4"/>'
        '<rect width="{:.1f}" height="8" rx="2" fill="{}"/></svg>'
    ).format(60 * shown, LEFT if share > 1.0001 else colour)


def swatch(position: int) -> Markup:
    """Draw a vehicle's colour for a table cell, with stripes where its line on the map is dashed."""
    stripes = STRIPES[position // len(marks.PALETTE) % len(STRIPES)]
    return Markup(
        '<svg class="swatch" viewBox="0 0 14 14" width="14" height="14" aria-hidden="true">'
        '<rect width="14" height="14" rx="3" fill="{}"/><path d="{}" stroke="#fff" stroke-width="2"/></svg>'
    ).format(marks.vehicle_colour(position), stripes)


def _swatch(colour: str) -> Markup:
    return Markup('<rect x="-9" y="-5" width="18" height="10" fill="{}"/>').format(colour)


def _text(x: float, y: float, text: str, *, bold: bool = False) -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}" font-size="11" font-weight="{}" fill="{}">{}</text>').format(
        x, y, 600 if bold else 400, marks.INK, text
    )


def _svg(content: Markup, tall: float, title: str) -> Markup:
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {:.0f} {:.0f}" role="img"'
        ' aria-label="{title}" font-family="{}"><title>{title}</title>{}</svg>'
    ).format(WIDTH, tall, FACES, content, title=clean(title))
