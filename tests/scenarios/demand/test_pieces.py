import numpy as np
import pytest

from network.profiles import PROFILES
from network.snap import snap
from network.sources.made_up import twelve_junctions
from scenarios.demand.pieces import middles, piece_of, street_pieces
from tests.network.drawing import degrees, draw

FOOT = PROFILES["foot"]
LINE = draw({"a": (0, 0), "b": (210, 0), "c": (240, 0)}, [("a", "b"), ("b", "c")])


def test_streets_are_cut_into_equal_pieces_of_about_50_m() -> None:
    pieces = street_pieces(LINE, FOOT)
    assert pieces.segment.tolist() == [0, 0, 0, 0, 1]
    assert pieces.part.tolist() == [0, 1, 2, 3, 0]
    assert pieces.length_m == pytest.approx([52.5] * 4 + [30])
    assert pieces.along_m == pytest.approx([26.25, 78.75, 131.25, 183.75, 15])
    assert np.column_stack([pieces.lon, pieces.lat])[4] == pytest.approx(np.stack(degrees(225, 0)), abs=1e-9)


def test_all_of_the_town_is_there() -> None:
    assert street_pieces(twelve_junctions(), FOOT).length_m.sum() == pytest.approx(2950)


def test_islands_motorways_and_tunnels_are_left_out() -> None:
    network = draw(
        {"a": (0, 0), "b": (200, 0), "c": (200, 100), "x": (900, 0), "y": (950, 0)},
        [("a", "b"), ("b", "c", {"tunnel": "yes"}), ("x", "y")],
    )
    pieces = street_pieces(network, FOOT)
    assert set(pieces.segment) == {0}
    assert pieces.first.tolist() == [0, -1, -1]


def test_a_place_is_found_on_its_piece() -> None:
    pieces = street_pieces(LINE, FOOT)
    at = snap(LINE, FOOT, *degrees([1, 53, 210, 239, 500], [5, -5, 1, 0, 500]))
    assert piece_of(pieces, at).tolist() == [0, 1, 3, 4, -1]
    everywhere = middles(pieces, np.arange(5))
    assert piece_of(pieces, everywhere).tolist() == [0, 1, 2, 3, 4]
    assert everywhere.problem == ("",) * 5
