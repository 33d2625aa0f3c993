"""Mixed CARP (mval, lpr; Belenguer, Benavent, Lacomme, Prins 2006, Computers & OR 33); see ``arcs.py``."""

from __future__ import annotations

from benchmarks.sets.arcs import read_arcs
from benchmarks.sets.instance import Instance
from benchmarks.sets.source import Source

NAME = "mcarp"
OBJECTIVES = ("distance", "vehicles")


def recognises(source: Source) -> bool:
    """Return whether it has lists of links in brackets, and no facilities."""
    text = source.text.upper()
    return "LIST_REQ_" in text and "SERV_COST" in text and "DUMPING_SITES" not in text


def read(source: Source, objective: str) -> Instance:
    """Return the instance."""
    return read_arcs(source, objective, name=NAME, facilities=False)
