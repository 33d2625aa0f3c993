"""The price of equity as a picture: what the worst-off gain, and what that costs on the mean way of all."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from markupsafe import Markup

from optimiser.hubs.siting.fair import Point
from scenarios.documents import marks
from scenarios.documents.document import clean
from scenarios.documents.map_sheet import FACES
from scenarios.documents.numbers import number, percent
from scenarios.hub_study.outcome import StudyOutcome
from scenarios.messages import say

WIDTH, HIGH = 760.0, 300.0
LEFT, RIGHT, TOP, BELOW = 70.0, 225.0, 26.0, 52.0
MINUS = "\u2212"
TICKS = 5  # about so many on an axis


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
    told: dict[tuple[int, int], list[Point]] = {}
    for k, point in enumerate(outcome.curve):
        told.setdefault((round(x[k]), round(y[k])), []).append(point)
    last = 1e9
    for (at_x, at_y), points in sorted(told.items(), key=lambda item: -item[0][1]):
        last = min(at_y - 15.0, last - 30.0)  # above the dot: the line goes down to the right
        parts.append(_dot(at_x, at_y, last, *_label(points, outcome.curve[0], language)))
    share = percent(outcome.study.fairness.worst_share)
    parts.append(_text(LEFT, HIGH - 8, say("study.curve.across", language)))
    parts.append(_text(4, 13, say("study.curve.up", language, share=share)))
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {:.0f} {:.0f}" role="img"'
        ' aria-label="{title}" font-family="{}"><title>{title}</title>{}</svg>'
    ).format(WIDTH, HIGH, FACES, Markup("").join(parts), title=clean(title))


def _label(points: Sequence[Point], plain: Point, language: str) -> tuple[str, str]:
    """Return which plans a dot stands for, and what they change beside the plain one in mean metres."""
    averse = [f"{point.aversion:g}" for point in points if point.aversion]
    names = [say("study.curve.plain", language)] if len(averse) < len(points) else []
    if averse:
        names.append(say("study.curve.fair", language, aversion=", ".join(averse)))
    mean, worst = round(points[0].mean - plain.mean), round(points[0].worst - plain.worst)
    if not mean and not worst:
        return "; ".join(names), ""
    price = say("study.curve.price", language, mean=_signed(mean), worst=_signed(worst))
    return "; ".join(names), price


def _signed(metres: int) -> str:
    return f"{metres:+d}".replace("-", MINUS)


def _dot(x: float, y: float, text_y: float, name: str, price: str) -> Markup:
    return Markup(
        '<circle cx="{x}" cy="{y}" r="5" fill="{c}" stroke="#fff" stroke-width="1.5"/>'
        '<text x="{tx}" y="{ty:.0f}" font-size="11" font-weight="600" fill="{ink}" stroke="#fff" stroke-width="3"'
        ' paint-order="stroke">{name}</text><text x="{tx}" y="{py:.0f}" font-size="11" fill="{ink}" stroke="#fff"'
        ' stroke-width="3" paint-order="stroke">{price}</text>'
    ).format(x=x, y=y, c=marks.HUB, tx=x + 10, ty=text_y, py=text_y + 14, ink=marks.INK, name=name, price=price)


def _ticks(low: float, high: float) -> list[float]:
    """Return round numbers between two values: steps of 1, 2 or 5 times a power of ten."""
    rough = (high - low) / TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(k * power for k in (1.0, 2.0, 5.0, 10.0) if k * power >= rough * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [k * step for k in range(first, last + 1)]


def _span(values: np.ndarray) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    room = max(0.12 * (high - low), 0.02 * max(high, 1.0))
    return max(low - room, 0.0), high + room


def _grid(x_low: float, x_high: float, y_low: float, y_high: float) -> Markup:
    across = Markup(
        '<path d="M{x:.1f} {t}V{b}" stroke="#e1e5e2"/>'
        '<text x="{x:.1f}" y="{ly}" text-anchor="middle" font-size="10.5" fill="{c}">{text}</text>'
    )
    up = Markup(
        '<path d="M{l} {y:.1f}H{r}" stroke="#e1e5e2"/>'
        '<text x="{lx}" y="{ty:.1f}" text-anchor="end" font-size="10.5" fill="{c}">{text}</text>'
    )
    drawn = []
    for tick in _ticks(x_low, x_high):
        x = LEFT + (tick - x_low) / (x_high - x_low) * (WIDTH - LEFT - RIGHT)
        low = HIGH - BELOW
        drawn.append(across.format(x=x, t=TOP, b=low, ly=low + 16, c=marks.MUTED, text=number(tick)))
    for tick in _ticks(y_low, y_high):
        y = HIGH - BELOW - (tick - y_low) / (y_high - y_low) * (HIGH - TOP - BELOW)
        words = {"l": LEFT, "r": WIDTH - RIGHT, "lx": LEFT - 6, "ty": y + 4, "c": marks.MUTED, "text": number(tick)}
        drawn.append(up.format(y=y, **words))
    return Markup("").join(drawn)


def _text(x: float, y: float, text: str) -> Markup:
    return Markup('<text x="{}" y="{}" font-size="11.5" font-weight="600" fill="{}">{}</text>').format(
        x, y, marks.INK, text
    )
