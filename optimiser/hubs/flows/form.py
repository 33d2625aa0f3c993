"""The flow problem as a mixed-integer program in arrays, for engines that build no model piece by piece.

Columns, in this order (all but the sizes from 0 to infinity unless said)

    x_a      kg on lane a (at most the link's limit)
    p_hqs    kg of stream s into process q at site h
    u_is     kg of stream s left out at source i (at most (1 - least share) of what arises)
    y_hl     1 if site h is built in size l
    w_c      members of cooperative c that work (at most all)
    m_cs     money paid to cooperative c for stream s

Rows

    sum_out x + u = arising                          each source and stream
    sum_in x - sum_q p = 0                           each site and stream it takes
    sum_out x - sum yield p = 0                      each site and stream it makes
    sum p - sum_l capacity_l y_l <= 0                each site; and each process with a limit of its own
    sum_l y_l <= 1                                   each site (1 if it must open, 0 if it may not)
    sum (contamination - allowed) p <= 0             each process and site that is particular
    sum_in x <= cap                                  each offer with a cap
    sum hours x - hours_c w_c <= 0                   each cooperative
    least sum x <= m_cs <= most sum x                each cooperative and stream
    floor w_c - sum_s m_cs <= 0                      each cooperative
    sum_in x >= least                                each duty
    sum fixed y <= budget;  aim <= limit             where given

A capacity of ``None`` becomes all that arises: each kilogram is counted once in one place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csc_array

from optimiser.hubs.flows.lanes import Lanes
from optimiser.hubs.flows.problem import Aim
from optimiser.hubs.flows.transport import Floats, Positions


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """Processes at sites by stream: positions of site, process and stream, one entry each."""

    site: Positions
    process: Positions
    stream: Positions

    def __len__(self) -> int:
        """Return how many."""
        return len(self.site)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A mixed-integer program: minimise ``cost @ v``, ``low <= A v <= high``, ``0 <= v <= upper``, some v whole.

    Parameters
    ----------
    aims
        Objective of every aim by column; ``cost`` and ``constant`` are those of the problem's aim.
    matrix
        ``A`` by columns.
    lanes, runs
        What the first columns are.
    at
        First column of each block: ``lanes runs left sizes members money end``.
    rows
        First row of each block: ``source inward outward capacity process one blend caps hours fees floor duties
        limits end``.
    constants
        What each aim has besides: deposits of all that arises, for instance.
    left_source, left_stream, arising
        What the ``left`` columns are, and how much arises.
    size_site, size_kg
        By size column: its site, and its capacity.
    fee_work, fee_stream
        What the ``money`` columns are.
    capped
        By caps row: outlet's place and stream.
    limited
        By row of the block ``process``: site and process.
    """

    cost: Floats
    constant: float
    upper: Floats
    aims: Mapping[Aim, Floats]
    constants: Mapping[Aim, float]
    low: Floats
    high: Floats
    matrix: csc_array
    lanes: Lanes
    runs: Runs
    at: Mapping[str, int]
    rows: Mapping[str, int]
    left_source: Positions
    left_stream: Positions
    arising: Floats
    size_site: Positions
    size_kg: Floats
    fee_work: Positions
    fee_stream: Positions
    capped: tuple[tuple[int, int], ...]
    limited: tuple[tuple[int, int], ...]

    def block(self, name: str) -> slice:
        """Return the columns of a block."""
        names = list(self.at)
        return slice(self.at[name], self.at[names[names.index(name) + 1]])

    def row_block(self, name: str) -> slice:
        """Return the rows of a block."""
        names = list(self.rows)
        return slice(self.rows[name], self.rows[names[names.index(name) + 1]])


@dataclass(slots=True, kw_only=True)
class Rows:
    """Rows while they are collected: blocks of (row, column, value) triples with their limits."""

    row: list[Positions] = field(default_factory=list)
    column: list[Positions] = field(default_factory=list)
    value: list[Floats] = field(default_factory=list)
    low: list[Floats] = field(default_factory=list)
    high: list[Floats] = field(default_factory=list)
    start: dict[str, int] = field(default_factory=dict)
    count: int = 0

    def begin(self, name: str, low: Floats, high: Floats) -> None:
        """Start a block of rows."""
        self.start[name] = self.count
        self.low.append(low)
        self.high.append(high)
        self.count += len(low)

    def put(self, name: str, row: Positions, column: Positions, value: Floats) -> None:
        """Add entries to a block; rows counted from its first."""
        self.row.append(np.asarray(row, dtype=np.intp) + self.start[name])
        self.column.append(np.asarray(column, dtype=np.intp))
        self.value.append(np.broadcast_to(np.asarray(value, dtype=np.float64), np.shape(column)))
