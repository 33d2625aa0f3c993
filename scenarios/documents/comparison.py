"""What may be said about today's rounds: a difference only where the model was held against records and agrees."""

from __future__ import annotations

from scenarios.documents import words
from scenarios.evidence.figure import Figure
from scenarios.messages import say
from scenarios.outcome import Outcome

TODAY, SAVING = "today-", "saving-"


def claimed(outcome: Outcome) -> tuple[Figure, ...]:
    """Return the figures of the difference; none in an illustration, and none unless the model agrees with records."""
    baseline = outcome.baseline
    if baseline is None or outcome.scenario.illustration or not baseline.agrees:
        return ()
    return baseline.comparison


def pairs(outcome: Outcome) -> list[tuple[str, Figure, Figure]]:
    """Return name, today's figure and what the plan saves of it, for the differences that may be claimed."""
    figures = {figure.id: figure for figure in claimed(outcome)}
    return [
        (words.figure_name(figure, outcome.scenario.language), figure, figures[other])
        for name, figure in figures.items()
        if name.startswith(TODAY) and (other := name.replace(TODAY, SAVING, 1)) in figures
    ]


def no_saving(outcome: Outcome) -> str:
    """Return why no difference is claimed."""
    language, baseline = outcome.scenario.language, outcome.baseline
    if outcome.scenario.illustration:
        return say("report.today.illustration", language)
    if baseline is None or baseline.agrees is None:
        return say("report.today.unrecorded", language)
    return say("report.today.disagrees", language)
