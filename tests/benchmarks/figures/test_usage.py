from __future__ import annotations

import subprocess
import sys
import time

from benchmarks.figures import usage
from benchmarks.figures.usage import used

HOLD = "import time; block = bytearray(120_000_000); print(flush=True); input()"


def test_processor_time_of_children_counts() -> None:
    with used(several=False) as found:
        subprocess.run([sys.executable, "-c", "sum(range(3_000_000))"], check=True)
    assert found.cpu_s > 0
    assert found.wall_s > 0
    assert found.peak_mb > 10


def test_memory_of_children_counts(monkeypatch: object) -> None:
    with used(several=False) as alone:
        pass
    with (
        subprocess.Popen([sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child,
        used(several=True) as found,
    ):
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(4 * usage.LOOK_EVERY_S)
        child.communicate(b"\n")
    assert found.peak_mb > 120
    assert found.peak_mb >= alone.peak_mb
