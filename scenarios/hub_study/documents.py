"""All documents of a hub study, and what is said on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from scenarios.documents.document import Document
from scenarios.hub_study.outcome import StudyOutcome
from scenarios.hub_study.report import write_report
from scenarios.hub_study.sentences import lead
from scenarios.hub_study.summary import write_data


def write_study(outcome: StudyOutcome, folder: Path) -> tuple[Document, ...]:
    """Write every document of a study into a folder, which is made if it is not there; the report comes first."""
    folder.mkdir(parents=True, exist_ok=True)
    return (write_report(outcome, folder), *write_data(outcome, folder))


def told(outcome: StudyOutcome, written: Sequence[Document], folder: Path) -> str:
    """Return the study as text for a terminal; the path of the report is the last line."""
    lines = [outcome.study.name, "=" * len(outcome.study.name), *lead(outcome), ""]
    lines += [str(folder / document.name) for document in written[1:]]
    return "\n".join([*lines, str(folder / written[0].name)])
