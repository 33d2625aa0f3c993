"""Work in a fresh process of its own, so that its time and memory are its own."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Generic, TypeVar, TypeVarTuple

import psutil

T = TypeVar("T")
Args = TypeVarTuple("Args")
STATUS = Path("/proc/self/status")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured(Generic[T]):
    """What a function returned, and what it took.

    Parameters
    ----------
    seconds, cpu_s
        Wall clock and processor time of the call, all threads.
    start_s
        From the birth of the process to the call: the interpreter and the imports.
    peak_mb, grown_mb
        Highest resident memory of the process, and how far that is above what it held before the call (imports and
        arguments), 10^6 bytes.
    """

    value: T
    seconds: float
    cpu_s: float
    start_s: float
    peak_mb: float
    grown_mb: float


def alone(function: Callable[[*Args], T], *args: *Args, limit_s: float | None = None) -> Measured[T]:
    """Call a function of a module in a fresh process; arguments and value are pickled.

    Raises
    ------
    TimeoutError
        If it takes longer than ``limit_s``; the process, and what it started, is ended.
    """
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        asked = pool.submit(_measured, function, args)
        try:
            return asked.result(limit_s)
        except TimeoutError:
            if not asked.done():
                _end(pool)
            raise


def _end(pool: ProcessPoolExecutor) -> None:
    """End the processes of a pool that do not answer, and theirs."""
    for pid in list(pool._processes):  # noqa: SLF001 (Python 3.14 has kill_workers)
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(pid)
            for one in (*process.children(recursive=True), process):
                with suppress(psutil.NoSuchProcess):
                    one.kill()


def _measured(function: Callable[[*Args], T], args: tuple[*Args]) -> Measured[T]:
    start_s = time.time() - psutil.Process().create_time()
    before_mb = psutil.Process().memory_info().rss / 1e6
    began, cpu = time.perf_counter(), time.process_time()
    value = function(*args)
    seconds, cpu_s, highest = time.perf_counter() - began, time.process_time() - cpu, peak_mb()
    return Measured(
        value=value,
        seconds=seconds,
        cpu_s=cpu_s,
        start_s=start_s,
        peak_mb=highest,
        grown_mb=highest - before_mb,
    )


def peak_mb() -> float:
    """Return the highest resident memory of this process, 10^6 bytes.

    Linux says it in ``VmHWM``; ``ru_maxrss``, used elsewhere, would there include what the parent held at the fork.
    """
    if STATUS.exists():
        for line in STATUS.read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6  # macOS: bytes
