"""Lines as text: Google's encoded polylines, five or six decimals.

Each coordinate is written as the difference from the one before, in units of the last decimal: the sign moves to the
lowest bit, then five bits to a character, lowest first, bit six set while more follow. Latitude comes first.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
FIRST = 63  # the character of the value 0, "?"
MORE = 32
MOST_BITS = 35  # a longitude at six decimals and its sign need 30


def encode(lon: FloatArray, lat: FloatArray, *, digits: int) -> str:
    """Return a line of degrees as a polyline with so many decimals."""
    whole = np.floor(np.stack([lat, lon], axis=-1) * 10**digits + 0.5).astype(np.int64)
    steps = np.diff(whole, axis=0, prepend=np.zeros((1, 2), np.int64)).ravel()
    return "".join(map(_written, np.where(steps < 0, ~(steps << 1), steps << 1).tolist()))


def _written(value: int) -> str:
    characters = []
    while value >= MORE:
        characters.append(chr((value & (MORE - 1) | MORE) + FIRST))
        value >>= 5
    characters.append(chr(value + FIRST))
    return "".join(characters)


def decode(text: str, *, digits: int) -> tuple[FloatArray, FloatArray]:
    """Return longitudes and latitudes of a polyline.

    Raises
    ------
    ValueError
        If the text stops within a number or a pair, or has a character that no polyline has.
    """
    steps, value, bits = [], 0, 0
    for character in text:
        part = ord(character) - FIRST
        if not 0 <= part < 2 * MORE or bits > MOST_BITS:
            raise ValueError("this is no polyline")
        value |= (part & (MORE - 1)) << bits
        bits += 5
        if part < MORE:
            steps.append(~(value >> 1) if value & 1 else value >> 1)
            value = bits = 0
    if bits or len(steps) % 2:
        raise ValueError("the polyline stops too early")
    degrees = np.cumsum(np.array(steps, np.int64).reshape(-1, 2), axis=0) / 10**digits
    return degrees[:, 1], degrees[:, 0]
