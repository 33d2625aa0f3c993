"""Evidence: one family of figures a file. A new one is a file and a line in ``MEASURES``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

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
)


def measure(case: EvidenceCase) -> tuple[Figure, ...]:
    """Return every figure of a run, over its whole period.

    Where the demand is estimated, so is everything planned for it; only the computation itself is not.
    """
    planned = [figure for figures in MEASURES for figure in figures(case)]
    if is_estimated(case):
        planned = [replace(figure, estimated=True) for figure in planned]
    return (*planned, *computation.figures(case))


def is_estimated(case: EvidenceCase) -> bool:
    """Return whether any amount of waste, or where people live, is an estimate."""
    system = case.system
    points = any(point.estimated for point in system.points) or any(home.estimated for home in system.residents)
    return points or any(street.estimated for street in system.kerbside)
