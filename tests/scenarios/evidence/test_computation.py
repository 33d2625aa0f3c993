import pytest

from scenarios.evidence.computation import figures
from tests.scenarios.evidence.on_paper import by_id, case


def test_energy_is_cpu_time_times_the_power_of_a_thread():
    found = by_id(figures(case(cpu_s=1800.0)))
    energy = found["computation-energy"]
    assert (energy.value, energy.low, energy.high) == (pytest.approx(2.0), pytest.approx(2.0), pytest.approx(21.25))
    assert "not measured" in energy.note
    assert found["computation-co2e"].value == pytest.approx(2.0 * 70.5 / 1000)
