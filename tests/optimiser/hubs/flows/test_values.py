"""Marginal values: each is what planning again with one unit more says."""

from dataclasses import replace

import pytest

from optimiser.hubs.flows.engines import arrays
from optimiser.hubs.flows.problem import Duty
from optimiser.hubs.flows.values import values, worth_of_sites
from tests.optimiser.hubs.flows.whiteboard import town


def best(problem):
    return arrays.solve(problem, deadline=None, iterations=None, seed=1)


def small():
    hub = town().sites[0]
    return town(sites=(replace(hub, sizes=hub.sizes[:1]),))


def test_a_kilogram_of_capacity_when_the_hub_is_full():
    """Another kilogram of street b is sorted instead of left: 0.08 - 0.09116 - 0.30."""
    found = values(small(), best(small()).plan)
    assert found.capacity == {"hub": pytest.approx(-0.31116)}
    assert found.arising["b", "dry"] == pytest.approx(0.30)
    hub = small().sites[0]
    larger = replace(small(), sites=(replace(hub, sizes=(replace(hub.sizes[0], capacity_kg=1001.0),)),))
    assert best(larger).minimised - best(small()).minimised == pytest.approx(-0.31116)


def test_nothing_is_short_in_the_large_hub():
    found = values(town(), best(town()).plan)
    assert found.capacity == {}
    assert found.arising["a", "dry"] == pytest.approx(0.04 - 0.09116)


def test_a_cap_and_a_duty_have_a_price():
    """Capped at 1,000 kg of bales; a duty of 1,110 kg with dear sorting costs the difference to leaving."""
    mill, dump = town().outlets
    capped = town(outlets=(replace(mill, offers=(replace(mill.offers[0], at_most_kg=1000.0),)), dump))
    found = values(capped, best(capped).plan)
    assert found.cap["mill", "bales"] == pytest.approx(-(0.30 - 0.08 + 0.09116) / 0.74)
    dear = replace(town().processes[0], cost_per_kg=0.65)
    duty = Duty(id="contract", stream="bales", outlets=("mill",), least_kg=370.0)
    forced = town(processes=(dear,), duties=(duty,))
    found = values(forced, best(forced).plan)
    assert found.duty["contract"] == pytest.approx((0.04 + 0.50884 - 0.30) / 0.74)


def test_the_worth_of_a_site_is_what_is_lost_without_it():
    assert worth_of_sites(town(), best(town()).plan, seconds=60.0) == {"hub": pytest.approx(450.0 - 43.26)}
    assert worth_of_sites(town(), best(town()).plan, seconds=60.0, others=True) == {"hub": pytest.approx(450.0 - 43.26)}
