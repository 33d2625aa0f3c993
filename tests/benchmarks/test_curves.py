from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from benchmarks.curves import HEIGHT, MARGIN, RIGHT, WIDTH, draw, mean, value_at


def drawn(folder: Path, series: dict, until: float = 10.0) -> str:
    draw(folder / "deep" / "a.svg", "a < b", ("seconds", "per cent"), series, until=until)
    text = (folder / "deep" / "a.svg").read_text(encoding="utf-8")
    assert ET.fromstring(text).tag.endswith("svg")
    return text


def test_lines_stay_inside_and_have_names_that_do_not_cover_each_other(tmp_path: Path) -> None:
    text = drawn(tmp_path, {"ours": [(0.2, 50.0), (1.0, 3.0), (12.0, 1.0)], "theirs": [(0.5, 4.0), (9.0, 1.0)]})
    paths = re.findall(r'<path d="(M[^"]*)" fill="none" stroke="#\w+" stroke-width', text)
    assert len(paths) == 2
    assert "a &lt; b" in text
    for path in paths:
        across = [float(x) for x in re.findall(r"[MH]([\d.]+)", path)]
        down = [float(y) for y in re.findall(r"(?:V|M[\d.]+ )([\d.]+)", path)]
        assert min(across) >= MARGIN - 1e-6
        assert max(across) <= WIDTH - RIGHT + 1e-6
        assert min(down) >= MARGIN - 1e-6
        assert max(down) <= HEIGHT - MARGIN + 1e-6
    names = [float(y) for y in re.findall(rf'<text x="{WIDTH - RIGHT + 6}" y="([\d.]+)"', text)]
    assert abs(names[0] - names[1]) >= 12


@pytest.mark.parametrize("series", [{}, {"a": []}, {"a": [(0.0, 0.0)]}, {"a": [(20.0, -1.0)]}])
def test_little_to_draw_is_drawn(series: dict, tmp_path: Path) -> None:
    drawn(tmp_path, series)


def test_the_mean_begins_when_all_have_begun() -> None:
    one, two = [(1.0, 10.0), (4.0, 6.0)], [(2.0, 20.0), (3.0, 10.0)]
    assert mean([one, two]) == [(2.0, 15.0), (3.0, 10.0), (4.0, 8.0)]
    assert mean([]) == mean([one, []]) == []
    assert value_at(one, 3.9) == 10.0
