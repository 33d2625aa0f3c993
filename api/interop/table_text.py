"""A table of numbers as JSON: compiled, because writing millions of numbers takes longer than working them out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from network.hierarchy.kernel import kernel

FloatArray = NDArray[np.float64]
ROWS = 64  # written at a time
LONGEST = 22  # characters of a cell: 19 digits, a point, a comma, and brackets of its row
OPEN, CLOSE, COMMA, POINT, ZERO = (ord(character) for character in "[],.0")
NULL = np.frombuffer(b"null", np.uint8)


def table(values: FloatArray, digits: int) -> str:
    """Return a table with so many decimals at most, ``null`` where there is no number.

    Parameters
    ----------
    values
        Not negative, below 10**12.
    """
    parts = []
    for first in range(0, len(values), ROWS):
        some = values[first : first + ROWS]
        known = np.isfinite(some)
        whole = np.where(known, np.floor(np.where(known, some, 0) * 10**digits + 0.5), -1).astype(np.int64)
        room = np.empty((whole.size + len(whole)) * LONGEST, np.uint8)
        parts.append(room[: _write(whole, digits, NULL, room)].tobytes().decode("ascii"))
    return f"[{','.join(parts)}]"


@kernel
def _write(whole: NDArray[np.int64], digits: int, null: NDArray[np.uint8], room: NDArray[np.uint8]) -> int:
    """Write rows, separated by commas, and return how many characters; cells are whole numbers of the last decimal."""
    at = 0
    for i in range(whole.shape[0]):
        if i > 0:
            room[at] = COMMA
            at += 1
        room[at] = OPEN
        at += 1
        for j in range(whole.shape[1]):
            if j > 0:
                room[at] = COMMA
                at += 1
            at = _cell(whole[i, j], digits, null, room, at)
        room[at] = CLOSE
        at += 1
    return at


@kernel
def _cell(value: int, decimals: int, null: NDArray[np.uint8], room: NDArray[np.uint8], at: int) -> int:
    """Write one number without zeros at its end; below 0: ``null``. Return where it ends."""
    if value < 0:
        for k in range(null.size):
            room[at + k] = null[k]
        return at + null.size
    while decimals > 0 and value % 10 == 0:
        value //= 10
        decimals -= 1
    size, left = 1, value // 10
    while left > 0:
        size, left = size + 1, left // 10
    size = max(size, decimals + 1)
    end = at + size + (1 if decimals > 0 else 0)
    place = end - 1
    for k in range(size):
        if k == decimals and decimals > 0:
            room[place] = POINT
            place -= 1
        room[place] = ZERO + value % 10
        value //= 10
        place -= 1
    return end
