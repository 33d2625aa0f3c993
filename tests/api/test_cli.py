"""The command: exit codes, where words go, and what ends it."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from api import cli
from faults import Fault, InputError, SolverError, SourceError
from network.sources.graphml import write_graphml
from network.sources.made_up import twelve_junctions
from tests.api.service import command

FAULT = Fault(code="some-code", place="points.csv, row 3", cause="'12O' is no number", action="write a number")
TOKEN = "a-token-of-24-characters"


def mzunguko(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "api.cli", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, **environ},
        check=False,
        timeout=120,
    )


def ending_with(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def broken(_: object) -> int:
        raise error

    monkeypatch.setattr(cli, "_version", broken)


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("plan",),
        ("run",),
        ("run", "a.toml", "--sample", "town"),
        ("run", "a.toml", "--seconds", "0"),
        ("run", "a.toml", "--seconds", "soon"),
        ("run", "a.toml", "--threads", "0"),
        ("run", "a.toml", "--threads", "257"),
        ("run", "a.toml", "--engine", "magic"),
        ("run", "a.toml", "--sec", "1"),
        ("network", "a.pbf", "--box", "1,2,3"),
        ("network", "a.pbf", "--box", "5,0,4,1"),
        ("serve", "--port", "eighty"),
    ],
)
def test_wrong_usage_is_2(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == 2
    told = capsys.readouterr()
    assert "usage: mzunguko" in told.err
    assert told.out == ""


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (InputError([FAULT, FAULT]), 1, "2 faults."),
        (SourceError(FAULT), 4, "write a number"),
        (SolverError(FAULT), 70, "Please report it"),
        (RuntimeError("oh"), 70, "RuntimeError: oh"),
        (KeyboardInterrupt(), 130, "stopped"),
    ],
)
def test_each_kind_of_trouble_has_its_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: BaseException, code: int, words: str
) -> None:
    ending_with(monkeypatch, error)
    assert cli.main(["version"]) == code
    told = capsys.readouterr()
    assert words in told.err
    assert "Traceback" not in told.err
    assert told.out == ""


def test_a_fault_says_place_cause_and_action(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ending_with(monkeypatch, InputError(FAULT))
    cli.main(["version"])
    assert capsys.readouterr().err.splitlines()[:3] == [
        "points.csv, row 3 [some-code]",
        "  '12O' is no number",
        "  -> write a number",
    ]


def test_debug_shows_where_it_happened(monkeypatch: pytest.MonkeyPatch) -> None:
    ending_with(monkeypatch, RuntimeError("oh"))
    with pytest.raises(RuntimeError, match="oh"):
        cli.main(["version", "--debug"])


def test_the_version_is_told() -> None:
    done = mzunguko("version")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r"mzunguko \d+\.\d+\.\d+\n", done.stdout)


def test_a_missing_scenario_is_an_input_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command_ in ("run", "check"):
        assert cli.main([command_, str(tmp_path / "none.toml")]) == 1
        told = capsys.readouterr()
        assert "none.toml" in told.err
        assert told.out == ""


def test_all_faults_of_a_scenario_are_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bad.toml").write_text('name = 7\ncolour = "red"\n', encoding="utf-8")
    assert cli.main(["check", str(tmp_path / "bad.toml")]) == 1
    told = capsys.readouterr().err
    assert all(word in told for word in ("name", "colour", "country", "currency", "streets"))


def test_a_sample_has_no_faults(capsys: pytest.CaptureFixture[str], monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MZUNGUKO_CACHE", str(tmp_path))
    from scenarios.samples import prepare

    assert cli.main(["check", str(prepare("town"))]) == 0
    assert "No faults" in capsys.readouterr().out


def test_a_run_leaves_documents_and_says_where(capsys: pytest.CaptureFixture[str], monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MZUNGUKO_CACHE", str(tmp_path))
    out = tmp_path / "out"
    assert cli.main(["run", "--sample", "town", "--out", str(out), "--seconds", "0.5", "--engine", "nearest"]) == 0
    told = capsys.readouterr()
    assert told.out.splitlines()[0] == "Twelve Junctions"
    assert "Illustration" in told.out
    assert re.search(r"^Distance driven +\d", told.out, re.MULTILINE)
    last = told.out.splitlines()[-1]
    assert last == f"Report: {out / 'report.html'}"
    assert (out / "report.html").stat().st_size > 10_000
    assert "Reading the map and the tables ..." in told.err.splitlines()
    assert "KCA-101" in told.out


def test_work_that_nobody_can_do_is_3(capsys: pytest.CaptureFixture[str], monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MZUNGUKO_CACHE", str(tmp_path))
    from scenarios.samples import prepare

    scenario = prepare("town")
    points = scenario.parent / "points.csv"
    points.write_text(points.read_text(encoding="utf-8").replace(",630,", ",700000,"), encoding="utf-8")
    assert (
        cli.main(["run", str(scenario), "--out", str(tmp_path / "out"), "--seconds", "0.5", "--engine", "nearest"]) == 3
    )
    told = capsys.readouterr().out
    assert "some work cannot be done by anyone" in told
    assert "No vehicle can carry it, even when empty." in told


def test_a_network_is_described(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nodes = "".join(f'<node id="{n}" lat="{60 + n / 1000}" lon="-25.0"/>' for n in range(1, 5))
    way = '<way id="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><tag k="highway" v="residential"/></way>'
    (tmp_path / "town.osm").write_text(f"<osm version='0.6'>{nodes}{way}</osm>", encoding="utf-8")
    assert cli.main(["network", str(tmp_path / "town.osm"), "--box", "-25.1,60,-24.9,60.5"]) == 0
    assert "residential" in capsys.readouterr().out


def test_a_network_is_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_graphml(twelve_junctions(), tmp_path / "town.graphml")
    assert cli.main(["network", str(tmp_path / "town.graphml"), "--draw", str(tmp_path / "town.svg")]) == 0
    assert (tmp_path / "town.svg").read_text(encoding="utf-8").startswith("<svg")
    assert "12 junctions" in capsys.readouterr().out
    assert cli.main(["network", str(tmp_path / "none.graphml"), "--draw", str(tmp_path / "town.gif")]) == 1
    assert "drawing-format" in capsys.readouterr().err


def test_a_network_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "town.osm.pbf").write_bytes(b"not a map")
    assert cli.main(["network", str(tmp_path / "town.osm.pbf")]) == 4
    assert "Traceback" not in capsys.readouterr().err


def test_getting_ready_without_the_network(monkeypatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("MZUNGUKO_CACHE", str(tmp_path))
    assert cli.main(["warm", "--offline"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith("streets, rounds and hubs: compiled")
    assert "sample helsinki: its data is not here, and nothing is fetched" in lines
    assert lines[-1].startswith("streets, engines and documents loaded")


def test_nobody_reading_is_no_trouble() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "api.cli", "version"], stdout=writer, stderr=subprocess.PIPE, check=False, timeout=60
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


def test_an_open_service_without_a_token_does_not_start(tmp_path: Path) -> None:
    done = mzunguko("serve", "--host", "0.0.0.0", "--home", str(tmp_path / "home"))
    assert (done.returncode, done.stdout) == (1, "")
    assert "open-without-token" in done.stderr
    assert "MZUNGUKO_TOKEN" in done.stderr
    assert not (tmp_path / "home").exists()


def test_a_token_file_that_is_not_there_stops_the_start(tmp_path: Path) -> None:
    done = mzunguko("serve", "--token-file", str(tmp_path / "none"), "--home", str(tmp_path / "home"))
    assert done.returncode == 1
    assert "no-token-file" in done.stderr


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = mzunguko("serve", "--port", str(taken.getsockname()[1]), "--home", str(tmp_path / "home"))
    assert done.returncode == 4
    assert "address-taken" in done.stderr


@pytest.fixture
def started(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    (tmp_path / "token").write_text(f"{TOKEN}\n", encoding="utf-8")
    with command(tmp_path / "home", "--token-file", str(tmp_path / "token")) as running:
        yield running


def asked(url: str, *, token: str = "", data: bytes | None = None) -> tuple[int, dict[str, object]]:
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=30) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


def test_the_service_starts_works_and_ends_when_asked(started: tuple[subprocess.Popen[str], str]) -> None:
    process, address = started
    assert asked(f"{address}/healthz") == (200, {"status": "ok"})
    deadline = time.monotonic() + 60
    while asked(f"{address}/readyz")[0] != 200:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert asked(f"{address}/v1/runs")[0] == 401
    status, run = asked(f"{address}/v1/runs", token=TOKEN, data=b'{"sample":"town","seconds":1}')
    assert status == 202
    assert asked(f"{address}/v1/runs/{run['id']}", token=TOKEN)[1]["id"] == run["id"]
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
