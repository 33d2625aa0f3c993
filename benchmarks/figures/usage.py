"""Seconds and memory of this process and of all that it starts."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import psutil

from benchmarks.child import peak_mb

LOOK_EVERY_S = 0.5


@dataclass(slots=True, kw_only=True)
class Usage:
    """What a block took: wall clock, processor time, highest memory of the process so far (10^6 bytes)."""

    wall_s: float = 0.0
    cpu_s: float = 0.0
    peak_mb: float = 0.0


@contextmanager
def used(*, several: bool) -> Iterator[Usage]:
    """Measure a block; ``several``: it starts processes, whose memory counts, what they share once."""
    usage = Usage()
    began, cpu = time.perf_counter(), _cpu_s()
    over = threading.Event()
    watch = threading.Thread(target=_watch, args=(usage, over), daemon=True)
    if several:
        watch.start()
    try:
        yield usage
    finally:
        usage.wall_s, usage.cpu_s = time.perf_counter() - began, _cpu_s() - cpu
        over.set()
        if several:
            watch.join()
        usage.peak_mb = max(usage.peak_mb, peak_mb())


def _cpu_s() -> float:
    """Return the processor time of this process and of its children, those gone and those there."""
    own = psutil.Process().cpu_times()
    spent = own.user + own.system + own.children_user + own.children_system
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            times = child.cpu_times()
            spent += times.user + times.system
    return float(spent)


def _watch(usage: Usage, over: threading.Event) -> None:
    """Note the highest memory of the process and its children until it is over."""
    while not over.wait(LOOK_EVERY_S):
        total = 0.0
        for process in (psutil.Process(), *psutil.Process().children(recursive=True)):
            with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                total += process.memory_full_info().pss / 1e6
        usage.peak_mb = max(usage.peak_mb, total)
