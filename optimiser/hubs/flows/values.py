"""What a little more is worth: of capacity, of a buyer's cap, of a duty, of each source; and what each site is worth.

Prices are those of the linear program with the sites of the plan: the change of the aim for one unit more, while the
same sites stay open. The value of a site is found by planning without it.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from optimiser.hubs.flows.build import build
from optimiser.hubs.flows.engines import arrays, highs
from optimiser.hubs.flows.expected import given
from optimiser.hubs.flows.plan import FlowPlan
from optimiser.hubs.flows.price import price
from optimiser.hubs.flows.problem import FlowProblem

Key = TypeVar("Key")

LEAST = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """Change of the aim for one unit more; negative is better. Only what is not 0.

    Parameters
    ----------
    capacity
        By open site: a kilogram of capacity.
    process
        By site and process with a limit of its own: a kilogram.
    cap
        By outlet and stream: a kilogram of its cap.
    arising
        By source and stream: a kilogram more arising there.
    duty, hours, floor
        By duty: a kilogram more; by cooperative: an hour of work more; a unit of money more for its earnings floor.
    limits
        In the order of the problem's limits (after the budget, if there is one): one unit more.
    """

    capacity: Mapping[str, float]
    process: Mapping[tuple[str, str], float]
    cap: Mapping[tuple[str, str], float]
    arising: Mapping[tuple[str, str], float]
    duty: Mapping[str, float]
    hours: Mapping[str, float]
    floor: Mapping[str, float]
    limits: tuple[float, ...]


def values(problem: FlowProblem, plan: FlowPlan) -> Values | None:
    """Return the prices at a plan's sites; ``None`` if its flows cannot keep the rules."""
    posed = given(problem, plan.open)
    form = build(posed)
    solver = highs.solver()
    highs.load(solver, form, whole=False)
    found = highs.run(solver, whole=False)
    if not found.proven:
        return None
    row = found.row_dual
    sites, places, streams = posed.sites, posed.places, posed.streams
    capacity = row[form.row_block("capacity")].copy()
    one = row[form.row_block("limits")]
    processes = row[form.row_block("process")]
    floors = row[form.row_block("floor")]
    members = found.column[form.block("members")] if found.column is not None else np.zeros(len(floors))
    left = {(posed.sources[i].id, streams[s].id): k
            for k, (i, s) in enumerate(zip(form.left_source, form.left_stream, strict=True))}  # fmt: skip
    reduced = np.minimum(found.reduced[form.block("left")], 0.0)
    least = np.array([a.least_share for source in posed.sources for a in source.arisings])
    source = row[form.row_block("source")] + reduced * (1.0 - least)
    return Values(
        capacity=_some({site.id: capacity[h] for h, site in enumerate(sites) if site.id in plan.open}),
        process=_some({(sites[h].id, posed.processes[q].id): processes[k] for k, (h, q) in enumerate(form.limited)}),
        cap=_some(
            {(places[place], streams[s].id): row[form.rows["caps"] + k] for k, (place, s) in enumerate(form.capped)}
        ),
        arising=_some({pair: source[k] for pair, k in left.items()}),
        duty=_some({duty.id: row[form.rows["duties"] + k] for k, duty in enumerate(posed.duties)}),
        hours=_some({work.id: row[form.rows["hours"] + k] * members[k] for k, work in enumerate(posed.cooperatives)}),
        floor=_some({work.id: -floors[k] * members[k] for k, work in enumerate(posed.cooperatives)}),
        limits=tuple(float(value) for value in one),
    )


def _some(found: dict[Key, float]) -> dict[Key, float]:
    return {key: float(value) for key, value in found.items() if abs(value) > LEAST}


def worth_of_sites(
    problem: FlowProblem, plan: FlowPlan, *, seconds: float, others: bool = False, seed: int = 1
) -> Mapping[str, float]:
    """Return by open site by how much the aim grows without it; ``inf`` when nothing keeps the rules then.

    Parameters
    ----------
    seconds
        Limit for all sites together; sites that it does not reach are not in the answer.
    others
        Whether other sites may open instead; else only the flows are planned again.
    """
    began = time.monotonic()
    today, found = price(problem, plan).objective, dict[str, float]()
    for site in plan.open:
        if time.monotonic() - began >= seconds:
            break
        if others:
            sites = tuple(replace(s, may_open=False, must_open=False) if s.id == site else s for s in problem.sites)
            without = replace(problem, sites=sites)
        else:
            without = given(problem, {name: size for name, size in plan.open.items() if name != site})
        answer = arrays.solve(without, deadline=began + seconds, iterations=None, seed=seed)
        if answer.plan is not None or answer.impossible:
            found[site] = answer.minimised - today
    return found
