"""A made-up region for the design of flows: ``made-up-flows:SOURCES`` or ``made-up-flows:SOURCES:SEED``.

A city with suburbs and villages around it: 500 sources with five streams, 60 candidate hubs in three sizes, 10 plants
that take two or more of the sorted streams each, 6 buyers, one landfill. A source may bring to its 20 nearest hubs. At
least 60 % of each stream must be collected. Hubs cost less by tonne the larger they are, and collecting costs by the
kilometre: in the dense city large hubs pay, in the suburbs middle ones, near the villages small ones, so that every
size is worth building somewhere. All figures are made up (money and kilograms a week); the seed is the problem's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimiser.hubs.flows.materials import Process, Stream, Yield
from optimiser.hubs.flows.places import Arising, Offer, Outlet, Site, Size, Source
from optimiser.hubs.flows.problem import FlowProblem
from optimiser.hubs.flows.transport import Links, Vehicle

NAME = "made-up-flows"
WORD = re.compile(r"made-up-flows:([1-9]\d*)(?::(\d+))?")
SEED = 11

STREAMS = ("organics", "paper", "plastics", "glass", "metals")
SHARES = np.array([0.52, 0.14, 0.19, 0.08, 0.07])  # of what arises
SORTED = np.array([0.80, 0.75, 0.65, 0.85, 0.90])  # of what a hub takes; the rest is residue
MADE = np.array([0.45, 0.85, 0.80, 0.95, 0.92])  # of what a plant takes
PRICES = np.array([25, 90, 260, 30, 600]) / 1000.0  # by kg of product
HANDLING = 0.009  # by kg at a hub
WORKING = np.array([28, 35, 110, 18, 60]) / 1000.0  # by kg at a plant
LANDFILL, LEFT = 0.045, 0.070  # gate fee, and what leaving a kilogram out costs
LEAST = 0.6
NEAR = 20
SIZES = ("small", "middle", "large")
CAPACITY = np.array([0.012, 0.045, 0.14])  # of all that arises
FIXED = np.array([0.016, 0.044, 0.105]) * 0.045  # by kg of all that arises
DETOUR = 1.3  # streets against air lines

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Where everything is (km) and what arises (kg by source and stream)."""

    sources: Floats
    hubs: Floats
    plants: Floats
    buyers: Floats
    arising: Floats


def is_flow_network(word: str) -> bool:
    """Return whether a word on the command line asks for such a region."""
    return WORD.fullmatch(word) is not None


def flow_network(word: str) -> FlowProblem:
    """Return the problem that a word asks for; ``ValueError`` if it asks for none."""
    found = WORD.fullmatch(word)
    if found is None:
        raise ValueError(f"{word!r} is not made-up-flows:SOURCES or made-up-flows:SOURCES:SEED")
    return region_problem(int(found.group(1)), int(found.group(2) or SEED))


def region(sources: int, seed: int, *, hubs: int = 60, plants: int = 10, buyers: int = 6) -> Region:
    """Draw a region: a dense city, six suburbs, villages; three quarters of the hubs stand beside a source."""
    draw = np.random.default_rng(seed)
    towns = draw.uniform(-25, 65, (6, 2))
    middle = np.vstack([np.full((1, 2), 20.0), towns])
    weight = np.array([0.45, *np.full(6, 0.055)])
    which = draw.choice(8, sources, p=[*weight, 1.0 - weight.sum()])
    spread = np.array([5.0, *np.full(6, 2.5)])
    place = draw.uniform(-40, 80, (sources, 2))
    here = which < 7
    place[here] = middle[which[here]] + draw.normal(0, 1, (int(here.sum()), 2)) * spread[which[here]][:, None]
    total = draw.lognormal(3.0, 0.6, sources) * 1000.0 * np.where(here, 1.0, 0.5)
    beside = draw.choice(sources, min(sources, hubs * 3 // 4), replace=False)
    candidates = np.vstack([place[beside] + draw.normal(0, 0.5, (len(beside), 2)),
                            draw.uniform(-30, 70, (hubs - len(beside), 2))])  # fmt: skip
    return Region(
        sources=place,
        hubs=candidates,
        plants=draw.uniform(-30, 70, (plants, 2)),
        buyers=draw.uniform(-80, 120, (buyers, 2)),
        arising=total[:, None] * draw.dirichlet(SHARES * 60, sources),
    )


def region_problem(sources: int, seed: int) -> FlowProblem:
    """Return the flow problem of a region."""
    drawn = region(sources, seed)
    draw = np.random.default_rng(seed + 1)
    streams = [Stream(id=prefix + name) for prefix in ("", "sorted-", "made-") for name in STREAMS]
    takes = _takes(len(drawn.plants), draw)
    return FlowProblem(
        streams=(*streams, Stream(id="residue")),
        processes=_processes(),
        sources=_sources(drawn),
        sites=(*_hubs(drawn), *_plants(drawn, takes)),
        outlets=_outlets(drawn, draw),
        vehicles=(
            Vehicle(id="small truck", payload_kg=3000.0, cost_per_km=1.35),
            Vehicle(id="truck", payload_kg=10000.0, cost_per_km=1.4),
            Vehicle(id="trailer", payload_kg=24000.0, cost_per_km=1.44),
        ),
        links=_links(drawn),
    )


def _takes(plants: int, draw: np.random.Generator) -> NDArray[np.bool_]:
    takes = np.zeros((plants, len(STREAMS)), dtype=np.bool_)
    for row in takes:
        row[draw.choice(len(STREAMS), 2, replace=False)] = True
    for s in np.flatnonzero(takes.sum(axis=0) < 2):
        takes[draw.choice(plants, 2, replace=False), s] = True
    return takes


def _processes() -> tuple[Process, ...]:
    hub = [
        Process(
            id=f"sort-{name}",
            takes=(name,),
            yields=(Yield(into=f"sorted-{name}", share=float(SORTED[s])),),
            residue="residue",
            cost_per_kg=HANDLING,
        )
        for s, name in enumerate(STREAMS)
    ]
    plant = [
        Process(
            id=f"make-{name}",
            takes=(f"sorted-{name}",),
            yields=(Yield(into=f"made-{name}", share=float(MADE[s])),),
            lost={"": 1.0 - float(MADE[s])},
            cost_per_kg=float(WORKING[s]),
        )
        for s, name in enumerate(STREAMS)
    ]
    return (*hub, *plant)


def _sources(drawn: Region) -> tuple[Source, ...]:
    return tuple(
        Source(
            id=f"source {i}",
            arisings=tuple(
                Arising(stream=name, kg=float(kg), least_share=LEAST, unserved_cost_per_kg=LEFT)
                for name, kg in zip(STREAMS, row, strict=True)
            ),
        )
        for i, row in enumerate(drawn.arising)
    )


def _hubs(drawn: Region) -> tuple[Site, ...]:
    everything = float(drawn.arising.sum())
    sizes = tuple(
        Size(id=name, fixed_cost=float(fixed) * everything, capacity_kg=float(capacity) * everything)
        for name, fixed, capacity in zip(SIZES, FIXED, CAPACITY, strict=True)
    )
    names = tuple(f"sort-{name}" for name in STREAMS)
    return tuple(Site(id=f"hub {h}", sizes=sizes, processes=names) for h in range(len(drawn.hubs)))


def _plants(drawn: Region, takes: NDArray[np.bool_]) -> tuple[Site, ...]:
    sorted_kg = drawn.arising.sum(axis=0) * SORTED
    plants = []
    for r, row in enumerate(takes):
        taken = np.flatnonzero(row).tolist()
        capacity = {f"make-{STREAMS[s]}": float(sorted_kg[s] * 1.6 / takes[:, s].sum()) for s in taken}
        total = sum(capacity.values())
        size = Size(id="plant", fixed_cost=total * 0.006 + 300.0, capacity_kg=total, process_kg=capacity)
        plants.append(Site(id=f"plant {r}", sizes=(size,), processes=tuple(capacity)))
    return tuple(plants)


def _outlets(drawn: Region, draw: np.random.Generator) -> tuple[Outlet, ...]:
    buyers = len(drawn.buyers)
    caps = draw.dirichlet(np.full(buyers, 3.0), len(STREAMS)) * drawn.arising.sum(axis=0)[:, None] * 1.2
    sold = [
        Outlet(
            id=f"buyer {m}",
            offers=tuple(
                Offer(stream=f"made-{name}", price_per_kg=float(PRICES[s]), at_most_kg=float(caps[s, m]))
                for s, name in enumerate(STREAMS)
            ),
        )
        for m in range(buyers)
    ]
    buried = tuple(
        Offer(stream=name, gate_fee_per_kg=LANDFILL, diverted=False)
        for name in ("residue", *(f"sorted-{name}" for name in STREAMS))
    )
    return (*sold, Outlet(id="landfill", offers=buried))


def _links(drawn: Region) -> Links:
    """Sources to their nearest hubs, hubs to all plants and to the landfill in the city, plants to all buyers."""
    n, h, r, m = len(drawn.sources), len(drawn.hubs), len(drawn.plants), len(drawn.buyers)
    landfill = np.full((1, 2), 20.0) + np.array([[18.0, -12.0]])
    parts = []
    km = _km(drawn.sources, drawn.hubs)
    near = np.argsort(km, axis=1, kind="stable")[:, :NEAR]
    parts.append((np.repeat(np.arange(n), near.shape[1]), near.ravel() + n, 0, np.take_along_axis(km, near, 1).ravel()))
    for tail, head, first, last, vehicle in (
        (drawn.hubs, drawn.plants, n, n + h, 1),
        (drawn.hubs, landfill, n, n + h + r + m, 1),
        (drawn.plants, drawn.buyers, n + h, n + h + r, 2),
    ):
        way = _km(tail, head)
        parts.append((np.repeat(np.arange(len(tail)), len(head)) + first,
                      np.tile(np.arange(len(head)), len(tail)) + last, vehicle, way.ravel()))  # fmt: skip
    metres = np.concatenate([way for *_, way in parts]) * 1000.0
    return Links(
        tail=np.concatenate([tail for tail, *_ in parts]).astype(np.intp),
        head=np.concatenate([head for _, head, *_ in parts]).astype(np.intp),
        vehicle=np.concatenate([np.full(len(way), vehicle) for _, _, vehicle, way in parts]).astype(np.intp),
        distance_m=metres,
        duration_s=metres / 1000.0 / 30.0 * 3600.0,
    )


def _km(first: Floats, second: Floats) -> Floats:
    apart: Floats = DETOUR * np.sqrt(((first[:, None] - second[None]) ** 2).sum(axis=2))
    return apart
