import math
from dataclasses import replace

import pytest

from network.directions import UNKNOWN_SIDE, left_hand, signed
from network.streets import StreetNetwork
from tests.network.drawing import Point, Street, column, draw

ROUND = {"junction": "roundabout", "highway": "tertiary"}


def ring(radius: float, *, clockwise: bool, pieces: int = 4, at: float = 0.0, **tags: str) -> tuple[dict, list]:
    """Junctions and streets of a roundabout of straight pieces, drawn in the direction given."""
    order = [-k if clockwise else k for k in range(pieces)]
    name = f"{at}:"
    junctions: dict[str, Point] = {
        f"{name}{k}": (
            at + radius * math.cos(2 * math.pi * turn / pieces),
            radius * math.sin(2 * math.pi * turn / pieces),
        )
        for k, turn in enumerate(order)
    }
    streets: list[Street] = [(f"{name}{k}", f"{name}{(k + 1) % pieces}", {**ROUND, **tags}) for k in range(pieces)]
    return junctions, streets


def town(*rings: tuple[dict, list], **tags: str) -> StreetNetwork:
    junctions: dict[str, Point] = {"a": (-1000, 0), "b": (-2000, 0)}
    streets: list[Street] = [("a", "b", {"highway": "residential", **tags})]
    for more, others in rings:
        junctions |= more
        streets += others
    return draw(junctions, streets)


@pytest.mark.parametrize("pieces", [3, 4, 12])
@pytest.mark.parametrize("clockwise", [True, False])
def test_the_way_round_a_roundabout_tells_the_side(pieces: int, *, clockwise: bool) -> None:
    assert left_hand(town(ring(20, clockwise=clockwise, pieces=pieces))) == (clockwise, "")
    backwards = town(ring(20, clockwise=clockwise, pieces=pieces, oneway="-1"))
    assert left_hand(backwards) == (not clockwise, "")


def test_a_roundabout_of_one_closed_way() -> None:
    corners = [(20.0, 0.0), (0.0, 20.0), (-20.0, 0.0), (0.0, -20.0)]
    for order, left in ((corners, False), (corners[::-1], True)):
        bends = {0: order[1:]}
        assert left_hand(draw({"a": order[0]}, [("a", "a", ROUND)], bends)) == (left, "")


def test_most_metres_count_and_what_goes_both_ways_does_not() -> None:
    many = [ring(15, clockwise=False, at=at) for at in (200, 400)]
    assert left_hand(town(ring(60, clockwise=True), *many)) == (True, "")
    assert left_hand(town(ring(60, clockwise=True, oneway="no"), *many)) == (False, "")


def test_without_roundabouts_the_right_is_taken_and_said() -> None:
    assert left_hand(town()) == (False, UNKNOWN_SIDE)


def test_a_tag_counts_where_nothing_else_does_or_where_it_stands_on_most_streets() -> None:
    assert left_hand(town(driving_side="left")) == (True, "")
    assert left_hand(town(ring(20, clockwise=False), driving_side="left")) == (True, "")
    far = {"x": (0.0, 5000.0), "y": (4000.0, 5000.0)}, [("x", "y", {})]
    assert left_hand(town(ring(20, clockwise=False), far, driving_side="left")) == (False, "")
    assert left_hand(town(far, driving_side="left")) == (True, "")


def test_signed_directions() -> None:
    values = ["", "yes", "-1", "no", "reversible", "1", "reverse", "alternating"]
    network = draw({"a": (0, 0), "b": (100, 0)}, [("a", "b", {"oneway": value}) for value in values])
    along, against = signed(network)
    assert along.tolist() == [True, True, False, True, False, True, False, True]
    assert against.tolist() == [True, False, True, True, False, False, True, True]
    motorway = replace(network, tags={**network.tags, "highway": column(["motorway"] * len(values))})
    assert signed(motorway)[1].tolist() == [False, False, True, True, False, False, True, True]
