"""Numbers as people write them: decimal point or comma, thousands parted, decided on the whole column.

``1.234`` and ``1,234`` can each mean two things. A column is read with one convention: the one that its other cells
prove; else the one that the other columns of the table prove; else the usual one for such a file, and that is reported.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from scenarios.read.sheet import Cell

Mark = Literal["point", "comma"]
Floats = NDArray[np.float64]

SPACES = re.compile("[\\s'\u2019]+")
GROUPED_BY_SPACE = re.compile("[+-]?\\d{1,3}(?:[\\s'\u2019]\\d{3})+(?:[.,]\\d*)?")
POWER = r"(?:[eE][+-]?\d{1,3})?"
FORMS = {
    "point": re.compile(rf"[+-]?(?:(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d*)?|\.\d+){POWER}"),
    "comma": re.compile(rf"[+-]?(?:(?:\d{{1,3}}(?:\.\d{{3}})+|\d+)(?:,\d*)?|,\d+){POWER}"),
}
MARKS: tuple[Mark, Mark] = ("point", "comma")


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """A column of cells under both readings; NaN where a cell is empty or no number."""

    point: Floats
    comma: Floats

    def under(self, mark: Mark) -> Floats:
        """Return the values with one decimal mark."""
        return self.point if mark == "point" else self.comma

    def only(self, mark: Mark, low: float, high: float) -> NDArray[np.bool_]:
        """Return which cells are a number with this mark and none, or an impossible one, with the other."""
        this = self.under(mark)
        that = self.under("comma" if mark == "point" else "point")
        possible = (low <= this) & (this <= high) & ~((low <= that) & (that <= high))
        only: NDArray[np.bool_] = ~np.isnan(this) & (np.isnan(that) | ((this != that) & possible))
        return only


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a column of numbers says.

    Parameters
    ----------
    mark
        The decimal mark it was read with.
    proven
        A cell of the column allows no other.
    values
        One for each cell; NaN for cells that are empty or no number in this reading.
    unsure
        Positions of cells that the other mark would read as another number, when nothing in the column proves the mark.
    """

    mark: Mark
    proven: bool
    values: Floats
    unsure: NDArray[np.intp]


def number(cell: Cell, mark: Mark) -> float | None:
    """Read one cell with a decimal mark; ``None`` if it is no number in that reading, or not finite."""
    if not isinstance(cell, str):
        return float(cell) if math.isfinite(cell) else None
    written = ascii_digits(cell)
    if GROUPED_BY_SPACE.fullmatch(written):
        written = SPACES.sub("", written)
    if not FORMS[mark].fullmatch(written):
        return None
    grouping, decimal = (",", ".") if mark == "point" else (".", ",")
    value = float(written.replace(grouping, "").replace(decimal, "."))
    return value if math.isfinite(value) else None


def ascii_digits(written: str) -> str:
    """Return text with digits of any script as 0-9, minus signs as "-", and the Arabic decimal mark as a comma."""
    if written.isascii():
        return written.strip()
    plain = "".join(str(unicodedata.decimal(c)) if c.isdecimal() and not c.isascii() else c for c in written.strip())
    return plain.replace("−", "-").replace("٫", ",").replace("٬", "")  # noqa: RUF001 (the very signs to be replaced)


def numbers(cells: Sequence[Cell]) -> Numbers:
    """Read a column under both marks; equal cells are read once."""
    seen: dict[Cell, tuple[float, float]] = {"": (math.nan, math.nan)}
    pairs = np.empty((len(cells), 2))
    for k, cell in enumerate(cells):
        pair = seen.get(cell)
        if pair is None:
            point, comma = number(cell, "point"), number(cell, "comma")
            pair = math.nan if point is None else point, math.nan if comma is None else comma
            seen[cell] = pair
        pairs[k] = pair
    return Numbers(point=pairs[:, 0], comma=pairs[:, 1])


def evidence(column: Numbers, low: float = -math.inf, high: float = math.inf) -> Mark | None:
    """Return the decimal mark that some cell proves; ``None`` if no cell does, or cells contradict each other.

    A cell proves a mark when it is a number in that reading only, ``low`` and ``high`` considered.
    """
    proven = [mark for mark in MARKS if column.only(mark, low, high).any()]
    return proven[0] if len(proven) == 1 else None


def read_numbers(
    column: Numbers,
    *,
    usual: Mark | None = None,
    fallback: Mark = "point",
    low: float = -math.inf,
    high: float = math.inf,
) -> Reading:
    """Decide with which mark a column is read.

    Parameters
    ----------
    usual
        The mark that the rest of the table proves.
    fallback
        The mark for files of this kind when nothing proves any.
    low, high
        What is possible at all; a reading outside is dropped when the other is inside.
    """
    votes: dict[Mark, int] = {mark: int(column.only(mark, low, high).sum()) for mark in MARKS}
    proven = votes["point"] != votes["comma"]
    mark: Mark = max(MARKS, key=lambda m: votes[m]) if proven else usual or fallback
    both = ~np.isnan(column.point) & ~np.isnan(column.comma)
    differs = np.flatnonzero(both & (column.point != column.comma))
    return Reading(mark=mark, proven=proven, values=column.under(mark), unsure=differs[:0] if proven else differs)
