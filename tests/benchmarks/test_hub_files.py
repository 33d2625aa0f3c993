"""``python -m benchmarks hubs FILE...``: siting instances and made-up regions in one command, a line for each."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import flows, hub_files
from benchmarks.child import _measured
from benchmarks.command import main
from benchmarks.hub_line import Took, line
from optimiser.result import Bound, Result, Status

KEYS = {"instance", "cost", "bound", "gap_percent", "violations", "engine", "seed", "seconds", "peak_mb"}
PMEDIAN = "3 2 1\n1 2 4\n2 3 5\n"
REGION = "made-up-flows:20:1"


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measure in this process: to start one for every file takes seconds; ``test_child`` starts them."""
    monkeypatch.setattr(hub_files, "alone", lambda function, *args: _measured(function, args))


@pytest.fixture(name="median")
def _median(tmp_path: Path) -> str:
    path = tmp_path / "road.txt"
    path.write_text(PMEDIAN, encoding="ascii")
    return str(path)


def test_siting_and_flows_in_one_command(median: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hubs", median, REGION, "--json", "--seconds", "5", "--seed", "3"]) == 0
    site, region = (json.loads(text) for text in capsys.readouterr().out.splitlines())
    assert site.keys() == region.keys() > KEYS
    assert (site["instance"], site["format"], site["model"], site["p"]) == ("road", "pmedian", "median", 1)
    assert (site["cost"], site["bound"], site["violations"], site["seed"]) == (9.0, 9.0, [], 3)
    assert (region["instance"], region["format"], region["violations"]) == (REGION, "made-up-flows", [])
    assert region["bound"] <= region["cost"]


def test_a_table_without_json(median: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hubs", median, "--seconds", "5"]) == 0
    said = capsys.readouterr().out
    assert "Hub instances, 5 s wall clock each, seed 1" in said
    assert "road" in said


def test_the_others_go_on_when_one_cannot_be_read(
    median: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = tmp_path / "words.txt"
    words.write_text("nothing of this kind\n", encoding="ascii")
    assert main(["hubs", str(words), median, "--json", "--seconds", "5"]) == 1
    said = capsys.readouterr()
    assert [json.loads(text)["instance"] for text in said.out.splitlines()] == ["road"]
    assert "instance-format-unknown" in said.err


def test_a_format_of_other_problems_is_refused(median: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["hubs", median, "--format", "vrplib"])
    assert "vrplib is no format of hubs" in capsys.readouterr().err


@pytest.mark.parametrize(("maximised", "shown"), [(False, 2.3333), (True, 2.3334)])
def test_a_bound_is_rounded_away_from_the_plan(maximised: bool, shown: float) -> None:
    result: Result[str, str] = Result(
        status=Status.FEASIBLE, plan="plan", price="price", bound=Bound(value=7 / 3, method="m"), gap=0.1, seed=1,
        engine="e", engine_version="1", runtime_s=0.0,
    )  # fmt: skip
    said = line(result, cost=2.5, broken=["b", "a", "b"], took=Took(seconds=1.0, cpu_s=0.5), maximised=maximised)
    assert (said["bound"], said["gap_percent"], said["violations"]) == (shown, 10.0, ["a", "b"])
    assert (said["seconds"], said["solve_cpu_s"]) == (1.0, 0.5)


def test_a_model_of_many_columns_is_measured() -> None:
    said = flows.building(sources=30, hubs=25)
    assert said["columns"] > 30 * 20 * 5
    assert said["wall_s"] > 0
