"""Tables of a study as data: CSV, a workbook, features of a map program. A row is a mapping, heads are its keys."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from typing import Any

from openpyxl.workbook import Workbook

from scenarios.documents.cells import Column, Value, add_sheet
from scenarios.documents.strict import strict

Table = list[dict[str, Value]]
DECIMALS = 6
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def feature(row: Mapping[str, Value], kind: str) -> dict[str, Any]:
    """Return a row with ``lon`` and ``lat`` as a point of GeoJSON; the other columns are its properties."""
    place = [round(float(row[name] or 0.0), DECIMALS) for name in ("lon", "lat")]
    told = {name: value for name, value in row.items() if name not in ("lon", "lat")}
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": place},
        "properties": {"kind": kind, **strict(told)},
    }


def csv_text(table: Table) -> str:
    """Return a table as CSV with lines as RFC 4180 has them."""
    heads = list(table[0]) if table else []
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([[_plain(value) for value in row.values()] for row in table])
    return out.getvalue()


def _plain(value: Value) -> Value:
    """Return a value as it may stand in a table that a spreadsheet opens: text never runs as a formula."""
    if isinstance(value, str) and value.startswith(DANGEROUS):
        return f"'{value}"
    return strict(value) if isinstance(value, float) else value


def book(sheets: Mapping[str, Table], number_format: Callable[[str], str]) -> bytes:
    """Return tables as a workbook.

    Parameters
    ----------
    sheets
        Title of a sheet -> its table.
    number_format
        Format of a column, by its head.
    """
    made = Workbook()
    if made.active is not None:
        made.remove(made.active)
    for title, table in sheets.items():
        heads = list(table[0]) if table else ["id"]
        columns = [Column(title=head, format=number_format(head)) for head in heads]
        add_sheet(made, title, columns, [list(row.values()) for row in table])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()
