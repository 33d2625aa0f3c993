"""Get ready for a first run without waiting: the samples' data fetched, everything loaded once."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path


def warm(*, offline: bool) -> Iterator[str]:
    """Do what a first run would wait for, and say after each step what was done.

    Parameters
    ----------
    offline
        Fetch nothing.

    Raises
    ------
    SourceError
        When a sample's data cannot be fetched.
    """
    from scenarios.samples import NAMES, available, prepare

    for name in NAMES:
        if offline and not available(name):
            yield f"sample {name}: its data is not here, and nothing is fetched"
            continue
        began = time.perf_counter()
        scenario = prepare(name)
        yield f"sample {name}: {scenario} ({time.perf_counter() - began:.1f} s)"
    began = time.perf_counter()
    _once()
    yield f"streets, engines and documents loaded ({time.perf_counter() - began:.1f} s)"


def _once() -> None:
    from scenarios.documents import write_all
    from scenarios.run import run
    from scenarios.samples import prepare

    outcome = run(prepare("town"), seconds=1.0)
    with tempfile.TemporaryDirectory() as folder:
        write_all(outcome, Path(folder))
