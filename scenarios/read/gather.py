"""The same thing wrong in many rows is told once, with all its rows; nothing is told a thousand times."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from faults import Fault

PLACE = re.compile(r"(?P<sheet>.*), (?P<word>row|feature) (?P<number>\d+)(?P<column>(?:, column .*)?)", re.DOTALL)
AT_MOST = 100  # different ones of a kind in a column; the rest is counted
SPANS = 12  # runs of rows that are written out

Kind = tuple[str, str, str, str]  # code, sheet, word for a row, column


def gathered(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Return faults with equal ones of several rows as one, and of more than ``AT_MOST`` of a kind only the first.

    Faults are equal when code, sheet, column, cause and action are. The order of their first appearance is kept, and
    every row stays named: ``bins.xlsx, rows 3-7 and 9, column Kind``.
    """
    rows: dict[tuple[Fault, Kind | None], list[int]] = {}
    for fault in faults:
        found = PLACE.fullmatch(fault.place)
        kind = (fault.code, found["sheet"], found["word"], found["column"]) if found else None
        alike = (replace(fault, place="") if found else fault, kind)
        rows.setdefault(alike, []).extend([int(found["number"])] if found else [])
    return tuple(_told(rows))


def _told(rows: dict[tuple[Fault, Kind | None], list[int]]) -> Iterator[Fault]:
    told: dict[Kind, int] = {}
    rest: dict[Kind, list[int]] = {}
    for (fault, kind), numbers in rows.items():
        if kind is None:
            yield fault
        elif told.setdefault(kind, 0) < AT_MOST:
            told[kind] += 1
            yield replace(fault, place=_place(kind, numbers))
        else:
            rest.setdefault(kind, []).extend(numbers)
    for kind, numbers in rest.items():
        count = len(dict.fromkeys(numbers))
        yield Fault(
            code=kind[0],
            place=_place(kind, numbers),
            cause=f"{count} more rows have a fault of this kind",
            action="correct those named one by one first, then check again",
        )


def _place(kind: Kind, numbers: Sequence[int]) -> str:
    _, sheet, word, column = kind
    spans = list(_spans(numbers))
    plural = "" if len(set(numbers)) == 1 else "s"
    shown = spans[:SPANS]
    last = f" and {len(spans) - SPANS} more" if len(spans) > SPANS else ""
    if not last and len(shown) > 1:
        last = f" and {shown.pop()}"
    return f"{sheet}, {word}{plural} {', '.join(shown)}{last}{column}"


def _spans(numbers: Sequence[int]) -> Iterator[str]:
    """Write runs of rows: 2, 3, 4, 7 as "2-4", "7"."""
    ordered = sorted(set(numbers))
    for _, run in groupby(enumerate(ordered), key=lambda pair: pair[1] - pair[0]):
        members = [number for _, number in run]
        yield f"{members[0]}-{members[-1]}" if len(members) > 1 else str(members[0])
