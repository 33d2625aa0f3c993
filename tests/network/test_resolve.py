import pytest

from network.relations import Relation, Rule
from network.resolve import Absent, resolve
from network.streets import StreetNetwork
from tests.network.drawing import draw

# A cross, drawn towards its middle "o" from the south and the west, away from it to the north and the east.
CROSS = {"o": (0, 0), "n": (0, 100), "e": (100, 0), "s": (0, -100), "w": (-100, 0), "f": (0, 200)}
NORTH, EAST, SOUTH, WEST, FAR = 100, 101, 102, 103, 104  # way ids


def cross(**tags: str) -> StreetNetwork:
    return draw(CROSS, [("o", "n"), ("o", "e"), ("s", "o"), ("w", "o", tags), ("n", "f")])


def relation(
    kind: str, come: int, go: int, *, nodes: tuple[int, ...] = (1,), passing: tuple[int, ...] = ()
) -> Relation:
    rule = Rule(kind=kind, key="restriction")
    return Relation(
        id=1, rules=(rule,), exempt="", leaving=(come,), nodes=() if passing else nodes, passing=passing, entering=(go,)
    )


def path(network: StreetNetwork, asked: Relation) -> list[list[int]]:
    found, _ = resolve(network, [asked])
    return [found.path[a:b].tolist() for a, b in zip(found.start[:-1], found.start[1:], strict=True)]


def test_directed_segments_follow_the_way_they_are_driven() -> None:
    assert path(cross(), relation("no_right_turn", SOUTH, EAST)) == [[4, 2]]
    assert path(cross(), relation("no_left_turn", NORTH, EAST)) == [[1, 2]]
    assert path(cross(), relation("no_straight_on", EAST, WEST)) == [[3, 7]]
    assert path(cross(), relation("no_u_turn", WEST, WEST)) == [[6, 7]]


def test_a_one_way_street_is_named_as_it_is_drawn_even_if_nobody_may_come_that_way() -> None:
    assert path(cross(oneway="-1"), relation("no_left_turn", WEST, NORTH)) == [[6, 0]]


def test_along_a_street() -> None:
    assert path(cross(), relation("no_left_turn", WEST, FAR, passing=(NORTH,))) == [[6, 0, 8]]
    assert path(cross(), relation("no_left_turn", FAR, SOUTH, passing=(NORTH,))) == [[9, 1, 5]]


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (relation("no_left_turn", WEST, FAR), "not-connected"),
        (relation("no_left_turn", WEST, NORTH, nodes=(9,)), "not-connected"),
        (relation("no_left_turn", WEST, 555), "missing-member"),
        (relation("no_left_turn", 777, NORTH), "outside-area"),
        (relation("no_left_turn", WEST, 888), "no-street"),
        (relation("no_left_turn", WEST, EAST, passing=(FAR,)), "not-connected"),
        (relation("no_left_turn", WEST, EAST, passing=(777,)), "outside-area"),
    ],
)
def test_reasons(asked: Relation, reason: str) -> None:
    found, counts = resolve(cross(), [asked], Absent(outside={777}, no_street={888}))
    assert (len(found), counts) == (0, {reason: 1})


def test_a_way_that_runs_through_is_told_by_the_angle() -> None:
    # West-east in one way 100, cut at "o" by the way from the south.
    network = draw(CROSS, [("w", "o"), ("o", "e"), ("s", "o")])
    same = type(network)(**{**vars(network), "way_id": network.way_id.copy() * 0 + [100, 100, 102]})
    assert path(same, relation("no_right_turn", 102, 100)) == [[4, 2]]
    assert path(same, relation("no_left_turn", 102, 100)) == [[4, 1]]
    assert path(same, relation("only_left_turn", 100, 102)) == [[3, 5]]
    assert path(same, relation("no_u_turn", 100, 100)) == [[0, 1], [3, 2]]
    assert sorted(path(same, relation("no_entry", 102, 100))) == [[4, 1], [4, 2]]


def test_nothing_to_resolve() -> None:
    found, counts = resolve(cross(), [])
    assert (len(found), counts) == (0, {})
