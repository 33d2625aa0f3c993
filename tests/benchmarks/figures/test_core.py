from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.figures.core import Goal, expanded, place, read_core
from benchmarks.figures.one import PEERS
from benchmarks.sets.made_up import is_made_up
from optimiser.rounds.engines.registry import ENGINES

ROW = """
[[group]]
id = "a"
what = "b"
instances = ["made-up:9:1"]
seconds = 5
measure = "better"
peers = ["pyvrp"]
must = { words = "c", value = 1.0 }
stretch = { words = "d" }
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "core.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_core_list_is_sound_and_short_enough() -> None:
    groups = read_core()
    runs = [group for group in groups if group.core]
    planning = sum(len(g.core) * g.core_seeds * (1 + len(g.core_peers)) * len(g.cores) * g.seconds for g in runs)
    assert len(groups) == 19
    assert planning <= 55 * 60  # of 90 minutes in all
    assert {peer for group in groups for peer in group.peers} <= {*ENGINES, *PEERS}
    assert all(group.must.words and group.stretch.words for group in groups)


def test_every_instance_of_the_list_is_there(data_dir: Path) -> None:
    for group in read_core():
        whole = list(expanded(group.instances, data_dir))
        assert set(group.core) <= set(whole)
        assert all(is_made_up(name) or place(name, data_dir) is not None for name in whole)
        assert {*group.must.each, *group.stretch.each} <= set(whole)


def test_a_row_has_what_it_says(tmp_path: Path) -> None:
    (group,) = read_core(written(tmp_path, ROW))
    assert (group.ours, group.opponents, group.seeds, group.cores) == ("strings", ("pyvrp",), 5, (1,))
    assert (group.must, group.stretch) == (Goal(words="c", value=1.0), Goal(words="d"))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"better"', '"nicer"', "nicer"),
        ("seconds = 5", "seconds = 0", "needs instances, seconds and seeds"),
        ("seconds = 5", "seconds = 5\ncores = [1, 2]", "sooner"),
        ("seconds = 5", "seconds = 5\nminutes = 7", "minutes"),
        ("seconds = 5", 'seconds = 5\nagainst = ["vroom"]', "vroom"),
        ("seconds = 5", 'seconds = 5\ncore = ["made-up:9:1"]', "nobody to be better than"),
        ("value = 1.0", 'value = 1.0, on = "moon"', "moon"),
        ('must = { words = "c", value = 1.0 }', "", "must"),
        ("[[group]]", ROW + "[[group]]", "same id"),
    ],
)
def test_what_contradicts_itself_is_refused(old: str, new: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=said):
        read_core(written(tmp_path, ROW.replace(old, new)))


def test_patterns_are_files_below_the_data(tmp_path: Path) -> None:
    (tmp_path / "benchmarks" / "set").mkdir(parents=True)
    for name in ("b.dat", "a.dat", "c.sol"):
        (tmp_path / "benchmarks" / "set" / name).touch()
    assert list(expanded(["made-up:9", "set/*.dat"], tmp_path)) == ["made-up:9", "set/a.dat", "set/b.dat"]
    assert list(expanded(["set/*.dat", "none/*"], None)) == ["set/*.dat", "none/*"]
    assert place("set/a.dat", tmp_path) == str(tmp_path / "benchmarks" / "set" / "a.dat")
    assert place("set/a.dat", None) is None
    assert place("set/z.dat", tmp_path) is None
    assert place("made-up:9", None) == "made-up:9"
