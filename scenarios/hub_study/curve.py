"""The price of equity as a picture: what the worst-off gain, and what that costs on the mean way of all."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup

from scenarios.documents import marks
from scenarios.documents.document import clean
from scenarios.documents.map_sheet import FACES
from scenarios.documents.numbers import number
from scenarios.hub_study.outcome import StudyOutcome
from scenarios.messages import say

WIDTH, HIGH = 760.0, 300.0
LEFT, RIGHT, TOP, BELOW = 70.0, 150.0, 26.0, 52.0
TICKS = 4


def curve_chart(outcome: StudyOutcome, *, title: str) -> Markup:
    """Draw mean way (across) against the mean way of the worst-off share (up), a dot for each plan of the curve."""
    if not outcome.curve:
        return Markup("")
    language = outcome.study.language
    mean = np.array([point.mean for point in outcome.curve])
    worst = np.array([point.worst for point in outcome.curve])
    x_low, x_high = _span(mean)
    y_low, y_high = _span(worst)
    x = LEFT + (mean - x_low) / (x_high - x_low) * (WIDTH - LEFT - RIGHT)
    y = HIGH - BELOW - (worst - y_low) / (y_high - y_low) * (HIGH - TOP - BELOW)
    parts = [_grid(x_low, x_high, y_low, y_high)]
    order = np.argsort(x, kind="stable")
    line = "".join(f"{'M' if n == 0 else 'L'}{x[k]:.1f} {y[k]:.1f}" for n, k in enumerate(order.tolist()))
    parts.append(Markup('<path d="{}" fill="none" stroke="{}" stroke-width="2"/>').format(line, marks.HUB))
    told: dict[tuple[int, int], list[str]] = {}
    for k, point in enumerate(outcome.curve):
        key = "study.curve.plain" if point.aversion == 0 else "study.curve.fair"
        text = say(key, language, aversion=f"{point.aversion:g}")
        told.setdefault((round(x[k]), round(y[k])), []).append(text)
    last = -1e9
    for (at_x, at_y), names in sorted(told.items(), key=lambda item: item[0][1]):
        text_y = max(at_y + 4.0, last + 13.0)
        last = text_y
        parts.append(
            Markup(
                '<circle cx="{x}" cy="{y}" r="5" fill="{c}" stroke="#fff" stroke-width="1.5"/>'
                '<text x="{tx}" y="{ty:.0f}" font-size="11" fill="{ink}">{text}</text>'
            ).format(x=at_x, y=at_y, c=marks.HUB, tx=at_x + 9, ty=text_y, ink=marks.INK, text="; ".join(names))
        )
    share = f"{outcome.study.fairness.worst_share:.0%}"
    parts.append(_text(LEFT, HIGH - 8, say("study.curve.across", language)))
    parts.append(_text(4, 13, say("study.curve.up", language, share=share)))
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {:.0f} {:.0f}" role="img"'
        ' aria-label="{title}" font-family="{}"><title>{title}</title>{}</svg>'
    ).format(WIDTH, HIGH, FACES, Markup("").join(parts), title=clean(title))


def _span(values: np.ndarray) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    room = max(0.12 * (high - low), 0.02 * max(high, 1.0))
    return max(low - room, 0.0), high + room


def _grid(x_low: float, x_high: float, y_low: float, y_high: float) -> Markup:
    drawn = []
    for k in range(TICKS + 1):
        share = k / TICKS
        x = LEFT + share * (WIDTH - LEFT - RIGHT)
        y = HIGH - BELOW - share * (HIGH - TOP - BELOW)
        drawn.append(
            Markup(
                '<path d="M{x:.1f} {t}V{b}M{l} {y:.1f}H{r}" stroke="#e1e5e2"/>'
                '<text x="{x:.1f}" y="{ly}" text-anchor="middle" font-size="10.5" fill="{c}">{tx}</text>'
                '<text x="{lx}" y="{yy:.1f}" text-anchor="end" font-size="10.5" fill="{c}">{ty}</text>'
            ).format(
                x=x, y=y, t=TOP, b=HIGH - BELOW, l=LEFT, r=WIDTH - RIGHT, ly=HIGH - BELOW + 16, lx=LEFT - 6,
                yy=y + 4, c=marks.MUTED, tx=number(x_low + share * (x_high - x_low)),
                ty=number(y_low + share * (y_high - y_low)),
            )
        )  # fmt: skip
    return Markup("").join(drawn)


def _text(x: float, y: float, text: str) -> Markup:
    return Markup('<text x="{}" y="{}" font-size="11.5" font-weight="600" fill="{}">{}</text>').format(
        x, y, marks.INK, text
    )
