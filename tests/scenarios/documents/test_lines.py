import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.documents.lines import path_data, pieces


def drawn(data: str) -> list[list[tuple[int, int]]]:
    """Follow a path as a browser would; return its polylines in tenths."""
    lines, x, y = [], 0, 0
    for part in data.split("m")[1:]:
        steps = [int(number) for number in re.findall(r"-?\d+", part)]
        line = []
        for dx, dy in zip(steps[::2], steps[1::2], strict=True):
            x, y = x + dx, y + dy
            line.append((x, y))
        lines.append(line)
    return lines


def path_of(lines, **options) -> str:
    spots = np.array([spot for line in lines for spot in line], dtype=float).reshape(-1, 2)
    return path_data(
        spots[:, 0], spots[:, 1], pieces(np.array([len(line) for line in lines], dtype=np.int64)), **options
    )


def test_lines_are_drawn_where_they_are():
    lines = [[(0, 0), (10, 0), (10, 5.5)], [(3, -4), (-2, 7.25)]]
    assert drawn(path_of(lines)) == [[(0, 0), (100, 0), (100, 55)], [(30, -40), (-20, 72)]]


def test_what_is_straight_or_too_small_to_be_seen_is_left_out():
    lines = [[(0, 0), (1, 0), (2, 0.01), (3, 0), (9, 0)], [(5, 5), (5.01, 5)], [(1, 1)]]
    assert drawn(path_of(lines)) == [[(0, 0), (90, 0)]]


def test_a_way_there_and_back_is_kept():
    assert drawn(path_of([[(0, 0), (50, 0), (0, 0)]])) == [[(0, 0), (500, 0), (0, 0)]]


def test_nothing_gives_an_empty_path():
    assert path_of([]) == ""


coordinate = st.floats(min_value=-50, max_value=800)
polyline = st.lists(st.tuples(coordinate, coordinate), min_size=2, max_size=30)


@settings(max_examples=60, deadline=None)
@given(st.lists(polyline, min_size=1, max_size=6))
def test_a_simplified_line_keeps_its_ends_and_stays_near(lines):
    result = drawn(path_of(lines, tolerance=0.3))
    assert len(result) <= len(lines)
    ends = [((round(a[0] * 10), round(a[1] * 10)), (round(b[0] * 10), round(b[1] * 10))) for a, *_, b in lines]
    for line in result:
        assert any(
            line[0] == pytest.approx(first, abs=1) and line[-1] == pytest.approx(last, abs=1) for first, last in ends
        )
    if len(result) == len(lines):
        for line, original in zip(result, lines, strict=True):
            for x, y in original:
                assert nearest(line, (10 * x, 10 * y)) <= 0.3 * 10 * 4 + 2  # four passes, and rounding


def nearest(line, spot) -> float:
    best = float("inf")
    for (ax, ay), (bx, by) in pairwise(line):
        dx, dy = bx - ax, by - ay
        share = ((spot[0] - ax) * dx + (spot[1] - ay) * dy) / max(dx * dx + dy * dy, 1e-9)
        share = min(1.0, max(0.0, share))
        best = min(best, float(np.hypot(spot[0] - ax - share * dx, spot[1] - ay - share * dy)))
    return best
