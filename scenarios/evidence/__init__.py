"""Evidence: one family of figures a file. A new one is a file and a line in ``MEASURES``."""

from __future__ import annotations

from collections.abc import Callable

from scenarios.evidence import access, computation, cost, earnings, emissions, fleet, mass, service
from scenarios.evidence.case import EvidenceCase
from scenarios.evidence.figure import Figure

Measure = Callable[[EvidenceCase], tuple[Figure, ...]]

MEASURES: tuple[Measure, ...] = (
    mass.figures,
    service.figures,
    access.figures,
    fleet.figures,
    cost.figures,
    earnings.figures,
    emissions.figures,
    computation.figures,
)


def measure(case: EvidenceCase) -> tuple[Figure, ...]:
    """Return every figure of a run, over its whole period."""
    return tuple(figure for figures in MEASURES for figure in figures(case))
