"""The problem as far as it has shrunk, and the best plan of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimiser.hubs.siting.core import CLOSED, OPEN, Core
from optimiser.hubs.siting.lagrange import swap
from optimiser.hubs.siting.lagrange.rows import I8, I32, Bools, Columns, Rows, shrink
from optimiser.hubs.siting.problem import Floats

SLACK = 1e-7  # relative: a plan that is better by less is not looked for
SPARE = 20  # slots
WIDE = 40_000_000  # numbers in the exchange's table: above it there are fewer slots than sites may open


def slack(step: float, cost: float) -> float:
    """Return by how much a plan must be better than one of this cost to count."""
    return step * (1.0 - 1e-6) if step > 0 else SLACK * abs(cost)


@dataclass(slots=True)
class State:
    """What is left to decide: rows and columns of the core's demand ``row`` and candidates ``site``.

    Parameters
    ----------
    fixed
        Candidates of the core that are open for good.
    most
        Sites that may open beside those.
    constant
        What is paid in any case, the core's own constant apart.
    chosen, cost
        The best plan of what is left; ``inf`` while there is none.
    u, share, made
        Prices, how often each site is chosen, and what each makes of the prices (rho).
    """

    core: Core
    rows: Rows
    columns: Columns
    row: I32
    site: I32
    fixed: Bools
    most: int
    constant: float
    chosen: Bools
    cost: float
    u: Floats
    share: Floats
    made: Floats

    @property
    def slack(self) -> float:
        """By how much another plan must be better."""
        return slack(self.core.step, self.cost + self.constant)

    @property
    def cutoff(self) -> float:
        """No plan of what is left that costs more is looked for."""
        return self.cost - self.slack

    def whole(self) -> Bools:
        """Return the best plan as candidates of the core."""
        found = self.fixed.copy()
        found[self.site[self.chosen]] = True
        return found


def first_state(core: Core) -> State:
    """Return what is left when mandatory and excluded sites are taken out."""
    whole = Rows(core.start, core.site, core.cost, core.far, core.fixed)
    n, m = len(core.far), len(core.fixed)
    state = State(
        core=core,
        rows=whole,
        columns=Columns(np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0)),
        row=np.arange(n, dtype=np.int32),
        site=np.arange(m, dtype=np.int32),
        fixed=np.zeros(m, dtype=np.bool_),
        most=core.most,
        constant=0.0,
        chosen=core.status == OPEN,
        cost=np.inf,
        u=core.far.copy(),
        share=np.zeros(m),
        made=np.zeros(m),
    )
    return shrunk_state(state, core.status)


def shrunk_state(state: State, status: I8) -> State:
    """Return what is left when more sites are fixed; the best plan has to agree with them, else it is gone."""
    small, columns = shrink(state.rows, status)
    fixed = state.fixed.copy()
    fixed[state.site[status == OPEN]] = True
    fits = not (state.chosen[status == CLOSED].any() or (~state.chosen[status == OPEN]).any())
    return State(
        core=state.core,
        rows=small.rows,
        columns=columns,
        row=state.row[small.row],
        site=state.site[small.site],
        fixed=fixed,
        most=min(state.most - int((status == OPEN).sum()), len(small.site)),
        constant=state.constant + small.constant,
        chosen=state.chosen[small.site].copy(),
        cost=state.cost - small.constant if fits else np.inf,
        u=np.minimum(state.u[small.row], small.rows.far),
        share=state.share[small.site].copy(),
        made=np.zeros(len(small.site)),
    )


def desk(state: State) -> swap.Desk:
    """Return an empty table for exchanges, with slots for some more sites than the best plan has."""
    n, m = len(state.rows.far), len(state.rows.fixed)
    count = int(state.chosen.sum())
    width = max(min(state.most, m, WIDE // max(m, 1), 3 * count + SPARE), count, 1)
    return swap.Desk(
        np.zeros(n, np.int32), np.zeros(n, np.int32), np.zeros(n), np.zeros(n), np.zeros(m, np.int32),
        np.zeros(width, np.int32), np.zeros(m), np.zeros(width), np.zeros(m * width), np.zeros(width),
    )  # fmt: skip


def fixable(made: Floats, most: int, bound: float, cutoff: float) -> I8:
    """Return which sites no plan below ``cutoff`` has closed (1) or open (-1).

    ``made`` is rho at the prices of ``bound``: without its site the sum takes the best one that was left out, and for a
    new site it gives up the worst one that was taken.
    """
    m = len(made)
    chosen = np.zeros(m, dtype=np.bool_)
    order = np.argsort(made, kind="stable")
    chosen[order[:most]] = made[order[:most]] < 0
    last = min(float(made[order[most - 1]]), 0.0) if most <= m else 0.0
    first = min(float(made[~chosen].min(initial=0.0)), 0.0)
    status = np.zeros(m, dtype=np.int8)
    status[~chosen & (bound + made - last > cutoff)] = CLOSED
    status[chosen & (bound - made + first > cutoff)] = OPEN
    return status
