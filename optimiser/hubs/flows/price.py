"""What a flow plan costs, emits, diverts and employs: each from first principles, by trips and kilograms.

Nothing is taken from an engine. Greenhouse gas is what the system emits; what recycling saves elsewhere and what is
emitted less than today stand beside it and never inside.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimiser.hubs.flows.books import Books, books
from optimiser.hubs.flows.lanes import trip
from optimiser.hubs.flows.plan import FlowPlan, FlowPrice
from optimiser.hubs.flows.problem import Aim, FlowProblem


def price(problem: FlowProblem, plan: FlowPlan) -> FlowPrice:
    """Return the worth of a plan that names only what the problem has."""
    kept = books(problem, plan)
    moved, handled = _moved(problem, plan, kept), _handled(problem, plan)
    ends, starts = _ends(problem, kept), _starts(problem, kept)
    sizes = {(site.id, size.id): size for site in problem.sites for size in site.sizes}
    built = [sizes[pair] for pair in plan.open.items()]
    fixed = sum(size.fixed_cost for size in built)
    fees = sum(sum(work.paid.values()) for work in plan.work)
    methane = ends.ghg + starts.unserved_ghg
    ghg = moved.ghg + handled.ghg + methane
    spent = fixed + handled.cost + moved.cost + fees + ends.gate_fees + starts.deposits + starts.unserved
    cost = spent - ends.sales
    jobs = sum(size.jobs for size in built) + handled.jobs + moved.jobs
    arising, unserved = float(kept.arising.sum()), float(kept.left_out.sum())
    landfilled = ends.landfilled + unserved
    aims = {
        Aim.COST: cost,
        Aim.GHG: ghg,
        Aim.NET_GHG: ghg - ends.credit,
        Aim.LANDFILLED: landfilled,
        Aim.JOBS: -jobs,
    }
    return FlowPrice(
        objective=aims[problem.aim],
        cost=cost,
        fixed=fixed,
        processing=handled.cost,
        transport=moved.cost,
        fees_paid=fees,
        gate_fees=ends.gate_fees,
        deposits=starts.deposits,
        unserved=starts.unserved,
        sales=ends.sales,
        ghg_kg=ghg,
        transport_ghg_kg=moved.ghg,
        process_ghg_kg=handled.ghg,
        methane_kg=methane,
        avoided_methane_kg=starts.baseline - methane,
        credit_kg=ends.credit,
        arising_kg=arising,
        unserved_kg=unserved,
        landfilled_kg=landfilled,
        sold_kg=ends.sold,
        diversion=1.0 - landfilled / arising if arising else 1.0,
        jobs=jobs,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Done:
    """Cost, emission and jobs of transport or of processing."""

    cost: float
    ghg: float
    jobs: float


@dataclass(slots=True, kw_only=True)
class _Ends:
    """What outlets pay, charge, emit and save."""

    sales: float = 0.0
    gate_fees: float = 0.0
    ghg: float = 0.0
    credit: float = 0.0
    landfilled: float = 0.0
    sold: float = 0.0


@dataclass(slots=True, kw_only=True)
class _Starts:
    """Deposits, what is left out, and what today emits."""

    deposits: float = 0.0
    unserved: float = 0.0
    unserved_ghg: float = 0.0
    baseline: float = 0.0


def _moved(problem: FlowProblem, plan: FlowPlan, kept: Books) -> _Done:
    """Trips times what a trip costs and emits."""
    link = plan.carried.link
    cost, hours = trip(problem)
    vehicle = problem.links.vehicle[link]
    emits = np.array([each.ghg_kg_per_km for each in problem.vehicles], dtype=np.float64)[vehicle]
    jobs = np.array([each.jobs_per_h for each in problem.vehicles], dtype=np.float64)[vehicle]
    return _Done(
        cost=float(kept.trips @ cost[link]),
        ghg=float(kept.trips @ (problem.links.driven_m()[link] / 1000.0 * emits)),
        jobs=float(kept.trips @ (hours[link] * jobs)),
    )


def _handled(problem: FlowProblem, plan: FlowPlan) -> _Done:
    process = {each.id: each for each in problem.processes}
    runs = [(process[each.process], each.kg) for each in plan.processed]
    return _Done(
        cost=sum(run.cost_per_kg * kg for run, kg in runs),
        ghg=sum(run.ghg_kg_per_kg * kg for run, kg in runs),
        jobs=sum(run.jobs_per_kg * kg for run, kg in runs),
    )


def _ends(problem: FlowProblem, kept: Books) -> _Ends:
    number = {stream.id: k for k, stream in enumerate(problem.streams)}
    first, ends = len(problem.sources) + len(problem.sites), _Ends()
    for row, outlet in enumerate(problem.outlets, start=first):
        for offer in outlet.offers:
            kg = float(kept.inward[row, number[offer.stream]])
            ends.sales += kg * offer.price_per_kg
            ends.gate_fees += kg * offer.gate_fee_per_kg
            ends.ghg += kg * offer.ghg_kg_per_kg
            ends.credit += kg * offer.credit_ghg_kg_per_kg
            ends.landfilled += 0.0 if offer.diverted else kg
            ends.sold += kg if offer.price_per_kg > 0 else 0.0
    return ends


def _starts(problem: FlowProblem, kept: Books) -> _Starts:
    number = {stream.id: k for k, stream in enumerate(problem.streams)}
    starts = _Starts()
    for row, source in enumerate(problem.sources):
        for arising in source.arisings:
            left = float(kept.left_out[row, number[arising.stream]])
            starts.deposits += (arising.kg - left) * arising.deposit_per_kg
            starts.unserved += left * arising.unserved_cost_per_kg
            starts.unserved_ghg += left * arising.unserved_ghg_kg_per_kg
            starts.baseline += arising.kg * arising.baseline_ghg_kg_per_kg
    return starts
