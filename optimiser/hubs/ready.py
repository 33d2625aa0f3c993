"""Everything of siting and of flows compiled, once in a process, before any clock runs."""

from __future__ import annotations

from functools import cache

from optimiser.hubs.codesign.warm import warm as warm_codesign
from optimiser.hubs.flows.warm import warm as warm_flows
from optimiser.hubs.siting.warm import warm as warm_siting


@cache
def ready() -> None:
    """Compile the engines of our own for siting and for flows, or load them where they are kept."""
    warm_codesign()
    warm_siting()
    warm_flows()
