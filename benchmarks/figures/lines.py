"""What was found, a JSON line for each run, so that what was stopped goes on where it was.

A run is found again as long as nothing has changed on which it depends: the sources of the optimiser for an engine
(those of the own search for nobody else), the model written by hand and the library for a peer, the instances for all.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.figures.one import PEERS, Task, engine_version

ROOT = Path(__file__).parent.parent.parent
OWN = "strings"
OWN_SOURCES = ("rounds/strings/", f"rounds/engines/{OWN}")
MADE_BY_HAND = ("peers.py", "plain.py", "vroom.py")
LATE, LATE_S = 1.05, 1.0
Line = dict[str, Any]
Key = tuple[str | float | None, ...]


def key(line: Mapping[str, Any]) -> Key:
    """Return what makes a line the answer to a task, the sources last."""
    names = ("instance", "engine", "seed", "seconds", "cores", "objective_asked", "code")
    return tuple(line.get(name) for name in names)


def head(task: Task) -> Line:
    """Return the beginning of a task's line: what was asked, of which sources."""
    return {
        "instance": task.instance,
        "engine": task.engine,
        "seed": task.seed,
        "seconds": task.seconds,
        "cores": task.cores,
        "objective_asked": task.objective,
        "code": code(task.engine),
        "version": engine_version(task.engine),
    }


@cache
def code(engine: str) -> str:
    """Return twelve digits that change when a source changes on which an engine's or peer's plans depend."""
    here = ROOT / "benchmarks"
    files = [here / "instances.py", *sorted((here / "sets").glob("*.py"))]
    if engine in PEERS:
        files += [here / name for name in MADE_BY_HAND]
    else:
        every = sorted([*(ROOT / "optimiser").glob("*.py"), *(ROOT / "optimiser" / "rounds").rglob("*.py")])
        mine = engine in {OWN, "auto"}
        files += [file for file in every if mine or not any(part in file.as_posix() for part in OWN_SOURCES)]
    digest = hashlib.sha256(engine_version(engine).encode())
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]


@cache
def commit() -> str:
    """Return the commit that is checked out, with a plus if files differ from it; empty where there is no git."""
    try:
        words = ("git", "-C", str(ROOT))
        name = subprocess.run([*words, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True)
        changes = subprocess.run([*words, "status", "--porcelain"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return name.stdout.strip() + ("+" if changes.stdout.strip() else "")


def read_lines(file: Path) -> list[Line]:
    """Return the lines of a file, none if it is not there; a last line that was cut off is passed over."""
    if not file.is_file():
        return []
    whole, _, _ = file.read_bytes().rpartition(b"\n")
    return [json.loads(text) for text in whole.splitlines()]


def append(file: Path, line: Line) -> None:
    """Add a line, in place of one that was cut off."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.is_file() and not (held := file.read_bytes()).endswith(b"\n"):
        file.write_bytes(held[: held.rfind(b"\n") + 1])
    with file.open("ab") as stream:
        stream.write(json.dumps(line, allow_nan=False).encode() + b"\n")


def latest(lines: Iterable[Line]) -> dict[Key, Line]:
    """Return the last line of each key."""
    return {key(line): line for line in lines}


def is_done(line: Line | None, *, quiet: float = 0.0) -> bool:
    """Return whether a line answers its task: no failure, and with at least this share of its cores."""
    return line is not None and "failed" not in line and share(line) >= quiet


def is_late(line: Mapping[str, Any]) -> bool:
    """Return whether a run took more than its seconds, five per cent and a second."""
    return bool(line.get("wall_s", 0.0) > LATE * line["seconds"] + LATE_S)


def share(line: Mapping[str, Any]) -> float:
    """Return how much of the time on one core it really had: processor time to wall clock, 1 for what was skipped."""
    wall = line.get("wall_s") or 0.0
    return min(1.0, line["cpu_s"] / wall) if wall > 0 else 1.0
