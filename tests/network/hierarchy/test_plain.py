import os
import subprocess
import sys
from pathlib import Path


def test_kernels_say_the_same_as_plain_python() -> None:
    root = Path(__file__).parents[3]
    run = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.network.hierarchy.plain"],
        cwd=root,
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
