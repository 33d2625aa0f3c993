"""Days when something is closed: who is cut off, what it costs, and what to open when such days are expected.

A shock closes places, blocks ways, makes ways longer or waste more. Two stages: sites are opened first, for all
shocks; flows are chosen for each shock when it is known. Fixed costs are paid whether or not a site works. Promised
shares do not hold in a shock (what cannot be taken is left at its price), nor do duties; capacities and prices do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csc_array, csr_array, vstack

from optimiser.hubs.flows.build import build
from optimiser.hubs.flows.decode import to_plan
from optimiser.hubs.flows.form import Form
from optimiser.hubs.flows.lanes import lanes
from optimiser.hubs.flows.plan import FlowPlan, FlowPrice
from optimiser.hubs.flows.price import price
from optimiser.hubs.flows.problem import FlowProblem
from optimiser.hubs.flows.transport import Links

SUM = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Shock:
    """Something that may happen.

    Parameters
    ----------
    probability
        Of all shocks together 1; an ordinary period is a shock that does nothing.
    closed
        Ids of sites and outlets that do not work.
    blocked
        Positions of links that cannot be used.
    longer
        Factor on distances and durations.
    arising
        Factor on what arises.
    """

    name: str
    probability: float
    closed: frozenset[str] = frozenset()
    blocked: frozenset[int] = frozenset()
    longer: float = 1.0
    arising: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What a source can still bring where in a shock: open sites and outlets that one way leads to."""

    source: str
    stream: str
    kg: float
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """One choice of sites for all shocks: mean cost and emission, and the plan and price in each shock."""

    open: Mapping[str, str]
    objective: float
    cost: float
    ghg_kg: float
    plans: Mapping[str, FlowPlan]
    prices: Mapping[str, FlowPrice]
    bound: float


def shocked(problem: FlowProblem, shock: Shock) -> FlowProblem:
    """Return the problem as it is in a shock; sites keep their sizes, those closed take nothing."""
    links, keep = problem.links, np.ones(len(problem.links), dtype=np.bool_)
    keep[sorted(shock.blocked)] = False
    return replace(
        problem,
        sources=tuple(
            replace(s, arisings=tuple(replace(a, kg=a.kg * shock.arising, least_share=0.0) for a in s.arisings))
            for s in problem.sources
        ),
        sites=tuple(
            replace(site, sizes=tuple(replace(size, capacity_kg=0.0) for size in site.sizes))
            if site.id in shock.closed
            else site
            for site in problem.sites
        ),
        outlets=tuple(
            replace(outlet, offers=tuple(replace(offer, at_most_kg=0.0) for offer in outlet.offers))
            if outlet.id in shock.closed
            else outlet
            for outlet in problem.outlets
        ),
        links=_kept(links, keep, shock.longer),
        duties=(),
    )


def _kept(links: Links, keep: np.ndarray, longer: float) -> Links:
    def some(values: np.ndarray | None, factor: float = 1.0) -> np.ndarray | None:
        return None if values is None else values[keep] * factor

    return Links(
        tail=links.tail[keep],
        head=links.head[keep],
        vehicle=links.vehicle[keep],
        distance_m=links.distance_m[keep] * longer,
        duration_s=links.duration_s[keep] * longer,
        back_distance_m=some(links.back_distance_m, longer),
        back_duration_s=some(links.back_duration_s, longer),
        stream=None if links.stream is None else links.stream[keep],
        at_most_kg=some(links.at_most_kg),
    )


def reachable(problem: FlowProblem, shock: Shock, opened: Mapping[str, str]) -> tuple[Reach, ...]:
    """Return for every arising where it can still be brought, given what is open."""
    hit = shocked(problem, shock)
    works = {site.id for site in problem.sites if site.id in opened} | {outlet.id for outlet in problem.outlets}
    works -= shock.closed
    ways, places = lanes(hit), hit.places
    ends: dict[tuple[int, int], set[str]] = {}
    for tail, head, stream in zip(ways.tail.tolist(), ways.head.tolist(), ways.stream.tolist(), strict=True):
        if places[head] in works:
            ends.setdefault((tail, stream), set()).add(places[head])
    number = {stream.id: k for k, stream in enumerate(hit.streams)}
    return tuple(
        Reach(
            source=source.id,
            stream=arising.stream,
            kg=arising.kg,
            places=tuple(sorted(ends.get((row, number[arising.stream]), ()))),
        )
        for row, source in enumerate(hit.sources)
        for arising in source.arisings
    )


def several(problem: FlowProblem, shocks: Sequence[Shock]) -> tuple[Form, tuple[FlowProblem, ...], tuple[Form, ...]]:
    """Return one form for all shocks: sizes first, then the flows of each shock, weighted by its probability.

    Raises
    ------
    ValueError
        When probabilities are not together 1, or names are there twice.
    """
    total = sum(shock.probability for shock in shocks)
    if abs(total - 1.0) > SUM or any(shock.probability < 0 for shock in shocks):
        raise ValueError(f"the probabilities of the shocks are together {total}, not 1")
    if len({shock.name for shock in shocks}) < len(shocks):
        raise ValueError("two shocks have the same name")
    hits = tuple(shocked(problem, shock) for shock in shocks)
    forms = tuple(build(hit) for hit in hits)
    return _joined(forms, shocks), hits, forms


def _joined(forms: tuple[Form, ...], shocks: Sequence[Shock]) -> Form:
    first = forms[0]
    sizes = first.block("sizes")
    count = sizes.stop - sizes.start
    cost, upper = [first.cost[sizes]], [first.upper[sizes]]
    blocks: list[csr_array] = []
    widths = [form.matrix.shape[1] - count for form in forms]
    total, start = count + sum(widths), count
    for form, shock, width in zip(forms, shocks, widths, strict=True):
        own = np.setdiff1d(np.arange(form.matrix.shape[1]), np.arange(sizes_of(form).start, sizes_of(form).stop))
        place = np.empty(form.matrix.shape[1], dtype=np.intp)
        place[sizes_of(form)] = np.arange(count)
        place[own] = start + np.arange(width)
        entries = form.matrix.tocoo()
        blocks.append(csr_array((entries.data, (entries.row, place[entries.col])), shape=(form.matrix.shape[0], total)))
        cost.append(form.cost[own] * shock.probability)
        upper.append(form.upper[own])
        start += width
    weights = [shock.probability for shock in shocks]
    return replace(
        first,
        cost=np.concatenate(cost),
        upper=np.concatenate(upper),
        constant=sum(weight * form.constant for weight, form in zip(weights, forms, strict=True)),
        low=np.concatenate([form.low for form in forms]),
        high=np.concatenate([form.high for form in forms]),
        matrix=csc_array(vstack(blocks)),
        at={"sizes": 0, "members": count, "end": total},
    )


def sizes_of(form: Form) -> slice:
    """Return the size columns of a form."""
    return form.block("sizes")


def told(
    shocks: Sequence[Shock],
    hits: tuple[FlowProblem, ...],
    forms: tuple[Form, ...],
    column: np.ndarray,
    bound: float,
) -> Expected:
    """Return what a solution of :func:`several` means: each shock's plan, judged from first principles."""
    count = forms[0].block("sizes").stop - forms[0].block("sizes").start
    plans: dict[str, FlowPlan] = {}
    prices: dict[str, FlowPrice] = {}
    start = count
    for shock, hit, form in zip(shocks, hits, forms, strict=True):
        whole = np.empty(form.matrix.shape[1])
        sizes = form.block("sizes")
        own = np.r_[0 : sizes.start, sizes.stop : len(whole)]
        whole[sizes], whole[own] = column[:count], column[start : start + len(own)]
        start += len(own)
        plans[shock.name] = to_plan(hit, form, whole)
        prices[shock.name] = price(hit, plans[shock.name])
    weight = {shock.name: shock.probability for shock in shocks}
    return Expected(
        open=plans[shocks[0].name].open,
        objective=sum(weight[name] * worth.objective for name, worth in prices.items()),
        cost=sum(weight[name] * worth.cost for name, worth in prices.items()),
        ghg_kg=sum(weight[name] * worth.ghg_kg for name, worth in prices.items()),
        plans=plans,
        prices=prices,
        bound=bound,
    )
