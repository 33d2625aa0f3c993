"""The footprint of the computation itself.

energy = CPU seconds x power of a busy thread; CO2e = energy x grid intensity. Nothing is measured at the plug: the
method is a constant per thread, as CodeCarbon falls back to, and the range says so.
"""

from __future__ import annotations

from scenarios.data.defaults import lookup
from scenarios.evidence.case import EvidenceCase
from scenarios.evidence.figure import Figure
from scenarios.evidence.span import exact, figure, of_default

NOTE = "constant power per busy thread, not measured"


def figures(case: EvidenceCase) -> tuple[Figure, ...]:
    """Return Wh and g CO2e of this run up to the figures."""
    power = of_default(lookup("computer-power-per-thread", case.scenario.country))
    energy = exact(case.cpu_s / 3600.0) * power
    grid = of_default(lookup("grid-intensity", case.scenario.country))
    return (
        figure("computation-energy", energy, "Wh", better="lower", note=NOTE),
        figure("computation-co2e", energy * grid * exact(0.001), "g CO2e", better="lower", note=NOTE),
    )
