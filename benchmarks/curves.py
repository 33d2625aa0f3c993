"""Step lines over time on double logarithmic paper, as SVG: what was known at each moment."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path

from benchmarks.plot import COLOURS, FONT, HEIGHT, MARGIN, WIDTH

RIGHT = 150  # room for the names at the ends of the lines
FLOOR = 0.05  # what is below, also below zero, runs along the lower edge
HEADROOM = 1.15
EARLY = 0.05  # share of the time by which a line should be seen
LEAST_S = 0.1
BETWEEN = 14  # points from name to name
Points = Sequence[tuple[float, float]]
At = Callable[[float, float], tuple[float, float]]


def draw(path: Path, title: str, axes: tuple[str, str], series: Mapping[str, Points], *, until: float) -> None:
    """Write a picture of step lines.

    Parameters
    ----------
    series
        Name -> (moment, value), from its first value on; each holds until the next, the last until ``until``.

    The picture begins at the first moment, a tenth of a second at least; what is far above where the lines are after a
    twentieth of the time is cut off.
    """
    drawn = {name: points for name, points in series.items() if points}
    first = max(LEAST_S, min((points[0][0] for points in drawn.values()), default=LEAST_S))
    first = min(first, until / 10)
    ends = {name: points[-1][1] for name, points in drawn.items()}
    early = [value_at(points, max(EARLY * until, points[0][0])) for points in drawn.values()]
    high = HEADROOM * max([20 * FLOOR, *early, *ends.values()])

    def at(x: float, y: float) -> tuple[float, float]:
        across = math.log(min(max(x, first), until) / first) / math.log(until / first)
        up = math.log(min(max(y, FLOOR), high) / FLOOR) / math.log(high / FLOOR)
        return MARGIN + across * (WIDTH - MARGIN - RIGHT), HEIGHT - MARGIN - up * (HEIGHT - 2 * MARGIN)

    parts = [*_frame(title, axes), *_across(first, until, at), *_up(first, high, at)]
    heights = _apart({name: at(until, value)[1] for name, value in ends.items()})
    for k, (name, points) in enumerate(drawn.items()):
        colour = COLOURS[k % len(COLOURS)]
        parts.append(f'<path d="{_steps(points, at, until)}" fill="none" stroke="{colour}" stroke-width="1.8"/>')
        words = escape(f"{name} {ends[name]:.3g}")
        parts.append(f'<text x="{WIDTH - RIGHT + 6}" y="{heights[name] + 4:.1f}" fill="{colour}">{words}</text>')
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([*parts, "</svg>"]), encoding="utf-8")


def value_at(points: Points, moment: float) -> float:
    """Return the value that holds at a moment, no earlier than the first."""
    return [value for at, value in points if at <= moment][-1]


def mean(several: Sequence[Points]) -> list[tuple[float, float]]:
    """Return the mean of step lines, from the moment on at which all of them have begun."""
    if not several or not all(several):
        return []
    begin = max(points[0][0] for points in several)
    moments = sorted({begin, *(at for points in several for at, _ in points if at > begin)})
    return [(moment, sum(value_at(points, moment) for points in several) / len(several)) for moment in moments]


def _steps(points: Points, at: At, until: float) -> str:
    """Return the path of a step line; what lies above the picture runs along its upper edge."""
    x, y = at(*points[0])
    words = [f"M{x:.1f} {y:.1f}"]
    for moment, value in points[1:]:
        x, y = at(moment, value)
        words.append(f"H{x:.1f} V{y:.1f}")
    return " ".join([*words, f"H{at(until, 0.0)[0]:.1f}"])


def _apart(heights: Mapping[str, float]) -> dict[str, float]:
    """Return heights of the names, moved up from the lowest where they would cover each other."""
    found: dict[str, float] = {}
    limit = math.inf
    for name, height in sorted(heights.items(), key=lambda item: -item[1]):
        limit = min(height, limit - BETWEEN)
        found[name] = limit
    return found


def _frame(title: str, axes: tuple[str, str]) -> list[str]:
    middle = MARGIN + (WIDTH - MARGIN - RIGHT) / 2
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" {FONT}>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{WIDTH / 2}" y="26" text-anchor="middle" font-size="14">{escape(title)}</text>',
        f'<path d="M{MARGIN} {MARGIN} V{HEIGHT - MARGIN} H{WIDTH - RIGHT}" fill="none" stroke="#888"/>',
        f'<text x="{middle}" y="{HEIGHT - 16}" text-anchor="middle">{escape(axes[0])}</text>',
        f'<text transform="translate(16 {HEIGHT / 2}) rotate(-90)" text-anchor="middle">{escape(axes[1])}</text>',
    ]


def _across(first: float, until: float, at: At) -> Iterator[str]:
    """Yield the ticks of the moments."""
    for value in _round_between(first, until):
        x, y = at(value, FLOOR)
        yield f'<path d="M{x:.1f} {MARGIN} V{y:.1f}" stroke="#eee"/>'
        yield f'<text x="{x:.1f}" y="{y + 16:.1f}" text-anchor="middle">{value:g}</text>'


def _up(first: float, high: float, at: At) -> Iterator[str]:
    """Yield the ticks of the values; the lowest stands for all below."""
    for value in _round_between(FLOOR, high):
        x, y = at(first, value)
        words = f"≤ {value:g}" if value <= FLOOR else f"{value:g}"
        yield f'<path d="M{x:.1f} {y:.1f} H{WIDTH - RIGHT}" stroke="#eee"/>'
        yield f'<text x="{x - 6:.1f}" y="{y + 4:.1f}" text-anchor="end">{words}</text>'


def _round_between(low: float, high: float) -> Iterator[float]:
    """Yield 1, 2 and 5 times the powers of ten."""
    powers = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 1)
    yield from (
        value
        for value in (float(f"{digit}e{power}") for power in powers for digit in (1, 2, 5))
        if low <= value <= high
    )
