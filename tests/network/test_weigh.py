from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse.csgraph import dijkstra

from faults import InputError
from network.conditional import Moment
from network.profiles import PROFILES
from network.sources.osm_file import read_osm
from network.states import turn_graph
from network.streets import StreetNetwork
from network.weigh import Weights, weigh
from tests.network.rules import ARMS, CROSS, directed, town

TRUCK, SMALL, FOOT = (PROFILES[name] for name in ("refuse-truck", "small-truck", "foot"))
DRIVERS = [profile for profile in PROFILES.values() if profile.movement == "drive"]
LINE = {"a": (0, 0), "b": (100, 0), "c": (200, 0), "d": (300, 0)}
STREETS = [("a", "b"), ("b", "c"), ("c", "d")]
KMH = TRUCK.speed_kmh["residential"]


def weighed(network: StreetNetwork, profile=TRUCK, **choices) -> Weights:
    return weigh(turn_graph(network, DRIVERS if profile.movement == "drive" else [profile]), profile, **choices)


def opens(weights: Weights, way: str) -> bool:
    graph = weights.graph
    from_, to = directed(graph.network, way)
    return bool(
        weights.turn_ms[(graph.directed[graph.turn_from] == from_) & (graph.directed[graph.turn_to] == to)][0] >= 0
    )


def test_times_and_lengths_are_whole_numbers() -> None:
    weights = weighed(town(LINE, [("a", "b", {"length": "123.44"}), *STREETS[1:]]))
    assert weights.dm.tolist() == [1234, 1234, 1000, 1000, 1000, 1000]
    assert weights.ms[:2].tolist() == [round(123.44 * 3600 / KMH)] * 2
    assert weights.usable.all()


def test_speeds_learnt_replace_those_of_the_map_and_factors_slow_them_down() -> None:
    network = town(LINE, STREETS)
    kmh = np.array([36.0, np.nan, 18, 18, np.nan, np.nan])
    factor = np.array([1, 0.5, 0.5, 1, 1, 0])
    weights = weighed(network, kmh=kmh, factor=factor, speed_factor=0.5)
    usual = 360_000 / KMH
    assert weights.ms.tolist() == [20_000, round(4 * usual), 80_000, 40_000, round(2 * usual), 0]
    assert weights.usable.tolist() == [True] * 5 + [False]


def test_nothing_is_faster_than_360_km_an_hour() -> None:
    assert weighed(town(LINE, STREETS), speed_factor=1000.0).ms.tolist() == [1000] * 6


@pytest.mark.parametrize("factor", [0.0, -1.0, np.nan, np.inf])
def test_a_speed_factor_must_be_above_zero(factor: float) -> None:
    with pytest.raises(ValueError, match="speed factor"):
        weighed(town(LINE, STREETS), speed_factor=factor)


def test_what_is_closed_is_not_usable_and_the_rest_falls_apart() -> None:
    network = town(LINE, [("a", "b", {"length": "150"}), *STREETS[1:]])
    closed = np.zeros(6, bool)
    closed[[2, 3]] = True
    weights = weighed(network, closed=closed)
    assert weights.usable.tolist() == [True, True, False, False, True, True]
    assert weights.arrive.tolist() == weights.leave.tolist() == [True, True, False, False, False, False]


def test_a_turn_weighs_the_state_it_leaves_and_the_turn() -> None:
    weights = weighed(town(CROSS, ARMS))
    graph = weights.graph
    ms, dm = weights.along()
    from_, to = directed(graph.network, "bad")
    turn = (graph.turn_from == from_) & (graph.turn_to == to)
    assert ms[turn].tolist() == [round(360_000 / KMH) + 1000 * TRUCK.far_turn_s]
    assert dm[turn].tolist() == [1000]


def test_rules_bind_whom_they_mean_when_they_mean_it() -> None:
    rules = [("no_left_turn key=restriction:hgv", "bad"), ("no_right_turn when=Mo-Fr except=goods", "bae")]
    network = town(CROSS, ARMS, rules)
    assert [opens(weighed(network, who), "bad") for who in (TRUCK, SMALL)] == [False, True]
    monday, sunday = Moment(day="mon", time_s=36_000), Moment(day="sun", time_s=36_000)
    found = [opens(weighed(network, who, moment=at), "bae") for who in (TRUCK, SMALL) for at in (monday, sunday, None)]
    assert found == [False, True, True, True, True, True]


def test_a_barrier_closes_a_junction_to_those_it_stops() -> None:
    network = town(LINE, STREETS, nodes={"b": {"barrier": "bollard"}})
    assert [opens(weighed(network, who), "abc") for who in (TRUCK, FOOT)] == [False, True]


def test_the_strongest_part_is_that_of_the_turns() -> None:
    """Every junction is reached in both directions, but nobody who turns into the narrow yard gets out of it."""
    network = town(LINE, [*STREETS[:2], ("c", "d", {"width": "4"})])
    weights = weighed(network)
    assert weights.arrive.tolist() == [True] * 5 + [False]
    assert weights.leave.tolist() == [True, True, True, True, False, True]
    network = town(LINE | {"e": (300, 100)}, [*STREETS, ("c", "e", {"oneway": "yes"})])
    weights = weighed(network)
    one_way = weights.graph.leaving[6]
    assert (weights.arrive[one_way], weights.leave[one_way]) == (True, False)


def test_the_part_with_most_metres_counts_each_street_once() -> None:
    corners = {"a": (0, 0), "b": (600, 0), "c": (0, 3000), "d": (500, 3000), "e": (250, 3400)}
    ring = [(*ends, {"oneway": "yes", "length": "300"}) for ends in (("c", "d"), ("d", "e"), ("e", "c"))]
    weights = weighed(town(corners, [("a", "b", {"length": "600"}), *ring]))
    assert weights.arrive.tolist() == [False, False, True, True, True]


def test_nothing_usable_is_no_part() -> None:
    network = town(LINE, [("a", "b", {"oneway": "yes"}), ("c", "d", {"hgv": "no"})])
    weights = weighed(network)
    assert weights.root == -1
    assert not weights.arrive.any()
    combined, shift = weights.combined()
    assert np.isinf(combined).all()
    assert shift >= 1
    assert weighed(town(LINE, [("a", "b", {"highway": "steps"})])).combined()[0].tolist() == []


def test_a_network_too_large_to_be_added_exactly_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        weighed(town(LINE, STREETS), speed_factor=1e-9).combined()
    assert [fault.code for fault in refused.value.faults] == ["network-too-large"]


def test_weights_cannot_be_written_to() -> None:
    weights = weighed(town(LINE, STREETS))
    assert not any(value.flags.writeable for value in vars(weights).values() if isinstance(value, np.ndarray))


def test_a_real_town_holds_together_for_every_driver(data_dir: Path) -> None:
    network = read_osm(data_dir / "osm" / "monaco.osm.pbf")
    graph = turn_graph(network, DRIVERS)
    for profile in DRIVERS:
        weights = weigh(graph, profile)
        both = weights.arrive & weights.leave
        assert both.sum() > 0.85 * weights.usable.sum()
        arcs = weights.arcs(weights.along()[0])
        some = np.flatnonzero(weights.leave)[::500]
        assert np.isfinite(dijkstra(arcs, indices=some)[:, weights.arrive]).all()


@pytest.mark.parametrize("change", ["heavier", "closed"])
def test_who_may_use_less_is_never_faster_but_where_a_new_dead_end_lets_him_turn(data_dir: Path, change: str) -> None:
    network = read_osm(data_dir / "osm" / "monaco.osm.pbf")
    graph = turn_graph(network, DRIVERS)
    before = weigh(graph, TRUCK)
    closed = np.zeros(2 * network.segments, bool)
    closed[np.random.default_rng(1).choice(len(closed), 60)] = True
    heavier = replace(TRUCK, weight_t=40.0, height_m=4.5)
    after = weigh(graph, heavier) if change == "heavier" else weigh(graph, TRUCK, closed=closed)
    opened = (after.turn_ms >= 0) & (before.turn_ms < 0)
    assert graph.u_turn[opened].all()
    after = replace(after, turn_ms=np.where(opened, -1, after.turn_ms))
    some = np.flatnonzero(before.leave & after.usable)[::300]
    times = [dijkstra(weights.arcs(weights.along()[0]), indices=some) for weights in (before, after)]
    assert (times[1] >= times[0]).all()
    assert (times[1] > times[0]).any()
