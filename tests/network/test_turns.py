from dataclasses import replace

import numpy as np
import pytest

from network.profiles import PROFILES
from network.states import TurnGraph, turn_graph
from network.turns import backed_out, bearings, kerb, near_side, turn_ms, wrapped
from tests.network.drawing import column
from tests.network.rules import ARMS, CROSS, directed, town

TRUCK, FOOT = PROFILES["refuse-truck"], PROFILES["foot"]
NEAR, FAR, SHARP, ROUND = TRUCK.near_turn_s, TRUCK.far_turn_s, TRUCK.sharp_turn_s, TRUCK.u_turn_s
LIGHTS, WAIT = TRUCK.signals_s, TRUCK.give_way_s


def turn(graph: TurnGraph, way: str) -> int:
    from_, to = directed(graph.network, way)
    on = graph.directed
    return int(np.flatnonzero((on[graph.turn_from] == from_) & (on[graph.turn_to] == to))[0])


def seconds(network, *ways: str, profile=TRUCK) -> list[float]:
    graph = turn_graph(network, [profile])
    ms = turn_ms(graph, profile)
    return [float(ms[turn(graph, way)]) / 1000 for way in ways]


def angle(network, way: str) -> float:
    graph = turn_graph(network, [TRUCK])
    return float(graph.angle_deg[turn(graph, way)])


def test_angles_are_to_the_left() -> None:
    network = town(CROSS, ARMS)
    angles = [angle(network, way) for way in ("bad", "bac", "bae", "dac", "cab", "bab")]
    assert angles == pytest.approx([90, 0, -90, 90, 0, 180], abs=1e-3)


def test_the_bearing_of_a_street_is_that_of_its_first_metres() -> None:
    network = town({"a": (0, 0), "b": (100, 100)}, [("a", "b")])
    assert np.allclose(np.concatenate(bearings(network)), [45, -135, 45, -135], atol=1e-3)
    kinked = town(CROSS, [*ARMS[:3], ("a", "e")])
    shape = kinked.shape_start[3]
    lon = kinked.shape_lon.copy()
    lon[shape] += 1e-6  # a stroke of 11 cm to the east before it goes south
    assert angle(replace(kinked, shape_lon=lon), "bae") == pytest.approx(-90, abs=0.5)


def test_wrapped_angles() -> None:
    assert wrapped(np.array([-180.0, 180, 181, 540, 0, -179, 720])).tolist() == [180, 180, -179, 180, 0, -179, 0]


def test_turning_across_the_oncoming_traffic_costs_more() -> None:
    ways = ("bad", "bac", "bae")
    assert seconds(town(CROSS, ARMS), *ways) == [FAR, 0, NEAR]
    assert seconds(town(CROSS, ARMS, left_hand=True), *ways) == [NEAR, 0, FAR]
    assert seconds(town(CROSS, ARMS), *ways, profile=FOOT) == [0, 0, 0]


@pytest.mark.parametrize(("degrees", "share"), [(29, 0), (45, 0.5), (61, 1), (119, 1)])
def test_a_slight_turn_costs_its_share(degrees: float, share: float) -> None:
    end = 100 * np.cos(np.radians(degrees)), -100 * np.sin(np.radians(degrees))
    network = town(CROSS | {"e": end}, [*ARMS[:3], ("a", "e")])
    assert seconds(network, "bae") == pytest.approx([NEAR * share], abs=0.02)


def test_a_sharp_turn_costs_more_even_where_there_is_no_choice() -> None:
    corners = CROSS | {"e": (-100, -20)}
    assert seconds(town(corners, ARMS), "bae") == [NEAR + SHARP]
    assert seconds(town({"a": (0, 0), "b": (-100, 0), "c": (-100, -20)}, [("b", "a"), ("a", "c")]), "bac") == [SHARP]


def test_a_bend_of_the_street_is_no_turn() -> None:
    footway = ("a", "e", {"highway": "steps"})
    bend = town(CROSS, [("b", "a"), ("a", "d"), footway])
    assert seconds(bend, "bad") == [0]
    assert seconds(town(CROSS, [("b", "a"), ("a", "d"), ("a", "e")]), "bad") == [FAR]


def test_a_street_that_comes_back_to_its_junction_has_two_ends_there() -> None:
    network = town({"a": (0, 0), "b": (-100, 0)}, [("b", "a"), ("a", "a", {"length": "200"})])
    graph = turn_graph(network, [TRUCK])
    loop = graph.directed[graph.turn_from] == graph.directed[graph.turn_to]
    assert graph.directed[graph.turn_from[loop]].tolist() == [2, 3]
    assert not graph.u_turn[loop].any()


def test_turning_round_costs_what_it_costs_whatever_stands_there() -> None:
    network = town(CROSS, ARMS, nodes={"a": {"highway": "traffic_signals"}})
    assert seconds(network, "bab", "cac") == [ROUND, ROUND]


def test_lights_at_a_junction_and_in_the_street_before_it() -> None:
    lit = town(CROSS, ARMS, nodes={"a": {"highway": "traffic_signals"}})
    assert seconds(lit, "bad", "bac", "bae") == [LIGHTS + FAR, LIGHTS, LIGHTS + NEAR]
    before = [("b", "a", {"passes:traffic_signals": "forward"}), *ARMS[1:]]
    assert seconds(town(CROSS, before), "bac", "cab", "dae") == [LIGHTS, 0, 0]
    both = [("b", "a", {"passes:traffic_signals": "both"}), *ARMS[1:]]
    assert seconds(town(CROSS, both, nodes={"a": {"highway": "traffic_signals"}}), "bac") == [LIGHTS]


def test_lights_in_the_middle_of_a_street_may_stand_for_one_direction() -> None:
    line = {"b": (-100, 0), "a": (0, 0), "c": (100, 0)}
    line = {letter: line[letter] for letter in "abc"}
    streets = [("b", "a"), ("a", "c")]
    one = {"highway": "traffic_signals", "traffic_signals:direction": "forward"}
    assert seconds(town(line, streets, nodes={"a": one}), "bac", "cab") == [LIGHTS, 0]
    other = {"highway": "traffic_signals", "direction": "backward"}
    assert seconds(town(line, streets, nodes={"a": other}), "bac", "cab") == [0, LIGHTS]
    assert seconds(town(line, streets, nodes={"a": {"highway": "traffic_signals"}}), "bac", "cab") == [LIGHTS, LIGHTS]
    assert seconds(town(CROSS, ARMS, nodes={"a": one}), "bac", "cab") == [LIGHTS, LIGHTS]


def test_who_turns_into_a_larger_street_waits() -> None:
    main = [("b", "a", {"highway": "tertiary"}), ("a", "c", {"highway": "tertiary"}), *ARMS[2:]]
    network = town(CROSS, main)
    assert seconds(network, "dab", "bad", "bac", "dae") == [NEAR + WAIT, FAR, 0, 0]
    lit = town(CROSS, main, nodes={"a": {"highway": "traffic_signals"}})
    assert seconds(lit, "dab") == [NEAR + LIGHTS]
    assert seconds(town(CROSS, [main[0], ARMS[2]]), "dab") == [0]


def test_a_ramp_waits_for_the_road_it_leads_into_and_nobody_for_a_ramp() -> None:
    ramp = [("b", "a", {"highway": "primary_link"}), ("a", "c", {"highway": "primary"}), ("d", "a")]
    assert seconds(town(CROSS, ramp), "bac", "dab") == [WAIT, NEAR]


def test_going_round_a_roundabout_is_no_turning() -> None:
    ring = {"junction": "roundabout"}
    corners = {"a": (0, 0), "b": (-100, 0), "c": (5, -17), "d": (5, 17)}
    network = town(corners, [("b", "a"), ("a", "c", ring), ("c", "d", ring), ("d", "a", ring)])
    assert seconds(network, "bac", "dab", "dac") == [0, 0, 0]
    assert seconds(town(corners, [("b", "a"), ("a", "c"), ("c", "d"), ("d", "a")]), "bac") == [NEAR]


def test_the_kerb_is_on_the_side_that_traffic_keeps_to() -> None:
    segment, side = np.array([0, 0, 0, -1]), np.array([-1, 1, 0, 1], np.int8)
    assert near_side(town(CROSS, ARMS), segment, side).tolist() == [1, 0, -1, -1]
    assert near_side(town(CROSS, ARMS, left_hand=True), segment, side).tolist() == [0, 1, -1, -1]


def test_a_place_is_served_from_its_kerb_or_from_the_only_lane_there_is() -> None:
    network = town(CROSS, ARMS)
    open_ = np.array([True, True, True, False, False, True, False, False])
    segment = np.array([0, 0, 0, 1, 1, 2, 2, 3, -1])
    side = np.array([-1, 1, 0, -1, 1, -1, 1, 1, 1])
    ahead, back = kerb(network, open_, segment, side)
    assert ahead.tolist() == [False, True, True, True, True, False, False, False, False]
    assert back.tolist() == [True, False, True, False, False, True, True, False, False]


CHAIN = {"a": (0, 0), "b": (40, 0), "c": (90, 0), "d": (0, 100), "e": (0, -100)}


@pytest.mark.parametrize(
    ("streets", "nodes", "reverse_m", "out"),
    [
        ([("a", "b"), ("b", "c"), ("a", "d"), ("a", "e")], {}, 90, True),
        ([("a", "b"), ("c", "b"), ("a", "d"), ("a", "e")], {}, 90, True),  # whichever way they are mapped
        ([("a", "b"), ("b", "c"), ("a", "d"), ("a", "e")], {}, 89, False),
        ([("a", "b"), ("b", "c"), ("a", "d"), ("a", "e")], {"b": {"highway": "turning_circle"}}, 50, True),
        ([("a", "b", {"width": "12"}), ("b", "c"), ("a", "d"), ("a", "e")], {}, 50, True),
        ([("a", "b"), ("b", "c"), ("a", "d")], {}, 189, False),  # on through a bend, to another dead end
        ([("a", "b"), ("b", "c"), ("a", "d")], {}, 1000, False),
        ([("a", "b"), ("b", "c"), ("a", "d"), ("a", "e", {"highway": "steps"})], {}, 1000, False),
    ],
)
def test_backing_out_of_a_dead_end(streets, nodes, reverse_m: float, *, out: bool) -> None:
    network = town(CHAIN, streets, nodes=nodes)
    wide = network.tag("width").isin({"12"})
    used = ~network.tag("highway").isin({"steps"})
    last = directed(network, "bc")
    places = network.junction_tag("highway").isin({"turning_circle"})
    assert backed_out(network, np.array(last), used, (places, wide), reverse_m).tolist() == [out]


def test_a_column_of_lights_is_read_once_for_each_direction() -> None:
    network = town(CROSS, ARMS)
    tags = dict(network.tags) | {"passes:traffic_signals": column(["backward", "", "", ""])}
    assert seconds(replace(network, tags=tags), "bac", "bab") == [0, ROUND]
