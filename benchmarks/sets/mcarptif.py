"""Mixed CARP with a time limit and facilities (Willemse and Joubert 2016, Computers & OR 68); see ``arcs.py``."""

from __future__ import annotations

from benchmarks.sets.arcs import read_arcs
from benchmarks.sets.instance import Instance
from benchmarks.sets.source import Source

NAME = "mcarptif"
OBJECTIVES = ("vehicles", "distance")


def recognises(source: Source) -> bool:
    """Return whether it has lists of links in brackets, and facilities."""
    text = source.text.upper()
    return "SERV_COST" in text and "DUMPING_SITES" in text


def read(source: Source, objective: str) -> Instance:
    """Return the instance."""
    return read_arcs(source, objective, name=NAME, facilities=True)
