"""Straight pieces of streets, listed by the square cells they enter; the searches stand in ``network/nearest.py``."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from network.hierarchy.kernel import kernel
from network.plane import to_plane
from network.streets import StreetNetwork

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
PIECES_PER_CELL = 1.0  # sought on average where streets are
CELLS_PER_PIECE = 8  # at most so many: bounds the memory to 64 bytes a piece where towns lie far apart
SURVEY = 128  # the extent is looked at in so many rows and columns to see where streets are
COARSE = 64  # rows and columns of the grid in which the nearest street of a far place is sought


class Pieces(NamedTuple):
    """Straight pieces of the chosen segments in the plane, in the order of the segments, none of length zero."""

    point: IntArray  # position of the first of its two points among all shape points
    segment: NDArray[np.int32]
    line: FloatArray  # x and y where it begins, and from there to its end
    length: FloatArray
    before: FloatArray  # length along the segment up to its beginning
    whole: FloatArray  # length of its segment, in the plane


class Grid(NamedTuple):
    """Square cells over an extent; cell ``row * columns + column`` lists ``piece[start[cell]:start[cell + 1]]``."""

    frame: tuple[float, float, float]  # west, south, size of a cell
    shape: tuple[int, int]  # columns, rows
    start: IntArray
    piece: NDArray[np.int32]


def pieces_of(network: StreetNetwork, chosen: NDArray[np.bool_], true_lat: float) -> Pieces:
    """Cut the chosen segments into straight pieces in the plane that is true at a latitude."""
    points = np.diff(network.shape_start)
    owner = np.repeat(np.arange(network.segments, dtype=np.int32), points)
    first = np.flatnonzero((owner[:-1] == owner[1:]) & chosen[owner[:-1]])
    x, y = np.ascontiguousarray(to_plane(network.shape_lon, network.shape_lat, true_lat).T)
    dx, dy = x[first + 1] - x[first], y[first + 1] - y[first]
    length = np.sqrt(dx * dx + dy * dy)
    keep = np.flatnonzero(length > 0)
    if len(keep) < len(first):
        first, dx, dy, length = first[keep], dx[keep], dy[keep], length[keep]
    segment = owner[first]
    whole = np.bincount(segment, weights=length, minlength=network.segments).astype(np.float64, copy=False)
    total = np.cumsum(length) - length
    starts = np.flatnonzero(np.r_[True, segment[1:] != segment[:-1]]) if len(segment) else np.zeros(0, np.intp)
    before = total - np.repeat(total[starts], np.diff(np.append(starts, len(segment))))
    line = np.stack([x[first], y[first], dx, dy], axis=-1)
    return Pieces(first, segment, line, length, before, whole[segment])


def grid_of(pieces: Pieces, *, coarse: bool = False) -> Grid:
    """Put pieces (at least one) into cells of a size that suits how densely they lie, or into few large ones."""
    x, y, dx, dy = pieces.line.T
    west, south = min(x.min(), (x + dx).min()), min(y.min(), (y + dy).min())
    width, height = max(x.max(), (x + dx).max()) - west, max(y.max(), (y + dy).max()) - south
    longest = max(width, height, 1.0)
    size = longest / COARSE if coarse else _cell_size(x - west, y - south, width, height)
    shape = int(width / size) + 1, int(height / size) + 1
    frame = float(west), float(south), float(size)
    return Grid(frame, shape, *_fill(pieces.line, frame, shape))


def _cell_size(east: FloatArray, north: FloatArray, width: float, height: float) -> float:
    """Return the cell size that gives the wanted number of pieces to a cell where streets are."""
    side = max(width, height, 1.0) / SURVEY
    cell = (north / side).astype(np.int64) * (SURVEY + 1) + (east / side).astype(np.int64)
    built_up = np.count_nonzero(np.bincount(cell)) * side**2
    most = CELLS_PER_PIECE * len(east) + SURVEY
    return max(
        math.sqrt(PIECES_PER_CELL * built_up / len(east)),
        math.sqrt(width * height / most),
        max(width, height) / most,
        1.0,
    )


def project(pieces: Pieces, piece: IntArray, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return plane metres from the start of the piece to its point nearest the place, and from there to the place."""
    to_x, to_y, dx, dy = pieces.line[piece].T
    to_x, to_y = x - to_x, y - to_y
    share = np.clip((to_x * dx + to_y * dy) / (dx * dx + dy * dy), 0.0, 1.0)
    return share * pieces.length[piece], np.hypot(to_x - share * dx, to_y - share * dy)


@kernel
def _fill(
    line: FloatArray, frame: tuple[float, float, float], shape: tuple[int, int]
) -> tuple[IntArray, NDArray[np.int32]]:
    """List the pieces of each cell in their order: counted first, then written.

    Row by row of the cells, a piece enters those between its westernmost and easternmost point within the row, both
    with a margin that outweighs rounding.
    """
    west, south, size = frame
    columns, rows = shape
    start = np.zeros(columns * rows + 1, np.int64)
    listed = np.empty(0, np.int32)
    margin = 1e-12 * (abs(west) + abs(south) + size * (columns + rows)) + 1e-9
    for writing in range(2):
        if writing:
            for cell in range(columns * rows):
                start[cell + 1] += start[cell]
            listed = np.empty(start[-1], np.int32)
        for p in range(len(line) - 1, -1, -1):  # backwards: each start moves down to its place as it is written
            x, y, dx, dy = line[p]
            first = max(math.floor((min(y, y + dy) - margin - south) / size), 0)
            last = min(math.floor((max(y, y + dy) + margin - south) / size), rows - 1)
            for row in range(first, last + 1):
                a, b = 0.0, 1.0
                if first < last and abs(dy) > margin:
                    enters = (south + row * size - margin - y) / dy
                    leaves = (south + (row + 1) * size + margin - y) / dy
                    a, b = max(min(enters, leaves), 0.0), min(max(enters, leaves), 1.0)
                left, right = min(x + a * dx, x + b * dx) - margin, max(x + a * dx, x + b * dx) + margin
                begin = max(math.floor((left - west) / size), 0)
                end = min(math.floor((right - west) / size), columns - 1)
                for cell in range(row * columns + begin, row * columns + end + 1):
                    if writing:
                        start[cell] -= 1
                        listed[start[cell]] = p
                    else:
                        start[cell] += 1
    return start, listed
