"""CARP in CARPLIB's Spanish text (kshs, gdb, val, egl, egl-large, bmcv); see ``arcs.py``."""

from __future__ import annotations

from benchmarks.sets.arcs import read_arcs
from benchmarks.sets.instance import Instance
from benchmarks.sets.source import Source

NAME = "carp"
OBJECTIVES = ("distance", "vehicles")


def recognises(source: Source) -> bool:
    """Return whether it has a list of edges in Spanish."""
    return "LISTA_ARISTAS" in source.text.upper()


def read(source: Source, objective: str) -> Instance:
    """Return the instance."""
    return read_arcs(source, objective, name=NAME, facilities=False)
