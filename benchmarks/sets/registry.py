"""The formats there are, and which one a file has: by what stands in it, never by its name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from benchmarks.sets import (
    carp,
    cordeau,
    kim,
    kim_home_by_noon,
    mcarp,
    mcarptif,
    montevideo,
    pvrpif,
    pvrpif_own_days,
    rwcp,
    solomon,
    vrplib,
)
from benchmarks.sets.instance import Instance
from benchmarks.sets.source import Source, read_source
from faults import Fault, InputError


class Reader(Protocol):
    """A module that reads one format; its first objective is the set's own."""

    @property
    def NAME(self) -> str:  # noqa: N802 (a module's constant)
        """Name of the format."""
        ...

    @property
    def OBJECTIVES(self) -> tuple[str, ...]:  # noqa: N802 (a module's constant)
        """What can be aimed at."""
        ...

    def recognises(self, source: Source) -> bool:
        """Return whether a file seems to have the format."""
        ...

    def read(self, source: Source, objective: str) -> Instance:
        """Return the instance."""
        ...


READERS: tuple[Reader, ...] = (
    kim,
    kim_home_by_noon,
    montevideo,
    pvrpif,
    pvrpif_own_days,
    rwcp,
    mcarptif,
    mcarp,
    carp,
    vrplib,
    solomon,
    cordeau,
)
FORMATS: Mapping[str, Reader] = {reader.NAME: reader for reader in READERS}


def read_instance(path: Path, *, form: str | None = None, objective: str | None = None) -> Instance:
    """Return the instance that a file holds.

    Parameters
    ----------
    form
        Name of the format; ``None``: by the content.
    objective
        ``None``: the set's own.

    Raises
    ------
    InputError
        ``instance-unreadable``, ``instance-format-unknown``, ``objective-unknown``.
    """
    source = read_source(path)
    name = form or recognised(source)
    reader = FORMATS[name]
    wanted = objective or reader.OBJECTIVES[0]
    if wanted not in reader.OBJECTIVES:
        raise InputError(
            Fault(
                code="objective-unknown",
                place=path.name,
                cause=f"{name} has no objective {wanted!r}",
                action=f"Use one of: {', '.join(reader.OBJECTIVES)}.",
            )
        )
    return reader.read(source, wanted)


def recognised(source: Source) -> str:
    """Return the name of the first format that fits."""
    fits = [name for name, reader in FORMATS.items() if reader.recognises(source)]
    if not fits:
        raise InputError(
            Fault(
                code="instance-format-unknown",
                place=source.name,
                cause="what stands in the file fits none of the formats",
                action=f"Name one with --format: {', '.join(FORMATS)}.",
            )
        )
    return fits[0]
