import pytest

from scenarios.evidence.fleet import figures
from tests.scenarios.evidence.on_paper import case, day, values


def test_kilometres_and_hours_of_the_day_on_paper():
    found = values(figures(case()))
    # depot a b p tip and back: 8 km at two minutes each, three stops of a minute, ten minutes at the tip
    assert found["distance"] == pytest.approx(8.0)
    assert found["driving-hours"] == pytest.approx(16 / 60)
    assert found["paid-hours"] == pytest.approx((16 + 3 + 10) / 60)
    assert found["tips"] == 1
    assert found["vehicles"] == 1
    assert found["distance-per-tonne"] == pytest.approx(8.0 / 0.18)


def test_days_are_added_up_but_vehicles_are_not():
    found = values(figures(case(days=(day(), day(name="later")), balance=case().balance)))
    assert found["distance"] == pytest.approx(16.0)
    assert found["tips"] == 2
    assert found["vehicles"] == 1


def test_without_a_plan_nothing_is_driven():
    found = values(figures(case(days=(day(""),))))
    assert (found["distance"], found["vehicles"]) == (0.0, 0.0)
    assert "distance-per-tonne" not in found
