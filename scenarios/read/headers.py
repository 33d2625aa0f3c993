"""Which column of a sheet is which of ours."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from faults import Fault
from scenarios.read.columns import TABLES, Column
from scenarios.read.findings import Findings
from scenarios.read.sheet import Sheet, text
from scenarios.read.words import closest, letters, listed
from scenarios.scenario import Table, TableRef

ADDRESSES = ("address", "street")
SEARCHED = 20  # rows in which headers are looked for beside the header row
FEWEST = 2  # headers that make a row look like the header row


def find_columns(sheet: Sheet, table: Table, ref: TableRef, found: Findings) -> dict[str, int]:
    """Return our columns and their positions in the sheet.

    A column named in the scenario's ``columns`` is looked for under that header, and not at all if that is empty; any
    other under its own name, case, spaces, underscores and accents aside. Faults: ``header-unknown``, ``header-twice``.
    """
    places = _mapped(sheet, ref, found)
    taken = set(places.values())
    if sheet.geometry:
        places.setdefault("lon", sheet.geometry[0])
        places.setdefault("lat", sheet.geometry[1])
    spelled = [letters(header) for header in sheet.headers]
    for column in TABLES[table]:
        if column.name in places or column.name in ref.columns:
            continue
        names = {letters(name) for name in (column.name, *column.also)}
        fits = _distinct(sheet, [k for k, word in enumerate(spelled) if word in names and k not in taken])
        if len(fits) > 1:
            _twice(sheet, column.name, fits, found)
        if fits:
            places[column.name] = fits[0]
    return places


def _mapped(sheet: Sheet, ref: TableRef, found: Findings) -> dict[str, int]:
    places: dict[str, int] = {}
    for name, header in ref.columns.items():
        if not letters(header) and header not in sheet.headers:
            continue  # the planner's column of that name is something else
        fits = [k for k, h in enumerate(sheet.headers) if h == header]
        fits = fits or [k for k, h in enumerate(sheet.headers) if letters(h) and letters(h) == letters(header)]
        fits = _distinct(sheet, fits)
        if not fits:
            likely = closest(header, sheet.headers)
            found.fault(
                "header-unknown",
                sheet.place(),
                f"{name} is to be read from column {header!r}, but there is none; there are {listed(sheet.headers)}",
                f"did you mean {likely!r}?" if likely else "correct columns in the scenario",
            )
        elif len(fits) > 1:
            _twice(sheet, name, fits, found)
        else:
            places[name] = fits[0]
    return places


def _distinct(sheet: Sheet, fits: list[int]) -> list[int]:
    """Drop columns that say the same as one before: a workbook of ours that is read again has some twice."""
    if len(fits) < 2:
        return fits
    return sorted({tuple(row[k] for row in sheet.rows): k for k in reversed(fits)}.values())


def _twice(sheet: Sheet, name: str, fits: list[int], found: Findings) -> None:
    headers = listed([sheet.headers[k] for k in fits])
    found.fault(
        "header-twice",
        sheet.place(),
        f"{name} could be any of {len(fits)} columns: {headers}",
        "give these columns different names, and say in columns which one is meant",
    )


def missing_columns(
    sheet: Sheet,
    table: Table,
    ref: TableRef,
    places: Mapping[str, int],
    stands_in: Mapping[str, object],
    found: Findings,
) -> None:
    """Find required columns that are nowhere: ``column-missing``."""
    mapped = {name for name, header in ref.columns.items() if header}
    here = set(places) | mapped | set(ref.defaults) | set(stands_in)
    for column in TABLES[table]:
        if column.need == "required" and column.name not in here:
            _lacking(sheet, column, found)
    if any(column.need == "place" for column in TABLES[table]) and not gives_places(here):
        likely = closest("address", sheet.headers)
        cause = f"there is neither lat and lon nor address; there are {listed(sheet.headers)}"
        action = f'columns = {{address = "{likely}"}}' if likely else 'columns = {lat = "...", lon = "..."}'
        found.fault("column-missing", sheet.place(), cause, f"name them: {action}")


def gives_places(columns: AbstractSet[str]) -> bool:
    """Return whether these columns are enough to say where a row stands."""
    return {"lat", "lon"} <= columns or not columns.isdisjoint(ADDRESSES)


def _lacking(sheet: Sheet, column: Column, found: Findings) -> None:
    likely = closest(column.name.replace("_", " "), sheet.headers)
    action = f'add the column, or name yours: columns = {{{column.name} = "{likely or "..."}"}}'
    if column.kind in {"choice", "number", "clock", "whole"}:
        action += f", or one value for all rows: defaults = {{{column.name} = ...}}"
    cause = f"there is no column {column.name} ({column.meaning.lower()}); there are {listed(sheet.headers)}"
    found.fault("column-missing", sheet.place(), cause, action)


def header_row_fault(sheet: Sheet, table: Table, ref: TableRef) -> Fault | None:
    """Return a fault ``header-row`` when a row further down has more of the headers looked for."""
    own_names = {name for column in TABLES[table] for name in (column.name, *column.also)}
    wanted = {letters(name) for name in own_names | set(ref.columns.values())} - {""}
    hits = [sum(letters(text(cell)) in wanted for cell in row) for row in (sheet.headers, *sheet.rows[:SEARCHED])]
    best = max(range(len(hits)), key=hits.__getitem__)
    if best == 0 or hits[best] < FEWEST or sheet.word != "row":
        return None
    number = sheet.numbers[best - 1]
    return Fault(
        code="header-row",
        place=sheet.place(),
        cause=f"its headers are {listed(sheet.headers)}",
        action=f"the headers seem to be in row {number}: say header_row = {number}",
    )


def names_addresses(sheet: Sheet, table: Table, ref: TableRef) -> bool:
    """Return whether a sheet has a column with addresses or streets."""
    return bool(set(ADDRESSES) & set(find_columns(sheet, table, ref, Findings())))
