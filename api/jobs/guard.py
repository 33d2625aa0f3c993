"""Stands between the worker and the working program, so that the program never outlives the worker.

Run by its path, isolated (``python -I -S guard.py COMMAND ...``), so it imports nothing of the project and starts in
milliseconds. It leads a process group of its own and hands the first line of its input to the command. When the
command ends, the guard says how in a last line of output; when its input ends, the worker is gone. Either way it kills
the whole group and itself with it, however busy native code keeps an interpreter in there. When the guard itself is
killed, Linux kills the command.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1
_OUTPUT = 1
_INPUT = 0  # read without Python's buffer: a thread that waits in one cannot be left behind at the end


def main(command: list[str]) -> None:
    """Run the command for as long as the input stays open, and say its exit code (negative: the signal)."""
    task = _first_line()
    if not task:
        return
    prepare = _die_with_parent() if sys.platform == "linux" else None
    program = subprocess.Popen(  # noqa: S603 - the command is the engine's setting
        command,
        stdin=subprocess.PIPE,
        preexec_fn=prepare,  # noqa: PLW1509 - there is one thread so far
    )
    threading.Thread(target=_watch, args=(program,), daemon=True).start()
    _hand_over(program, task)
    _say(program.wait())
    _end_all(program)


def _first_line() -> bytes:
    line = b""
    while not line.endswith(b"\n"):
        part = os.read(_INPUT, 65536)
        if not part:
            return b""
        line += part
    return line


def _hand_over(program: subprocess.Popen[bytes], task: bytes) -> None:
    assert program.stdin is not None
    try:
        program.stdin.write(task)
        program.stdin.close()
    except BrokenPipeError:  # it ended without reading; its exit code will tell
        return


def _watch(program: subprocess.Popen[bytes]) -> None:
    while os.read(_INPUT, 4096):
        pass
    _end_all(program)


def _say(code: int) -> None:
    line = f'\n{{"kind": "exit", "code": {code}}}\n'  # on a line of its own, whatever was cut off before
    with contextlib.suppress(BrokenPipeError):
        os.write(_OUTPUT, line.encode())


def _end_all(program: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        program.kill()
    else:
        os.killpg(0, signal.SIGKILL)


def _die_with_parent() -> Callable[[], None]:
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def prepare() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return prepare


if __name__ == "__main__":
    main(sys.argv[1:])
