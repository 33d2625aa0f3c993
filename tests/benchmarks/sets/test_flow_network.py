"""The made-up region: seeded, of the size that is asked for, and solved by name."""

import numpy as np
import pytest

from benchmarks.sets.flow_network import flow_network, is_flow_network, region
from optimiser.hubs.flows.build import build


def test_the_size_and_the_seed_are_in_the_word():
    problem = flow_network("made-up-flows:500")
    assert len(problem.sources) == 500
    hubs = [site for site in problem.sites if len(site.sizes) == 3]
    assert (len(hubs), len(problem.sites) - len(hubs)) == (60, 10)
    assert len(problem.sources[0].arisings) == 5
    assert build(problem).matrix.shape[1] > 50_000


def test_the_same_seed_makes_the_same_region():
    one, same, other = (region(50, seed) for seed in (1, 1, 2))
    assert (one.arising == same.arising).all()
    assert (one.hubs == same.hubs).all()
    assert not np.allclose(one.hubs, other.hubs)


@pytest.mark.parametrize("word", ["made-up-flows", "made-up-flows:0", "made-up:50", "made-up-flows:5:x"])
def test_other_words_are_none(word):
    assert not is_flow_network(word)
    with pytest.raises(ValueError, match="SOURCES"):
        flow_network(word)
