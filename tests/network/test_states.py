from pathlib import Path

import numpy as np
import osmium
import pytest

from network.profiles import PROFILES
from network.sources.osm_file import read_osm
from network.states import ARRIVING, END, LEAVING, MEMORY, PLAIN, TurnGraph, turn_graph
from tests.network.rules import ARMS, CROSS, directed, town

TRUCK, FOOT = PROFILES["refuse-truck"], PROFILES["foot"]
DRIVERS = [profile for profile in PROFILES.values() if profile.movement == "drive"]
LINE = {"a": (0, 0), "b": (100, 0), "c": (200, 0), "d": (300, 0)}
SERVE = {"access": "destination"}


def turns(graph: TurnGraph) -> set[tuple[int, int]]:
    """Turns as pairs of states."""
    return set(zip(graph.turn_from.tolist(), graph.turn_to.tolist(), strict=True))


def named(graph: TurnGraph) -> set[tuple[tuple[int, int], tuple[int, int]]]:
    """Turns as pairs of (directed segment, kind)."""
    states = list(zip(graph.directed.tolist(), graph.kind.tolist(), strict=True))
    return {(states[a], states[b]) for a, b in turns(graph)}


def forbidden(graph: TurnGraph) -> set[tuple[int, int, int]]:
    """Turns that a restriction forbids, as directed segments, and which."""
    on = graph.directed
    return {
        (int(on[graph.turn_from[t]]), int(on[graph.turn_to[t]]), int(rule))
        for t, rule in zip(graph.banned_turn, graph.banned, strict=True)
    }


def test_a_crossing_of_two_streets() -> None:
    graph = turn_graph(town(CROSS, ARMS), DRIVERS)
    assert (graph.states, graph.turns, int(graph.u_turn.sum())) == (8, 4 * 4 + 4, 8)
    assert set(graph.kind) == {PLAIN}
    assert graph.leaving.tolist() == graph.arriving.tolist() == list(range(8))
    assert graph.directed.tolist() == list(range(8))
    assert sorted(set(graph.junction.tolist())) == [0, 1, 2, 3, 4]
    assert graph.real.all()
    assert graph.turn_start.tolist()[-1] == graph.turns


def test_one_way_streets_have_one_state_and_no_turning_round() -> None:
    graph = turn_graph(town(CROSS, [("b", "a", {"oneway": "yes"}), ("a", "c", {"oneway": "-1"})]), DRIVERS)
    assert (graph.states, graph.turns) == (2, 0)
    assert graph.leaving.tolist() == [0, -1, -1, 1]


def test_a_street_to_serve_only_is_left_and_entered_but_not_passed() -> None:
    graph = turn_graph(town(LINE, [("a", "b"), ("b", "c", SERVE), ("c", "d"), ("d", "a")]), [TRUCK])
    there, back = 2, 3
    assert graph.kind[[graph.leaving[there], graph.arriving[there]]].tolist() == [LEAVING, ARRIVING]
    out = {pair for pair in named(graph) if pair[0][0] in {there, back}}
    assert out == {
        ((there, LEAVING), (4, PLAIN)),
        ((there, LEAVING), (back, LEAVING)),
        ((there, LEAVING), (there, ARRIVING)),
        ((there, ARRIVING), (back, ARRIVING)),
        ((back, LEAVING), (1, PLAIN)),
        ((back, LEAVING), (there, LEAVING)),
        ((back, LEAVING), (back, ARRIVING)),
        ((back, ARRIVING), (there, ARRIVING)),
    }
    assert ((0, PLAIN), (there, ARRIVING)) in named(graph)
    assert ((0, PLAIN), (there, LEAVING)) not in named(graph)
    step = (graph.turn_from == graph.leaving[there]) & (graph.turn_to == graph.arriving[there])
    assert graph.junction[step].tolist() == [-1]
    assert not graph.u_turn[step].any()


def test_public_streets_behind_one_to_serve_only_are_come_to_through_it() -> None:
    graph = turn_graph(town(LINE, [("a", "b", {"length": "500"}), ("b", "c", SERVE), ("c", "d")]), [TRUCK])
    assert sorted(graph.kind.tolist()) == [PLAIN] * 2 + [LEAVING] * 4 + [ARRIVING] * 4
    assert graph.serve.tolist() == [False, True, True]
    assert graph.public.tolist() == [True, False, True]
    assert ((2, ARRIVING), (4, ARRIVING)) in named(graph)


def test_what_some_may_pass_is_open_to_passing() -> None:
    network = town(LINE, [("a", "b"), ("b", "c", {"hgv": "destination"}), ("c", "d"), ("d", "a")])
    mixed = turn_graph(network, DRIVERS)
    assert ((0, PLAIN), (2, LEAVING)) in named(mixed)
    assert ((0, PLAIN), (2, LEAVING)) not in named(turn_graph(network, [TRUCK]))
    assert mixed.serve.tolist() == [False, True, False, False]
    assert mixed.public.all()


def test_what_depends_on_the_hour_is_there_in_both_directions() -> None:
    tags = {"motor_vehicle": "no", "motor_vehicle:conditional": "yes @ (Mo-Fr 10:00-12:00)", "oneway": "yes"}
    graph = turn_graph(town(LINE, [("a", "b"), ("b", "c", tags), ("c", "d")]), DRIVERS)
    assert (graph.leaving >= 0).all()
    speed = {"motor_vehicle": "no", "maxspeed:conditional": "30 @ wet"}
    graph = turn_graph(town(LINE, [("a", "b"), ("b", "c", speed), ("c", "d")]), DRIVERS)
    assert (graph.leaving[2:4] < 0).all()


def test_a_rule_at_a_junction_names_the_turn_it_forbids() -> None:
    network = town(CROSS, ARMS, [("no_left_turn", "bad"), ("only_straight_on", "cab")])
    west, east, north, south = (directed(network, f"{letter}a")[0] for letter in "bcde")
    graph = turn_graph(network, DRIVERS)
    assert forbidden(graph) == {
        (west, north ^ 1, 0),
        (east, north ^ 1, 1),
        (east, south ^ 1, 1),
        (east, east ^ 1, 1),
    }


def test_a_rule_through_a_street_is_remembered_in_it() -> None:
    streets = [("a", "b"), ("b", "c"), ("c", "d"), ("e", "b")]
    network = town(LINE | {"e": (100, -100)}, streets, [("no_straight_on", "abcd")])
    graph = turn_graph(network, [TRUCK])
    first, via, last = directed(network, "abcd")
    assert sorted(graph.kind[graph.directed == via].tolist()) == [PLAIN, MEMORY, END]
    assert graph.kind[graph.arriving[via]] == END
    assert graph.kind[graph.leaving[via]] == PLAIN
    assert ((first, PLAIN), (via, MEMORY)) in named(graph)
    assert ((first, PLAIN), (via, PLAIN)) not in named(graph)
    assert ((directed(network, "eb")[0], PLAIN), (via, PLAIN)) in named(graph)
    (turn,) = graph.banned_turn
    assert (graph.kind[graph.turn_from[turn]], graph.directed[graph.turn_to[turn]]) == (MEMORY, last)
    steps = {pair for pair, junction in zip(sorted(turns(graph)), graph.junction.tolist(), strict=True) if junction < 0}
    assert {graph.kind[a] for a, _ in steps} == {PLAIN, MEMORY}
    assert {b for _, b in steps} == {int(graph.arriving[via])}
    assert not any(a == graph.arriving[via] for a, _ in turns(graph))


def test_memory_in_a_street_to_serve_only_is_kept_in_both_copies() -> None:
    network = town(LINE, [("a", "b", SERVE), ("b", "c", SERVE), ("c", "d")], [("no_straight_on", "abcd")])
    graph = turn_graph(network, [TRUCK])
    via = directed(network, "bc")[0]
    kinds = [LEAVING, ARRIVING, LEAVING | MEMORY, ARRIVING | MEMORY, END]
    assert sorted(graph.kind[graph.directed == via].tolist()) == sorted(kinds)
    assert ((0, ARRIVING), (via, ARRIVING | MEMORY)) in named(graph)
    assert ((via, LEAVING | MEMORY), (via, ARRIVING | MEMORY)) in named(graph)
    assert ((via, ARRIVING | MEMORY), (via, END)) in named(graph)
    assert ((via, LEAVING), (via, END)) not in named(graph)


def test_walkers_are_bound_by_rules_for_walkers_only() -> None:
    rules = [("no_left_turn", "bad"), ("no_right_turn key=restriction:foot", "bae")]
    network = town(CROSS, ARMS, rules)
    assert {rule for _, _, rule in forbidden(turn_graph(network, [FOOT]))} == {1}
    assert {rule for _, _, rule in forbidden(turn_graph(network, DRIVERS))} == {0}


def test_a_graph_is_for_one_kind_of_movement() -> None:
    network = town(CROSS, ARMS)
    for wrong in ([TRUCK, FOOT], []):
        with pytest.raises(ValueError, match="one kind of movement"):
            turn_graph(network, wrong)


def test_where_nothing_is_usable_the_graph_is_empty() -> None:
    graph = turn_graph(town(LINE, [("a", "b", {"highway": "steps"})], [("no_u_turn", "aba")]), DRIVERS)
    assert (graph.states, graph.turns, len(graph.banned)) == (0, 0, 0)
    assert graph.leaving.tolist() == [-1, -1]


def test_states_lie_in_the_middle_of_their_street() -> None:
    graph = turn_graph(town(LINE, [("a", "b"), ("c", "d")]), DRIVERS)
    assert np.allclose(graph.x[[0, 1, 2, 3]], [50, 50, 250, 250])
    assert np.allclose(graph.y, 0, atol=1e-6)


def test_nothing_in_a_graph_can_be_written_to() -> None:
    graph = turn_graph(town(CROSS, ARMS), DRIVERS)
    assert not any(value.flags.writeable for value in vars(graph).values() if isinstance(value, np.ndarray))


def test_rules_of_a_real_town_forbid_the_turns_that_its_relations_name(data_dir: Path) -> None:
    file = data_dir / "osm" / "heidelberg.osm.pbf"
    network = read_osm(file)
    graph = turn_graph(network, DRIVERS)
    told = forbidden(graph)
    begins = network.junction_id[np.stack([network.tail, network.head], axis=-1).ravel()]
    way = np.repeat(network.way_id, 2)
    used = graph.leaving >= 0
    row = {int(relation): k for k, relation in enumerate(network.restrictions.relation_id)}
    checked = 0
    for relation in osmium.FileProcessor(str(file), osmium.osm.RELATION):
        said = relation.tags.get("restriction")
        members = {member.role: member.ref for member in relation.members}
        if relation.id not in row or not said or members.keys() != {"from", "via", "to"}:
            continue
        via = members["via"]
        from_ = np.flatnonzero((way == members["from"]) & (begins[np.arange(len(way)) ^ 1] == via) & used)
        to = np.flatnonzero((way == members["to"]) & (begins == via) & used)
        if len(from_) != 1 or len(to) != 1:
            continue
        onward = np.flatnonzero((begins == via) & used)
        named = onward[onward != to[0]] if said.startswith("only_") else to
        mine = {(a, b) for a, b, rule in told if rule == row[relation.id]}
        assert mine == {(int(from_[0]), int(b)) for b in named}, relation.id
        checked += 1
    assert checked > 300
