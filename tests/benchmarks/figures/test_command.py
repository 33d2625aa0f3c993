from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import command as benchmarks_command
from benchmarks.child import _measured
from benchmarks.figures import campaign, command
from benchmarks.figures.core import Goal, Group
from benchmarks.options import Options

GROUP = Group(
    id="tiny",
    what="eight stops",
    measure="better",
    must=Goal(words="not worse", value=0.0),
    stretch=Goal(words="half", value=50.0),
    instances=("made-up:8:1",),
    core=("made-up:8:1",),
    seconds=0.3,
    seeds=1,
    ours="pyvrp",
    peers=("nearest",),
    core_peers=("nearest",),
)


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(campaign, "alone", lambda function, *args, limit_s: _measured(function, args))  # noqa: ARG005
    monkeypatch.setattr(campaign, "cores", lambda *_: ())
    monkeypatch.setattr(command, "read_core", lambda: (GROUP,))
    monkeypatch.delenv("MZUNGUKO_DATA", raising=False)
    monkeypatch.chdir(tmp_path)


def test_tables_lines_and_pictures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert benchmarks_command.main(["figures", "tiny", "--json", "l.jsonl", "--draw", "pictures"]) == 0
    told = capsys.readouterr()
    assert "better than nearest" in told.out
    assert told.out.index("made-up:8:1") < told.out.index("Figures of the engine")
    assert "2 runs, 0 of them are there" in told.err
    assert "rows on published instances" in told.err
    assert len((tmp_path / "l.jsonl").read_text(encoding="utf-8").splitlines()) == 2
    assert (tmp_path / "pictures" / "tiny.svg").is_file()
    assert command.main(["--json", "l.jsonl", "--markdown"]) == 0
    told = capsys.readouterr()
    assert "2 runs, 2 of them are there" in told.err
    assert "| eight stops | not worse | half |" in told.out


def test_a_run_that_fails_is_the_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaign, "one", None)
    assert command.main(["--engines", "nearest"]) == 1


def test_all_has_the_core_list() -> None:
    instances, figures = command.all_tables(Options())
    assert (instances.id, figures.id) == ("figures-tiny", "figures")
    assert "figures" in benchmarks_command.TABLES
    assert "figures" not in benchmarks_command.NOT_IN_ALL


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nothing"], "unknown group nothing; there are tiny"),
        (["--engines", "strongest"], "unknown engine strongest"),
        (["--seconds", "0"], "must be above 0"),
        (["--seeds", "0"], "must be above 0"),
        (["--on", "first"], "numbers of cores"),
        (["--full", "--core"], "not allowed with"),
    ],
)
def test_wrong_words_are_refused(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        command.main(words)
    assert stopped.value.code == 2
    assert said in capsys.readouterr().err
