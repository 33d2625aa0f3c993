"""One working program: started behind its guard, heard line by line, ended as a whole."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil

from api.jobs import guard
from api.jobs.port import Json

_LINE = 1 << 20  # longer lines are not news


@dataclass(frozen=True, slots=True)
class Process:
    """A guard with the program behind it; the guard's id is that of the process group."""

    guard: subprocess.Popen[bytes]

    @property
    def pid(self) -> int:
        """Id of the guard, and of the group that it leads."""
        return self.guard.pid

    def lines(self) -> Iterator[Json]:
        """News of the program, then ``{"kind": "exit", "code": n}`` of the guard. All but JSON objects is left out."""
        assert self.guard.stdout is not None
        while line := self.guard.stdout.readline(_LINE):
            message = _parse(line)
            if message is not None:
                yield message

    def kill(self) -> None:
        """Kill the whole group; harmless when it has ended. Not to be called after :meth:`end`."""
        if sys.platform == "win32":
            for process in _tree(self.pid):
                process.kill()
            return
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            return

    def end(self) -> None:
        """Kill what is left of the group, and wait for the guard."""
        self.kill()  # before the guard is waited for: until then nobody else can get its id
        for stream in (self.guard.stdin, self.guard.stdout):
            _close(stream)
        self.guard.wait()

    def ended(self) -> bool:
        """Whether the guard has ended, without waiting for it (so that its id stays taken)."""
        if sys.platform == "win32":
            return self.guard.poll() is not None
        try:
            return psutil.Process(self.pid).status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return True

    def memory_mb(self) -> float:
        """Resident memory of all processes of the tree together."""
        return sum(_resident(process) for process in _tree(self.pid)) / 2**20


def start(command: Sequence[str], task: Json, *, errors: Path) -> Process:
    """Start a program, give it its task as one line of JSON, and keep its standard error in a file."""
    behind = [sys.executable, "-I", "-S", guard.__file__, *command]
    with errors.open("wb") as stderr:
        popen = subprocess.Popen(  # noqa: S603 - the command is the engine's setting, never a request's
            behind,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            process_group=None if sys.platform == "win32" else 0,
        )
    process = Process(popen)
    assert popen.stdin is not None
    try:
        popen.stdin.write(json.dumps(task).encode() + b"\n")
        popen.stdin.flush()  # and left open: its end tells the guard that the worker is gone
    except BrokenPipeError:
        process.kill()
    return process


def _parse(line: bytes) -> Json | None:
    try:
        message = json.loads(line)
    except ValueError:
        return None
    return message if isinstance(message, dict) else None


def _close(stream: IO[bytes] | None) -> None:
    if stream is None:
        return
    try:
        stream.close()
    except BrokenPipeError:
        return


def _tree(pid: int) -> list[psutil.Process]:
    try:
        root = psutil.Process(pid)
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0
