"""Problems that ask for less, for when no plan can do all that is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from optimiser.hubs.flows.problem import Aim, FlowProblem

DEAR = 1e3  # times the dearest kilogram: what must be taken is left only if it has to be


@dataclass(frozen=True, slots=True, kw_only=True)
class Soft:
    """A problem that asks for less: the rules it gives up, and how that is told."""

    problem: FlowProblem
    forgiven: frozenset[str]
    told: str


def softened(problem: FlowProblem) -> Iterator[Soft]:
    """Yield problems that ask for less and less: promised shares, then duties, then limits and sites that must open."""
    shares = frozenset({"flow-share-short"})
    softer = replace(unpromised(problem), aim=Aim.COST)
    yield Soft(
        problem=softer,
        forgiven=shares,
        told="No plan takes all that is promised: as little as possible of it is left out.",
    )
    softer = replace(softer, duties=())
    yield Soft(
        problem=softer,
        forgiven=shares | {"flow-duty-short"},
        told="No plan meets all duties and promises: duties were given up, and as little as possible left out.",
    )
    sites = tuple(replace(site, must_open=False) for site in problem.sites)
    yield Soft(
        problem=replace(softer, limits=(), fixed_budget=None, sites=sites),
        forgiven=shares | {"flow-duty-short", "flow-over-limit", "flow-site-fixed"},
        told="No plan keeps the budget, the limits and the sites that must open: these were given up.",
    )


def unpromised(problem: FlowProblem) -> FlowProblem:
    """Return the problem without promised shares; what was promised is dear to leave."""
    dear = DEAR * (1.0 + dearest(problem))
    return replace(
        problem,
        sources=tuple(
            replace(
                source,
                arisings=tuple(
                    replace(
                        arising,
                        least_share=0.0,
                        unserved_cost_per_kg=arising.unserved_cost_per_kg + (dear if arising.least_share > 0 else 0.0),
                    )
                    for arising in source.arisings
                ),
            )
            for source in problem.sources
        ),
    )


def dearest(problem: FlowProblem) -> float:
    """Return the largest price that a kilogram meets anywhere."""
    prices = [abs(a.unserved_cost_per_kg) for source in problem.sources for a in source.arisings]
    prices += [abs(o.price_per_kg) + abs(o.gate_fee_per_kg) for outlet in problem.outlets for o in outlet.offers]
    prices += [abs(process.cost_per_kg) for process in problem.processes]
    return max(prices, default=0.0)
