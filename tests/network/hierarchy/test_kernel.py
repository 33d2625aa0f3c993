import os
import subprocess
import sys
from pathlib import Path

import numba
import numpy as np
import pytest

from network.hierarchy.kernel import kernel

ROOT = Path(__file__).parents[3]
BELOW = """
from network.hierarchy.kernel import inner

@inner
def step(x):
    return x + {step}
"""
ABOVE = """
from network.hierarchy.kernel import kernel
from below import step

@kernel
def walk(x):
    return step(step(x))

print(walk(1))
"""


def ran(folder: Path) -> str:
    paths = os.pathsep.join([str(ROOT), str(folder)])
    command = [sys.executable, "-c", "import above"]
    environment = os.environ | {"PYTHONPATH": paths, "NUMBA_CACHE_DIR": str(folder / "kept")}
    environment.pop("NUMBA_DISABLE_JIT", None)
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=True
    ).stdout.strip()


def test_a_kept_kernel_follows_the_functions_it_calls(tmp_path: Path) -> None:
    (tmp_path / "above.py").write_text(ABOVE, encoding="utf-8")
    (tmp_path / "below.py").write_text(BELOW.format(step=1), encoding="utf-8")
    assert ran(tmp_path) == "3"
    kept = {file: file.stat().st_mtime_ns for file in (tmp_path / "kept").rglob("*.nb?")}
    assert kept
    assert ran(tmp_path) == "3"
    assert {file: file.stat().st_mtime_ns for file in (tmp_path / "kept").rglob("*.nb?")} == kept
    (tmp_path / "below.py").write_text(BELOW.format(step=20), encoding="utf-8")
    assert ran(tmp_path) == "41"


@pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="plain Python raises")
def test_a_division_by_zero_is_infinite() -> None:
    @kernel
    def divide(a: np.ndarray, b: float) -> float:
        return a[0] / b

    assert divide(np.ones(1), 0.0) == np.inf
