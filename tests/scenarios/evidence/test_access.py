import numpy as np
import pytest

from scenarios.evidence.access import figures, weighted_quantile, worst_mean
from tests.scenarios.evidence.on_paper import by_id, case, homes, system

PEOPLE = np.array([50.0, 40.0, 10.0])


def walked(service, hub=None, people=PEOPLE):
    return by_id(
        figures(
            case(
                system=system(residents=homes(*people)),
                people=people,
                walk_to_service_m=np.array(service),
                walk_to_hub_m=None if hub is None else np.array(hub),
            )
        )
    )


def test_people_within_the_radius_are_counted_the_edge_included():
    near = walked([100.0, 200.0, 200.5])["people-near-service"]
    assert near.value == pytest.approx(0.9)
    assert near.better == "higher"
    assert walked([np.inf] * 3)["people-near-service"].value == 0


def test_where_people_live_unknown_no_share_is_given():
    unknown = by_id(figures(case(people=np.array([5.0]), walk_to_service_m=np.array([0.0]))))
    assert unknown["people-near-service"].value is None
    assert "not known" in unknown["people-near-service"].note


def test_without_hubs_no_walk_is_given():
    assert set(walked([0.0] * 3)) == {"people-near-service"}


def test_walks_are_weighted_by_people_and_get_the_range_of_walking_speed():
    found = walked([0.0] * 3, [100.0, 500.0, 1000.0])
    mean = (50 * 100 + 40 * 500 + 10 * 1000) / 100
    assert found["walk-mean"].value == pytest.approx(mean * 0.06 / 5)
    assert found["walk-mean"].low == pytest.approx(mean * 0.06 / 5.5)
    assert found["walk-mean"].high == pytest.approx(mean * 0.06 / 3)
    assert found["walk-median"].value == pytest.approx(100 * 0.06 / 5)
    assert found["walk-worst-decile"].value == pytest.approx(1000 * 0.06 / 5)


def test_people_without_a_way_are_counted_apart():
    found = walked([0.0] * 3, [100.0, 100.0, np.inf])
    assert found["walk-mean"].value == pytest.approx(1.2)
    assert found["people-without-way-to-hub"].value == pytest.approx(0.1)


def test_nobody_with_a_way_has_no_walk():
    found = walked([0.0] * 3, [np.inf] * 3)
    assert [found[name].value for name in ("walk-mean", "walk-median", "walk-worst-decile")] == [None] * 3


def test_quantile_and_worst_share_by_hand():
    metres, weights = np.array([30.0, 10.0, 20.0]), np.array([1.0, 1.0, 2.0])
    assert weighted_quantile(metres, weights, 0.5) == 20
    assert weighted_quantile(metres, weights, 0.25) == 10
    assert worst_mean(metres, weights, 0.25) == 30
    assert worst_mean(metres, weights, 0.5) == pytest.approx(25)
    assert worst_mean(metres, weights, 1.0) == pytest.approx(20)
