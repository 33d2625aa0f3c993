from dataclasses import replace

import pytest

from scenarios.documents.earnings import earnings, to_pay
from scenarios.documents.itinerary import all_itineraries


def test_money_of_a_paying_round(recycler):
    ((_, itinerary),) = all_itineraries(recycler)
    earned = earnings(recycler, itinerary)
    assert earned.bought == pytest.approx(125 * 12)
    assert earned.sold == pytest.approx(125 * 30)
    assert earned.running == pytest.approx(100 + 5 * itinerary.price.distance_m / 1000)
    assert earned.left == pytest.approx(earned.sold - earned.bought - earned.running)
    assert earned.per_hour * earned.hours == pytest.approx(earned.left)
    assert to_pay(itinerary.steps[0]) == pytest.approx(480)
    assert to_pay(itinerary.steps[-1]) is None  # the tip


def test_no_time_out_earns_nothing_an_hour(recycler):
    ((_, itinerary),) = all_itineraries(recycler)
    still = replace(itinerary, price=replace(itinerary.price, paid_s=0.0))
    assert earnings(recycler, still).per_hour == 0.0


def test_a_round_that_trades_nothing_has_no_earnings(full):
    assert all(earnings(full, itinerary) is None for _, itinerary in all_itineraries(full))


def test_a_crew_that_is_paid_reads_nothing_of_earnings(recycler):
    paid = tuple(replace(point, buying_price_per_kg=None, optional=False) for point in recycler.system.points)
    town = replace(recycler, system=replace(recycler.system, points=paid))
    assert all(earnings(town, itinerary) is None for _, itinerary in all_itineraries(town))
