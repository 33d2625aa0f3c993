"""Tables in text files: comma, semicolon or tab between the fields, in whatever encoding they were saved."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

from faults import Fault, InputError
from scenarios.read.characters import decode
from scenarios.read.sheet import Sheet, from_grid

DELIMITERS = (",", ";", "\t", "|")
SNIFFED = 200_000  # characters looked at to tell the delimiter
MAX_COLUMNS = 500
MAX_ROWS = 200_000
MAX_CELLS = 4_000_000


def read_delimited(path: Path, *, file: str, header_row: int = 1) -> tuple[Sheet, tuple[Fault, ...]]:
    """Read a table from a text file.

    Parameters
    ----------
    file
        Name to show.
    header_row
        Where the headers are; the first row is 1.

    Returns
    -------
    The sheet, and doubts: the encoding had to be guessed, a quotation mark may have swallowed rows.

    Raises
    ------
    InputError
        ``encoding``, ``not-text``, ``table-too-large``, ``ragged-row``, ``quotes``, ``empty-table``.
    """
    written, doubts = decode(path.read_bytes(), file)
    if "\x00" in written:
        row = written[: written.index("\x00")].count("\n") + 1
        raise _error("not-text", f"{file}, line {row}", "there is a character with code 0", "save the table anew")
    written, delimiter = _declared_delimiter(written)
    delimiter = delimiter or _delimiter(written, header_row)
    records = _records(written, delimiter, file)
    if faults := _ragged(records, delimiter, file, header_row):
        raise InputError(faults)
    doubts = (*doubts, *_swallowed(records, delimiter, file))
    width = max(map(len, records), default=0)
    grid = [record + [""] * (width - len(record)) for record in records]
    return from_grid(grid, file=file, header_row=header_row, comma=delimiter == ";"), doubts


def _declared_delimiter(written: str) -> tuple[str, str]:
    """Honour the first line ``sep=;`` that spreadsheet programs write; drop it, as they do."""
    first, _, rest = written.partition("\n")
    mark = first.strip('\r" ').casefold()
    if mark.startswith("sep=") and len(mark) == 5 and mark[4] in DELIMITERS:
        return rest, mark[4]
    return written, ""


def _delimiter(written: str, header_row: int) -> str:
    """Return the mark that parts the header and the first rows into equally many fields, outside quotes."""

    def fit(mark: str) -> tuple[float, int]:
        lengths = _lengths(written, mark, header_row)
        if not lengths or lengths[0] < 2:
            return 0.0, 0
        same = sum(length == lengths[0] for length in lengths) / len(lengths)
        return (1.0 if same > 0.5 else same), lengths[0]

    return max(DELIMITERS, key=fit)


def _lengths(written: str, mark: str, header_row: int) -> list[int]:
    rows = csv.reader(io.StringIO(written[:SNIFFED], newline=""), delimiter=mark)
    try:
        lengths = [len(row) for _, row in zip(range(header_row + 40), rows, strict=False)]
    except csv.Error:
        return []
    return [length for length in lengths[header_row - 1 :] if length]


def _records(written: str, delimiter: str, file: str) -> list[list[str]]:
    """Part the text into records.

    With the standard library's strict reader and not with pandas, which pads short rows, cuts long ones and, asked to
    report them, drops rows with broken quotes without a word.
    """
    reader = csv.reader(
        io.StringIO(written, newline=""), delimiter=delimiter, strict=True, skipinitialspace=delimiter != "\t"
    )
    records: list[list[str]] = []
    width = 0
    try:
        for record in reader:
            records.append([field.strip() for field in record])
            width = max(width, len(record))
            if width > MAX_COLUMNS or len(records) > MAX_ROWS or width * len(records) > MAX_CELLS:
                cause = f"row {len(records)} brings it to {width} columns and {len(records)} rows"
                action = f"at most {MAX_COLUMNS} columns and {MAX_ROWS} rows are read; leave out what is not needed"
                raise _error("table-too-large", file, cause, action)
    except csv.Error as error:
        place, cause = f"{file}, row {len(records) + 1}", _quote_cause(str(error))
        raise _error("quotes", place, cause, "save the table anew from a spreadsheet program") from None
    return records


def _quote_cause(error: str) -> str:
    if "limit" in error:
        return "a cell is longer than 131,072 characters, or a quotation mark is opened and never closed"
    if "end of data" in error:
        return "a quotation mark is opened and never closed"
    return "text follows a closing quotation mark"


def _ragged(records: list[list[str]], delimiter: str, file: str, header_row: int) -> list[Fault]:
    """Find rows with more fields than headers; shorter ones merely leave their last cells empty."""
    width = len(records[header_row - 1]) if len(records) >= header_row else 0
    long = [k for k, record in enumerate(records) if k >= header_row and any(record[width:])]
    if long and len(long) * 2 > len(records) - header_row:
        usual = Counter(len(records[k]) for k in long).most_common(1)[0][0]
        likely = next((k for k, record in enumerate(records) if len(record) == usual and all(record)), None)
        hint = f"if row {likely + 1} has the names of the columns, say header_row = {likely + 1}" if likely else ""
        cause = f"row {header_row} has {width} headers, most rows have {usual} fields"
        action = hint or "give every column a header"
        return [Fault(code="header-row", place=f"{file}, row {header_row}", cause=cause, action=action)]
    return [
        Fault(
            code="ragged-row",
            place=f"{file}, row {k + 1}",
            cause=f"it has {len(records[k])} fields, the headers are {width}",
            action=f"put texts and numbers with {_NAMES[delimiter]} inside into quotation marks",
        )
        for k in long
    ]


def _swallowed(records: list[list[str]], delimiter: str, file: str) -> list[Fault]:
    """Find records whose quoted line breaks hold exactly as many delimiters as whole rows would."""
    doubts = []
    for number, record in enumerate(records, start=1):
        whole = "".join(record)
        breaks = whole.count("\n")
        if breaks and len(record) > 2 and whole.count(delimiter) == breaks * (len(record) - 1):
            cause = f"a cell holds {breaks} line breaks and looks as if it had swallowed the rows that follow"
            action = "look for a stray quotation mark there; if the cell is right, nothing is to be done"
            doubts.append(Fault(code="row-swallowed", place=f"{file}, row {number}", cause=cause, action=action))
    return doubts


_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def _error(code: str, place: str, cause: str, action: str) -> InputError:
    return InputError(Fault(code=code, place=place, cause=cause, action=action))
