"""What a run shows: every document is made from an outcome and nothing else. One module, one kind of document."""

from __future__ import annotations

from pathlib import Path

from scenarios.documents import driver_sheet, editable, geo, gpx, report, summary, text, workbook
from scenarios.documents.document import Document, Writer
from scenarios.outcome import Outcome

__all__ = ["DOCUMENTS", "Document", "Writer", "write_all"]

DOCUMENTS: dict[str, Writer] = {
    "report": report,
    "driver-sheet": driver_sheet,
    "workbook": workbook,
    "rounds": editable,
    "geojson": geo,
    "gpx": gpx,
    "text": text,
    "outcome": summary,
}


def write_all(outcome: Outcome, folder: Path) -> tuple[Document, ...]:
    """Write every document of an outcome into a folder, which is made if it is not there.

    Returns
    -------
    tuple of Document
        Name, media type, title and size of each file, the report first.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(document for writer in DOCUMENTS.values() for document in writer.write(outcome, folder))
