"""States, turns and weights against a driver who remembers everything."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import dijkstra

from network.component import behind
from network.opened import Rules
from network.profiles import PROFILES, VehicleProfile
from network.states import TurnGraph, turn_graph
from network.streets import StreetNetwork
from network.tags import usable
from network.turns import turn_ms
from network.weigh import Weights, weigh_under
from tests.network.drawing import column, draw
from tests.network.plain_driver import Driver
from tests.network.rules import restrictions

TRUCK = PROFILES["refuse-truck"]
SPOTS = [(0, 0), (100, 0), (100, 110), (0, 90), (210, 60), (-80, 140)]


@st.composite
def networks(pick: st.DrawFn) -> StreetNetwork:
    """Up to six junctions and streets: loops, streets side by side, one-ways, streets to serve, narrow ones."""
    count = pick(st.integers(2, len(SPOTS)))
    junction = st.integers(0, count - 1)
    tags = st.fixed_dictionaries(
        {
            "oneway": st.sampled_from(["", "", "yes"]),
            "access": st.sampled_from(["", "", "destination"]),
            "hgv": st.sampled_from(["", "", "", "destination", "yes"]),
            "width": st.sampled_from(["", "", "4"]),
        }
    )
    streets = pick(st.lists(st.tuples(junction, junction, tags), min_size=1, max_size=6))
    aside = {
        k: [(200.0 + 7 * k, -40.0), (230.0 + 7 * k, -90.0)] if a == b else [(50.0 + 9 * k, 40.0 + k)]
        for k, (a, b, _) in enumerate(streets)
    }
    network = draw(
        {str(k): SPOTS[k] for k in range(count)},
        [(str(a), str(b), {key: value for key, value in tag.items() if value}) for a, b, tag in streets],
        aside,
    )
    places = pick(st.lists(st.sampled_from(["", "", "", "turning_circle"]), min_size=count, max_size=count))
    network = replace(network, junction_tags={"highway": column(places)})
    rules = pick(st.lists(ways(network), max_size=4))
    return replace(network, restrictions=restrictions(rules))


@st.composite
def ways(pick: st.DrawFn, network: StreetNetwork) -> tuple[str, list[int]]:
    """A rule along streets that follow one another, of two to four segments."""
    ends = np.stack([network.tail, network.head], axis=-1).ravel()
    path = [pick(st.integers(0, 2 * network.segments - 1))]
    for _ in range(pick(st.integers(1, 3))):
        onward = np.flatnonzero(ends == ends[path[-1] ^ 1]).tolist()
        path.append(pick(st.sampled_from(onward)))
    return pick(st.sampled_from(["no_left_turn", "only_straight_on"])), path


def driver_of(weights: Weights, rules: Rules) -> Driver:
    """Return the plain driver who meets the same streets; times and the costs of turns are taken from the weights."""
    graph = weights.graph
    directed = 2 * graph.network.segments
    ms, open_ = [0] * directed, [False] * directed
    for d in np.flatnonzero(graph.leaving >= 0):
        state = graph.leaving[d]
        ms[d], open_[d] = int(weights.ms[state]), bool(weights.usable[state])
    costs = turn_ms(graph, weights.profile)
    on = graph.directed
    cost = {
        (int(on[a]), int(on[b])): int(costs[t])
        for t, (a, b) in enumerate(zip(graph.turn_from, graph.turn_to, strict=True))
        if graph.junction[t] >= 0
    }
    return Driver(network=graph.network, profile=weights.profile, rules=rules, ms=ms, open=open_, cost=cost)


def everything(network: StreetNetwork, profile: VehicleProfile) -> Rules:
    """Return rules under which every restriction binds and nothing bars a junction."""
    return Rules(
        usable(network, profile),
        np.ones(network.junctions, bool),
        np.ones(len(network.restrictions), bool),
        behind(network, profile),
    )


def times(weights: Weights) -> dict[int, dict[int, int]]:
    graph, found = weights.graph, {}
    arcs = weights.arcs(weights.along()[0])
    here = [d for d in np.flatnonzero(graph.leaving >= 0).tolist() if weights.usable[graph.leaving[d]]]
    for d in here:
        far = dijkstra(arcs, indices=int(graph.leaving[d]))
        found[d] = {e: int(far[graph.arriving[e]]) for e in here if np.isfinite(far[graph.arriving[e]])}
    return found


def same(weights: Weights, rules: Rules) -> None:
    driver = driver_of(weights, rules)
    for first, reached in times(weights).items():
        assert reached == driver.times(first), first


booleans = st.booleans()


@settings(max_examples=100, deadline=None)
@given(
    network=networks(),
    anywhere=booleans,
    reverse_m=st.sampled_from([0.0, 150.0, 400.0]),
    heavy=booleans,
    data=st.data(),
)
def test_every_way_takes_as_long_as_on_paper(
    network: StreetNetwork, anywhere: bool, reverse_m: float, heavy: bool, data: st.DataObject
) -> None:
    profile = replace(TRUCK, reverse_m=reverse_m, u_turns="anywhere" if anywhere else "dead-ends")
    lighter = replace(profile, access_keys=TRUCK.access_keys[1:])
    graph = turn_graph(network, [profile, lighter])
    who = profile if heavy else lighter
    rules = Rules(
        usable(network, who),
        np.array(data.draw(st.lists(st.sampled_from([True, True, False]), **exactly(network.junctions)))),
        np.array(data.draw(st.lists(booleans, **exactly(len(network.restrictions)))), bool),
        behind(network, who),
    )
    closed = np.array(data.draw(st.lists(st.sampled_from([False] * 9 + [True]), **exactly(2 * network.segments))))
    served = replace(rules.use, serve_only=rules.use.serve_only | (rules.behind & graph.serve))
    same(weigh_under(rules, graph, who, closed=closed), rules._replace(use=served))


def exactly(count: int) -> dict[str, int]:
    return {"min_size": count, "max_size": count}


@settings(max_examples=50, deadline=None)
@given(network=networks())
def test_the_strongest_part_is_what_holds_together(network: StreetNetwork) -> None:
    graph = turn_graph(network, [TRUCK])
    weights = weigh_under(everything(network, TRUCK), graph, TRUCK)
    arcs = weights.arcs(np.ones(graph.turns))
    reach = [set(np.flatnonzero(np.isfinite(dijkstra(arcs, indices=s)))) for s in range(graph.states)]
    parts = {frozenset(t for t in reach[s] if s in reach[t]) for s in range(graph.states)}
    loops = {s for s in range(graph.states) if s in arcs.indices[arcs.indptr[s] : arcs.indptr[s + 1]]}
    parts = {part for part in parts if len(part) > 1 or part & loops}
    metres = {part: network.length_m[list({graph.segment[s] for s in part})].sum() for part in parts}
    if not parts:
        assert weights.root == -1
        assert not weights.arrive.any()
        return
    part = next(part for part in parts if weights.root in part)
    assert metres[part] >= max(metres.values()) - 1e-6
    assert set(np.flatnonzero(weights.arrive)) == reach[weights.root]
    assert set(np.flatnonzero(weights.leave)) == {s for s in range(graph.states) if weights.root in reach[s]}


@settings(max_examples=50, deadline=None)
@given(network=networks())
def test_combined_weights_give_both_sums_back(network: StreetNetwork) -> None:
    graph = turn_graph(network, [TRUCK])
    weights = weigh_under(everything(network, TRUCK), graph, TRUCK)
    combined, shift = weights.combined()
    ms, dm = weights.along()
    assert np.isinf(combined[weights.turn_ms < 0]).all()
    far = dijkstra(weights.arcs(combined))[np.ix_(weights.leave, weights.arrive)]
    fastest = dijkstra(weights.arcs(ms))[np.ix_(weights.leave, weights.arrive)]
    assert (np.isfinite(far) == np.isfinite(fastest)).all()
    there = np.isfinite(far)
    whole = far[there].astype(np.int64)
    assert (whole >> shift == fastest[there]).all()
    shortest = dijkstra(weights.arcs(dm))[np.ix_(weights.leave, weights.arrive)]
    assert ((whole & ((1 << shift) - 1)) >= shortest[there]).all()
    assert whole.max(initial=0) < 2**53


def graph_is_sound(graph: TurnGraph) -> None:
    assert (graph.turn_from == np.repeat(np.arange(graph.states), np.diff(graph.turn_start))).all()
    ends = np.stack([graph.network.tail, graph.network.head], axis=-1).ravel()
    real = graph.real
    assert (ends[graph.directed[graph.turn_from[real]] ^ 1] == graph.junction[real]).all()
    assert (ends[graph.directed[graph.turn_to[real]]] == graph.junction[real]).all()
    assert (graph.directed[graph.turn_from[~real]] == graph.directed[graph.turn_to[~real]]).all()
    pairs = graph.turn_from.astype(np.int64) * graph.states + graph.turn_to
    assert (np.diff(pairs) > 0).all(), "sorted, and no turn twice"


@settings(max_examples=50, deadline=None)
@given(network=networks())
def test_turns_lead_from_the_end_of_one_state_to_the_start_of_the_next(network: StreetNetwork) -> None:
    graph_is_sound(turn_graph(network, [TRUCK, replace(TRUCK, access_keys=TRUCK.access_keys[1:])]))
