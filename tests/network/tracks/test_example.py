"""The page on tracks: its example runs, and its table of numbers is that of the code."""

import re
from pathlib import Path

import numpy as np
import pytest

from benchmarks.trips import receive, trip
from network.profiles import PROFILES
from network.sources.made_up import twelve_junctions
from network.tracks.match import Manner
from tests.network.tracks.test_reach import weights_of

PAGE = (Path(__file__).parents[3] / "docs" / "tracks.md").read_text(encoding="utf-8")


def test_the_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weights, random = weights_of(twelve_junctions()), np.random.default_rng(1)
    received, _ = receive(weights, trip(weights, random, least_m=500), random, every_s=5, noise_m=5, start_s=1.7e9)
    points = "".join(
        f'<trkpt lat="{lat}" lon="{lon}"><time>2024-03-05T07:{int(t) // 60:02}:{int(t) % 60:02}Z</time></trkpt>'
        for t, lon, lat in zip(received.time_s - 1.7e9, received.lon, received.lat, strict=True)
    )
    (tmp_path / "monday.gpx").write_text(f"<gpx><trk><trkseg>{points}</trkseg></trk></gpx>", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
    names: dict = {}
    exec(compile(code, "tracks.md", "exec"), names)
    assert names["doubts"] == ()
    assert names["lost"] == []
    assert names["sums"].length_m > 300
    assert set(names["profile"].speed_kmh) == set(PROFILES["refuse-truck"].speed_kmh)


def test_the_numbers_are_those_of_the_code() -> None:
    written = {}
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        keys = re.findall(r"`(\w+)`", cells[0])
        if len(cells) == 3 and keys and all(hasattr(Manner(), key) for key in keys):
            written |= dict(zip(keys, map(float, cells[1].split(", ")), strict=True))
    assert written == {name: float(getattr(Manner(), name)) for name in Manner.__slots__}
