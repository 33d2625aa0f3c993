"""Travel worked out when asked for: no array of all pairs is ever held.

The numbers are those of :func:`network.matrix.matrix`, to the last digit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from network.ends import Ends, arriving_ends, block, leaving_ends, legs
from network.hierarchy.reach import UNREACHABLE
from network.snap import Snapped
from network.stances import Stances

if TYPE_CHECKING:
    from network.drive import Drive

Int32 = NDArray[np.int32]
AT_ONCE = 128  # rows searched for their nearest columns at a time


class Nearest(NamedTuple):
    """The nearest columns of some rows, the quickest first: positions (-1: no more), ms and dm, one line a row."""

    columns: Int32
    duration_ms: Int32
    distance_dm: Int32


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetTravel:
    """Times and distances between ways of leaving and ways of arriving, for one drive.

    Parameters
    ----------
    drive
        Who goes, when, and through which streets.
    leaving, arriving
        Ids of rows and columns, each unique.
    """

    drive: Drive
    leaving: tuple[str, ...]
    arriving: tuple[str, ...]
    _rows: Ends
    _cols: Ends
    _row: dict[str, int] = field(init=False, repr=False, compare=False)
    _column: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_row", {name: k for k, name in enumerate(self.leaving)})
        object.__setattr__(self, "_column", {name: k for k, name in enumerate(self.arriving)})
        if len(self._row) != len(self.leaving) or len(self._column) != len(self.arriving):
            raise ValueError("ids of rows and of columns must be unique")

    def row(self, leave: str) -> int:
        """Position of a way of leaving; ``KeyError`` if unknown."""
        return self._row[leave]

    def column(self, arrive: str) -> int:
        """Position of a way of arriving; ``KeyError`` if unknown."""
        return self._column[arrive]

    def block(self, rows: NDArray[np.intp], cols: NDArray[np.intp]) -> tuple[Int32, Int32]:
        """Return durations in ms and distances in dm, each of shape ``(len(rows), len(cols))``."""
        return block(self.drive, self._rows.take(np.asarray(rows)), self._cols.take(np.asarray(cols)))

    def legs(self, rows: NDArray[np.intp], cols: NDArray[np.intp]) -> tuple[Int32, Int32]:
        """Return durations in ms and distances in dm of the pairs ``rows[k] -> cols[k]``, shape ``(k,)``."""
        found = legs(self.drive, self._rows.take(np.asarray(rows)), self._cols.take(np.asarray(cols)))
        return self.drive.split(found.total)

    def nearest(self, rows: NDArray[np.intp], count: int) -> Nearest:
        """Return for each of some rows the quickest columns; among equally quick ones the shortest, then the first.

        Memory: the result, and 128 rows of all columns.
        """
        rows = np.asarray(rows)
        columns = np.arange(len(self.arriving))
        shape = (len(rows), min(count, len(columns)))
        result = Nearest(np.full(shape, -1, np.int32), *(np.full(shape, UNREACHABLE, np.int32) for _ in range(2)))
        for first in range(0, len(rows), AT_ONCE):
            part = slice(first, first + AT_ONCE)
            ms, dm = self.block(rows[part], columns)
            order = np.argsort((ms.astype(np.int64) << 31) + dm, axis=1, kind="stable")[:, : shape[1]]
            result.duration_ms[part] = np.take_along_axis(ms, order, axis=1)
            result.distance_dm[part] = np.take_along_axis(dm, order, axis=1)
            result.columns[part] = np.where(result.duration_ms[part] < UNREACHABLE, order, -1)
        return result


def travel(drive: Drive, snapped: Snapped, leaving: Stances, arriving: Stances) -> StreetTravel:
    """Return lazy travel between stances at snapped places.

    Parameters
    ----------
    snapped
        Places snapped for the same network and profile.
    leaving, arriving
        Rows and columns.

    Raises
    ------
    ValueError
        If two rows or two columns have the same id.
    """
    return StreetTravel(
        drive=drive,
        leaving=leaving.ids,
        arriving=arriving.ids,
        _rows=leaving_ends(drive, snapped, leaving),
        _cols=arriving_ends(drive, snapped, arriving),
    )
