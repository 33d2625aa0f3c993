"""What each stage of a run takes: seconds and peak memory."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import psutil

from scenarios.outcome import StageCost
from scenarios.progress import OnRunProgress, RunProgress

SAMPLE_S = 0.05
SHARE = {
    "ready": 0.0,
    "read": 0.0,
    "hubs": 0.04,
    "travel": 0.06,
    "baseline": 0.95,
    "measure": 0.97,
}  # of the bar, as a stage begins


class Stages:
    """A notebook: one line per stage. Memory is the highest resident size seen while the stage ran."""

    def __init__(self, on_progress: OnRunProgress | None = None, *, share: Mapping[str, float] = SHARE) -> None:
        self._costs: list[StageCost] = []
        self._share = share
        self.tell: OnRunProgress = on_progress or (lambda _: None)
        self._process = psutil.Process()
        self.began = time.perf_counter()

    @property
    def costs(self) -> tuple[StageCost, ...]:
        """The lines so far."""
        return tuple(self._costs)

    @property
    def runtime_s(self) -> float:
        """Seconds since the run began."""
        return time.perf_counter() - self.began

    def cpu_s(self) -> float:
        """CPU seconds of this process so far, for the energy of the computation."""
        times = self._process.cpu_times()
        return float(times.user + times.system)

    @contextmanager
    def stage(self, name: str, day: str = "") -> Iterator[None]:
        """Time a stage, watch its memory, and tell that it began."""
        self.tell(RunProgress(stage=name, day=day, fraction=self._share.get(name), runtime_s=self.runtime_s))
        began, peak, done = time.perf_counter(), [self._process.memory_info().rss], threading.Event()

        def watch() -> None:
            while not done.wait(SAMPLE_S):
                peak[0] = max(peak[0], self._process.memory_info().rss)

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            done.set()
            watcher.join()
            peak[0] = max(peak[0], self._process.memory_info().rss)
            self._costs.append(
                StageCost(stage=f"{name} {day}".strip(), seconds=time.perf_counter() - began, peak_mb=peak[0] / 1e6)
            )
