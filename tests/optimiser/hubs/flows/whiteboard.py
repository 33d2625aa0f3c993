"""Small flow problems as one would draw them, and any small one."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from optimiser.hubs.flows.materials import Process, Stream, Yield, transfer
from optimiser.hubs.flows.places import Arising, Offer, Outlet, Site, Size, Source
from optimiser.hubs.flows.problem import Aim, Duty, FlowProblem
from optimiser.hubs.flows.transport import Cooperative, Fee, Links, Vehicle


def links(problem_places, vehicles, ways, **more) -> Links:
    """``ways``: "a>b cart 1000 600" lines: from, to, vehicle, metres, seconds one way."""
    place = {name: k for k, name in enumerate(problem_places)}
    vehicle = {name: k for k, name in enumerate(vehicles)}
    rows = [line.split() for line in ways]
    ends = [row[0].split(">") for row in rows]
    return Links(
        tail=np.array([place[tail] for tail, _ in ends], dtype=np.intp),
        head=np.array([place[head] for _, head in ends], dtype=np.intp),
        vehicle=np.array([vehicle[row[1]] for row in rows], dtype=np.intp),
        distance_m=np.array([float(row[2]) for row in rows]),
        duration_s=np.array([float(row[3]) for row in rows]),
        **more,
    )


CART = Vehicle(id="cart", payload_kg=100.0, cost_per_km=1.0, cost_per_h=2.0, ghg_kg_per_km=0.1, jobs_per_h=0.02)
TRUCK = Vehicle(id="truck", payload_kg=1000.0, cost_per_km=4.0, cost_per_h=6.0, ghg_kg_per_km=0.8, jobs_per_h=0.05)
SORTING = Process(
    id="sorting",
    takes=("dry",),
    yields=(Yield(material="paper", into="bales", share=0.9), Yield(material="film", into="bales", share=0.5)),
    residue="residue",
    cost_per_kg=0.05,
    ghg_kg_per_kg=0.01,
    jobs_per_kg=0.001,
)
WAYS = (
    "a>hub cart 1000 1800",
    "b>hub cart 2000 3600",
    "a>dump cart 10000 18000",
    "b>dump cart 10000 18000",
    "hub>mill truck 20000 3600",
    "hub>dump truck 10000 1800",
)


def town(**changes) -> FlowProblem:
    """Two streets, a sorting hub in two sizes, a paper mill, a dump. Worked out in ``test_by_hand.py``."""
    problem = FlowProblem(
        streams=(Stream(id="dry", materials={"paper": 0.6, "film": 0.4}), Stream(id="bales"), Stream(id="residue")),
        processes=(SORTING,),
        sources=(
            Source(id="a", arisings=(arising(1000.0),)),
            Source(id="b", arisings=(arising(500.0),)),
        ),
        sites=(
            Site(
                id="hub",
                sizes=(
                    Size(id="small", fixed_cost=60.0, capacity_kg=1000.0, jobs=1.0),
                    Size(id="large", fixed_cost=100.0, capacity_kg=2000.0, jobs=2.0),
                ),
                processes=("sorting",),
            ),
        ),
        outlets=(
            Outlet(id="mill", offers=(Offer(stream="bales", price_per_kg=0.4, credit_ghg_kg_per_kg=0.5),)),
            Outlet(id="dump", offers=(dumped("dry"), dumped("residue"))),
        ),
        vehicles=(CART, TRUCK),
        links=links(("a", "b", "hub", "mill", "dump"), ("cart", "truck"), WAYS),
    )
    return replace(problem, **changes)


def arising(kg, **more) -> Arising:
    fields = {
        "unserved_cost_per_kg": 0.3,
        "unserved_ghg_kg_per_kg": 0.9,
        "baseline_ghg_kg_per_kg": 0.8,
    } | more
    return Arising(stream="dry", kg=kg, **fields)


def dumped(stream) -> Offer:
    return Offer(stream=stream, gate_fee_per_kg=0.02, ghg_kg_per_kg=0.6, diverted=False)


@st.composite
def problems(draw):
    """Any small network: two kinds of waste, up to three sites with processes in chains, buyers with caps, carts."""
    kg, money = st.integers(0, 20).map(float), st.sampled_from([0.0, 0.1, 0.5, 1.0, 3.0])
    streams = (
        Stream(id="dry", materials={"paper": 0.75, "film": 0.25}),
        Stream(id="wet", storage_h=2.0),
        Stream(id="bales"),
        Stream(id="rest"),
    )
    share = st.sampled_from([0.0, 0.25, 0.5, 1.0])
    processes = (
        Process(
            id="sort",
            takes=("dry", "wet"),
            yields=(Yield(material="paper", into="bales", share=draw(share)),),
            lost={"wet": 0.25},
            residue="rest",
            cost_per_kg=draw(money) / 10,
            contaminants=frozenset({"film", "wet"}),
            contamination_at_most=draw(st.sampled_from([0.3, 0.5, 1.0])),
            jobs_per_kg=0.01,
            ghg_kg_per_kg=0.2,
        ),
        transfer("pass", ("dry", "wet", "rest"), cost_per_kg=draw(money) / 10),
    )
    sources = tuple(
        Source(
            id=f"s{i}",
            arisings=tuple(
                Arising(
                    stream=name,
                    kg=draw(kg),
                    unserved_cost_per_kg=draw(money),
                    unserved_ghg_kg_per_kg=1.0,
                    deposit_per_kg=draw(money) / 10,
                    least_share=draw(st.sampled_from([0.0, 0.0, 0.0, 0.5])),
                )
                for name in draw(st.sampled_from([("dry",), ("wet",), ("dry", "wet")]))
            ),
            wait_h=draw(st.sampled_from([0.0, 1.0])),
        )
        for i in range(draw(st.integers(1, 3)))
    )
    sites = tuple(
        Site(
            id=f"h{h}",
            sizes=tuple(
                Size(
                    id=f"z{k}",
                    fixed_cost=draw(kg) / 4,
                    capacity_kg=draw(st.one_of(st.none(), kg)),
                    kg_per_h=draw(st.one_of(st.none(), kg)),
                    process_kg=draw(st.sampled_from([{}, {"sort": 5.0}])),
                    jobs=1.0,
                )
                for k in range(draw(st.integers(1, 2)))
            ),
            processes=draw(st.sampled_from([("sort",), ("pass",), ("sort", "pass")])),
            hours=draw(st.sampled_from([None, 2.0])),
            must_open=draw(st.sampled_from([False, False, False, True])),
        )
        for h in range(draw(st.integers(0, 3)))
    )
    outlets = (
        Outlet(
            id="buyer",
            offers=(
                Offer(
                    stream="bales",
                    price_per_kg=draw(money),
                    at_most_kg=draw(st.one_of(st.none(), kg)),
                    credit_ghg_kg_per_kg=0.4,
                ),
            ),
        ),
        Outlet(
            id="dump",
            offers=tuple(
                Offer(stream=name, gate_fee_per_kg=draw(money) / 10, ghg_kg_per_kg=0.5, diverted=False)
                for name in ("dry", "wet", "rest")
            ),
        ),
    )
    coop = Cooperative(
        id="coop",
        members=draw(st.sampled_from([0.0, 1.0, 5.0])),
        hours=draw(st.sampled_from([1.0, 10.0])),
        earnings_floor=draw(st.sampled_from([0.0, 2.0])),
        fees=(Fee(stream="dry", least=0.1, most=draw(st.sampled_from([0.1, 2.0]))),),
    )
    vehicles = (
        Vehicle(id="cart", payload_kg=5.0, cooperative="coop", reach_m=draw(st.sampled_from([None, 1500.0]))),
        Vehicle(
            id="van", payload_kg=10.0, payloads_kg={"bales": 20.0}, cost_per_km=1.0, ghg_kg_per_km=0.5, jobs_per_h=0.1
        ),
    )
    first, last, end = len(sources), len(sources) + len(sites), len(sources) + len(sites) + 2
    pairs = [(t, h) for t in range(last) for h in range(first, end) if t != h and draw(st.integers(0, 3))]
    pairs = pairs or [(0, end - 1)]
    metres = np.array([draw(st.integers(0, 30)) * 100.0 for _ in pairs])
    limit = np.array([draw(st.sampled_from([np.inf, np.inf, 4.0])) for _ in pairs])
    ways = Links(
        tail=np.array([t for t, _ in pairs], dtype=np.intp),
        head=np.array([h for _, h in pairs], dtype=np.intp),
        vehicle=np.array([draw(st.integers(0, 1)) for _ in pairs], dtype=np.intp),
        distance_m=metres,
        duration_s=metres * 2,
        at_most_kg=limit,
    )
    return FlowProblem(
        streams=streams,
        processes=processes,
        sources=sources,
        sites=sites,
        outlets=outlets,
        vehicles=vehicles,
        cooperatives=(coop,),
        links=ways,
        duties=draw(st.sampled_from([(), (Duty(id="back", stream="bales", outlets=("buyer",), least_kg=1.0),)])),
        aim=draw(st.sampled_from(list(Aim))),
        fixed_budget=draw(st.sampled_from([None, None, 5.0])),
    )
