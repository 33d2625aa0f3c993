"""All documents of a co-design study, and what is said on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from scenarios.codesign_study.data import write_data
from scenarios.codesign_study.outcome import CodesignOutcome
from scenarios.codesign_study.report import write_report
from scenarios.codesign_study.sentences import lead
from scenarios.documents import driver_sheet, editable, gpx
from scenarios.documents.document import Document


def write_codesign(outcome: CodesignOutcome, folder: Path) -> tuple[Document, ...]:
    """Write every document of a study into a folder, which is made if it is not there; the report comes first."""
    folder.mkdir(parents=True, exist_ok=True)
    rounds = [
        document for kind in (editable, driver_sheet, gpx) for document in kind.write(outcome.together.outcome, folder)
    ]
    return (write_report(outcome, folder), *write_data(outcome, folder), *rounds)


def told(outcome: CodesignOutcome, written: Sequence[Document], folder: Path) -> str:
    """Return the study as text for a terminal; the path of the report is the last line."""
    name = outcome.scenario.name
    lines = [name, "=" * len(name), *lead(outcome), ""]
    lines += [str(folder / document.name) for document in written[1:]]
    return "\n".join([*lines, str(folder / written[0].name)])
