"""From the columns of a form to a plan, and back."""

from __future__ import annotations

import numpy as np

from optimiser.hubs.flows.form import Form
from optimiser.hubs.flows.plan import Carried, FlowPlan, LeftOut, Processed, Work
from optimiser.hubs.flows.problem import FlowProblem
from optimiser.hubs.flows.transport import Floats, Positions

SMALLEST = 1e-9  # relative to all that arises: less is rounding


def to_plan(problem: FlowProblem, form: Form, column: Floats) -> FlowPlan:
    """Return the plan that a vector of columns stands for; what is not carried away is left out, to the kilogram."""
    least = SMALLEST * max(1.0, float(form.arising.sum()))
    flow = np.where(column > least, column, 0.0)
    lane, run = flow[form.block("lanes")], flow[form.block("runs")]
    carried, handled = np.flatnonzero(lane), np.flatnonzero(run)
    runs, money = form.runs, flow[form.block("money")]
    paid: list[dict[str, float]] = [{} for _ in problem.cooperatives]
    for k, amount in enumerate(money.tolist()):
        paid[form.fee_work[k]][problem.streams[form.fee_stream[k]].id] = amount
    return FlowPlan(
        open=_open(problem, form, column[form.block("sizes")]),
        carried=Carried(link=form.lanes.link[carried], stream=form.lanes.stream[carried], kg=lane[carried]),
        processed=tuple(
            Processed(
                site=problem.sites[runs.site[k]].id,
                process=problem.processes[runs.process[k]].id,
                stream=problem.streams[runs.stream[k]].id,
                kg=float(run[k]),
            )
            for k in handled.tolist()
        ),
        left_out=_left_out(problem, form, lane, least),
        work=tuple(
            Work(cooperative=work.id, members=float(column[form.at["members"] + c]), paid=paid[c])
            for c, work in enumerate(problem.cooperatives)
        ),
    )


def _open(problem: FlowProblem, form: Form, size: Floats) -> dict[str, str]:
    sizes = [each.id for site in problem.sites for each in site.sizes]
    return {problem.sites[form.size_site[k]].id: sizes[k] for k in np.flatnonzero(size > 0.5).tolist()}


def _left_out(problem: FlowProblem, form: Form, lane: Floats, least: float) -> tuple[LeftOut, ...]:
    wide = len(problem.streams)
    here = form.lanes.tail < len(problem.sources)
    key = (form.lanes.tail * wide + form.lanes.stream)[here]
    taken = np.bincount(key, lane[here], len(problem.sources) * wide)
    left = form.arising - taken[form.left_source * wide + form.left_stream]
    return tuple(
        LeftOut(
            source=problem.sources[form.left_source[k]].id,
            stream=problem.streams[form.left_stream[k]].id,
            kg=float(left[k]),
        )
        for k in np.flatnonzero(left > least).tolist()
    )


def sizes_of(problem: FlowProblem, plan: FlowPlan) -> Positions:
    """Return by site the size column (counted from the first) that a plan opens; -1 for closed."""
    opened = np.full(len(problem.sites), -1, dtype=np.intp)
    k = 0
    for h, site in enumerate(problem.sites):
        for size in site.sizes:
            if plan.open.get(site.id) == size.id:
                opened[h] = k
            k += 1
    return opened
