import numpy as np
import pytest

from network.keys import KEYS, NODE_HIGHWAYS, NODE_KEYS, PASSED, TURNING, ends_a_segment, node_tag_matters
from network.nodes import Nodes, no_nodes

CODES = {
    "barrier": {"gate": 1, "bollard": 2},
    "highway": {"traffic_signals": 1, "turning_circle": 2, "stop": 3},
    "direction": {"forward": 1, "backward": 2, "both": 3, "90": 4},
}


def nodes(*tagged: tuple[int, dict[str, str]]) -> Nodes:
    rows = [
        (row, list(CODES).index(key), CODES[key][value])
        for row, (_, tags) in enumerate(tagged)
        for key, value in tags.items()
    ]
    node, key, value = np.array(rows, np.int32).reshape(-1, 3).T
    ref = np.array([ref for ref, _ in tagged], np.int64)
    return Nodes(ref=ref, tag_node=node, tag_key=key, tag_value=value, codes=CODES)


SOME = nodes(
    (30, {"barrier": "gate"}),
    (10, {"highway": "traffic_signals"}),
    (20, {"highway": "turning_circle"}),
    (40, {"highway": "stop", "direction": "backward"}),
    (50, {"highway": "stop", "direction": "90"}),
)


def test_which_nodes_end_a_segment() -> None:
    assert SOME.cutting().tolist() == [20, 30]
    assert no_nodes().cutting().tolist() == []


def test_tags_of_nodes_in_the_order_asked() -> None:
    columns = SOME.at(np.array([5, 10, 30, 99]))
    assert {key: column.strings().tolist() for key, column in columns.items()} == {
        "barrier": ["", "", "gate", ""],
        "highway": ["", "traffic_signals", "", ""],
    }
    assert columns["highway"].values == ("", "traffic_signals")  # only what occurs
    assert SOME.at(np.zeros(0, np.int64)) == {}
    assert no_nodes().at(np.array([1, 2])) == {}


@pytest.mark.parametrize(
    ("passed", "expected"),
    [
        ([(40, 1)], {"passes:stop": ["", "backward", ""]}),
        ([(50, 1)], {"passes:stop": ["", "both", ""]}),
        ([(40, 2), (50, 2), (10, 0)], {"passes:traffic_signals": ["both", "", ""], "passes:stop": ["", "", "both"]}),
        ([(7, 0), (30, 0)], {}),
        ([], {}),
    ],
)
def test_what_stands_on_the_way(passed: list[tuple[int, int]], expected: dict[str, list[str]]) -> None:
    ref, segment = np.array(passed, np.int64).reshape(-1, 2).T
    columns = SOME.passed(ref, segment, 3)
    assert {key: column.strings().tolist() for key, column in columns.items()} == expected
    assert no_nodes().passed(ref, segment, 3) == {}


def test_nothing_that_stands_at_a_node_is_forgotten() -> None:
    assert TURNING.isdisjoint(PASSED)
    assert set(PASSED) | TURNING == NODE_HIGHWAYS
    assert {key for key in ("barrier", "ford", "flood_prone") if not ends_a_segment(key, "yes")} == set()
    assert not any(ends_a_segment("highway", value) for value in PASSED)
    assert node_tag_matters("maxheight", "no")
    assert not node_tag_matters("ford", "no")


def test_keys_of_ways_by_mode_direction_and_condition() -> None:
    wanted = {"hgv:forward:conditional", "oneway:hgv:conditional", "maxspeed:hgv:forward", "maxweight:hgv:conditional"}
    assert wanted | {"maxspeed:conditional", "access:conditional", "maxheight:backward", "maxaxleload"} <= set(KEYS)
    assert {"barrier", "maxwidth", "motor_vehicle:conditional", "opening_hours"} <= set(NODE_KEYS)
