"""Reading a street file and nothing else: a process of its own that loads no more than it needs."""

from __future__ import annotations

from pathlib import Path

from benchmarks.child import peak_mb
from network.sources.osm_file import read_osm


def loading(file: Path) -> dict[str, float]:
    """Return the peak memory of a process that reads a file, 10^6 bytes; ``before`` are interpreter and libraries."""
    before = peak_mb()
    network = read_osm(file)
    return {"load_peak_mb": peak_mb(), "before_mb": before, "segments": network.segments}
