"""Lines, marks and words in pixels, written as SVG or PNG."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Floats = NDArray[np.float64]
FINER = 2  # a PNG is painted that much larger, then made smaller, so that its edges are smooth
LARGEST = 8000  # pixels of a PNG, across or down


_ROUND = [(math.cos(k * math.pi / 6), math.sin(k * math.pi / 6)) for k in range(12)]
_SHAPES: dict[str, list[tuple[list[tuple[float, float]], bool]]] = {
    "circle": [(_ROUND, True)],
    "ring": [(_ROUND, True)],
    "square": [([(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)], True)],
    "cross": [([(-1, -1), (1, 1)], False), ([(-1, 1), (1, -1)], False)],
    "arrow": [([(1.4, 0.0), (-1, 0.9), (-0.4, 0.0), (-1, -0.9)], True)],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Lines of one colour: line ``k`` has the points ``start[k]:start[k + 1]``, x, y rows."""

    colour: str
    width: float
    points: Floats
    start: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Marks of one shape (circle, ring, square, cross, arrow); ``size`` from middle to edge, angle in radians."""

    name: str
    shape: str
    colour: str
    size: float
    points: Floats
    angle: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A line of text; ``y`` is its base line."""

    x: float
    y: float
    size: int
    colour: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What is painted, in this order: lines, marks, words."""

    width: int
    height: int
    lines: tuple[Lines, ...]
    marks: tuple[Marks, ...]
    words: tuple[Words, ...]


def svg(picture: Picture) -> str:
    """Return a picture as SVG."""
    size = f'width="{picture.width}" height="{picture.height}"'
    box = f'viewBox="0 0 {picture.width} {picture.height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {box} {size} font-family="sans-serif">',
        f'<rect {size} fill="#ffffff"/>',
        *(_svg_lines(lines) for lines in picture.lines if len(lines.points)),
        *(_svg_marks(marks) for marks in picture.marks if len(marks.points)),
        *map(_svg_words, picture.words),
        "</svg>\n",
    ]
    return "\n".join(parts)


def _svg_words(words: Words) -> str:
    at = f'x="{_short(words.x)}" y="{_short(words.y)}"'
    return f'<text {at} font-size="{words.size}" fill="{words.colour}">{escape(_visible(words.text))}</text>'


def _svg_lines(lines: Lines) -> str:
    first = np.zeros(len(lines.points), bool)
    first[lines.start[:-1]] = True
    path = "".join(
        f"{'M' if begins else 'L'}{x:g} {y:g}"
        for begins, (x, y) in zip(first.tolist(), np.round(lines.points, 2).tolist(), strict=True)
    )
    return (
        f'<path d="{path}" fill="none" stroke="{lines.colour}" stroke-width="{lines.width}" '
        'stroke-linecap="round" stroke-linejoin="round"/>'
    )


def _svg_marks(marks: Marks) -> str:
    fill, stroke = (marks.colour, "#ffffff") if marks.shape in {"circle", "square", "arrow"} else ("none", marks.colour)
    path = "".join(
        "".join(f"{'L' if k else 'M'}{_short(x)} {_short(y)}" for k, (x, y) in enumerate(line))
        + ("Z" if closed else "")
        for line, closed in _outlines(marks)
    )
    return f'<path d="{path}" fill="{fill}" stroke="{stroke}" stroke-width="{0.6 if fill != "none" else 1.4}"/>'


def _outlines(marks: Marks) -> Iterator[tuple[list[tuple[float, float]], bool]]:
    """Give the lines that make up each mark, and whether they are closed."""
    for (x, y), angle in zip(marks.points.tolist(), marks.angle.tolist(), strict=True):
        for shape, closed in _SHAPES[marks.shape]:
            turned = [
                (a * math.cos(angle) - b * math.sin(angle), a * math.sin(angle) + b * math.cos(angle)) for a, b in shape
            ]
            yield [(x + marks.size * a, y + marks.size * b) for a, b in turned], closed


def _short(number: float) -> str:
    return f"{round(number, 2):g}"


def _visible(text: str) -> str:
    """Return text without what XML cannot carry."""
    return "".join(sign for sign in text if sign.isprintable())


def png(picture: Picture) -> bytes:
    """Return a picture as PNG, at most 8,000 pixels high."""
    scale = FINER * min(1.0, LARGEST / max(picture.height, picture.width))
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    image = Image.new("RGB", size, "#ffffff")
    canvas = ImageDraw.Draw(image)
    for lines in picture.lines:
        width = max(1, round(lines.width * scale))
        points = (lines.points * scale).tolist()
        for begin, end in zip(lines.start[:-1].tolist(), lines.start[1:].tolist(), strict=True):
            canvas.line([tuple(point) for point in points[begin:end]], lines.colour, width, joint="curve")
    for marks in picture.marks:
        for outline, closed in _outlines(marks):
            scaled = [(x * scale, y * scale) for x, y in outline]
            if marks.shape in {"ring", "cross"}:
                canvas.line([*scaled, *scaled[: 2 * closed]], marks.colour, max(1, round(1.4 * scale)))
            else:
                canvas.polygon(scaled, marks.colour, "#ffffff")
    for words in picture.words:
        font = ImageFont.load_default(words.size * scale)
        canvas.text((words.x * scale, words.y * scale), _visible(words.text), words.colour, font, anchor="ls")
    smaller = image.resize((max(1, size[0] // FINER), max(1, size[1] // FINER)), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    smaller.save(file, "PNG", optimize=True)
    return file.getvalue()
