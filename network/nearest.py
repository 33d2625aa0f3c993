"""The piece of street nearest to a point: exactly that one, in about half a microsecond.

Around a point the cells of a grid are looked through ring by ring; once the next ring is farther away than the best
piece found, no unseen piece can be nearer, and once it is beyond the limit the search ends.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from network.grid import FloatArray, Grid, IntArray, Pieces, grid_of
from network.hierarchy.kernel import inner, kernel

TIE_M = 1e-6  # pieces this close to equally near count as equal; the one that comes first is taken


def nearest_piece(pieces: Pieces, grid: Grid, x: FloatArray, y: FloatArray, limit: FloatArray) -> IntArray:
    """Return the nearest piece of each point in the plane, -1 where none is within its limit (plane metres)."""
    order = _by_cell(grid, x, y)
    found = np.empty(len(order), np.int64)
    found[order] = _nearest(pieces.line, *grid, x[order], y[order], limit[order])
    return found


def nearest_pieces(
    pieces: Pieces, grid: Grid, x: FloatArray, y: FloatArray, limit: FloatArray, k: int
) -> tuple[IntArray, FloatArray]:
    """Return the nearest piece of each of the k nearest segments of each point, and how far it is.

    Nearest first; of segments at just the same distance the one that comes first. -1 and infinity where fewer are
    within the limit.
    """
    order = _by_cell(grid, x, y)
    piece, distance = np.empty((len(order), k), np.int64), np.empty((len(order), k))
    piece[order], distance[order] = _nearest_k(pieces.line, *grid, x[order], y[order], limit[order], pieces.segment, k)
    return piece, distance


def _by_cell(grid: Grid, x: FloatArray, y: FloatArray) -> NDArray[np.intp]:
    """Return points in the order of their cells: neighbours ask for the same pieces, which are then at hand."""
    west, south, size = grid.frame
    columns, rows = grid.shape
    column = np.clip((x - west) / size, -1, columns).astype(np.int32)
    row = np.clip((y - south) / size, -1, rows).astype(np.int32)
    return np.argsort(row * np.int32(columns + 2) + column, kind="stable")


def far_distance(pieces: Pieces, x: FloatArray, y: FloatArray) -> FloatArray:
    """Return how far the nearest piece of each point is, in plane metres, without any limit."""
    return _far(pieces.line, *grid_of(pieces, coarse=True), x, y)


@inner
def _distance2(line: FloatArray, p: int, x: float, y: float) -> float:
    """Return the squared distance of a point from a piece."""
    to_x, to_y, dx, dy = x - line[p, 0], y - line[p, 1], line[p, 2], line[p, 3]
    share = min(max((to_x * dx + to_y * dy) / (dx * dx + dy * dy), 0.0), 1.0)
    off_x, off_y = to_x - share * dx, to_y - share * dy
    return float(off_x * off_x + off_y * off_y)


@inner
def _cell_of(frame: tuple[float, float, float], x: float, y: float) -> tuple[int, int]:
    """Return column and row of a point, also where there is no cell, within what whole numbers can say."""
    west, south, size = frame
    far = 1e9
    column = math.floor(min(max((x - west) / size, -far), far))
    row = math.floor(min(max((y - south) / size, -far), far))
    return int(column), int(row)


@inner
def _rings(shape: tuple[int, int], column: int, row: int) -> tuple[int, int]:
    """Return the first and the last ring around a cell that meets the grid."""
    columns, rows = shape
    first = max(0, -column, column - columns + 1, -row, row - rows + 1)
    last = max(abs(column), abs(columns - 1 - column), abs(row), abs(rows - 1 - row))
    return first, last


@inner
def _columns(columns: int, column: int, up: int, ring: int) -> tuple[int, int, int]:
    """Return the first column, the last and the step between them in one row of a ring, ``up`` rows from its centre.

    All columns in the ring's own first and last row, the two outermost in the others, none beyond the grid.
    """
    west, east = column - ring, column + ring
    if abs(up) == ring:
        return max(west, 0), min(east, columns - 1), 1
    return (west if west >= 0 else east), (east if east < columns else west), 2 * ring


@inner
def _ring_distance(frame: tuple[float, float, float], column: int, row: int, ring: int, x: float, y: float) -> float:
    """Return how far the cells of a ring, and of all rings outside it, are at least."""
    west, south, size = frame
    if ring == 0:
        return 0.0
    return (
        min(
            x - (west + (column - ring + 1) * size),
            west + (column + ring) * size - x,
            y - (south + (row - ring + 1) * size),
            south + (row + ring) * size - y,
        )
        * (1 - 1e-9)
        - 1e-9
    )


@kernel
def _nearest(
    line: FloatArray,
    frame: tuple[float, float, float],
    shape: tuple[int, int],
    start: IntArray,
    listed: NDArray[np.int32],
    at_x: FloatArray,
    at_y: FloatArray,
    limit: FloatArray,
) -> IntArray:
    """Find the nearest piece of each point: the distance first, then the first of the pieces that are as near.

    The second search is made only where the first has met a rival.
    """
    found = np.full(len(at_x), -1, np.int64)
    for q in range(len(at_x)):
        best, piece, rivals = _search(line, frame, shape, start, listed, at_x[q], at_y[q], limit[q], np.inf)
        if rivals:
            best, piece, rivals = _search(line, frame, shape, start, listed, at_x[q], at_y[q], limit[q], best)
        found[q] = piece
    return found


@inner
def _search(
    line: FloatArray,
    frame: tuple[float, float, float],
    shape: tuple[int, int],
    start: IntArray,
    listed: NDArray[np.int32],
    x: float,
    y: float,
    limit: float,
    known: float,
) -> tuple[float, int, bool]:
    """Return the distance of the nearest piece, that piece, and whether another one may be as near.

    With that distance known, return the first of the pieces as near as that.
    """
    column, row = _cell_of(frame, x, y)
    columns, rows = shape
    first, last = _rings(shape, column, row)
    best, piece, rivals = known, len(line), False
    reach = min(limit, best + TIE_M)
    for ring in range(first, last + 1):
        if _ring_distance(frame, column, row, ring, x, y) > reach:
            break
        for r in range(max(row - ring, 0), min(row + ring, rows - 1) + 1):
            begin, end, step = _columns(columns, column, r - row, ring)
            for c in range(begin, end + 1, step):
                for k in range(start[r * columns + c], start[r * columns + c + 1]):
                    p = int(listed[k])
                    squared = _distance2(line, p, x, y)
                    if squared > reach * reach or p == piece:
                        continue
                    distance = math.sqrt(squared)
                    rivals |= abs(distance - best) <= TIE_M
                    if (p < piece) if known < np.inf else (distance < best):
                        best, piece = min(best, distance), p
                        reach = min(limit, best + TIE_M)
    return best, piece if piece < len(line) else -1, rivals


@kernel
def _nearest_k(
    line: FloatArray,
    frame: tuple[float, float, float],
    shape: tuple[int, int],
    start: IntArray,
    listed: NDArray[np.int32],
    at_x: FloatArray,
    at_y: FloatArray,
    limit: FloatArray,
    segment: NDArray[np.int32],
    k: int,
) -> tuple[IntArray, FloatArray]:
    """Find the nearest k segments of each point; each row is kept in order while pieces come in."""
    piece, distance = np.full((len(at_x), k), -1, np.int64), np.full((len(at_x), k), np.inf)
    columns, rows = shape
    for q in range(len(at_x)):
        x, y = at_x[q], at_y[q]
        column, row = _cell_of(frame, x, y)
        first, last = _rings(shape, column, row)
        for ring in range(first, last + 1):
            if _ring_distance(frame, column, row, ring, x, y) > min(limit[q], distance[q, k - 1]):
                break
            for r in range(max(row - ring, 0), min(row + ring, rows - 1) + 1):
                begin, end, step = _columns(columns, column, r - row, ring)
                for c in range(begin, end + 1, step):
                    for place in range(start[r * columns + c], start[r * columns + c + 1]):
                        p = int(listed[place])
                        far = math.sqrt(_distance2(line, p, x, y))
                        if far <= min(limit[q], distance[q, k - 1]):
                            _enter(piece[q], distance[q], segment, p, far)
    return piece, distance


@inner
def _enter(piece: IntArray, distance: FloatArray, segment: NDArray[np.int32], p: int, far: float) -> None:
    """Put a piece into a row of the nearest, one of each segment: the nearer one, of equally near the first."""
    k = len(piece)
    at = k  # where its segment stands, or else the last place
    for j in range(k):
        if piece[j] >= 0 and segment[piece[j]] == segment[p]:
            at = j
    if at == k:
        at = k - 1
    if piece[at] >= 0 and (distance[at] < far or (distance[at] == far and piece[at] <= p)):
        return
    while at > 0 and (distance[at - 1] > far or (distance[at - 1] == far and piece[at - 1] > p)):
        piece[at], distance[at] = piece[at - 1], distance[at - 1]
        at -= 1
    piece[at], distance[at] = p, far


@inner
def _cell_distance(frame: tuple[float, float, float], column: int, row: int, x: float, y: float) -> float:
    """Return how far a cell is at least."""
    west, south, size = frame
    to_x = max(west + column * size - x, x - (west + (column + 1) * size), 0.0)
    to_y = max(south + row * size - y, y - (south + (row + 1) * size), 0.0)
    return math.sqrt(to_x * to_x + to_y * to_y) * (1 - 1e-9) - 1e-9


@kernel
def _far(
    line: FloatArray,
    frame: tuple[float, float, float],
    shape: tuple[int, int],
    start: IntArray,
    listed: NDArray[np.int32],
    at_x: FloatArray,
    at_y: FloatArray,
) -> FloatArray:
    """Find the distance of each point from the nearest piece, however far: the cells in the order of their bounds."""
    columns, rows = shape
    bound, distance = np.empty(columns * rows), np.full(len(at_x), np.inf)
    for q in range(len(at_x)):
        for cell in range(columns * rows):
            bound[cell] = np.inf
            if start[cell] < start[cell + 1]:
                bound[cell] = _cell_distance(frame, cell % columns, cell // columns, at_x[q], at_y[q])
        nearest = np.argmin(bound)
        while bound[nearest] < distance[q]:
            for k in range(start[nearest], start[nearest + 1]):
                distance[q] = min(distance[q], math.sqrt(_distance2(line, int(listed[k]), at_x[q], at_y[q])))
            bound[nearest] = np.inf
            nearest = np.argmin(bound)
    return distance
