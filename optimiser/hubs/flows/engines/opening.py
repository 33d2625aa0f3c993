"""The best flows when it is given what is open: a linear program with the few lanes that can be any good.

From prices of what is short (:mod:`optimiser.hubs.flows.togo`) every lane has a cost from its source to the end. Only
the cheapest lanes of each item go in; those that the solution prices below what the item pays are added and it is
solved again, so ``exact`` solutions are the best over all lanes. What must be taken and cannot is forced out at a high
cost, so that every set of sites has a value.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from optimiser.hubs.compiled import kernel
from optimiser.hubs.flows.engines import highs
from optimiser.hubs.flows.form import Form
from optimiser.hubs.flows.scene import Flags, Scene
from optimiser.hubs.flows.togo import Costs
from optimiser.hubs.flows.transport import Floats, Positions

STATUS = highspy.HighsBasisStatus
KEEP = 3  # lanes of an item to begin with
PRICED = 1e-7  # relative: a lane below the item's price by more is added
DEAREST = 10.0  # times the dearest way or penalty: what cannot be taken but must


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """Where a solution stands: status by column of the form, of the forced amounts, and of the rows."""

    column: NDArray[np.int8]
    short: NDArray[np.int8]
    row: list[highspy.HighsBasisStatus]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flows:
    """The best flows for what is open.

    Parameters
    ----------
    value
        Of the aim, forced amounts included; ``inf`` when there is no solution (or none below the cutoff).
    column
        Of the form.
    forced_kg
        What must be taken and was not.
    price
        Of every slot of the scene.
    item
        What one kilogram more of each item would cost.
    row
        Prices of all rows of the form.
    basis
        To begin the next program from.
    """

    value: float
    column: Floats | None
    forced_kg: float
    price: Floats
    item: Floats
    row: Floats
    basis: Basis | None = None


def costs_of(form: Form, of: Scene) -> Costs:
    """Return what ways cost; a kilogram that is forced out costs ``DEAREST`` times the dearest of all."""
    lanes, left = form.cost[form.block("lanes")], form.cost[form.block("left")]
    dearest = max(np.abs(lanes).max(initial=0.0), np.abs(left).max(initial=0.0), 1e-3)
    dearest += np.abs(form.cost[form.block("runs")]).max(initial=0.0)
    return Costs(
        into=form.cost[of.in_lane],
        out=form.cost[of.out_lane],
        run=form.cost[of.run_column],
        left=left,
        constant=form.constant,
        forced=float(DEAREST * dearest),
    )


def best_flows(
    form: Form,
    of: Scene,
    costs: Costs,
    opened: Positions,
    inward: Floats,
    *,
    exact: bool,
    basis: Basis | None = None,
) -> Flows:
    """Return the best flows.

    Parameters
    ----------
    opened
        Size column by site, -1 for closed.
    inward
        What a kilogram costs from each node on, at some prices.
    exact
        Whether all lanes are looked at in the end.
    basis
        Of a solution for nearly the same sites.
    """
    alive = np.append(opened >= 0, True)[np.minimum(of.in_node // of.wide, of.sites)]
    used = np.zeros(len(of.in_lane), dtype=np.bool_)
    _cheapest(of.in_item, np.where(alive, costs.into + inward[of.in_node], np.inf), len(form.arising), KEEP, used)
    while True:
        columns = _columns(form, of, opened, used)
        found = _solve(form, of, costs, opened, columns, basis)
        if found.column is None or not exact:
            break
        through = costs.into + found.inward[of.in_node]
        below = through < found.flows.item[of.in_item] - PRICED * costs.forced
        new = below & alive & ~used
        if not new.any():
            break
        used |= new
    return found.flows


@dataclass(frozen=True, slots=True, kw_only=True)
class _Solved:
    """A solution of some columns."""

    flows: Flows
    column: Floats | None
    inward: Floats


def _columns(form: Form, of: Scene, opened: Positions, used: Flags) -> Positions:
    """Return the columns that take part: chosen lanes, all that is open, and everything else but sizes."""
    is_open = np.append(opened >= 0, True)  # the last for outlets
    site_of = np.minimum(np.arange(len(of.node_slot)) // of.wide, of.sites)
    tail = np.repeat(np.arange(of.sites * of.wide), np.diff(of.out_first)) // of.wide
    out = is_open[tail] & is_open[site_of[of.out_node]]
    lanes = np.concatenate([of.in_lane[used], of.out_lane[out]])
    runs = np.flatnonzero(is_open[form.runs.site]) + form.at["runs"]
    rest = np.r_[form.block("left"), form.at["members"] : form.at["end"]]
    return np.concatenate([np.sort(lanes), runs, rest]).astype(np.intp)


def _solve(form: Form, of: Scene, costs: Costs, opened: Positions, columns: Positions, basis: Basis | None) -> _Solved:
    rows = form.matrix.shape[0]
    sizes = opened[opened >= 0]
    built = form.at["sizes"] + sizes
    given = np.asarray(form.matrix[:, built].sum(axis=1)).ravel() if len(built) else np.zeros(rows)
    items, first_duty = len(form.arising), form.rows["duties"]
    short = np.concatenate([np.arange(items), np.arange(first_duty, form.rows["limits"])])
    part = form.matrix[:, columns]
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(columns) + len(short), rows
    lp.col_cost_ = np.concatenate([form.cost[columns], np.full(len(short), costs.forced)])
    lp.col_lower_ = np.zeros(lp.num_col_)
    lp.col_upper_ = np.concatenate([form.upper[columns], np.full(len(short), np.inf)])
    lp.row_lower_, lp.row_upper_ = form.low - given, form.high - given
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    ends = np.arange(1, len(short) + 1)
    lp.a_matrix_.start_ = np.concatenate([part.indptr, part.indptr[-1] + ends]).astype(np.int32)
    lp.a_matrix_.index_ = np.concatenate([part.indices, short]).astype(np.int32)
    lp.a_matrix_.value_ = np.concatenate([part.data, np.ones(len(short))])
    lp.offset_ = form.constant + float(form.cost[built].sum())
    solver = highs.solver()
    solver.passModel(lp)
    if basis is not None:
        solver.setOptionValue("presolve", "off")
        solver.setBasis(_begun(basis, columns))
    found = highs.run(solver, whole=False)
    if basis is not None and not found.proven:
        return _solve(form, of, costs, opened, columns, None)
    return _read(form, of, solver, found, columns, built)


def _begun(basis: Basis, columns: Positions) -> highspy.HighsBasis:
    """Return a basis for some columns; HiGHS repairs what is missing."""
    begun = highspy.HighsBasis()
    kinds = {int(kind): kind for kind in (STATUS.kLower, STATUS.kBasic, STATUS.kUpper, STATUS.kZero, STATUS.kNonbasic)}
    known = np.concatenate([basis.column[columns], basis.short])
    begun.col_status = [kinds[kind] for kind in known.tolist()]
    begun.row_status = basis.row
    begun.valid = begun.alien = True
    return begun


def _read(
    form: Form, of: Scene, solver: highspy.Highs, found: highs.Found, columns: Positions, built: Positions
) -> _Solved:
    rows = form.matrix.shape[0]
    if not found.proven or found.column is None:
        nothing = np.zeros(0)
        flows = Flows(value=np.inf, column=None, forced_kg=np.inf, price=nothing, item=nothing, row=nothing)
        return _Solved(flows=flows, column=None, inward=nothing)
    column = np.zeros(form.matrix.shape[1])
    column[columns] = found.column[: len(columns)]
    column[built] = 1.0
    row = found.row_dual[:rows]
    price = np.concatenate([row[form.row_block(name)] for name in ("capacity", "process", "caps")])
    price = np.maximum(-price, 0.0)
    ends = of.node_slot[of.sites * of.wide :]
    capped = np.append(price, 0.0)[ends]  # -1 takes the last: no cap, no price
    inward = np.concatenate([-row[form.row_block("inward")], capped])
    flows = Flows(
        value=found.minimised,
        column=column,
        forced_kg=float(found.column[len(columns) :].sum()),
        price=price,
        item=row[form.row_block("source")],
        row=row,
        basis=_basis(form, solver.getBasis(), columns),
    )
    return _Solved(flows=flows, column=column, inward=inward)


def _basis(form: Form, left: highspy.HighsBasis, columns: Positions) -> Basis:
    status = np.array([int(kind) for kind in left.col_status], dtype=np.int8)
    column = np.zeros(form.matrix.shape[1], dtype=np.int8)
    column[columns] = status[: len(columns)]
    return Basis(column=column, short=status[len(columns) :], row=list(left.row_status))


@kernel
def _cheapest(item: Positions, cost: Floats, items: int, keep: int, used: Flags) -> None:
    """Mark the cheapest entries of each item."""
    best, where = np.empty(items), np.empty(items, np.int64)
    for _ in range(keep):
        best[:], where[:] = np.inf, -1
        for a in range(len(item)):
            if not used[a] and cost[a] < best[item[a]]:
                best[item[a]], where[item[a]] = cost[a], a
        for i in range(items):
            if where[i] >= 0:
                used[where[i]] = True
