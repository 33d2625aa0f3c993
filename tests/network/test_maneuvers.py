"""OSRM's words for angles; what is told where stands in test_instructions.py."""

import pytest

from network.maneuvers import maneuver, modifier
from tests.network.driving import Town


@pytest.mark.parametrize(
    ("angle", "word"),
    [
        (0, "straight"), (20, "straight"), (-20, "straight"), (21, "slight left"), (-40, "slight right"),
        (41, "left"), (120, "left"), (-120, "right"), (121, "sharp left"), (-178, "sharp right"), (180, "uturn"),
    ],
)  # fmt: skip
def test_an_angle_has_a_word(angle: float, word: str) -> None:
    assert modifier(angle) == word


def test_nothing_is_told_where_no_other_street_may_be_entered() -> None:
    town = Town(
        {"a": (0, 0), "b": (100, 0), "c": (100, 100), "d": (200, 0)},
        [("a", "b"), ("b", "c"), ("d", "b", {"oneway": "yes"})],
    )
    before, onward = town.directed("abc")
    open_arms = town.driven("abc").open_after(0)
    assert maneuver(town.cross, before, onward, open_arms, "", "") is None
    assert maneuver(town.cross, before, onward, open_arms, "", "New Street") == ("new name", "left")
