from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.figures import lines
from benchmarks.figures.lines import append, head, is_done, is_late, key, latest, read_lines, share
from benchmarks.figures.one import Task
from tests.benchmarks.figures.lines import line

TASK = Task(instance="made-up:9", read="made-up:9", engine="nearest", seed=1, seconds=2.0)


def test_a_line_is_found_by_what_was_asked(tmp_path: Path) -> None:
    file = tmp_path / "new" / "lines.jsonl"
    assert read_lines(file) == []
    for cost in (5.0, 4.0):
        append(file, head(TASK) | {"cost": cost})
    found = latest(read_lines(file))
    assert found[key(head(TASK))]["cost"] == 4.0
    other = Task(instance="made-up:9", read="made-up:9", engine="nearest", seed=2, seconds=2.0)
    assert key(head(other)) not in found


def test_a_line_that_was_cut_off_is_passed_over_and_written_anew(tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    append(file, {"a": 1})
    with file.open("a", encoding="utf-8") as stream:
        stream.write('{"a": 2, "b"')
    assert read_lines(file) == [{"a": 1}]
    append(file, {"a": 3})
    assert read_lines(file) == [{"a": 1}, {"a": 3}]


def test_the_code_changes_with_the_sources_that_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("benchmarks/instances.py", "benchmarks/sets/kim.py", "benchmarks/peers.py", "benchmarks/plain.py",
             "benchmarks/vroom.py", "optimiser/plane.py", "optimiser/rounds/check.py",
             "optimiser/rounds/strings/kernel.py", "optimiser/rounds/engines/strings.py")  # fmt: skip
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("one", encoding="utf-8")
    monkeypatch.setattr(lines, "ROOT", tmp_path)

    def codes() -> dict[str, str]:
        lines.code.cache_clear()
        return {engine: lines.code(engine) for engine in ("strings", "nearest", "pyvrp-default")}

    def changed(name: str) -> set[str]:
        before = codes()
        (tmp_path / name).write_text("two", encoding="utf-8")
        after = codes()
        return {engine for engine in after if after[engine] != before[engine]}

    assert changed("optimiser/rounds/strings/kernel.py") == {"strings"}
    assert changed("optimiser/rounds/check.py") == {"strings", "nearest"}
    assert changed("benchmarks/peers.py") == {"pyvrp-default"}
    assert changed("benchmarks/sets/kim.py") == {"strings", "nearest", "pyvrp-default"}
    lines.code.cache_clear()


def test_what_failed_or_was_disturbed_is_run_again() -> None:
    good, bad = line("a", "x", 10.0), line("a", "x", None)
    assert is_done(good)
    assert not is_done(None)
    assert not is_done(bad)
    assert is_done(good, quiet=0.95)
    assert not is_done(good | {"cpu_s": 5.0}, quiet=0.95)
    assert share(good | {"cpu_s": 5.0}) == pytest.approx(0.5)
    assert share(bad) == 1.0
    assert is_late(good | {"wall_s": 12.0})
    assert not is_late(good)
