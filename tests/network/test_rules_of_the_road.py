"""The rules of the road over a whole network: what is forbidden to more never lets anybody arrive sooner.

Asked of those who turn round anywhere: a truck may turn at dead ends only, and a closed street makes new ones.
"""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra

from network.conditional import Moment
from network.profiles import PROFILES, VehicleProfile
from network.states import TurnGraph, turn_graph
from network.streets import StreetNetwork
from network.weigh import Weights, weigh
from tests.network.drawing import column, grid

MORNING = Moment(day="mon", time_s=8 * 3600)
ANYWHERE = replace(PROFILES["refuse-truck"], u_turns="anywhere")
seeds = st.integers(0, 10_000)


def town(seed: int) -> StreetNetwork:
    """Return a bent grid whose streets and junctions carry limits, slopes, hours and barriers at random."""
    net, random = grid(4, 4, seed=seed), np.random.default_rng(seed)

    def some(size: int, *values: str) -> list[str]:
        return [str(value) for value in random.choice(["", "", "", "", *values], size)]

    tags = {
        "maxweight": some(net.segments, "3.5", "7.5", "18"),
        "incline": some(net.segments, "12%", "-20%", "up"),
        "access": some(net.segments, "no", "destination", "private"),
        "hgv:conditional": some(net.segments, "no @ (Mo-Fr 07:00-09:00)", "no @ (weight>7.5)", "yes @ delivery"),
        "maxspeed": some(net.segments, "10", "30"),
    }
    marks = {"barrier": some(net.junctions, "gate", "bollard"), "maxwidth": some(net.junctions, "2", "3")}
    return replace(
        net,
        tags={**net.tags, **{key: column(values) for key, values in tags.items()}},
        junction_tags={key: column(values) for key, values in marks.items()},
    )


def times(weights: Weights) -> NDArray[np.float64]:
    """Return milliseconds from the start of every state to the start of every other one."""
    reached: NDArray[np.float64] = dijkstra(weights.arcs(weights.along()[0]))
    return reached


def never_sooner(graph: TurnGraph, free: Weights, bound: Weights) -> None:
    """Check that nothing is nearer under the second weights."""
    usable = bound.usable
    assert not (usable & ~free.usable).any()
    ends = np.ix_(usable, usable)
    assert (times(bound)[ends] >= times(free)[ends]).all()
    assert (bound.ms[usable] >= free.ms[usable]).all()
    assert graph.states == len(usable)


def weighed(net: StreetNetwork, who: VehicleProfile, **more: object) -> tuple[TurnGraph, Weights]:
    graph = turn_graph(net, [who])
    return graph, weigh(graph, who, **more)  # type: ignore[arg-type]


@settings(max_examples=20, deadline=None)
@given(seeds)
def test_closures_never_shorten(seed: int) -> None:
    net = town(seed)
    graph, free = weighed(net, ANYWHERE)
    closed = np.random.default_rng(seed).random(2 * net.segments) < 0.15
    never_sooner(graph, free, weigh(graph, ANYWHERE, closed=closed))


@settings(max_examples=20, deadline=None)
@given(seeds, st.sampled_from(["weight_t", "axle_load_t", "width_m", "height_m", "length_m"]))
def test_heavier_and_larger_vehicles_never_arrive_sooner(seed: int, dimension: str) -> None:
    net = town(seed)
    larger = replace(ANYWHERE, **{dimension: 1.5 * getattr(ANYWHERE, dimension)})  # type: ignore[arg-type]
    smaller = replace(ANYWHERE, **{dimension: 0.3 * getattr(ANYWHERE, dimension)})  # type: ignore[arg-type]
    graph = turn_graph(net, [smaller, larger])
    never_sooner(graph, weigh(graph, smaller), weigh(graph, larger))


@settings(max_examples=20, deadline=None)
@given(seeds)
def test_a_one_way_street_is_never_used_the_wrong_way(seed: int) -> None:
    net = town(seed)
    graph, weights = weighed(net, ANYWHERE, moment=MORNING)
    oneway = net.tag("oneway").strings()[graph.segment]
    wrong = ((oneway == "yes") & graph.against) | ((oneway == "-1") & ~graph.against)
    assert wrong.sum() == 0 or not weights.usable[wrong].any()
    onto = graph.turn_to[weights.turn_ms >= 0]
    assert not wrong[onto].any()


@pytest.mark.parametrize("seed", [1, 2])
def test_the_towns_are_not_all_shut(seed: int) -> None:
    graph, weights = weighed(town(seed), ANYWHERE)
    assert weights.usable.sum() > graph.states / 3
    assert np.isfinite(times(weights)).sum() > 3 * graph.states
