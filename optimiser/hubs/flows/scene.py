"""A form as a graph for compiled functions: items, places by stream, ways between them, and what has a price.

A *node* is a stream at a site or an outlet. An *item* is a stream at a source. A *slot* is a capacity that can be
short: of a site, of a process at a site, of an offer; in this order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from optimiser.hubs.flows.form import Form
from optimiser.hubs.flows.materials import outputs
from optimiser.hubs.flows.problem import FlowProblem
from optimiser.hubs.flows.transport import Floats, Positions

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Arrays of a form.

    Parameters
    ----------
    sites, wide
        How many sites and streams.
    order
        Sites so that what one makes goes to later ones only.
    in_first, in_item, in_lane
        Lanes from items into each node: from which, and which columns they are.
    in_node
        Where those lanes lead.
    out_first, out_node, out_lane
        The same for what leaves each site's node.
    run_first, run_slot, run_column
        Processes by node that goes in: slot of the process (-1 for none), and column.
    made_first, made_node, made_share
        By run in that order: nodes of what comes out.
    node_slot
        Of an outlet's node, -1 for no cap.
    kg, least
        By item: what arises, and how much of it must be taken.
    size_first
        First size column of each site.
    size_kg, fixed
        By size column: capacity, and what it adds to the aim.
    cap_kg
        Of offers.
    process_site, process_kg
        Site of each process slot; its capacity by size column.
    """

    sites: int
    wide: int
    order: Positions
    in_first: Positions
    in_item: Positions
    in_lane: Positions
    in_node: Positions
    out_first: Positions
    out_node: Positions
    out_lane: Positions
    run_first: Positions
    run_slot: Positions
    run_column: Positions
    made_first: Positions
    made_node: Positions
    made_share: Floats
    node_slot: Positions
    kg: Floats
    least: Floats
    size_first: Positions
    size_kg: Floats
    fixed: Floats
    cap_kg: Floats
    process_site: Positions
    process_kg: Floats


def scene(problem: FlowProblem, form: Form) -> Scene | None:
    """Return the scene; ``None`` when sites form a circle, so that no order has each before what it feeds."""
    lanes, wide = form.lanes, len(problem.streams)
    first, sites = len(problem.sources), len(problem.sites)
    order = _order(problem, form)
    if order is None:
        return None
    row_of = np.full(first * wide, -1, dtype=np.intp)
    row_of[form.left_source * wide + form.left_stream] = np.arange(len(form.arising))
    node = (lanes.head - first) * wide + lanes.stream
    here = np.flatnonzero(lanes.tail < first)
    nodes = (len(problem.places) - first) * wide
    in_first, in_lane = _grouped(node[here], here, nodes)
    there = np.flatnonzero(lanes.tail >= first)
    out_first, out_lane = _grouped((lanes.tail[there] - first) * wide + lanes.stream[there], there, sites * wide)
    runs = form.runs
    run_first, run = _grouped(runs.site * wide + runs.stream, np.arange(len(runs)), sites * wide)
    slot_of = {pair: sites + k for k, pair in enumerate(form.limited)}
    slots = [slot_of.get((int(runs.site[k]), int(runs.process[k])), -1) for k in run]
    made_first, made_node, made_share = _made(problem, form, run)
    node_slot = np.full(nodes, -1, dtype=np.intp)
    for k, (place, stream) in enumerate(form.capped):
        node_slot[(place - first) * wide + stream] = sites + len(form.limited) + k
    least = [a.least_share for source in problem.sources for a in source.arisings]
    sizes = [size for site in problem.sites for size in site.sizes]
    process_site = np.array([h for h, _ in form.limited], dtype=np.intp)
    process_kg = [[min(z.process_kg.get(problem.processes[q].id, np.inf), form.size_kg[k])
                   for k, z in enumerate(sizes)] for _, q in form.limited]  # fmt: skip
    return Scene(
        sites=sites,
        wide=wide,
        order=order,
        in_first=in_first,
        in_item=row_of[lanes.tail[in_lane] * wide + lanes.stream[in_lane]],
        in_lane=in_lane,
        in_node=node[in_lane],
        out_first=out_first,
        out_node=node[out_lane],
        out_lane=out_lane,
        run_first=run_first,
        run_slot=np.array(slots, dtype=np.intp),
        run_column=run + form.at["runs"],
        made_first=made_first,
        made_node=made_node,
        made_share=made_share,
        node_slot=node_slot,
        kg=form.arising,
        least=np.array(least, dtype=np.float64),
        size_first=np.searchsorted(form.size_site, np.arange(sites + 1)).astype(np.intp),
        size_kg=form.size_kg,
        fixed=form.cost[form.block("sizes")],
        cap_kg=form.high[form.row_block("caps")],
        process_site=process_site,
        process_kg=np.array(process_kg, dtype=np.float64).reshape(len(form.limited), len(sizes)),
    )


def rooms(of: Scene, opened: Positions) -> Floats:
    """Return the capacity of every slot when each site is open in the size column given (-1: closed)."""
    is_open = opened >= 0
    site = np.where(is_open, of.size_kg[np.maximum(opened, 0)], 0.0) if len(of.size_kg) else np.zeros(of.sites)
    at = opened[of.process_site]
    rows = np.arange(len(of.process_site))
    process = np.where(at >= 0, of.process_kg[rows, np.maximum(at, 0)], 0.0) if len(rows) else np.zeros(0)
    return np.concatenate([site, process, of.cap_kg])


def _grouped(key: Positions, entry: Positions, groups: int) -> tuple[Positions, Positions]:
    """Return entries sorted by key, and where each key begins."""
    order = np.argsort(key, kind="stable")
    return np.searchsorted(key[order], np.arange(groups + 1)).astype(np.intp), entry[order]


def _made(problem: FlowProblem, form: Form, run: Positions) -> tuple[Positions, Positions, Floats]:
    number = {stream.id: k for k, stream in enumerate(problem.streams)}
    known = {
        (q, number[name]): outputs(process, problem.streams[number[name]])
        for q, process in enumerate(problem.processes)
        for name in process.takes
    }
    count, node, share = [0], [], []
    for k in run.tolist():
        out = known[int(form.runs.process[k]), int(form.runs.stream[k])]
        node += [int(form.runs.site[k]) * len(problem.streams) + number[name] for name in out]
        share += list(out.values())
        count.append(len(node))
    return np.array(count, dtype=np.intp), np.array(node, dtype=np.intp), np.array(share, dtype=np.float64)


def _order(problem: FlowProblem, form: Form) -> Positions | None:
    """Return sites so that lanes between them lead forward only, or ``None``."""
    first, sites = len(problem.sources), len(problem.sites)
    lanes = form.lanes
    between = (lanes.tail >= first) & (lanes.head < first + sites)
    tail, head = lanes.tail[between] - first, lanes.head[between] - first
    ones = np.ones(len(tail), dtype=np.int64)
    after = csr_array((ones, (tail, head)), shape=(sites, sites))
    waiting: Positions = np.asarray(after.sum(axis=0)).ravel()
    ready, order = [int(h) for h in np.flatnonzero(waiting == 0)], list[int]()
    while ready:
        h = ready.pop()
        order.append(h)
        for k in range(after.indptr[h], after.indptr[h + 1]):
            other = int(after.indices[k])
            waiting[other] -= after.data[k]
            if waiting[other] == 0:
                ready.append(other)
    return np.array(order, dtype=np.intp) if len(order) == sites else None
