"""The periodic set with days of visits by our own rule, whatever solution lies beside the file; see ``pvrpif.py``."""

from __future__ import annotations

from benchmarks.sets import pvrpif
from benchmarks.sets.instance import Instance
from benchmarks.sets.source import Source

NAME = "pvrpif-own-days"
OBJECTIVES = pvrpif.OBJECTIVES


def recognises(source: Source) -> bool:  # noqa: ARG001 (a reader is asked with the source)
    """Return that no file is read so unless ``--format`` asks for it."""
    return False


def read(source: Source, objective: str) -> Instance:
    """Return the instance, a part for each day."""
    return pvrpif.read(source, objective, own=True)
