"""Many lines as one short SVG path: whole arrays at once, whole tenths of a point, nothing that cannot be seen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
TENTHS = 10.0  # path coordinates are tenths of a point; draw them inside ``scale(.1)``
PASSES = 4


def path_data(x: Floats, y: Floats, piece: NDArray[np.int64], *, tolerance: float = 0.3) -> str:
    """Return the ``d`` of a path that draws polylines.

    Parameters
    ----------
    x, y
        Points on paper of all polylines, one after the other.
    piece
        Number of the polyline of each point; equal numbers stand together.
    tolerance
        Points on paper: what bends less than this is drawn straight.

    Returns
    -------
    str
        Relative moves in tenths of a point; empty when nothing is long enough to be seen.
    """
    grid = np.column_stack([np.rint(x * TENTHS), np.rint(y * TENTHS)]).astype(np.int64)
    grid, piece = _without_repeats(grid, piece)
    for turn in range(PASSES):
        keep = _bends(grid, piece, tolerance * TENTHS, turn % 2)
        grid, piece = grid[keep], piece[keep]
    grid, piece = _without_dots(grid, piece)
    return _write(grid, piece)


def pieces(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the piece number of each point when polyline ``k`` has ``counts[k]`` points."""
    return np.repeat(np.arange(len(counts)), counts)


def _without_repeats(grid: NDArray[np.int64], piece: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    new = np.ones(len(piece), dtype=bool)
    new[1:] = (piece[1:] != piece[:-1]) | np.any(grid[1:] != grid[:-1], axis=1)
    return grid[new], piece[new]


def _without_dots(grid: NDArray[np.int64], piece: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    _, inverse, counts = np.unique(piece, return_inverse=True, return_counts=True)
    keep = counts[inverse] > 1
    return grid[keep], piece[keep]


def _bends(grid: NDArray[np.int64], piece: NDArray[np.int64], tolerance: float, parity: int) -> NDArray[np.bool_]:
    """Mark what to keep: every other inner point goes if it lies close to the line between its neighbours."""
    keep = np.ones(len(piece), dtype=bool)
    if len(piece) < 3:
        return keep
    before, here, after = grid[:-2], grid[1:-1], grid[2:]
    base = after - before
    offset = here - before
    length = np.hypot(base[:, 0], base[:, 1])
    across = np.abs(base[:, 0] * offset[:, 1] - base[:, 1] * offset[:, 0])
    along = base[:, 0] * offset[:, 0] + base[:, 1] * offset[:, 1]
    straight = (across <= tolerance * length) & (along >= 0) & (along <= length**2) & (length > 0)
    inner = (piece[:-2] == piece[1:-1]) & (piece[1:-1] == piece[2:])
    keep[1:-1] = ~(straight & inner & (np.arange(1, len(piece) - 1) % 2 == parity))
    return keep


def _write(grid: NDArray[np.int64], piece: NDArray[np.int64]) -> str:
    if not len(piece):
        return ""
    steps = np.diff(grid, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    start = np.ones(len(piece), dtype=bool)
    start[1:] = piece[1:] != piece[:-1]
    lead = np.where(start, "m", np.where(steps[:, 0] < 0, "", " "))
    between = np.where(steps[:, 1] < 0, "", " ")
    text = np.char.add(np.char.add(lead, steps[:, 0].astype(str)), np.char.add(between, steps[:, 1].astype(str)))
    return "".join(text.tolist())
