import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.data.defaults import lookup
from scenarios.evidence.span import NOTHING, Span, exact, figure, of_default, total, unknown

AMOUNTS = st.lists(st.floats(0, 1e6), min_size=3, max_size=3).map(sorted)
SPANS = AMOUNTS.map(lambda ends: Span(value=ends[1], low=ends[0], high=ends[2]))


@given(SPANS, SPANS)
def test_sums_and_products_stay_inside_their_ends(one, other):
    for result in (one + other, one * other):
        assert result.low <= result.value <= result.high
    assert (one + other).value == one.value + other.value
    assert (one * other).high == one.high * other.high


def test_sources_are_gathered_once_in_order():
    rate = of_default(lookup("diesel-co2-per-litre", "KE"))
    both = exact(2.0, "plan") * rate + exact(1.0, "plan")
    assert both.sources == ("plan", *rate.sources)


def test_a_default_keeps_its_range():
    rate = of_default(lookup("diesel-co2-per-litre", "KE"))
    assert (rate.low, rate.value, rate.high) == (2.60, 2.68, 2.75)


def test_nothing_adds_nothing():
    assert total([]) == NOTHING
    assert total([exact(1.0), exact(2.0)]).value == pytest.approx(3.0)


def test_figures_carry_range_and_reason():
    known = figure("distance", exact(5.0, "plan"), "km", better="lower")
    assert (known.low, known.value, known.high, known.sources) == (5.0, 5.0, 5.0, ("plan",))
    assert unknown("walk-mean", "min", "nobody walks").note == "nobody walks"
