"""Open a planner's table, whatever its format."""

from __future__ import annotations

from pathlib import Path

from faults import Fault, InputError
from scenarios.read.delimited import read_delimited
from scenarios.read.files import kind_of, resolve
from scenarios.read.geojson import read_geojson
from scenarios.read.headers import header_row_fault, names_addresses
from scenarios.read.sheet import Sheet
from scenarios.read.workbook import read_workbook
from scenarios.scenario import Scenario, Table, TableRef

AT_MOST: dict[Table, int] = {"points": 50_000, "vehicles": 1_000, "hub_sites": 5_000, "candidates": 5_000}
AT_MOST_OTHERS = 50_000


def open_table(table: Table, ref: TableRef, folder: Path) -> tuple[Sheet, tuple[Fault, ...]]:
    """Read a table as it is; nothing is interpreted yet.

    Returns
    -------
    The sheet, and doubts about how it was read.

    Raises
    ------
    InputError
        If there is no such file, if it is not what it should be, or too large; ``header-row`` if its headers stand
        further down.
    """
    path = resolve(folder, ref.file, f"tables.{table}.file")
    kind = kind_of(path, ref.file)
    if kind == "workbook":
        sheet, doubts = read_workbook(path, file=ref.file, sheet=ref.sheet, header_row=ref.header_row)
    elif kind == "geojson":
        sheet, doubts = read_geojson(path, file=ref.file)
    else:
        sheet, doubts = read_delimited(path, file=ref.file, header_row=ref.header_row)
    most = AT_MOST.get(table, AT_MOST_OTHERS)
    if len(sheet.rows) > most:
        cause = f"it has {len(sheet.rows)} rows; at most {most} are read for {table}"
        action = "split the area into several scenarios"
        raise InputError(Fault(code="too-many-rows", place=sheet.place(), cause=cause, action=action))
    if fault := header_row_fault(sheet, table, ref):
        raise InputError(fault)
    return sheet, doubts


def has_addresses(scenario: Scenario, folder: Path) -> bool:
    """Return whether a table has a column with addresses or streets, for which the map's own are needed.

    Tables that cannot be opened count as having none; their faults are told when they are read.
    """
    for table, ref in scenario.tables.items():
        if table == "zones":
            continue
        try:
            sheet, _ = open_table(table, ref, folder)
        except InputError:
            continue
        if names_addresses(sheet, table, ref):
            return True
    return False
