"""The README's commands do what it says. ``make test`` itself is left out; what needs the package index is slow."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BLOCKS = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.DOTALL)
COMMANDS = [line.split("  #")[0].strip() for block in BLOCKS for line in block.splitlines() if line.strip()]
ONLINE = ("make demo", "make setup", "make test", "Helsinki.osm.pbf")
SERVES = ".venv/bin/mzunguko serve"
QUICK = [command for command in COMMANDS if not any(word in command for word in ONLINE) and command != SERVES]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that looks like the root: samples beside, and the command where the README says it is."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "scenarios").symlink_to(ROOT / "scenarios")
    (folder / "out").mkdir()
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".venv" / "bin" / "mzunguko").symlink_to(Path(sys.executable).parent / "mzunguko")
    return folder


def environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "HOME": str(folder), "XDG_CACHE_HOME": str(folder / ".cache")}


def test_the_readme_shows_the_two_commands() -> None:
    assert any(command.startswith("make demo") for command in COMMANDS)
    assert any(command.startswith("make test") for command in COMMANDS)
    assert SERVES in COMMANDS
    assert len(QUICK) >= 5


def test_commands_run_in_the_order_they_are_written(bench: Path) -> None:
    for command in QUICK:
        done = subprocess.run(
            command, shell=True, cwd=bench, env=environment(bench), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    for name in ("town", "today", "mine"):
        assert (bench / "out" / name / "report.html").stat().st_size > 10_000


def test_serve_answers(bench: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [*SERVES.split(), "--port", str(port), "--home", str(bench / "home")]
    server = subprocess.Popen(command, cwd=bench, env=environment(bench), stdout=subprocess.DEVNULL)
    try:
        assert _answers(f"http://127.0.0.1:{port}/healthz")
    finally:
        server.terminate()
        assert server.wait(timeout=60) == 0


def _answers(url: str) -> bool:
    for _ in range(240):
        try:
            with urllib.request.urlopen(url, timeout=5) as reply:
                return reply.status == 200
        except OSError:
            time.sleep(0.25)
    return False


@pytest.mark.slow
def test_the_demo_runs_and_the_second_time_from_the_cache(tmp_path: Path) -> None:
    env = environment(tmp_path)
    for _ in range(2):
        done = subprocess.run(
            [Path(sys.executable).parent / "mzunguko", "run", "--sample", "helsinki", "--out", tmp_path / "out"],
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        env |= {"PIP_NO_INDEX": "1"}
    assert (tmp_path / "out" / "report.html").exists()
