"""The same hubs, as good in the aim, and the least walking: coverage and cost do not mind who walks how far, people do.

minimise    sum_ij people_i d_ij x_ij
subject to  sum_j x_ij <= 1                              for every demand point i
            sum_i kg_i x_ij <= capacity_j                for every open hub
            sum_ij w_i (U - c_ij) x_ij >= what the plan saves now
            0 <= x
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

from optimiser.hubs.arrays import Bools, Shares, capacity, kg_per_day, people
from optimiser.hubs.problem import Aim, HubProblem
from optimiser.hubs.values import Values

SLACK = 1e-9  # relative: of what is saved, so much may be lost to rounding


def shorten(problem: HubProblem, values: Values, is_open: Bools, sent: Shares, *, seconds: float | None) -> Shares:
    """Return who goes where with the least walking among all plans worth as much; as it was when time runs out."""
    better = np.where(np.isfinite(values.unit) & is_open, values.left_out - values.unit, 0.0) * values.weight[:, None]
    row, column = np.nonzero(better > 0)
    if problem.aim is Aim.WALKING or not len(row):
        return sent
    saving, kg = better[row, column], kg_per_day(problem)
    saved = float(better[sent.row, sent.column] @ sent.share)
    scale, pair, limit = max(1.0, abs(saved)), np.arange(len(row)), capacity(problem)
    held = np.flatnonzero(is_open & np.isfinite(limit))
    shape = (len(problem.candidates), len(row))
    rows = vstack(
        [
            csr_array((np.ones(len(row)), (row, pair)), shape=(len(kg), len(row))),
            csr_array((kg[row], (column, pair)), shape=shape)[held],
            csr_array(-saving[None, :] / scale),
        ],
        format="csc",
    )
    found = linprog(
        people(problem)[row] * problem.distance_m[row, column],
        A_ub=rows,
        b_ub=np.r_[np.ones(len(kg)), limit[held], -saved / scale * (1.0 - SLACK)],
        method="highs",
        options={} if seconds is None else {"time_limit": max(seconds, 0.01)},
    )
    return sent if found.x is None or found.status != 0 else Shares(row=row, column=column, share=found.x)
