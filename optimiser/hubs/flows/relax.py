"""A stronger dual bound: every site keeps its own rules, what places pass to each other is priced.

Relax the rows between places with prices: what arises, what leaves a site, caps of offers, hours, duties, limits. Each
site then decides alone whether to open and in which size, and takes what its prices make worth taking: no more of a
lane than can come along it, no more of a process than that takes, no more in all than the size takes. That is a
knapsack with nested limits, solved by taking the best first. The best prices give the bound of the formulation with
``x <= M y`` for every lane and size, which as a linear program has millions of rows (Geoffrion 1974; the knapsack for
capacitated location: Nauss 1978, Management Sci. 24). Prices climb by subgradient steps with deflection (Camerini,
Fratta, Maffioli 1975, Math. Prog. Study 3).

*Covers*: where part of an item must be taken and all its lanes lead to sites, one of these is open. A plan knows that;
shares of sites that are open by halves do not, so these rows make the bound better, with prices of their own.

Where a site has two processes for one stream, limits of its single processes are dropped, which keeps the bound valid.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, vstack

from optimiser.hubs.compiled import kernel
from optimiser.hubs.flows.form import Form
from optimiser.hubs.flows.materials import outputs
from optimiser.hubs.flows.problem import FlowProblem
from optimiser.hubs.flows.scene import Flags
from optimiser.hubs.flows.transport import Floats, Positions

OWN = ("inward", "capacity", "process", "one", "blend")  # rows that a site keeps, or drops
DEFLECT = 0.7
PATIENCE = 30
SHRINK = 0.7
FAR = 10.0  # times the first bound: what is aimed at without a plan
SMALLEST = 1e-3  # step length at which the climb ends
RISE = 1e-5


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxation:
    """What stays and what is priced.

    Parameters
    ----------
    priced
        Rows of the form that are priced. ``matrix`` has those and then the covers; ``turned`` is its transpose.
    most
        By column: the largest amount there can be.
    lane_first, lane, run, process
        Lanes into sites by site: column, run that handles it, slot of the process in ``process_kg`` (-1: none).
    free
        Columns that belong to no site.
    """

    form: Form
    priced: Positions
    matrix: csr_array
    turned: csr_array
    low: Floats
    high: Floats
    scale: Floats
    most: Floats
    lane_first: Positions
    lane: Positions
    run_first: Positions
    run: Positions
    process: Positions
    free: Positions
    size_first: Positions
    size_kg: Floats
    process_kg: Floats
    must: Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class Dual:
    """The bound at some prices: its value, the columns that reach it, and what each size would add to it."""

    value: float
    column: Floats
    worth: Floats


def relaxation(problem: FlowProblem, form: Form) -> Relaxation:
    """Return the relaxation of a problem."""
    first, sites, wide = len(problem.sources), len(problem.sites), len(problem.streams)
    lanes, runs = form.lanes, form.runs
    priced = np.ones(form.matrix.shape[0], dtype=np.bool_)
    for block in OWN:
        priced[form.row_block(block)] = False
    rows = np.flatnonzero(priced)
    covers = _covers(problem, form)
    most = _most(problem, form)
    matrix = csr_array(vstack([csr_array(form.matrix.tocsr()[rows]), covers]))
    into = np.flatnonzero((lanes.head >= first) & (lanes.head < first + sites))
    lane = into[np.argsort(lanes.head[into], kind="stable")]
    node = (lanes.head[lane] - first) * wide + lanes.stream[lane]
    by_node = np.argsort(runs.site * wide + runs.stream, kind="stable")
    key = (runs.site * wide + runs.stream)[by_node]
    run_first = np.searchsorted(key, np.arange(sites * wide + 1))
    doubled = np.unique(key[1:][key[1:] == key[:-1]] // wide)
    slot = {pair: k for k, pair in enumerate(form.limited) if pair[0] not in doubled}
    process = [slot.get((int(runs.site[k]), int(runs.process[k])), -1) for k in by_node]
    owned = np.zeros(form.at["end"], dtype=np.bool_)
    owned[lane] = True
    owned[form.block("runs")] = owned[form.block("sizes")] = True
    names = [process.id for process in problem.processes]
    sizes = [size for site in problem.sites for size in site.sizes]
    limits = [[z.process_kg.get(names[q], np.inf) for z in sizes] for _, q in form.limited]
    return Relaxation(
        form=form,
        priced=rows,
        matrix=matrix,
        turned=csr_array(matrix.T),
        low=np.concatenate([form.low[rows], np.full(covers.shape[0], covers.max() if covers.nnz else 0.0)]),
        high=np.concatenate([form.high[rows], np.full(covers.shape[0], np.inf)]),
        most=most,
        scale=_scale(matrix, most),
        lane_first=np.searchsorted(lanes.head[lane], np.arange(first, first + sites + 1)).astype(np.intp),
        lane=lane,
        run_first=np.column_stack([run_first[node], run_first[node + 1]]).astype(np.intp),
        run=(by_node + form.at["runs"]).astype(np.intp),
        process=np.array(process, dtype=np.intp),
        free=np.flatnonzero(~owned),
        size_first=np.searchsorted(form.size_site, np.arange(sites + 1)).astype(np.intp),
        size_kg=form.size_kg,
        process_kg=np.array(limits, dtype=np.float64).reshape(len(form.limited), len(sizes)),
        must=np.array([site.must_open for site in problem.sites], dtype=np.bool_),
    )


def _covers(problem: FlowProblem, form: Form) -> csr_array:
    """Return by cover which sizes are among its sites."""
    first, last = len(problem.sources), len(problem.sources) + len(problem.sites)
    lanes, wide = form.lanes, len(problem.streams)
    least = [arising.least_share * arising.kg for source in problem.sources for arising in source.arisings]
    must = np.zeros(first * wide, dtype=np.bool_)
    must[form.left_source * wide + form.left_stream] = np.array(least) > 0
    here = np.flatnonzero(lanes.tail < first)
    key, head = lanes.tail[here] * wide + lanes.stream[here], lanes.head[here]
    must[key[head >= last]] = False
    leads = csr_array(
        (np.ones(len(here), dtype=np.int8), (key, np.minimum(head, last) - first)),
        shape=(first * wide, last - first + 1),
    )
    sites = np.unique((leads[np.flatnonzero(must)].toarray() > 0)[:, :-1], axis=0)
    sites = sites[sites.any(axis=1)]
    sizes = form.at["sizes"] + np.arange(len(form.size_site))
    row, column = np.nonzero(sites[:, form.size_site])
    kg = float(form.arising.sum()) / max(first, 1)  # a cover as heavy as what a source has: steps suit all prices
    return csr_array((np.full(len(row), kg), (row, sizes[column])), shape=(len(sites), form.at["end"]))


def _most(problem: FlowProblem, form: Form) -> Floats:
    """Return the most of every column: what arises, or what the largest size can make of what it can get."""
    lanes, runs, wide = form.lanes, form.runs, len(problem.streams)
    first, sites = len(problem.sources), len(problem.sites)
    arising = np.zeros((first, wide))
    arising[form.left_source, form.left_stream] = form.arising
    number = {stream.id: k for k, stream in enumerate(problem.streams)}
    room = np.zeros(sites)
    np.maximum.at(room, form.size_site, form.size_kg)
    made = np.zeros((sites, wide))
    for k in range(len(runs)):
        h, process = int(runs.site[k]), problem.processes[runs.process[k]]
        for name, share in outputs(process, problem.streams[runs.stream[k]]).items():
            made[h, number[name]] = max(made[h, number[name]], share * room[h])
    sent = np.vstack([arising, made])
    most = form.upper.copy()
    most[: len(lanes)] = np.minimum(most[: len(lanes)], sent[lanes.tail, lanes.stream])
    most[form.block("runs")] = room[runs.site]
    dearest = {(c, fee.stream): fee.most for c, work in enumerate(problem.cooperatives) for fee in work.fees}
    total = float(form.arising.sum()) * (1 + sites)
    for k in range(len(form.fee_work)):
        pair = int(form.fee_work[k]), problem.streams[form.fee_stream[k]].id
        most[form.at["money"] + k] = dearest[pair] * total
    return most


def first_prices(of: Relaxation, row: Floats) -> Floats:
    """Return prices to begin with: those of the form's rows, nothing for the covers."""
    price = row[of.priced] if len(row) else np.zeros(len(of.priced))
    return np.concatenate([price, np.zeros(of.matrix.shape[0] - len(of.priced))])


def _scale(matrix: csr_array, most: Floats) -> Floats:
    """Return how far prices of rows go in a step: rows of large amounts are prices of small ones."""
    amounts = matrix.copy()
    amounts.data = np.abs(matrix.data) * np.minimum(most[matrix.indices], 1e12)
    largest: Floats = amounts.max(axis=1).toarray().ravel()
    return 1.0 / np.maximum(largest, 1.0)


def allowed(of: Relaxation, price: Floats) -> Floats:
    """Return prices of the sign that their rows allow."""
    price = np.where(np.isinf(of.low), np.minimum(price, 0.0), price)
    return np.where(np.isinf(of.high), np.maximum(price, 0.0), price)


def dual(of: Relaxation, price: Floats, open_sizes: Flags, may_close: Flags) -> Dual:
    """Return the bound at prices, among plans with the sizes allowed; ``may_close`` by site."""
    form = of.form
    reduced = form.cost - of.turned @ price
    limit = np.where(price > 0, np.where(np.isfinite(of.low), of.low, 0.0), np.where(np.isfinite(of.high), of.high, 0))
    column, worth = np.zeros(len(reduced)), np.zeros(len(of.size_kg))
    good = of.free[reduced[of.free] < 0]
    column[good] = of.most[good]
    value = form.constant + float(limit @ price) + float(reduced[good] @ column[good])
    value += _sites(
        reduced, of.lane_first, of.lane, of.run_first, of.run, of.process, of.most, of.size_first, of.size_kg,
        of.process_kg, form.at["sizes"], open_sizes, may_close, column, worth,
    )  # fmt: skip
    return Dual(value=value, column=column, worth=worth)


@dataclass(slots=True, kw_only=True)
class Climbed:
    """Where a climb has got to: the best prices with their dual, and a running mean of the columns."""

    price: Floats
    dual: Dual
    mean: Floats
    steps: int = 0


def climb(
    of: Relaxation,
    price: Floats,
    open_sizes: Flags,
    may_close: Flags,
    *,
    target: float,
    over: Callable[[int], bool],
    length: float = 1.0,
) -> Climbed:
    """Raise the bound until ``over`` (told the steps made), or no step helps any more, or it is above ``target``.

    Without a plan the target is infinite; steps then aim well above where the bound begins.
    """
    price = allowed(of, price)
    now = dual(of, price, open_sizes, may_close)
    target = target if np.isfinite(target) else FAR * max(1.0, abs(now.value))
    best = Climbed(price=price, dual=now, mean=now.column)
    goal = np.where(np.isfinite(of.low), of.low, of.high)
    move, waited, mark = np.zeros(len(price)), 0, now.value
    while not over(best.steps) and length > SMALLEST and best.dual.value < target:
        slack = goal - of.matrix @ now.column
        slack[(np.isinf(of.low) & (price >= 0) & (slack > 0)) | (np.isinf(of.high) & (price <= 0) & (slack < 0))] = 0.0
        move = slack + DEFLECT * move
        norm = float(move @ (of.scale * move))
        if norm <= 0.0:
            break
        ahead = max(target - now.value, 1e-4 * abs(target))
        price = allowed(of, price + length * ahead / norm * of.scale * move)
        now = dual(of, price, open_sizes, may_close)
        best.steps += 1
        best.mean = 0.95 * best.mean + 0.05 * now.column
        if now.value > best.dual.value:
            best.price, best.dual = price, now
        waited += 1
        if best.dual.value > mark + RISE * abs(mark):
            mark, waited = best.dual.value, 0
        elif waited >= PATIENCE:
            length, waited = length * SHRINK, 0
            price, now, move = best.price, best.dual, np.zeros(len(price))
    return best


@kernel
def _sites(  # noqa: C901, PLR0912 one loop nest, compiled
    reduced: Floats,
    lane_first: Positions,
    lane: Positions,
    run_first: Positions,
    run: Positions,
    process: Positions,
    most: Floats,
    size_first: Positions,
    size_kg: Floats,
    process_kg: Floats,
    sizes: int,
    open_sizes: Flags,
    may_close: Flags,
    column: Floats,
    worth: Floats,
) -> float:
    total = 0.0
    for h in range(len(size_first) - 1):
        count = lane_first[h + 1] - lane_first[h]
        gain, which, how = np.empty(count), np.empty(count, np.int64), np.empty(count, np.int64)
        good = 0
        for k in range(lane_first[h], lane_first[h + 1]):
            cheapest, by = np.inf, -1
            for r in range(run_first[k, 0], run_first[k, 1]):
                if reduced[run[r]] < cheapest:
                    cheapest, by = reduced[run[r]], r
            value = reduced[lane[k]] + cheapest
            if by >= 0 and value < 0.0:
                gain[good], which[good], how[good] = value, lane[k], by
                good += 1
        order = np.argsort(gain[:good])
        best, chosen = (0.0, -1) if may_close[h] else (np.inf, -1)
        for z in range(size_first[h], size_first[h + 1]):
            left, value = size_kg[z], reduced[sizes + z]
            room = process_kg[:, z].copy()
            for i in order:
                slot = process[how[i]]
                kg = min(most[which[i]], left)
                if slot >= 0:
                    kg = min(kg, room[slot])
                    room[slot] -= kg
                value += gain[i] * kg
                left -= kg
                if left <= 0.0:
                    break
            worth[z] = value
            if open_sizes[z] and value < best:
                best, chosen = value, z
        if best == np.inf:
            return np.inf
        total += best
        if chosen >= 0:
            column[sizes + chosen] = 1.0
            left, room = size_kg[chosen], process_kg[:, chosen].copy()
            for i in order:
                slot = process[how[i]]
                kg = min(most[which[i]], left)
                if slot >= 0:
                    kg = min(kg, room[slot])
                    room[slot] -= kg
                column[which[i]] += kg
                column[run[how[i]]] += kg
                left -= kg
                if left <= 0.0:
                    break
    return total
