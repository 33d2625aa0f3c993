from array import array

from hypothesis import given
from hypothesis import strategies as st

from network.tagging import Vocabulary

TAGS = st.lists(st.lists(st.tuples(st.sampled_from("abcx"), st.sampled_from(["", "1", "2", "odd"])), max_size=4))


@given(TAGS, st.booleans())
def test_every_tag_that_is_read_comes_back(things: list[list[tuple[str, str]]], others: bool) -> None:
    words = Vocabulary("abc", lambda _, value: value != "odd", others=others)
    numbers = array("i", [words.numbers.get(tag) or words.learn(tag) for tags in things for tag in tags])
    thing, key, value = words.rows(numbers, array("i", map(len, things)))
    names = list(words.position)
    found = [
        (row, names[k], ["", *words.values[names[k]]][v] if v else "")
        for row, k, v in zip(thing.tolist(), key.tolist(), value.tolist(), strict=True)
    ]
    expected = [
        (row, key, "" if key == "x" else value)
        for row, tags in enumerate(things)
        for key, value in tags
        if value and (others if key == "x" else value != "odd")
    ]
    assert found == expected
    assert words.unread == (["x"] if any(key == "x" for _, key, _ in expected) else [])
