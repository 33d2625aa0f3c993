from __future__ import annotations

from optimiser.rounds.ready import ready


def test_what_is_compiled_stays_so_for_the_process() -> None:
    ready()
    asked = ready.cache_info().hits
    ready()
    assert ready.cache_info().hits == asked + 1
    assert ready.cache_info().misses == 1
