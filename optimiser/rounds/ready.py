"""Everything compiled, once in a process, before any clock runs: the first time on a machine it takes a while."""

from __future__ import annotations

from functools import cache

from optimiser.rounds.bound.warm import warm as warm_bound
from optimiser.rounds.strings.warm import warm as warm_search
from optimiser.rounds.warm import warm as warm_timing


@cache
def ready() -> None:
    """Compile the timing pass, the bound and our own search, or load them where they are kept."""
    warm_timing()
    warm_bound()
    warm_search()
