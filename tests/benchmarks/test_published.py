"""``python -m benchmarks rounds FILE...``: a line for each file, honest about what it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import command, published
from benchmarks.child import _measured
from benchmarks.sets import run as runner
from benchmarks.sets.made_up import is_made_up, made_up
from benchmarks.sets.run import How, run
from optimiser.rounds.plan import Plan, Reason, Unserved
from tests.benchmarks.sets import small

KEYS = {"instance", "cost", "bound", "gap_percent", "vehicles", "violations", "engine", "seed", "seconds", "peak_mb"}


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measure in this process: to start one for every file takes seconds; ``test_child`` starts them."""
    monkeypatch.setattr(published, "alone", lambda function, *args: _measured(function, args))


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    for form, text in small.TEXTS.items():
        (tmp_path / f"{form}.any").write_text(text, encoding="utf-8")
    (tmp_path / "bks.csv").write_text("file,bks,proven,objective\nvrplib.any,20,yes,distance\n", encoding="utf-8")
    return tmp_path


def said(capsys: pytest.CaptureFixture[str]) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_one_line_a_file_with_all_that_was_promised(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = [str(folder / f"{form}.any") for form in ("vrplib", "carp", "solomon")]
    assert command.main(["rounds", *names, "--seconds", "0.5", "--seed", "7", "--engine", "nearest", "--json"]) == 0
    lines = said(capsys)
    assert [line["instance"] for line in lines] == ["vrplib.any", "carp.any", "solomon.any"]
    assert all(set(line) >= KEYS for line in lines)
    assert all((line["seed"], line["engine"], line["violations"]) == (7, "nearest", []) for line in lines)
    assert all(line["seconds"] > 0 and line["peak_mb"] > 10 for line in lines)
    assert [line["bks"] for line in lines] == [20.0, None, None]
    assert lines[0]["above_bks_percent"] == pytest.approx(100 * (lines[0]["cost"] - 20) / 20)


@pytest.mark.parametrize(
    ("form", "best"),
    [("vrplib", 17.0), ("carp", 27.0), ("mcarp", 364.0), ("solomon", 10.0), ("cordeau", 12.0)],
)
def test_tiny_instances_are_solved_to_their_optima(form: str, best: float, folder: Path) -> None:
    line = run(str(folder / f"{form}.any"), How(seconds=1.0, seed=1, objective="distance"))
    assert line["cost"] == pytest.approx(best)
    assert line["violations"] == []


def test_days_of_a_period_add_up(folder: Path) -> None:
    line = run(str(folder / "pvrpif.any"), How(seconds=1.0, seed=1))
    assert (line["stops"], line["vehicles"], line["violations"]) == (4, 1, [])
    assert line["cost"] == 21 + 19


def test_what_is_left_out_is_named_and_compares_with_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Nothing:
        plan = Plan(rounds=(), unserved=tuple(Unserved(stop=k, reason=Reason.NO_ROOM) for k in ("1", "2", "3")))
        engine = "none"

    monkeypatch.setattr(runner, "solve", lambda *_, **__: Nothing)
    assert command.main(["rounds", str(folder / "vrplib.any"), "--json"]) == 0
    (line,) = said(capsys)
    assert line["left_out"] == 3
    assert line["violations"] == ["left-out"]
    assert line["above_bks_percent"] is None


def test_a_file_that_cannot_be_read_does_not_stop_the_others(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "letter.txt").write_text("Dear sir,\n", encoding="utf-8")
    words = ["rounds", str(folder / "letter.txt"), "made-up:5", "--seconds", "0.3", "--engine", "nearest", "--json"]
    assert command.main(words) == 1
    captured = capsys.readouterr()
    assert "instance-format-unknown" in captured.err
    assert [json.loads(line)["instance"] for line in captured.out.splitlines()] == ["made-up:5"]


def test_without_json_there_is_a_table(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["rounds", str(folder / "kim.any"), "--seconds", "0.3", "--seed", "2", "--objective", "distance"]
    assert command.main([*words, "--engine", "nearest", "--format", "kim"]) == 0
    out = capsys.readouterr().out
    assert "kim: lunch is due in every round" in out
    assert "python -m benchmarks rounds kim.any --seconds 0.3 --seed 2 --engine nearest" in out


@pytest.mark.parametrize("words", [["nowhere.vrp"], ["made-up:0"], ["made-up:10", "--format", "nothing"]])
def test_wrong_words_are_refused(words: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        command.main(["rounds", *words])
    assert stopped.value.code == 2


def test_made_up_instances_have_their_own_seed() -> None:
    assert is_made_up("made-up:12:5")
    assert not is_made_up("made-up:x")
    one, two = made_up("made-up:12:5").parts[0].problem, made_up("made-up:12").parts[0].problem
    assert len(one.stops) == len(two.stops) == 12
    assert one.stops != two.stops
    with pytest.raises(ValueError, match="made-up"):
        made_up("something")


def test_the_cost_of_a_made_up_plan_is_its_kilometres() -> None:
    line = run("made-up:8:1", How(seconds=0.5, seed=1, engine="nearest"))
    part = made_up("made-up:8:1").parts[0]
    assert line["cost"] > 0
    assert line["violations"] == []
    assert part.cost(Plan(rounds=())) == 0


@pytest.mark.parametrize(
    ("form", "text", "best", "least"),
    [
        ("vrplib", small.CVRP, 17.0, 17.0),
        ("vrplib", small.PRIZES, 188.0, 0.0),  # stop 2 alone
        ("carp", small.CARP, 27.0, 27.0),
        ("mcarp", small.MCARP, 364.0, 364.0),
        ("mcarptif", small.MCARPTIF, 364.0, 364.0),
        ("solomon", small.SOLOMON, 10.0, 10.0),
        ("cordeau", small.CORDEAU, 12.0, 12.0),
    ],
)
def test_a_bound_is_in_the_convention_of_the_set(
    form: str, text: str, best: float, least: float, tmp_path: Path
) -> None:
    file = tmp_path / "tiny"
    file.write_text(text, encoding="utf-8")
    line = run(str(file), How(seconds=1.0, seed=1, bound_seconds=2.0))
    assert line["format"] == form
    assert line["cost"] == pytest.approx(best)
    assert least - 1e-3 <= line["bound"] <= line["cost"] + 1e-9
    assert line["gap_percent"] == pytest.approx(100 * (line["cost"] - line["bound"]) / line["cost"], abs=1e-3)
    assert line["bound_method"]
