"""The waste set with lunch for those only who are still out at 12:00; everything else as in ``kim.py``."""

from __future__ import annotations

from benchmarks.sets import kim
from benchmarks.sets.instance import Instance
from benchmarks.sets.source import Source

NAME = "kim-home-by-noon"
OBJECTIVES = kim.OBJECTIVES


def recognises(source: Source) -> bool:  # noqa: ARG001 (a reader is asked with the source)
    """Return that no file is read so unless ``--format`` asks for it."""
    return False


def read(source: Source, objective: str) -> Instance:
    """Return the instance."""
    return kim.read(source, objective, everybody=False)
