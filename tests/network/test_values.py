import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.values import capped, column, kmh, metres, parsed, parts, tonnes


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("50", 50),
        ("50 km/h", 50),
        ("30 mph", 48.28032),
        ("30mph", 48.28032),
        ("walk", 5),
        ("KE:urban", 50),
        ("de:rural", 80),
        ("DE:zone30", 30),
        ("DE:zone:30", 30),
        ("50;30", 30),
        ("80; 50", 50),
        ("50;none", 50),
        ("62.5", 62.5),
        ("none", math.inf),
        ("signals", math.inf),
        ("variable", math.inf),
        ("0", math.inf),
        ("-20", math.inf),
        ("", math.inf),
        ("fast", math.inf),
        ("KE:fast", math.inf),
        ("50 knots", math.inf),
    ],
)
def test_maxspeed(value: str, expected: float) -> None:
    assert kmh(value) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("3.5", 3.5),
        ("3,5 m", 3.5),
        ("3.5m", 3.5),
        ("350 cm", 3.5),
        ("10'6\"", 3.2004),
        ("10'", 3.048),
        ("10 ft", 3.048),
        ("2;1.5", 1.5),
        ("default", math.inf),
        ("none", math.inf),
        ("ca. 2", math.inf),
        ("0", math.inf),
    ],
)
def test_lengths(value: str, expected: float) -> None:
    assert metres(value) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("7.5", 7.5), ("3.5 t", 3.5), ("2500 kg", 2.5), ("16000 lbs", 7.25747792), ("5 st", 4.5359237), ("x", math.inf)],
)
def test_weights(value: str, expected: float) -> None:
    assert tonnes(value) == pytest.approx(expected)


@given(st.text(max_size=12))
def test_nothing_written_in_the_map_breaks_a_parser(value: str) -> None:
    for parse in (kmh, metres, tonnes):
        assert parse(value) > 0
    assert all(part and part == part.strip() for part in parts(value))


@given(st.floats(0.1, 500).map(lambda number: round(number, 2)))
def test_units_agree(number: float) -> None:
    assert metres(f"{number} m") == pytest.approx(number)
    assert kmh(f"{number} mph") == pytest.approx(number * 1.609344)
    assert tonnes(f"{number * 1000:.0f} kg") == pytest.approx(round(number * 1000) / 1000) or number < 0.001


def test_a_list_is_as_bad_as_its_worst_part_and_a_refinement_as_its_root() -> None:
    surfaces = column(["compacted;gravel", "concrete:plates", "asphalt", "", "Gravel"])
    assert capped(surfaces, {"gravel": 20, "concrete": 40}).tolist() == [20, 40, math.inf, math.inf, 20]


@given(st.lists(st.sampled_from(["", "a", "b", "c"])))
def test_a_column_gives_back_what_went_in(values: list[str]) -> None:
    encoded = column(values)
    assert encoded.strings().tolist() == values
    assert len(set(encoded.values)) == len(encoded.values)
    assert parsed(encoded, len).tolist() == [len(value) for value in values]
    assert encoded.codes.dtype == np.int32
