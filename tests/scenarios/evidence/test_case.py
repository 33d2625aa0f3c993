import numpy as np
import pytest

from tests.scenarios.evidence.on_paper import case


@pytest.mark.parametrize(
    "changes",
    [
        {"people": np.array([1.0, np.nan]), "walk_to_service_m": np.zeros(2)},
        {"people": np.array([1.0, np.inf]), "walk_to_service_m": np.zeros(2)},
        {"people": np.ones(2), "walk_to_service_m": np.zeros(3)},
        {"people": np.ones(2), "walk_to_service_m": np.array([-1.0, 0.0])},
        {"people": np.ones(2), "walk_to_hub_m": np.zeros(1)},
    ],
)
def test_arrays_that_do_not_fit_are_refused(changes):
    with pytest.raises(ValueError, match=r"people|walk"):
        case(**changes)


def test_arrays_become_read_only():
    made = case(people=np.ones(2))
    assert not made.people.flags.writeable
    assert not made.walk_to_service_m.flags.writeable
