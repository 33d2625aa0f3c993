import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from network.memory import Memory, memory
from tests.network.rules import restrictions

LETTERS = 5  # directed segments that may follow each other in any order


def remember(*rules: str, known: str = "abcde") -> Memory:
    """Each rule as its path; in capitals an only_ rule."""
    paths = [
        ("only_straight_on" if rule.isupper() else "no_left_turn", [ord(letter) - ord("a") for letter in rule.lower()])
        for rule in rules
    ]
    return memory(
        restrictions(paths), np.ones(len(paths), bool), np.array(["abcde"[k] in known for k in range(LETTERS)])
    )


def table(marks) -> dict[tuple[int, int], list[int]]:
    found: dict[tuple[int, int], list[int]] = {}
    for node, onto, what in zip(*(column.tolist() for column in marks), strict=True):
        found.setdefault((node, onto), []).append(what)
    return found


def test_rules_at_one_junction_need_no_memory() -> None:
    held = remember("ab", "CD")
    assert len(held.last) == len(held.into.node) == 0
    assert table(held.forbidden) == {(0, 1): [0]}
    assert table(held.only) == {(2, 3): [1]}


def test_a_way_through_a_street_is_remembered_in_it() -> None:
    held = remember("abc")
    assert held.last.tolist() == [1]
    assert table(held.into) == {(0, 1): [5]}
    assert table(held.forbidden) == {(5, 2): [0]}


def test_an_only_rule_speaks_at_every_step() -> None:
    held = remember("ABC")
    assert table(held.only) == {(0, 1): [0], (5, 2): [0]}
    assert not table(held.forbidden)


def test_the_longest_memory_implies_what_shorter_ones_forbid() -> None:
    held = remember("abcd", "bce", "cd")
    assert held.last.tolist() == [1, 2, 2]  # ab, abc, bc
    assert table(held.into) == {(0, 1): [5], (1, 2): [7], (5, 2): [6]}
    assert table(held.forbidden) == {(6, 3): [0, 2], (6, 4): [1], (7, 3): [2], (7, 4): [1], (2, 3): [2]}


def test_falling_out_of_one_way_may_lead_into_another() -> None:
    held = remember("abcd", "bde")  # after ab, d is not on the first way but bd is the beginning of the second
    assert table(held.into)[5, 3] == [held.last.tolist().index(3) + LETTERS]


def test_a_street_nobody_may_use_cuts_the_way_short() -> None:
    assert len(remember("abcd", known="abd").last) == 0
    assert not table(remember("abcd", known="abcd"[:3]).forbidden)
    only = remember("ABCD", known="abd")
    assert only.last.tolist() == [1]
    assert table(only.only) == {(0, 1): [0], (5, 2): [0]}
    assert not table(remember("ABC", known="bc").only)


def test_rules_that_never_bind_are_left_out() -> None:
    rules = restrictions([("no_left_turn", [0, 1, 2]), ("no_left_turn", [3, 4])])
    held = memory(rules, np.array([False, True]), np.ones(LETTERS, bool))
    assert len(held.last) == 0
    assert table(held.forbidden) == {(3, 4): [1]}


def test_no_rules_no_memory() -> None:
    held = remember()
    assert [len(part) for part in (held.last, *held.into, *held.forbidden, *held.only)] == [0] * 10


@settings(max_examples=200, deadline=None)
@given(
    rules=st.lists(st.tuples(st.booleans(), st.text("abcde", min_size=2, max_size=5)), max_size=6),
    driven=st.text("abcde", min_size=1, max_size=30),
)
def test_whoever_drives_is_forbidden_what_his_whole_way_says(rules: list[tuple[bool, str]], driven: str) -> None:
    held = remember(*(way.upper() if only else way for only, way in rules))
    into, forbidden, only = table(held.into), table(held.forbidden), table(held.only)
    node = ord(driven[0]) - ord("a")
    for k in range(1, len(driven)):
        for step in "abcde":
            onto = ord(step) - ord("a")
            told = set(forbidden.get((node, onto), ()))
            told |= {what for (at, may), rule in only.items() if at == node and may != onto for what in rule}
            assert told == {r for r, (is_only, way) in enumerate(rules) if says_no(is_only, way, driven[:k], step)}
        onto = ord(driven[k]) - ord("a")
        node = into.get((node, onto), [onto])[0]


def says_no(only: bool, way: str, driven: str, step: str) -> bool:
    if not only:
        return (driven + step).endswith(way)
    return any(driven.endswith(way[:k]) and step != way[k] for k in range(1, len(way)))
