"""The master problem: which trips, so that all is served, as a linear program in HiGHS.

    minimise    constant + sum_p c_p x_p + sum_i f_i u_i + sum_co C_co y_co
    subject to  sum_p a_ip x_p + u_i >= 1                for every stop i (y_co if it is in option o of choice c)
                sum_o y_co = 1 (or <= 1)                 for every choice
                trips into site t = trips out of it      for every kind and site
                trips from the depot <= vehicles         for every kind
                what trips take of a limit <= trips from the depot          for every kind and limit of a whole round
                trips from all depots >= least vehicles
    and cuts (cuts.py); x, u, y not negative, u and y at most 1; u_i only for what may be left out, else at a price
    that no plan would pay.

For any row prices of the right sign the sum of prices times right-hand sides, less what columns of negative reduced
cost can gain, is a lower limit (Lagrange): that is what :func:`limit` adds up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf

import highspy
import numpy as np
from numpy.typing import NDArray

from optimiser.rounds.bound.scene import Scene
from optimiser.rounds.bound.wanted import Wanted

Floats = NDArray[np.float64]
Path = NDArray[np.int64]  # source row, rows of stops, sink column


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """A column: what a kind of vehicle does from a site or the depot to a site or home."""

    kind: int
    path: Path
    cost: float


@dataclass(slots=True, kw_only=True)
class Fixed:
    """A column that needs no pricing; ``path`` of ``kind`` if it is a trip without stops."""

    cost: float
    most: float
    held: dict[int, float]
    kind: int = -1
    path: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Where the rows of the master are; a row is a position."""

    stop: dict[int, int]
    choice: tuple[int, ...]
    site: tuple[tuple[int, ...], ...]  # by kind
    fleet: tuple[int, ...]
    limits: tuple[tuple[int, ...], ...]
    least: int


@dataclass(slots=True, kw_only=True)
class Master:
    """The linear program as it grows."""

    solver: highspy.Highs
    scenes: tuple[Scene, ...]
    rows: Rows
    constant: float
    low: list[float]
    high: list[float]
    trips: list[Trip] = field(default_factory=list)
    fixed: list[Fixed] = field(default_factory=list)
    known: set[tuple[int, bytes]] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxed:
    """A solution of the linear program.

    Its value (constant included), the use of every trip and of every fixed column, the price of every row.
    """

    value: float
    use: Floats
    fixed: Floats
    price: Floats


def master(wanted: Wanted, scenes: tuple[Scene, ...], *, dear: float, least: int) -> Master:
    """Return the master with trips that need no pricing: from site to site without stops.

    Parameters
    ----------
    dear
        What leaving out a required stop costs: more than serving it.
    least
        Vehicles that are needed at least.
    """
    low: list[float] = []
    high: list[float] = []

    def row(at_least: float, at_most: float) -> int:
        low.append(at_least)
        high.append(at_most)
        return len(low) - 1

    chosen, known = wanted.chosen, np.flatnonzero(wanted.served.any(axis=0)).tolist()
    rows = Rows(
        stop={i: row(0.0 if i in chosen else 1.0, inf) for i in known if wanted.forgone[i] > 0},
        choice=tuple(row(1.0 if must else 0.0, 1.0) for _, must in wanted.choices),
        site=tuple(tuple(row(0.0, 0.0) for _ in range(scene.sites)) for scene in scenes),
        fleet=tuple(row(0.0, float(len(scene.kind.ids))) for scene in scenes),
        limits=tuple(tuple(row(-inf, 0.0) for _ in scene.shares) for scene in scenes),
        least=row(float(least), inf),
    )
    solver = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", 1), ("presolve", "off"), ("random_seed", 1)):
        solver.setOptionValue(option, value)
    built = Master(solver=solver, scenes=scenes, rows=rows, constant=wanted.constant, low=low, high=high)
    for a, b in zip(low, high, strict=True):
        solver.addRow(a, b, 0, np.zeros(0, dtype=np.int32), np.zeros(0))
    _fix_choices(built, wanted, dear)
    _fix_empties(built)
    return built


def _fix_choices(to: Master, wanted: Wanted, dear: float) -> None:
    """Add columns for leaving stops out and for the options of choices."""
    stop = to.rows.stop
    for i, at in stop.items():
        _fix(to, Fixed(cost=min(dear, float(wanted.forgone[i])), most=1.0, held={at: 1.0}))
    for at, (options, _) in zip(to.rows.choice, wanted.choices, strict=True):
        for way in options:
            held = {at: 1.0} | {stop[i]: -1.0 for i in way.stops if i in stop}
            _fix(to, Fixed(cost=way.cost, most=1.0, held=held))


def _fix_empties(to: Master) -> None:
    """Add every trip without stops."""
    for k, scene in enumerate(to.scenes):
        last = len(scene.money) - 1
        for source in range(scene.rows, last + 1):
            for sink in range(scene.rows, last + 1):
                cost = float(scene.money[source, sink])
                if source != sink and np.isfinite(cost):
                    path = np.array([source, sink])
                    _fix(to, Fixed(cost=cost, most=inf, held=entries(to, k, path), kind=k, path=path))


def _fix(to: Master, one: Fixed) -> None:
    to.fixed.append(one)
    index, value = np.array(list(one.held), dtype=np.int32), np.array(list(one.held.values()))
    to.solver.addCol(one.cost, 0.0, one.most, len(index), index, value)


def entries(of: Master, kind: int, path: Path) -> dict[int, float]:
    """Return row -> entry of a trip, cuts left out."""
    scene, rows = of.scenes[kind], of.rows
    n, held = scene.rows, dict[int, float]()

    def add(row: int, amount: float) -> None:
        held[row] = held.get(row, 0.0) + amount

    for node in path[1:-1].tolist():
        if (at := rows.stop.get(int(scene.stop_of[node]))) is not None:
            add(at, 1.0)
    source, sink = int(path[0]) - n, int(path[-1]) - n
    if source < scene.sites:
        add(rows.site[kind][source], -1.0)
    else:
        for at in (rows.fleet[kind], rows.least):
            add(at, 1.0)
    if sink < scene.sites:
        add(rows.site[kind][sink], 1.0)
    for at, share in zip(rows.limits[kind], scene.shares, strict=True):
        taken = float(share[path[:-1], path[1:]].sum()) - (1.0 if source == scene.sites else 0.0)
        add(at, taken)
    return {row: amount for row, amount in held.items() if amount}


def add_trip(to: Master, kind: int, path: Path, more: dict[int, float]) -> bool:
    """Add a trip with its entries in cuts (``more``); return whether it is new."""
    key = kind, path.tobytes()
    if key in to.known:
        return False
    to.known.add(key)
    cost = float(to.scenes[kind].money[path[:-1], path[1:]].sum())
    held = entries(to, kind, path) | more
    to.trips.append(Trip(kind=kind, path=path, cost=cost))
    to.solver.addCol(cost, 0.0, inf, len(held), np.array(list(held), dtype=np.int32), np.array(list(held.values())))
    return True


def add_row(to: Master, low: float, high: float, held: dict[int, float], empty: dict[int, float] | None = None) -> int:
    """Add a cut with its entries by trip and by fixed column; return its row."""
    row = len(to.low)
    for k, amount in (empty or {}).items():
        to.fixed[k].held[row] = amount
    columns = dict(empty or {}) | {len(to.fixed) + p: amount for p, amount in held.items()}
    index = np.array(list(columns), dtype=np.int32)
    to.solver.addRow(low, high, len(index), index, np.array(list(columns.values()), dtype=np.float64))
    to.low.append(low)
    to.high.append(high)
    return row


def bound_row(of: Master, row: int, low: float, high: float) -> None:
    """Change the limits of a row."""
    of.low[row], of.high[row] = low, high
    of.solver.changeRowBounds(row, low, high)


def rounds_used(of: Master, relaxed: Relaxed) -> float:
    """Return how many rounds a solution has, in fractions."""
    start = [len(scene.money) - 1 for scene in of.scenes]
    trips = sum(x for trip, x in zip(of.trips, relaxed.use.tolist(), strict=True) if trip.path[0] == start[trip.kind])
    empty = sum(
        x
        for one, x in zip(of.fixed, relaxed.fixed.tolist(), strict=True)
        if one.path is not None and one.path[0] == start[one.kind]
    )
    return float(trips + empty)


def relax(of: Master) -> Relaxed:
    """Solve the linear program."""
    of.solver.run()
    found = of.solver.getSolution()
    value = float(of.solver.getInfo().objective_function_value) + of.constant
    use = np.array(found.col_value)
    price = np.array(found.row_dual)
    low, high = np.array(of.low), np.array(of.high)
    price = np.where(np.isinf(high), np.maximum(price, 0.0), price)
    price = np.where(np.isinf(low), np.minimum(price, 0.0), price)
    return Relaxed(value=value, use=use[len(of.fixed) :], fixed=use[: len(of.fixed)], price=price)


def reduced(of: Master, kind: int, price: Floats) -> Floats:
    """Return the cost of every leg less the prices of the rows that it is in, cuts left out."""
    scene, rows = of.scenes[kind], of.rows
    n, matrix = scene.rows, scene.money.copy()
    for at, share in zip(rows.limits[kind], scene.shares, strict=True):
        if price[at]:
            matrix -= price[at] * share
            matrix[-1, :] += price[at]
    for site, at in enumerate(rows.site[kind]):
        matrix[:, n + site] -= price[at]
        matrix[n + site, :] += price[at]
    matrix[-1, :] -= price[rows.fleet[kind]] + price[rows.least]
    priced = np.array([price[rows.stop[i]] if i in rows.stop else 0.0 for i in scene.stop_of.tolist()])
    matrix[:, :n] -= priced
    return matrix


def limit(of: Master, price: Floats, cheapest: list[float]) -> float:
    """Return the lower limit that prices prove.

    Parameters
    ----------
    cheapest
        By kind a lower limit on the reduced cost of any trip.
    """
    low, high = np.array(of.low), np.array(of.high)
    total = of.constant + float((price[price > 0] * low[price > 0]).sum() + (price[price < 0] * high[price < 0]).sum())
    for one in of.fixed:
        left = one.cost - sum(price[at] * amount for at, amount in one.held.items())
        if left < 0 and one.most < inf:
            total += left * one.most
    # trips that serve something: no more than stops, of a kind without sites no more than vehicles
    gains = [min(value, 0.0) for value in cheapest]
    each = [len(set(scene.stop_of.tolist())) for scene in of.scenes]
    times = [min(n, len(s.kind.ids)) if not s.sites else n for n, s in zip(each, of.scenes, strict=True)]
    apart = sum(gain * most for gain, most in zip(gains, times, strict=True) if gain)
    every = len({int(i) for scene in of.scenes for i in scene.stop_of}) * min(gains, default=0.0)
    return total + max(apart, every)
