"""Design of flows on made-up regions: ``made-up-flows:500:11``, and how fast a model of a million columns is built.

Seconds are wall clock for posing and solving, and so is the budget.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from benchmarks.hub_line import line, timed
from benchmarks.sets.flow_network import NAME, NEAR, flow_network
from benchmarks.sets.siting import Asked
from optimiser.hubs.flows.build import build
from optimiser.hubs.flows.check import check
from optimiser.hubs.flows.engines import highs
from optimiser.hubs.flows.materials import Stream, transfer
from optimiser.hubs.flows.places import Arising, Offer, Outlet, Site, Size, Source
from optimiser.hubs.flows.problem import FlowProblem
from optimiser.hubs.flows.solve import solve
from optimiser.hubs.flows.transport import Links, Vehicle
from optimiser.hubs.flows.warm import warm
from optimiser.result import Budget

MODEL = "flows"


def run(word: str, _asked: Asked, seconds: float, seed: int, engine: str) -> dict[str, Any]:
    """Return what the line of a made-up region says; it leaves nothing open that could be asked for."""
    problem = flow_network(word)
    warm()
    result, took = timed(lambda: solve(problem, budget=Budget(seconds=seconds), engine=engine, seed=seed))
    broken = [] if result.plan is None else [violation.code for violation in check(problem, result.plan)]
    said = line(result, cost=None if result.price is None else result.price.objective, broken=broken, took=took)
    return {"instance": word, "format": NAME, "model": MODEL, "p": None, "radius": None, "capacity": None, **said}


def building(sources: int = 10_000, hubs: int = 60) -> dict[str, float]:
    """Return how long a model of about a million columns takes to be built as arrays and handed to HiGHS."""
    problem = _many(sources, hubs)
    solver = highs.solver()
    began, cpu = time.perf_counter(), time.process_time()
    form = build(problem)
    built = time.process_time()
    highs.load(solver, form, whole=True)
    return {
        "columns": float(form.matrix.shape[1]),
        "rows": float(form.matrix.shape[0]),
        "entries": float(form.matrix.nnz),
        "build_s": round(built - cpu, 3),
        "hand_over_s": round(time.process_time() - built, 3),
        "wall_s": round(time.perf_counter() - began, 3),
    }


def _many(sources: int, hubs: int) -> FlowProblem:
    """Five streams from sources to 20 of the hubs, and on to an outlet: 100 columns for each source."""
    names = tuple(f"stream {k}" for k in range(5))
    draw = np.random.default_rng(1)
    tail = np.repeat(np.arange(sources), NEAR)
    head = np.concatenate([draw.choice(hubs, NEAR, replace=False) for _ in range(sources)]) + sources
    tail = np.concatenate([tail, np.arange(hubs) + sources])
    head = np.concatenate([head, np.full(hubs, sources + hubs)])
    metres = draw.uniform(100.0, 20_000.0, len(tail))
    sizes = tuple(Size(id=f"size {k}", fixed_cost=100.0 * k, capacity_kg=1000.0 * k) for k in (1, 2, 3))
    arisings = tuple(Arising(stream=name, kg=10.0, unserved_cost_per_kg=1.0) for name in names)
    return FlowProblem(
        streams=tuple(Stream(id=name) for name in names),
        processes=(transfer("transfer", names),),
        sources=tuple(Source(id=f"source {i}", arisings=arisings) for i in range(sources)),
        sites=tuple(Site(id=f"hub {h}", sizes=sizes, processes=("transfer",)) for h in range(hubs)),
        outlets=(Outlet(id="end", offers=tuple(Offer(stream=name) for name in names)),),
        vehicles=(Vehicle(id="truck", payload_kg=1000.0, cost_per_km=1.0),),
        links=Links(
            tail=tail.astype(np.intp),
            head=head.astype(np.intp),
            vehicle=np.zeros(len(tail), dtype=np.intp),
            distance_m=metres,
            duration_s=metres / 8.0,
        ),
    )
