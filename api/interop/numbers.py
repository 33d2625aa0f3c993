"""Numbers as other routers write them: rounded, and without a point where they are whole."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from network.matrix import UNREACHABLE

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int32]


def rounded(value: float, digits: int = 1) -> float | int:
    """Return a number with so many decimals, as a whole number where it is one."""
    short = round(float(value), digits)
    return int(short) if short.is_integer() else short


def significant(value: float, digits: int = 10) -> float | int:
    """Return a number with so many significant digits, as a whole number where it is one."""
    short = float(f"{value:.{digits}g}")
    return int(short) if short.is_integer() else short


def degrees(lon: float, lat: float) -> list[float | int]:
    """Return a place as longitude and latitude with six decimals."""
    return [rounded(lon, 6), rounded(lat, 6)]


def seconds(ms: NDArray[np.int32 | np.int64]) -> FloatArray:
    """Return milliseconds as seconds, not a number where unreachable."""
    return np.where(ms == UNREACHABLE, np.nan, ms / 1000)


def metres(dm: NDArray[np.int32 | np.int64]) -> FloatArray:
    """Return decimetres as metres, not a number where unreachable."""
    return np.where(dm == UNREACHABLE, np.nan, dm / 10)


def with_tables(rest: dict[str, object], tables: Sequence[tuple[str, str]]) -> str:
    """Return a JSON object that carries tables already written."""
    text = json.dumps(rest, ensure_ascii=False, separators=(",", ":"))
    return text[:-1] + "".join(f',"{name}":{written}' for name, written in tables) + "}"
