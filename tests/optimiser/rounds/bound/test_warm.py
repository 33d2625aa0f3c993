import os

import pytest

from optimiser.rounds.bound import paths, triples, warm


@pytest.mark.skipif(os.environ.get("NUMBA_DISABLE_JIT") == "1", reason="nothing is compiled")
def test_everything_is_compiled_afterwards():
    warm()
    for kernel in (paths.completion, paths.least, paths.trips, paths.varied, triples.broken_triples):
        assert len(kernel.signatures) == 1
