import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from api.jobs import process as processes
from api.jobs.process import Process

FAMILY = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-I", "-S", "-c", "import time; time.sleep(600)"])
print('{"ready": %d}' % child.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def family(tmp_path: Path) -> Iterator[tuple[Process, list[psutil.Process]]]:
    """A guard with a program and the program's child; all three are there."""
    process = processes.start([sys.executable, "-I", "-S", "-c", FAMILY], {"task": 1}, errors=tmp_path / "errors")
    grandchild = next(process.lines())["ready"]
    program = psutil.Process(grandchild).parent()
    assert program is not None
    members = [psutil.Process(process.pid), program, psutil.Process(grandchild)]
    yield process, members
    process.end()


def gone(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def wait(reached: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_the_end_of_the_input_ends_everyone(family: tuple[Process, list[psutil.Process]]) -> None:
    process, members = family
    assert process.guard.stdin is not None
    process.guard.stdin.close()  # as when the worker is killed
    wait(lambda: all(map(gone, members)))


@pytest.mark.skipif(sys.platform != "linux", reason="the parent-death signal is Linux's own")
def test_a_program_does_not_outlive_its_guard(family: tuple[Process, list[psutil.Process]]) -> None:
    process, (guard, program, _) = family
    os.kill(guard.pid, signal.SIGKILL)
    wait(lambda: gone(program))
    assert process.ended()


def test_a_program_that_ends_leaves_no_child_behind(tmp_path: Path) -> None:
    program = FAMILY.replace("time.sleep(600)\n", "")
    process = processes.start([sys.executable, "-I", "-S", "-c", program], {}, errors=tmp_path / "errors")
    said = list(process.lines())
    assert said[1:] == [{"kind": "exit", "code": 0}]
    wait(lambda: not psutil.pid_exists(said[0]["ready"]) or gone(psutil.Process(said[0]["ready"])))
    process.end()


def test_the_group_is_not_ours(family: tuple[Process, list[psutil.Process]]) -> None:
    _, members = family
    assert {os.getpgid(member.pid) for member in members} == {members[0].pid}


def test_ending_ends_everyone(family: tuple[Process, list[psutil.Process]]) -> None:
    process, members = family
    assert process.memory_mb() > 1
    process.end()
    wait(lambda: all(map(gone, members)))


@pytest.mark.parametrize(
    ("program", "code"),
    [
        ("pass", 0),
        ("raise SystemExit(7)", 7),
        ("import os; print('{', flush=True); os.kill(os.getpid(), 11)", -11),
    ],
)
def test_the_exit_code_comes_through(tmp_path: Path, program: str, code: int) -> None:
    process = processes.start([sys.executable, "-I", "-S", "-c", program], {}, errors=tmp_path / "errors")
    assert list(process.lines()) == [{"kind": "exit", "code": code}]
    process.end()


def test_a_guard_whose_worker_died_before_the_task_starts_nothing(tmp_path: Path) -> None:
    from api.jobs import guard

    touched = tmp_path / "touched"
    command = [sys.executable, "-c", f"open({str(touched)!r}, 'w')"]
    done = subprocess.run([sys.executable, "-I", "-S", guard.__file__, *command], stdin=subprocess.DEVNULL, check=False)
    assert done.returncode == 0
    assert not touched.exists()
