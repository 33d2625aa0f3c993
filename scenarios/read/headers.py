"""Which column of a sheet is which of ours."""

from __future__ import annotations

from collections.abc import Mapping

from scenarios.read.columns import TABLES, Column
from scenarios.read.findings import Findings
from scenarios.read.sheet import Sheet, text
from scenarios.read.words import closest, letters, listed
from scenarios.scenario import Table, TableRef

ADDRESSES = ("address", "street")
SEARCHED = 20  # rows in which headers are looked for when the header row has none of ours


def find_columns(sheet: Sheet, table: Table, ref: TableRef, found: Findings) -> dict[str, int]:
    """Return our columns and their positions in the sheet.

    A column named in the scenario's ``columns`` is looked for under that header; any other under its own name, case,
    spaces, underscores and accents aside. Faults: ``header-unknown``, ``header-twice``, ``header-row``.
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
        fits = [k for k, word in enumerate(spelled) if word in names and k not in taken]
        if len(fits) > 1:
            _twice(sheet, column.name, fits, found)
        if fits:
            places[column.name] = fits[0]
    return places


def _mapped(sheet: Sheet, ref: TableRef, found: Findings) -> dict[str, int]:
    places: dict[str, int] = {}
    for name, header in ref.columns.items():
        fits = [k for k, h in enumerate(sheet.headers) if h == header]
        fits = fits or [k for k, h in enumerate(sheet.headers) if letters(h) and letters(h) == letters(header)]
        if not fits:
            likely = closest(header, sheet.headers)
            found.fault(
                "header-unknown",
                sheet.place(),
                f"{name} is to be read from column {header!r}, but there is none; there are {listed(sheet.headers)}",
                f"did you mean {likely!r}?"
                if likely
                else _elsewhere(sheet, {header}) or "correct columns in the scenario",
            )
        elif len(fits) > 1:
            _twice(sheet, name, fits, found)
        else:
            places[name] = fits[0]
    return places


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
    """Find required columns that are nowhere: ``column-missing``, or ``header-row`` when they stand further down."""
    here = set(places) | set(ref.columns) | set(ref.defaults) | set(stands_in)
    lacking = [column for column in TABLES[table] if column.need == "required" and column.name not in here]
    placed = not any(column.need == "place" for column in TABLES[table]) or (
        {"lat", "lon"} <= here or here & {"address", "street"}
    )
    if not lacking and placed:
        return
    names = {name for column in TABLES[table] for name in (column.name, *column.also)} | set(ref.columns.values())
    if hint := _elsewhere(sheet, names, better_than=len(places)):
        found.fault("header-row", sheet.place(), f"its headers are {listed(sheet.headers)}", hint)
        return
    for column in lacking:
        _lacking(sheet, column, found)
    if not placed:
        cause = f"there is neither lat and lon nor address; there are {listed(sheet.headers)}"
        action = 'name them: columns = {lat = "...", lon = "..."}'
        found.fault("column-missing", sheet.place(), cause, action)


def _lacking(sheet: Sheet, column: Column, found: Findings) -> None:
    likely = closest(column.name.replace("_", " "), sheet.headers)
    action = f'add the column, or name yours: columns = {{{column.name} = "{likely or "..."}"}}'
    if column.kind in {"choice", "number", "clock", "whole"}:
        action += f", or one value for all rows: defaults = {{{column.name} = ...}}"
    cause = f"there is no column {column.name} ({column.meaning.lower()}); there are {listed(sheet.headers)}"
    found.fault("column-missing", sheet.place(), cause, action)


def _elsewhere(sheet: Sheet, names: set[str], *, better_than: int = 0) -> str:
    """Say in which row further down the headers seem to be, if they do."""
    wanted = {letters(name) for name in names}
    hits = [sum(letters(text(cell)) in wanted for cell in row) for row in sheet.rows[:SEARCHED]]
    best = max(range(len(hits)), key=hits.__getitem__, default=-1)
    if best < 0 or hits[best] <= better_than or sheet.word != "row":
        return ""
    return f"the headers seem to be in row {sheet.numbers[best]}: say header_row = {sheet.numbers[best]}"


def names_addresses(sheet: Sheet, table: Table, ref: TableRef) -> bool:
    """Return whether a sheet has a column with addresses or streets."""
    return bool(set(ADDRESSES) & set(find_columns(sheet, table, ref, Findings())))
