"""Points on double logarithmic paper, with the straight line through them, as SVG."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import numpy as np

WIDTH, HEIGHT, MARGIN = 640, 420, 64
FONT = 'font-family="sans-serif" font-size="12"'
COLOURS = ("#1b6ca8", "#c8553d", "#2a7f62", "#7a5195", "#8c6d1f", "#444444", "#d1495b", "#00798c")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A power law through points: y = factor * x ** exponent."""

    factor: float
    exponent: float


def fit(x: Sequence[float], y: Sequence[float]) -> Fit:
    """Return the least-squares line through the logarithms."""
    exponent, log_factor = np.polyfit(np.log(x), np.log(y), 1)
    return Fit(factor=math.exp(log_factor), exponent=float(exponent))


def draw(
    path: Path, title: str, axes: tuple[str, str], series: Mapping[str, tuple[Sequence[float], Sequence[float]]]
) -> None:
    """Write a picture of several series; the legend tells each one's exponent."""
    xs = [value for x, _ in series.values() for value in x]
    ys = [value for _, y in series.values() for value in y]
    ranges = (min(xs), max(xs)), (min(ys), max(ys))

    def at(x: float, y: float) -> tuple[float, float]:
        across, up = (
            math.log(value / low) / (math.log(high / low) or 1.0)
            for value, (low, high) in zip((x, y), ranges, strict=True)
        )
        return MARGIN + across * (WIDTH - 2 * MARGIN), HEIGHT - MARGIN - up * (HEIGHT - 2 * MARGIN)

    parts = [*_frame(title, axes), *_ticks(ranges, at)]
    for k, (name, (x, y)) in enumerate(series.items()):
        line, colour = fit(x, y), COLOURS[k % len(COLOURS)]
        ends = [at(end, line.factor * end**line.exponent) for end in (min(x), max(x))]
        parts.append(
            f'<line x1="{ends[0][0]:.1f}" y1="{ends[0][1]:.1f}" x2="{ends[1][0]:.1f}" y2="{ends[1][1]:.1f}" '
            f'stroke="{colour}" stroke-opacity="0.5"/>'
        )
        for point in zip(x, y, strict=True):
            across, down = at(*point)
            parts.append(f'<circle cx="{across:.1f}" cy="{down:.1f}" r="3.5" fill="{colour}"/>')
        words = f"{name}: exponent {line.exponent:.2f}"
        parts.append(f'<text x="{MARGIN + 8}" y="{MARGIN + 16 + 15 * k}" fill="{colour}">{escape(words)}</text>')
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([*parts, "</svg>"]), encoding="utf-8")


def _frame(title: str, axes: tuple[str, str]) -> list[str]:
    """Return the opening of the picture, its title, axes and names of axes."""
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" {FONT}>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{WIDTH / 2}" y="24" text-anchor="middle" font-size="15">{escape(title)}</text>',
        f'<path d="M{MARGIN} {MARGIN} V{HEIGHT - MARGIN} H{WIDTH - MARGIN}" fill="none" stroke="#888"/>',
        f'<text x="{WIDTH / 2}" y="{HEIGHT - 16}" text-anchor="middle">{escape(axes[0])}</text>',
        f'<text transform="translate(16 {HEIGHT / 2}) rotate(-90)" text-anchor="middle">{escape(axes[1])}</text>',
    ]


def _ticks(ranges: tuple[tuple[float, float], ...], at: Callable[[float, float], tuple[float, float]]) -> list[str]:
    """Return ticks at 1, 2 and 5 times the powers of ten."""
    found: list[str] = []
    for axis, (low, high) in enumerate(ranges):
        powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        for value in (digit * 10.0**power for power in powers for digit in (1, 2, 5)):
            if not low <= value <= high:
                continue
            across, down = at(value, ranges[1][0]) if axis == 0 else at(ranges[0][0], value)
            place = (across, down + 16, "middle") if axis == 0 else (across - 6, down + 4, "end")
            found.append(f'<text x="{place[0]:.1f}" y="{place[1]:.1f}" text-anchor="{place[2]}">{value:,g}</text>')
    return found
