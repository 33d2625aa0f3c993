from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from network.component import behind
from network.opened import Rules
from network.profiles import PROFILES, VehicleProfile
from network.states import turn_graph
from network.streets import StreetNetwork
from network.tags import usable
from network.weigh import Weights, weigh_under
from tests.network.rules import ARMS, CROSS, directed, town

TRUCK, TRICYCLE = PROFILES["refuse-truck"], PROFILES["tricycle"]
LINE = {"a": (0, 0), "b": (100, 0), "c": (200, 0), "d": (300, 0)}
STREETS = [("a", "b"), ("b", "c"), ("c", "d")]
NARROW, SERVE = {"width": "4"}, {"access": "destination"}
BOUND = {**LINE, "e": (100, 100), "f": (100, -100), "g": (0, 100)}


def weighed(
    network: StreetNetwork,
    profile: VehicleProfile = TRUCK,
    *,
    barred: str = "",
    binding: bool = True,
    closed: Sequence[str] = (),
) -> Weights:
    passable = np.ones(network.junctions, bool)
    passable[[ord(letter) - ord("a") for letter in barred]] = False
    rules = Rules(
        usable(network, profile), passable, np.full(len(network.restrictions), binding), behind(network, profile)
    )
    shut = np.zeros(2 * network.segments, bool)
    shut[[directed(network, pair)[0] for pair in closed]] = True
    return weigh_under(rules, turn_graph(network, [profile]), profile, closed=shut)


def opens(weights: Weights, way: str) -> bool:
    """Whether some copy of the first street leads on to some copy of the second one."""
    graph = weights.graph
    from_, to = directed(graph.network, way)
    mine = (graph.directed[graph.turn_from] == from_) & (graph.directed[graph.turn_to] == to) & graph.real
    assert mine.any(), way
    return bool((weights.turn_ms[mine] >= 0).any())


def test_one_turns_round_where_there_is_no_way_on() -> None:
    weights = weighed(town(LINE, STREETS))
    assert [opens(weights, way) for way in ("aba", "bab", "cdc")] == [False, True, True]


def test_whoever_turns_anywhere_does() -> None:
    assert opens(weighed(town(LINE, STREETS), TRICYCLE), "aba")


@pytest.mark.parametrize("place", ["turning_circle", "turning_loop", "mini_roundabout"])
def test_one_turns_round_at_places_made_for_it(place: str) -> None:
    assert opens(weighed(town(LINE, STREETS, nodes={"b": {"highway": place}})), "aba")
    narrow = town(LINE, [*STREETS[:2], ("c", "d", NARROW)], nodes={"d": {"highway": place}})
    assert opens(weighed(narrow), "cdc")


def test_not_in_a_street_known_to_be_too_narrow() -> None:
    narrow = town(LINE, [*STREETS[:2], ("c", "d", NARROW)])
    assert not opens(weighed(narrow), "cdc")
    assert opens(weighed(narrow, replace(TRUCK, turning_m=4.0)), "cdc")


def test_where_the_area_ends_the_street_goes_on() -> None:
    clipped = town(LINE, [*STREETS[:2], ("c", "d", NARROW)], nodes={"d": {"clipped": "yes"}})
    assert opens(weighed(clipped), "cdc")


def test_one_backs_out_as_far_as_one_may() -> None:
    network = town(BOUND, [("a", "b", NARROW), ("b", "e"), ("b", "f")])
    assert not opens(weighed(network, replace(TRUCK, reverse_m=99.0)), "bab")
    assert opens(weighed(network, replace(TRUCK, reverse_m=101.0)), "bab")


def test_what_stands_in_the_way_makes_a_dead_end() -> None:
    weights = weighed(town(LINE, STREETS), barred="b")
    assert [opens(weights, way) for way in ("abc", "cba", "aba", "cbc")] == [False, False, True, True]


def test_a_closure_makes_a_dead_end() -> None:
    weights = weighed(town(LINE, STREETS), closed=["cd"])
    assert [opens(weights, way) for way in ("bcd", "bcb", "dcb")] == [False, True, True]
    assert not opens(weights, "dcd"), "closed that way"


def test_a_rule_makes_a_dead_end_or_forbids_to_turn_round_in_one() -> None:
    assert opens(weighed(town(LINE, STREETS, [("no_straight_on", "abc")])), "aba")
    assert not opens(weighed(town(LINE, STREETS, [("no_straight_on", "abc")]), binding=False), "aba")
    assert not opens(weighed(town(LINE, STREETS, [("no_u_turn", "bab")])), "bab")


def test_an_only_rule_forbids_all_else() -> None:
    weights = weighed(town(CROSS, ARMS, [("only_straight_on", "bac")]), TRICYCLE)
    assert [opens(weights, way) for way in ("bac", "bad", "bae", "bab")] == [True, False, False, False]
    assert [opens(weights, way) for way in ("cad", "cae", "cac")] == [True, True, True]


def test_a_way_on_from_which_one_could_not_get_back_is_none() -> None:
    oneway = {"oneway": "yes"}
    network = town(BOUND, [("a", "b"), ("b", "c", oneway), ("c", "d", oneway)])
    weights = weighed(network)
    assert opens(weights, "aba")
    assert opens(weights, "abc"), "it may still be driven into"
    narrow = town(BOUND, [("a", "b", NARROW), ("b", "c", NARROW), ("b", "e", NARROW), ("e", "g")])
    weights = weighed(narrow)
    assert not opens(weights, "bcb"), "no room"
    assert not opens(weights, "aba"), "be goes on to eg"
    assert opens(weights, "geb")


def test_the_end_of_the_public_street_is_a_dead_end() -> None:
    network = town(LINE, [("a", "b"), ("b", "c", SERVE), ("c", "d"), ("d", "a")])
    weights = weighed(network)
    assert opens(weights, "aba")
    assert opens(weights, "dcd")
    assert opens(weights, "abc")
    assert not opens(weights, "bcb"), "cd is a way on for whoever leaves"


def test_a_yard_to_serve_is_turned_round_in_at_its_end_only() -> None:
    network = town(BOUND, [("e", "b"), ("b", "f"), ("b", "c", SERVE), ("c", "d", SERVE)])
    weights = weighed(network)
    graph = weights.graph
    assert opens(weights, "cdc")
    assert not opens(weights, "cbc")
    assert not opens(weights, "ebe")
    for d in directed(network, "bcd") + directed(network, "dcb"):
        assert weights.arrive[graph.arriving[d]]
        assert weights.leave[graph.leaving[d]]


def test_whom_a_street_lets_pass_goes_through_its_leaving_copy() -> None:
    network = town(LINE, [("a", "b"), ("b", "c", {"hgv": "destination"}), ("c", "d"), ("d", "a")])
    graph = turn_graph(network, [TRUCK, TRICYCLE])
    every = np.ones(network.junctions, bool), np.ones(0, bool), np.zeros(network.segments, bool)
    truck, tricycle = (weigh_under(Rules(usable(network, who), *every), graph, who) for who in (TRUCK, TRICYCLE))
    public, served = graph.leaving[0], graph.arriving[2]
    arcs = [
        (weights.turn_ms[(graph.turn_from == public) & (graph.turn_to == served)] >= 0) for weights in (truck, tricycle)
    ]
    assert [arc.tolist() for arc in arcs] == [[True], [False]]
    for weights, through in ((truck, False), (tricycle, True)):
        turn = (graph.turn_from == public) & (graph.turn_to == graph.leaving[2])
        assert (weights.turn_ms[turn] >= 0).tolist() == [through]
        assert weights.arrive[served]


def test_a_profile_the_graph_was_not_built_for_is_refused() -> None:
    network = town(LINE, [("a", "b"), ("b", "c", {"hgv": "no"}), ("c", "d", {"hgv": "destination"})])
    every = np.ones(network.junctions, bool), np.ones(0, bool), np.zeros(network.segments, bool)
    for built, who in ((TRUCK, TRICYCLE), (TRICYCLE, TRUCK), (TRUCK, PROFILES["foot"])):
        with pytest.raises(ValueError, match="was not built for"):
            weigh_under(Rules(usable(network, who), *every), turn_graph(network, [built]), who)


def test_streets_that_some_may_pass_meet_streets_that_nobody_may() -> None:
    network = town(LINE, [("a", "b"), ("b", "c", SERVE), ("c", "d", {"hgv": "destination"}), ("d", "a")])
    graph = turn_graph(network, [TRUCK, TRICYCLE])
    rules = Rules(
        usable(network, TRICYCLE), np.ones(network.junctions, bool), np.ones(0, bool), np.zeros(network.segments, bool)
    )
    weights = weigh_under(rules, graph, TRICYCLE)
    bc, cd, dc, cb = directed(network, "bcdcb")
    leaving, arriving = graph.leaving, graph.arriving

    def is_open(a: int, b: int) -> bool:
        return bool(weights.turn_ms[(graph.turn_from == a) & (graph.turn_to == b)] >= 0)

    assert is_open(leaving[dc], arriving[cb]), "from public street in"
    assert not is_open(leaving[dc], leaving[cb])
    assert is_open(leaving[bc], leaving[cd]), "and out again"
    assert not is_open(arriving[bc], arriving[cd]), "not through"
