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

from scenarios.read.sheet import Cell

Mark = Literal["point", "comma"]

SPACES = re.compile("[\\s'\u2019]+")
GROUPED_BY_SPACE = re.compile("[+-]?\\d{1,3}(?:[\\s'\u2019]\\d{3})+(?:[.,]\\d*)?")
POWER = r"(?:[eE][+-]?\d{1,3})?"
FORMS = {
    "point": re.compile(rf"[+-]?(?:(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d*)?|\.\d+){POWER}"),
    "comma": re.compile(rf"[+-]?(?:(?:\d{{1,3}}(?:\.\d{{3}})+|\d+)(?:,\d*)?|,\d+){POWER}"),
}
MARKS: tuple[Mark, Mark] = ("point", "comma")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a column of numbers says.

    Parameters
    ----------
    mark
        The decimal mark it was read with; ``None`` when it made no difference.
    proven
        A cell of the column allows no other.
    values
        One for each cell; ``None`` for cells that are empty or no number in this reading.
    unsure
        Positions of cells that the other mark would read as another number, when nothing in the column proves the mark.
    """

    mark: Mark | None
    proven: bool
    values: tuple[float | None, ...]
    unsure: tuple[int, ...]


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
    plain = "".join(str(unicodedata.decimal(c)) if c.isdecimal() and not c.isascii() else c for c in written.strip())
    return plain.replace("−", "-").replace("٫", ",").replace("٬", "")  # noqa: RUF001 (the very signs to be replaced)


def evidence(cells: Sequence[Cell], low: float = -math.inf, high: float = math.inf) -> Mark | None:
    """Return the decimal mark that some cell proves; ``None`` if no cell does, or cells contradict each other.

    A cell proves a mark when it is a number in that reading only, ``low`` and ``high`` considered.
    """
    proven = {
        mark for mark, other in (MARKS, MARKS[::-1]) if any(_only(cell, mark, other, low, high) for cell in cells)
    }
    return proven.pop() if len(proven) == 1 else None


def read_numbers(
    cells: Sequence[Cell],
    *,
    usual: Mark | None = None,
    fallback: Mark = "point",
    low: float = -math.inf,
    high: float = math.inf,
) -> Reading:
    """Read a column of numbers.

    Parameters
    ----------
    usual
        The mark that the rest of the table proves.
    fallback
        The mark for files of this kind when nothing proves any.
    low, high
        What is possible at all; a reading outside is dropped when the other is inside.
    """
    votes = {mark: sum(_only(cell, mark, other, low, high) for cell in cells) for mark, other in (MARKS, MARKS[::-1])}
    proven = votes["point"] != votes["comma"]
    mark: Mark = max(MARKS, key=lambda m: votes[m]) if proven else usual or fallback
    other: Mark = "comma" if mark == "point" else "point"
    values = tuple(number(cell, mark) for cell in cells)
    differs = [k for k, cell in enumerate(cells) if _differs(values[k], number(cell, other))]
    return Reading(
        mark=mark if proven or differs else None,
        proven=proven,
        values=values,
        unsure=() if proven else tuple(differs),
    )


def _only(cell: Cell, mark: Mark, other: Mark, low: float, high: float) -> bool:
    """Whether a cell is a number with this mark and none, or an impossible one, with the other."""
    if not isinstance(cell, str) or cell == "":
        return False
    this, that = number(cell, mark), number(cell, other)
    if this is None or this == that:
        return False
    return that is None or (low <= this <= high and not low <= that <= high)


def _differs(this: float | None, that: float | None) -> bool:
    return this is not None and that is not None and this != that
