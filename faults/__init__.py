"""Errors that teach: every fault says where, why and what to do.

The one leaf that all rooms may import. Infeasible problems, stops left out and solves that ran out of time are not
errors: they are statuses and reasons inside a result.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong with what came in.

    Parameters
    ----------
    code
        Stable short name, kebab-case, listed in ``docs/errors.md``.
    place
        Where: file, sheet, row, column; or a dotted path into a scenario.
    cause
        What is wrong, in the user's words, with the offending value.
    action
        What the user can do about it.
    pointer
        RFC 6901 JSON pointer into the request body, where there is one.
    """

    code: str
    place: str
    cause: str
    action: str
    pointer: str = ""

    def __str__(self) -> str:
        """Read as one line."""
        return f"{self.place}: {self.cause} [{self.code}] {self.action}"


class MzungukoError(Exception):
    """Common root; carries one or more faults."""

    def __init__(self, faults: Fault | Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = (faults,) if isinstance(faults, Fault) else tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))

    def __reduce__(self) -> tuple[type[MzungukoError], tuple[tuple[Fault, ...]]]:
        """Survive the way between two processes."""
        return type(self), (self.faults,)


class InputError(MzungukoError):
    """What the user gave cannot be used; all faults found are in ``faults``."""


class SourceError(MzungukoError):
    """A source of data (file, service, package) is missing, broken or refused."""


class SolverError(MzungukoError):
    """A defect of ours: an engine returned a plan that does not pass the checker, or crashed."""
