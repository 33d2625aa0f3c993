"""What a unit of each decision adds to each aim; the judge (``price``) works it out another way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from optimiser.hubs.flows.problem import Aim, FlowProblem
from optimiser.hubs.flows.transport import Floats

if TYPE_CHECKING:
    from optimiser.hubs.flows.build import Parts


def aims(parts: Parts) -> Mapping[Aim, Floats]:
    """Return the coefficients of every aim by column."""
    ends = _ends(parts)
    ways = parts.lanes
    ghg = _columns(parts, ways.ghg_kg + ends["ghg"], "ghg_kg_per_kg", "unserved_ghg_kg_per_kg")
    net = ghg.copy()
    net[: len(ways)] -= ends["credit"]
    return {
        Aim.COST: _cost(parts, ends["fee"]),
        Aim.GHG: ghg,
        Aim.NET_GHG: net,
        Aim.LANDFILLED: _landfilled(parts, ends["landfilled"]),
        Aim.JOBS: _jobs(parts),
    }


def constants(problem: FlowProblem) -> Mapping[Aim, float]:
    """Return what every plan has: deposits are paid for what arises, and saved on what is left out."""
    deposits = sum(arising.kg * arising.deposit_per_kg for source in problem.sources for arising in source.arisings)
    return {aim: deposits if aim is Aim.COST else 0.0 for aim in Aim}


def _ends(parts: Parts) -> dict[str, Floats]:
    """Return by lane what its outlet charges (less what it pays), emits, saves and buries, for each kilogram."""
    problem, ways = parts.problem, parts.lanes
    shape = (len(problem.places), len(problem.streams))
    table = {name: np.zeros(shape) for name in ("fee", "ghg", "credit", "landfilled")}
    first = len(problem.sources) + len(problem.sites)
    for place, outlet in enumerate(problem.outlets, start=first):
        for offer in outlet.offers:
            cell = place, parts.number[offer.stream]
            table["fee"][cell] = offer.gate_fee_per_kg - offer.price_per_kg
            table["ghg"][cell] = offer.ghg_kg_per_kg
            table["credit"][cell] = offer.credit_ghg_kg_per_kg
            table["landfilled"][cell] = float(not offer.diverted)
    return {name: values[ways.head, ways.stream] for name, values in table.items()}


def _columns(parts: Parts, lanes: Floats, of_process: str, of_arising: str) -> Floats:
    """Return coefficients that lanes, processes and what is left out have; the rest is 0."""
    problem, values = parts.problem, np.zeros(parts.at["end"])
    values[: len(lanes)] = lanes
    by_process = np.array([getattr(process, of_process) for process in problem.processes], dtype=np.float64)
    values[parts.at["runs"] : parts.at["left"]] = by_process[parts.runs.process]
    left = [getattr(a, of_arising) for source in problem.sources for a in source.arisings] if of_arising else 0.0
    values[parts.at["left"] : parts.at["sizes"]] = left
    return values


def _cost(parts: Parts, fee: Floats) -> Floats:
    problem = parts.problem
    cost = _columns(parts, parts.lanes.cost + fee, "cost_per_kg", "unserved_cost_per_kg")
    deposits = [a.deposit_per_kg for source in problem.sources for a in source.arisings]
    cost[parts.at["left"] : parts.at["sizes"]] -= deposits
    cost[parts.at["sizes"] : parts.at["members"]] = [size.fixed_cost for s in problem.sites for size in s.sizes]
    cost[parts.at["money"] : parts.at["end"]] = 1.0
    return cost


def _landfilled(parts: Parts, landfilled: Floats) -> Floats:
    values = np.zeros(parts.at["end"])
    values[: len(landfilled)] = landfilled
    values[parts.at["left"] : parts.at["sizes"]] = 1.0
    return values


def _jobs(parts: Parts) -> Floats:
    values = _columns(parts, parts.lanes.jobs, "jobs_per_kg", "")
    values[parts.at["sizes"] : parts.at["members"]] = [size.jobs for s in parts.problem.sites for size in s.sizes]
    return -values
