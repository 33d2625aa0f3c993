from __future__ import annotations

import os
import time

import numpy as np
import psutil
import pytest

from benchmarks.child import alone, peak_mb


def hold(megabytes: int) -> int:
    block = np.ones(megabytes * 125_000)
    return int(block.sum()) and os.getpid()


def fail() -> None:
    raise ValueError("no")


def test_a_process_of_its_own_with_its_own_memory() -> None:
    kept = np.ones(40_000_000)  # 320 MB that a child would inherit by ru_maxrss
    small, large = alone(hold, 1), alone(hold, 200)
    assert len({os.getpid(), small.value, large.value}) == 3
    assert 190 < large.grown_mb < 260
    assert small.grown_mb < 60
    assert small.peak_mb < peak_mb()
    assert kept.nbytes == 320_000_000
    assert min(large.seconds, large.cpu_s, large.start_s) > 0


def test_what_the_child_raises_comes_back() -> None:
    with pytest.raises(ValueError, match="no"):
        alone(fail)


def sleep(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()


def test_who_takes_too_long_is_ended() -> None:
    assert alone(sleep, 0.0, limit_s=60.0).value != os.getpid()
    before = set(psutil.Process().children(recursive=True))
    with pytest.raises(TimeoutError):
        alone(sleep, 600.0, limit_s=0.5)
    left = [child for child in psutil.Process().children(recursive=True) if child not in before]
    assert not any("spawn_main" in " ".join(child.cmdline()) for child in left)
