from dataclasses import replace

import pytest

from scenarios.evidence.earnings import figures
from tests.scenarios.evidence.on_paper import by_id, case, scenario, values


def test_money_in_and_out_on_paper():
    found = values(figures(case()))
    costs = 50 + 2 * 8 + 0.1 * 180
    assert found["sales"] == pytest.approx(20 * 30)
    assert found["purchases"] == pytest.approx(5 * 30)
    assert found["earnings"] == pytest.approx(600 - 150 - costs)
    assert found["earnings-per-hour"] == pytest.approx((600 - 150 - costs) / (29 / 60))
    assert found["surplus"] == pytest.approx(600 - 150 - costs - 360 * 29 / 60)
    assert by_id(figures(case()))["earnings-per-hour"].unit == "KES/h"


def test_where_nothing_is_sold_nothing_is_earned_and_nothing_said():
    streams = tuple(replace(stream, sale_price_per_kg=None) for stream in scenario().streams)
    unsold = case()
    assert figures(replace(unsold, system=replace(unsold.system, streams=streams))) == ()


def test_invented_prices_carry_the_word():
    assert {figure.note for figure in figures(case(scenario=scenario(illustration=("prices",))))} == {"illustration"}


def test_a_municipality_that_sells_its_paper_has_sales_but_earns_nothing_an_hour():
    town = case()
    points = tuple(replace(point, buying_price_per_kg=None, optional=False) for point in town.system.points)
    assert list(values(figures(replace(town, system=replace(town.system, points=points))))) == ["sales"]
