"""How long accepting, handing over, taking up and cancelling take here: ``python -m tests.api.jobs.measure``."""

import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.api.jobs.harness import Home


def main(folder: Path) -> None:
    home = Home(folder)
    try:
        home.engine.submit(home.accept())  # opens the queue
        accepting, handing = zip(*(_submit(home) for _ in range(200)), strict=True)
        _tell("accept, ms", accepting)
        _tell("hand over, ms", handing)
        home.worker(slots=4)
        home.wait(lambda: home.engine.health()["queued"] == 0 and home.engine.health()["running"] == 0)
        taking, cancelling = zip(*(_cancel(home) for _ in range(20)), strict=True)
        _tell("submitted to begun, ms", taking)
        _tell("cancel asked to whole group gone, ms", cancelling)
    finally:
        home.close()


def _submit(home: Home) -> tuple[float, float]:
    start = time.perf_counter()
    run_id = home.accept()
    accepted = time.perf_counter()
    home.engine.submit(run_id)
    return (accepted - start) * 1e3, (time.perf_counter() - accepted) * 1e3


def _cancel(home: Home) -> tuple[float, float]:
    submitted = time.perf_counter()
    run_id = home.submit(hangs=True, grandchild=True)
    home.wait(lambda: home.run(run_id).attempts)
    begun = time.perf_counter()
    home.wait_begun(run_id)
    home.wait(lambda: len(home.left_over()) == 4)  # the worker, the guard, the program and its child
    asked = time.perf_counter()
    home.store.request_cancel(run_id)
    home.wait(lambda: len(home.left_over()) == 1)
    gone = time.perf_counter()
    home.wait_final([run_id])
    return (begun - submitted) * 1e3, (gone - asked) * 1e3


def _tell(what: str, values: Sequence[float]) -> None:
    cuts = statistics.quantiles(values, n=20)
    line = f"{what}: median {cuts[9]:.1f}, 95 % {cuts[18]:.1f}, most {max(values):.1f}, of {len(values)}\n"
    sys.stdout.write(line)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        main(Path(name) / "home")
