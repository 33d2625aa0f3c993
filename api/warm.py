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

    yield "streets, rounds and hubs: compiling what is not compiled yet, three minutes or four ..."
    began = time.perf_counter()
    _compiled()
    yield f"streets, rounds and hubs: compiled ({time.perf_counter() - began:.1f} s)"
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


def _compiled() -> None:
    """Drive, match and write tables once in the made-up town; numba keeps what it compiles for that."""
    import numpy as np

    from api.interop.roads import roads
    from api.interop.table_text import table
    from network.drive import drive, prepare
    from network.hierarchy.warm import warm as warm_hierarchy
    from network.profiles import PROFILES
    from network.sources.made_up import twelve_junctions
    from network.tracks.warm import warm as warm_tracks
    from optimiser.hubs.ready import ready as ready_hubs
    from optimiser.rounds.ready import ready

    warm_hierarchy()
    warm_tracks()
    ready()
    ready_hubs()
    roads(drive(prepare(twelve_junctions()), PROFILES["refuse-truck"])).try_out()
    table(np.zeros((1, 1)), 1)


def _once() -> None:
    from scenarios.documents import write_all
    from scenarios.run import run
    from scenarios.samples import prepare

    outcome = run(prepare("town"), seconds=1.0)
    with tempfile.TemporaryDirectory() as folder:
        write_all(outcome, Path(folder))
