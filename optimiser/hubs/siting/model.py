"""A siting problem as a mixed-integer program in arrays, whatever its aim and constraints.

Columns: o_k for each option (a candidate in one size), x_e for each arc, z_i for each demand (unserved), and, where
needed, v_k (load handled by option k), t (threshold of the worst-off), s_i (what demand i is beyond it).

    sum_e x_e + z_i = 1                                   every demand
    x_e <= sum_k o_k                                      every arc, k the sizes of its site ("strong" rows)
    sum_k o_k <= 1                                        every candidate
    sum_e load x_e <= sum_k capacity_k o_k                every site that has a capacity
    sum_e load x_e = sum_k v_k,  v_k <= capacity_k o_k    where sizes handle at different costs
    number, new, closed, budget, separation               rows over o
    sum w e^(kappa (d - E)) x + ... z <= T                              EDE at most E
    s_i >= sum d x + lost z - t;  t + sum w s / (share T) <= W         mean of the worst-off share at most W
    sum_(e of the group, d <= D) w x_e >= share of the group           within
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from optimiser.hubs.siting import tables
from optimiser.hubs.siting.felt import OVER, felt, strain
from optimiser.hubs.siting.price import costs
from optimiser.hubs.siting.problem import MAXIMISED, Aim, Floats, Ints, SitingProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where each kind of variable begins; there are as many as options, arcs, demands, options, 1 and demands."""

    options: int
    arcs: int
    demands: int
    handles: bool
    worst: bool

    @property
    def x(self) -> int:
        """First of the arcs."""
        return self.options

    @property
    def z(self) -> int:
        """First of the unserved."""
        return self.options + self.arcs

    @property
    def v(self) -> int:
        """First of the loads handled."""
        return self.z + self.demands

    @property
    def t(self) -> int:
        """The threshold of the worst-off; what is beyond it comes after."""
        return self.v + (self.options if self.handles else 0)

    @property
    def total(self) -> int:
        """All of them."""
        return self.t + (1 + self.demands if self.worst else 0)


@dataclass(slots=True)
class Rows:
    """Rows as they are added, in triplets."""

    row: list[Ints] = field(default_factory=list)
    column: list[Ints] = field(default_factory=list)
    factor: list[Floats] = field(default_factory=list)
    low: list[Floats] = field(default_factory=list)
    high: list[Floats] = field(default_factory=list)
    count: int = 0

    def add(self, many: int, parts: Sequence[tuple[Any, Any, Any]], low: object, high: object) -> None:
        """Add ``many`` rows made of (row from 0, column, factor) with their limits."""
        for row, column, factor in parts:
            self.row.append(np.asarray(row, dtype=np.int64) + self.count)
            self.column.append(np.asarray(column, dtype=np.int64))
            self.factor.append(np.broadcast_to(np.asarray(factor, dtype=np.float64), self.column[-1].shape))
        self.low.append(np.broadcast_to(np.asarray(low, dtype=np.float64), (many,)))
        self.high.append(np.broadcast_to(np.asarray(high, dtype=np.float64), (many,)))
        self.count += many

    def one(self, column: Ints, factor: object, low: float, high: float) -> None:
        """Add one row."""
        where = np.asarray(column, dtype=np.int64)
        self.add(
            1, [(np.zeros(len(where), np.int64), where, np.broadcast_to(np.asarray(factor), where.shape))], low, high
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """The program: minimise ``cost @ columns + constant``; ``strong`` are the rows x <= o, which may come later."""

    at: Columns
    options: tables.Options
    cost: Floats
    constant: float
    lower: Floats
    upper: Floats
    whole: tables.Bools
    rows: csr_array
    low: Floats
    high: Floats
    strong: csr_array
    sign: float  # of the aim's figure in the minimised sum
    arc_row: Ints


def build(problem: SitingProblem, *, farthest: float | None = None) -> Model:
    """Return the program of a problem; for the aim ``CENTRE`` the distance that nobody may exceed is ``farthest``."""
    held, arcs, n = tables.options(problem), problem.arcs, len(problem.demand.ids)
    at = Columns(
        options=len(held.site),
        arcs=len(arcs.site),
        demands=n,
        handles=bool((held.per_load > 0).any()),
        worst=problem.aim is Aim.WORST or problem.fairness.worst_at_most is not None,
    )
    row = tables.rows(problem)
    cost, constant, sign = _objective(problem, at, held, row)
    lower, upper, whole = _limits(problem, at, held, farthest)
    rows = Rows()
    rows.add(n, [(row, at.x + np.arange(at.arcs), 1.0), (np.arange(n), at.z + np.arange(n), 1.0)], 1.0, 1.0)
    rows.add(len(problem.candidates), [(held.site, np.arange(at.options), 1.0)], 0.0, 1.0)
    _capacities(problem, at, held, row, rows)
    _site_rows(problem, held, rows)
    _fair_rows(problem, at, row, rows)
    shape = (rows.count, at.total)
    triplets = (np.concatenate(rows.factor), (np.concatenate(rows.row), np.concatenate(rows.column)))
    return Model(
        at=at,
        options=held,
        cost=cost,
        constant=constant,
        lower=lower,
        upper=upper,
        whole=whole,
        rows=csr_array(triplets, shape=shape),
        low=np.concatenate(rows.low),
        high=np.concatenate(rows.high),
        strong=_strong(problem, at, held),
        sign=sign,
        arc_row=row,
    )


def _objective(problem: SitingProblem, at: Columns, held: tables.Options, row: Ints) -> tuple[Floats, float, float]:
    """Return factors, constant, and the sign of the aim in the minimised sum."""
    aim, weight, arcs, lost = problem.aim, problem.demand.weight, problem.arcs, problem.unserved
    cost, constant, gone = np.zeros(at.total), 0.0, np.zeros(at.demands) if lost is None else lost
    x, z = slice(at.x, at.z), slice(at.z, at.v)
    if aim in MAXIMISED:
        cost[x] = -weight[row] * (problem.decay if aim is Aim.ATTENDANCE and problem.decay is not None else 1.0)
        return cost, 0.0, -1.0
    if aim is Aim.MEDIAN:
        cost[x], cost[z] = weight[row] * arcs.distance, weight * gone
    elif aim is Aim.EDE:
        cost[x], cost[z] = felt(problem)
    elif aim in (Aim.COST, Aim.COVER):
        cost[z] = gone
        if aim is Aim.COST:
            cost[x] = tables.serving_cost(problem)
            if at.handles:
                cost[at.v : at.v + at.options] = held.per_load
        closing = tables.closing(problem)
        counted = aim is Aim.COVER and not costs(problem)
        cost[: at.options] = 1.0 if counted else held.fixed - closing[held.site]
        constant = 0.0 if counted else float(closing.sum())
    elif aim is Aim.WORST:
        cost[at.t] = 1.0
        cost[at.t + 1 :] = weight / (problem.worst_share * max(float(weight.sum()), 1e-300))
    return cost, constant, 1.0


def _limits(
    problem: SitingProblem, at: Columns, held: tables.Options, farthest: float | None
) -> tuple[Floats, Floats, tables.Bools]:
    lower, upper, whole = np.zeros(at.total), np.ones(at.total), np.zeros(at.total, dtype=np.bool_)
    whole[: at.options] = True
    upper[: at.options][tables.excluded(problem)[held.site]] = 0.0
    caps = [limit for limit in (farthest, problem.fairness.farthest_at_most) if limit is not None]
    if caps:
        counts = problem.demand.weight[tables.rows(problem)] > 0
        upper[at.x : at.z][counts & (problem.arcs.distance > min(caps) * (1 + 1e-12))] = 0.0
    forbidden = problem.unserved is None and problem.aim not in MAXIMISED
    if forbidden or problem.fairness.farthest_at_most is not None:
        upper[at.z : at.v] = 0.0
    elif farthest is not None and problem.unserved is not None:
        upper[at.z : at.v][(problem.unserved > farthest * (1 + 1e-12)) & (problem.demand.weight > 0)] = 0.0
    if problem.fairness.ede_at_most is not None:
        upper[at.x : at.v][np.concatenate(strain(problem, problem.fairness.ede_at_most)) > OVER] = 0.0
    if problem.single_source or (at.worst and tables.capacitated(problem)):
        whole[at.x : at.v] = True
    if at.handles:
        upper[at.v : at.v + at.options] = np.inf
    if at.worst:
        upper[at.t :] = np.inf
    return lower, upper, whole


def _capacities(problem: SitingProblem, at: Columns, held: tables.Options, row: Ints, rows: Rows) -> None:
    m, site, load = len(problem.candidates), problem.arcs.site, tables.load(problem)[row]
    total = float(tables.load(problem).sum())
    most = np.minimum(held.capacity, total)
    mandatory = np.flatnonzero(tables.mandatory(problem))
    place = np.full(m, -1)
    place[mandatory] = np.arange(len(mandatory))
    mine = np.flatnonzero(place[held.site] >= 0)
    rows.add(len(mandatory), [(place[held.site[mine]], mine, 1.0)], 1.0, 1.0)
    if not tables.capacitated(problem):
        return
    arc, option = np.arange(at.arcs), np.arange(at.options)
    if at.handles:
        rows.add(m, [(site, at.x + arc, load), (held.site, at.v + option, -1.0)], 0.0, 0.0)
        rows.add(at.options, [(option, at.v + option, 1.0), (option, option, -most)], -np.inf, 0.0)
    else:
        rows.add(m, [(site, at.x + arc, load), (held.site, option, -most)], -np.inf, 0.0)
    if problem.unserved is None and problem.aim not in MAXIMISED:  # enough room in all
        rows.one(option, most, total, np.inf)


def _site_rows(problem: SitingProblem, held: tables.Options, rows: Rows) -> None:
    """Add number, new, closed, budget and separation."""
    option, stands = np.arange(len(held.site)), tables.existing(problem)
    if problem.at_most is not None:
        rows.one(option, 1.0, 0.0, float(problem.at_most))
    if problem.at_most_new is not None:
        rows.one(option[~stands[held.site]], 1.0, 0.0, float(problem.at_most_new))
    if problem.at_most_closed is not None:
        rows.one(option[stands[held.site]], 1.0, float(stands.sum() - problem.at_most_closed), np.inf)
    if problem.budget is not None:
        closing = tables.closing(problem)
        rows.one(option, held.fixed - closing[held.site], -np.inf, problem.budget - float(closing.sum()))
    pairs = tables.too_close(problem)
    if len(pairs):
        sizes = np.bincount(held.site, minlength=len(problem.candidates))
        first = np.concatenate(([0], np.cumsum(sizes)[:-1]))
        parts = []
        for side in (0, 1):
            row = np.repeat(np.arange(len(pairs)), sizes[pairs[:, side]])
            begins = np.repeat(first[pairs[:, side]], sizes[pairs[:, side]])
            within = np.arange(len(row)) - np.searchsorted(row, row)
            parts.append((row, begins + within, np.ones(len(row))))
        rows.add(len(pairs), parts, 0.0, 1.0)


def _fair_rows(problem: SitingProblem, at: Columns, row: Ints, rows: Rows) -> None:
    owes, weight, distance, n = problem.fairness, problem.demand.weight, problem.arcs.distance, at.demands
    arc, demand, total = at.x + np.arange(at.arcs), at.z + np.arange(n), float(weight.sum())
    lost = np.zeros(n) if problem.unserved is None else problem.unserved
    if owes.ede_at_most is not None:
        used = np.concatenate(strain(problem, owes.ede_at_most))
        fits = used <= OVER  # the others are 0 by their limits
        rows.one(np.concatenate((arc, demand))[fits], used[fits], -np.inf, 1.0)
    if at.worst:
        part = np.arange(n)
        beyond = [(row, arc, -distance), (part, demand, -lost), (part, at.t + 1 + part, 1.0),
                  (part, np.full(n, at.t), 1.0)]  # fmt: skip
        rows.add(n, beyond, 0.0, np.inf)
    if owes.worst_at_most is not None:
        share = weight / (problem.worst_share * max(total, 1e-300))
        column = np.concatenate(([at.t], at.t + 1 + np.arange(n)))
        rows.one(column, np.concatenate(([1.0], share)), -np.inf, owes.worst_at_most)
    for rule in owes.within:
        near = tables.members(problem, rule.group)[row] & (distance <= rule.distance)
        rows.one(arc[near], weight[row][near], tables.owed(problem, rule), np.inf)


def _strong(problem: SitingProblem, at: Columns, held: tables.Options) -> csr_array:
    """Return x_e - sum o_k <= 0 for every arc."""
    sizes = np.bincount(held.site, minlength=len(problem.candidates))
    first = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    site = problem.arcs.site
    row = np.repeat(np.arange(at.arcs), sizes[site])
    begins = np.concatenate(([0], np.cumsum(sizes[site])[:-1])) if at.arcs else np.zeros(0, np.int64)
    option = np.repeat(first[site], sizes[site]) + np.arange(len(row)) - np.repeat(begins, sizes[site])
    factor = np.concatenate((np.ones(at.arcs), -np.ones(len(row))))
    where = (np.concatenate((np.arange(at.arcs), row)), np.concatenate((at.x + np.arange(at.arcs), option)))
    return csr_array((factor, where), shape=(at.arcs, at.total))
