"""From a flow problem to its form: whole arrays at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csc_array

from optimiser.hubs.flows.form import Form, Rows, Runs
from optimiser.hubs.flows.lanes import Lanes, lanes
from optimiser.hubs.flows.materials import contamination, outputs
from optimiser.hubs.flows.objectives import aims, constants
from optimiser.hubs.flows.problem import Aim, FlowProblem
from optimiser.hubs.flows.transport import Floats, Positions

NONE = np.zeros(0, dtype=np.intp)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """A problem's columns, named by positions; see :class:`~optimiser.hubs.flows.form.Form`."""

    problem: FlowProblem
    lanes: Lanes
    runs: Runs
    at: Mapping[str, int]
    number: Mapping[str, int]
    left_source: Positions
    left_stream: Positions
    arising: Floats
    size_site: Positions
    size_kg: Floats
    fee_work: Positions
    fee_stream: Positions


def build(problem: FlowProblem) -> Form:
    """Return the form of a problem."""
    parts = _parts(problem)
    rows = Rows()
    _balances(parts, rows)
    capped, limited = _sites(parts, rows)
    _outlets(parts, rows, capped)
    _cooperatives(parts, rows)
    _duties(parts, rows)
    weight = aims(parts)
    fixed = constants(problem)
    _limits(parts, rows, weight, fixed)
    rows.begin("end", np.zeros(0), np.zeros(0))
    entries = (np.concatenate(rows.value), (np.concatenate(rows.row), np.concatenate(rows.column)))
    matrix = csc_array(coo_array(entries, shape=(rows.count, parts.at["end"])))
    return Form(
        cost=weight[problem.aim],
        constant=fixed[problem.aim],
        upper=_upper(parts),
        aims=weight,
        constants=fixed,
        low=np.concatenate(rows.low),
        high=np.concatenate(rows.high),
        matrix=matrix,
        lanes=parts.lanes,
        runs=parts.runs,
        at=parts.at,
        rows=rows.start,
        left_source=parts.left_source,
        left_stream=parts.left_stream,
        arising=parts.arising,
        size_site=parts.size_site,
        size_kg=parts.size_kg,
        fee_work=parts.fee_work,
        fee_stream=parts.fee_stream,
        capped=capped,
        limited=limited,
    )


def _parts(problem: FlowProblem) -> Parts:
    number = {stream.id: k for k, stream in enumerate(problem.streams)}
    process = {each.id: k for k, each in enumerate(problem.processes)}
    ways, runs = lanes(problem), [
        (h, process[name], number[stream])
        for h, site in enumerate(problem.sites)
        for name in site.processes
        for stream in problem.processes[process[name]].takes
    ]  # fmt: skip
    run = np.array(runs, dtype=np.intp).reshape(-1, 3)
    left = [(i, number[a.stream], a.kg) for i, source in enumerate(problem.sources) for a in source.arisings]
    arising = np.array([kg for _, _, kg in left], dtype=np.float64)
    sizes = [(h, size.limit_kg(site.hours)) for h, site in enumerate(problem.sites) for size in site.sizes]
    fees = [(c, number[fee.stream]) for c, work in enumerate(problem.cooperatives) for fee in work.fees]
    counts = (len(ways), len(runs), len(left), len(sizes), len(problem.cooperatives), len(fees), 0)
    starts = np.concatenate([[0], np.cumsum(counts[:-1])]).tolist()
    names = ("lanes", "runs", "left", "sizes", "members", "money", "end")
    return Parts(
        problem=problem,
        lanes=ways,
        runs=Runs(site=run[:, 0], process=run[:, 1], stream=run[:, 2]),
        at=dict(zip(names, starts, strict=True)),
        number=number,
        left_source=np.array([i for i, _, _ in left], dtype=np.intp),
        left_stream=np.array([s for _, s, _ in left], dtype=np.intp),
        arising=arising,
        size_site=np.array([h for h, _ in sizes], dtype=np.intp),
        size_kg=np.minimum(np.array([kg for _, kg in sizes], dtype=np.float64), arising.sum()),
        fee_work=np.array([c for c, _ in fees], dtype=np.intp),
        fee_stream=np.array([s for _, s in fees], dtype=np.intp),
    )


def _upper(parts: Parts) -> Floats:
    problem = parts.problem
    least = [arising.least_share for source in problem.sources for arising in source.arisings]
    may = np.array([site.may_open for site in problem.sites], dtype=np.float64)
    return np.concatenate(
        [
            parts.lanes.at_most_kg,
            np.full(len(parts.runs), np.inf),
            parts.arising * (1.0 - np.array(least, dtype=np.float64)),
            may[parts.size_site],
            np.array([work.members for work in problem.cooperatives], dtype=np.float64),
            np.full(len(parts.fee_work), np.inf),
        ]
    )


def _balances(parts: Parts, rows: Rows) -> None:
    """Sources, what comes in to sites, what leaves them: place and stream together number a row."""
    ways, runs, wide = parts.lanes, parts.runs, len(parts.problem.streams)
    first, last = len(parts.problem.sources), len(parts.problem.sources) + len(parts.problem.sites)
    lane = np.arange(len(ways)) + parts.at["lanes"]
    run = np.arange(len(runs)) + parts.at["runs"]
    row_of = np.full(first * wide, -1, dtype=np.intp)
    row_of[parts.left_source * wide + parts.left_stream] = np.arange(len(parts.left_source))
    rows.begin("source", parts.arising, parts.arising)
    here = ways.tail < first
    rows.put("source", row_of[(ways.tail * wide + ways.stream)[here]], lane[here], np.ones(1))
    left = np.arange(len(parts.left_source))
    rows.put("source", left, left + parts.at["left"], np.ones(1))
    zero = np.zeros((last - first) * wide)
    rows.begin("inward", zero, zero)
    here = (ways.head >= first) & (ways.head < last)
    rows.put("inward", ((ways.head - first) * wide + ways.stream)[here], lane[here], np.ones(1))
    rows.put("inward", runs.site * wide + runs.stream, run, -np.ones(1))
    rows.begin("outward", zero, zero)
    here = (ways.tail >= first) & (ways.tail < last)
    rows.put("outward", ((ways.tail - first) * wide + ways.stream)[here], lane[here], np.ones(1))
    for (process, taken), out in _made(parts).items():
        mine = np.flatnonzero((runs.process == process) & (runs.stream == taken))
        for stream, share in out:
            rows.put("outward", runs.site[mine] * wide + stream, run[mine], np.array([-share]))


def _made(parts: Parts) -> dict[tuple[int, int], list[tuple[int, float]]]:
    """Return by process and stream what comes out of a kilogram."""
    problem = parts.problem
    return {
        (q, parts.number[name]): [
            (parts.number[into], share) for into, share in outputs(process, problem.streams[parts.number[name]]).items()
        ]
        for q, process in enumerate(problem.processes)
        for name in process.takes
    }


def _sites(parts: Parts, rows: Rows) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
    """Capacities, one size a site, contamination; return what has a cap and which processes have limits."""
    problem, runs = parts.problem, parts.runs
    run, size = np.arange(len(runs)) + parts.at["runs"], np.arange(len(parts.size_site)) + parts.at["sizes"]
    none, open_end = np.zeros(len(problem.sites)), np.full(len(problem.sites), -np.inf)
    rows.begin("capacity", open_end, none)
    rows.put("capacity", runs.site, run, np.ones(1))
    rows.put("capacity", parts.size_site, size, -parts.size_kg)
    limited = tuple(
        (h, q)
        for h, site in enumerate(problem.sites)
        for q, process in enumerate(problem.processes)
        if process.id in site.processes and any(process.id in each.process_kg for each in site.sizes)
    )
    rows.begin("process", np.full(len(limited), -np.inf), np.zeros(len(limited)))
    sizes = [each for site in problem.sites for each in site.sizes]
    for row, (h, q) in enumerate(limited):
        mine = np.flatnonzero((runs.site == h) & (runs.process == q))
        rows.put("process", np.full(len(mine), row), run[mine], np.ones(1))
        own = np.flatnonzero(parts.size_site == h)
        most = [min(sizes[k].process_kg.get(problem.processes[q].id, np.inf), parts.size_kg[k]) for k in own]
        rows.put("process", np.full(len(own), row), size[own], -np.array(most))
    must = np.array([float(site.must_open) for site in problem.sites])
    rows.begin("one", must, np.ones(len(problem.sites)))
    rows.put("one", parts.size_site, size, np.ones(1))
    _blends(parts, rows, run)
    places = range(len(problem.sources) + len(problem.sites), len(problem.places))
    capped = tuple(
        (place, parts.number[offer.stream])
        for place, outlet in zip(places, problem.outlets, strict=True)
        for offer in outlet.offers
        if offer.at_most_kg is not None
    )
    return capped, limited


def _blends(parts: Parts, rows: Rows, run: Positions) -> None:
    problem, runs = parts.problem, parts.runs
    particular = [q for q, process in enumerate(problem.processes) if process.contamination_at_most < 1.0]
    pairs = [(h, q) for q in particular for h, site in enumerate(problem.sites)
             if problem.processes[q].id in site.processes]  # fmt: skip
    rows.begin("blend", np.full(len(pairs), -np.inf), np.zeros(len(pairs)))
    for row, (h, q) in enumerate(pairs):
        mine = np.flatnonzero((runs.site == h) & (runs.process == q))
        process = problem.processes[q]
        shares = [contamination(process, problem.streams[s]) for s in runs.stream[mine]]
        value = np.array(shares) - process.contamination_at_most
        rows.put("blend", np.full(len(mine), row), run[mine], value)


def _outlets(parts: Parts, rows: Rows, capped: tuple[tuple[int, int], ...]) -> None:
    problem, ways = parts.problem, parts.lanes
    caps = [offer.at_most_kg for outlet in problem.outlets for offer in outlet.offers if offer.at_most_kg is not None]
    rows.begin("caps", np.full(len(caps), -np.inf), np.array(caps, dtype=np.float64))
    wide = len(problem.streams)
    row_of = np.full(len(problem.places) * wide, -1, dtype=np.intp)
    row_of[[place * wide + stream for place, stream in capped]] = np.arange(len(capped))
    row = row_of[ways.head * wide + ways.stream]
    here = row >= 0
    rows.put("caps", row[here], np.flatnonzero(here) + parts.at["lanes"], np.ones(1))


def _cooperatives(parts: Parts, rows: Rows) -> None:
    """Hours for what is carried, money within prices, the earnings floor."""
    problem, ways = parts.problem, parts.lanes
    at = {work.id: c for c, work in enumerate(problem.cooperatives)}
    of = np.array([at.get(vehicle.cooperative, -1) for vehicle in problem.vehicles], dtype=np.intp)
    by = of[ways.vehicle] if len(ways) else NONE
    here = np.flatnonzero(by >= 0)
    members = np.arange(len(at)) + parts.at["members"]
    none, open_end = np.zeros(len(at)), np.full(len(at), -np.inf)
    hours = np.array([work.hours for work in problem.cooperatives], dtype=np.float64)
    rows.begin("hours", open_end, none)
    rows.put("hours", by[here], here + parts.at["lanes"], ways.hours[here])
    rows.put("hours", np.arange(len(at)), members, -hours)
    fees = [fee for work in problem.cooperatives for fee in work.fees]
    money = np.arange(len(fees)) + parts.at["money"]
    rows.begin("fees", np.full(2 * len(fees), -np.inf), np.zeros(2 * len(fees)))
    for k, fee in enumerate(fees):
        mine = here[(by[here] == parts.fee_work[k]) & (ways.stream[here] == parts.fee_stream[k])]
        for row, sign, value in ((2 * k, 1.0, fee.most), (2 * k + 1, -1.0, fee.least)):
            rows.put("fees", np.array([row]), money[k : k + 1], np.array([sign]))
            rows.put("fees", np.full(len(mine), row), mine + parts.at["lanes"], np.array([-sign * value]))
    floor = np.array([work.earnings_floor for work in problem.cooperatives], dtype=np.float64)
    rows.begin("floor", open_end, none)
    rows.put("floor", np.arange(len(at)), members, floor)
    rows.put("floor", parts.fee_work, money, -np.ones(1))


def _duties(parts: Parts, rows: Rows) -> None:
    problem, ways = parts.problem, parts.lanes
    place = {name: k for k, name in enumerate(problem.places)}
    arising = np.bincount(parts.left_stream, parts.arising, len(problem.streams))
    least = [max(duty.least_kg, duty.least_share * arising[parts.number[duty.stream]]) for duty in problem.duties]
    rows.begin("duties", np.array(least, dtype=np.float64), np.full(len(least), np.inf))
    for row, duty in enumerate(problem.duties):
        outlets = [place[name] for name in duty.outlets]
        mine = np.flatnonzero((ways.stream == parts.number[duty.stream]) & np.isin(ways.head, outlets))
        rows.put("duties", np.full(len(mine), row), mine + parts.at["lanes"], np.ones(1))


def _limits(parts: Parts, rows: Rows, weight: Mapping[Aim, Floats], fixed: Mapping[Aim, float]) -> None:
    problem = parts.problem
    size = np.arange(len(parts.size_site)) + parts.at["sizes"]
    costs = np.array([each.fixed_cost for site in problem.sites for each in site.sizes], dtype=np.float64)
    most = [] if problem.fixed_budget is None else [problem.fixed_budget]
    most += [limit.at_most - fixed[limit.aim] for limit in problem.limits]
    rows.begin("limits", np.full(len(most), -np.inf), np.array(most, dtype=np.float64))
    first = 0
    if problem.fixed_budget is not None:
        rows.put("limits", np.zeros(len(size), np.intp), size, costs)
        first = 1
    for row, limit in enumerate(problem.limits, start=first):
        column = np.flatnonzero(weight[limit.aim])
        rows.put("limits", np.full(len(column), row), column, weight[limit.aim][column])
