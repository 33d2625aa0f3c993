from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.assemble import Stamp, Ways, assemble, count_islands, cut, frayed, join, weld
from network.geometry import METRES_PER_DEGREE
from network.streets import LoadReport, StreetNetwork

STAMP = Stamp(source="s", date="2026-01-01", licence="l", attribution="a")


def ways(*lists: list[int], at: dict[int, tuple[float, float]] | None = None, first: int = 100) -> Ways:
    """Ways along these nodes, which lie 10 m apart on a line unless said otherwise; way ``n`` has the tag a=n."""
    ref = np.array([node for nodes in lists for node in nodes], np.int64)
    place = np.array([(at or {}).get(node, (10.0 * node, 0.0)) for node in ref.tolist()], float).reshape(-1, 2)
    degrees = np.round(place / METRES_PER_DEGREE * 1e7).astype(np.int32)
    count = np.arange(len(lists), dtype=np.int32)
    return Ways(
        way_id=np.arange(first, first + len(lists), dtype=np.int64),
        way=count,
        start=np.cumsum([0, *map(len, lists)]),
        ref=ref,
        x=degrees[:, 0],
        y=degrees[:, 1],
        tag_way=count,
        tag_key=np.zeros_like(count),
        tag_value=count + 1,
    )


def network(given: Ways) -> StreetNetwork:
    return assemble(given, {"a": {str(n): n + 1 for n in range(9)}, "b": {"never": 1}}, STAMP, LoadReport())


def ends(net: StreetNetwork) -> list[tuple[int, int]]:
    return list(zip(net.junction_id[net.tail].tolist(), net.junction_id[net.head].tolist(), strict=True))


def pieces(given: Ways) -> list[list[int]]:
    return [given.ref[a:b].tolist() for a, b in zip(given.start[:-1], given.start[1:], strict=True)]


def test_a_way_is_cut_where_it_meets_another_one() -> None:
    net = network(ways([1, 2, 3, 4], [9, 3, 7]))
    assert ends(net) == [(1, 3), (3, 4), (9, 3), (3, 7)]
    assert net.length_m == pytest.approx([20, 10, 60, 40], abs=0.02)
    assert net.shape(0)[:, 0] * METRES_PER_DEGREE == pytest.approx([10, 20, 30], abs=0.01)
    assert net.way_id.tolist() == [100, 100, 101, 101]
    assert net.tag("a").strings().tolist() == ["0", "0", "1", "1"]
    assert "b" not in net.tags
    assert net.junction_lon[net.junction_id == 3] * METRES_PER_DEGREE == pytest.approx(30, abs=0.01)


def test_a_way_is_cut_where_it_meets_itself() -> None:
    # A lollipop: from 1 to 2, round over 3 and 4, and back to 2.
    net = network(ways([1, 2, 3, 4, 2], at={1: (0, 0), 2: (10, 0), 3: (20, 0), 4: (20, 10)}))
    assert ends(net) == [(1, 2), (2, 2)]
    assert net.length_m[1] == pytest.approx(10 + 10 + 200**0.5, abs=0.02)


def test_a_ring_alone_begins_and_ends_at_its_first_node() -> None:
    net = network(ways([1, 2, 3, 1], at={1: (0, 0), 2: (10, 0), 3: (10, 10)}))
    assert ends(net) == [(1, 1)]


def test_islands_are_counted_and_measured() -> None:
    net = network(ways([1, 2, 3], [3, 20], [30, 33], [40, 41]))
    assert net.report.islands == 2
    assert net.report.islands_m == pytest.approx(40, abs=0.02)


def test_the_longest_part_is_the_mainland_even_with_fewer_junctions() -> None:
    tail, head = np.array([0, 1, 3], np.int32), np.array([1, 2, 4], np.int32)
    assert count_islands(tail, head, np.array([10.0, 10.0, 500.0]), 5) == (1, 20.0)


def test_cutting_keeps_runs_and_counts_loose_ends() -> None:
    given = ways([1, 2, 3, 4, 5, 6], [2, 9], [7, 8])
    keep = np.isin(given.ref, [2, 3, 5, 6, 7, 8])
    kept, loose = cut(given, keep)
    assert pieces(kept) == [[2, 3], [5, 6], [7, 8]]
    assert kept.way_id[kept.way].tolist() == [100, 100, 102]
    assert kept.way_id.tolist() == [100, 102]
    assert kept.tag_way.tolist() == [0, 1]
    assert loose == 3  # both ends of 2-3, the near end of 5-6; way 101 is gone and has no ends
    assert frayed(given, keep).tolist() == [2, 3, 5]
    assert frayed(given, np.isin(given.ref, [2, 3, 6, 7])).tolist() == [2, 3, 6, 7]


def test_a_single_node_is_no_street() -> None:
    kept, loose = cut(ways([1, 2, 3]), np.array([False, True, False]))
    assert (len(kept.ref), len(kept.way_id), loose) == (0, 0, 0)


def test_nodes_in_the_same_place_become_one() -> None:
    at = {2: (20.0, 0.0), 3: (20.0, 0.0), 4: (20.0, 0.0), 5: (50.0, 0.0), 6: (20.0, 30.0)}
    given, _ = weld(ways([1, 2, 3, 4, 5], [6, 4], at=at))
    assert pieces(given) == [[1, 2, 5], [6, 2]]
    assert ends(network(given)) == [(1, 2), (2, 5), (6, 2)]


def test_a_way_without_length_goes() -> None:
    given, _ = weld(ways([1, 2], [3, 3, 3], [5, 6], at={1: (0, 0), 2: (0, 0)}))
    assert given.way_id.tolist() == [102]


def test_same_place_but_not_next_to_each_other_stays_apart() -> None:
    # A bridge over a street: two nodes above one another on different ways.
    given, _ = weld(ways([1, 2, 3], [4, 5, 6], at={2: (20, 0), 5: (20, 0), 4: (20, -9), 6: (20, 9)}))
    assert ends(network(given)) == [(1, 3), (4, 6)]


def test_batches_join_as_if_read_at_once() -> None:
    first, second = ways([1, 2, 3]), replace(ways([3, 4], [4, 5], first=200), tag_value=np.array([5, 6], np.int32))
    both = join([first, ways(), second])
    assert pieces(both) == [[1, 2, 3], [3, 4], [4, 5]]
    assert both.way_id[both.way].tolist() == [100, 200, 201]
    assert both.tag_way.tolist() == [0, 1, 2]
    assert both.tag_value.tolist() == [1, 5, 6]
    assert len(join([]).start) == 1


node_lists = st.lists(st.lists(st.integers(0, 12), min_size=2, max_size=7), min_size=1, max_size=6)


@given(node_lists)
def test_nothing_is_lost_between_ways_and_segments(lists: list[list[int]]) -> None:
    given, _ = weld(ways(*lists))
    if not len(given.way):
        return
    net = network(given)
    steps = {way: 10.0 * sum(abs(a - b) for a, b in pairwise(nodes)) for way, nodes in enumerate(lists)}
    for way, metres in steps.items():
        assert net.length_m[net.way_id == 100 + way].sum() == pytest.approx(metres, abs=0.1)
    assert (net.length_m > 0).all()
    for segment in range(net.segments):
        shape = net.shape(segment)
        assert shape[0, 0] == net.junction_lon[net.tail[segment]]
        assert shape[-1, 0] == net.junction_lon[net.head[segment]]
    inner = np.ones(len(net.shape_lon), bool)
    inner[net.shape_start[:-1]] = inner[net.shape_start[1:] - 1] = False
    assert len(np.unique(net.shape_lon[inner])) == inner.sum()  # a place passed twice is a junction


@given(node_lists, st.sets(st.integers(0, 12)))
def test_what_is_cut_out_is_what_was_asked_for(lists: list[list[int]], wanted: set[int]) -> None:
    given = ways(*lists)
    kept, _ = cut(given, np.isin(given.ref, list(wanted)))
    assert set(kept.ref.tolist()) <= wanted
    assert all(len(piece) >= 2 for piece in pieces(kept))
    expected = [pair for nodes in lists for pair in pairwise(nodes) if set(pair) <= wanted]
    found = [pair for piece in pieces(kept) for pair in pairwise(piece)]
    assert found == expected
