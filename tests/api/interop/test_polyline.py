import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.interop.polyline import decode, encode

DEGREES = st.tuples(st.floats(-180, 180), st.floats(-90, 90))


def test_the_example_of_the_format_s_authors() -> None:
    lon, lat = np.array([-120.2, -120.95, -126.453]), np.array([38.5, 40.7, 43.252])
    assert encode(lon, lat, digits=5) == "_p~iF~ps|U_ulLnnqC_mqNvxq`@"


@given(st.lists(DEGREES, max_size=20), st.sampled_from([5, 6]))
def test_what_is_written_is_read_again(places: list[tuple[float, float]], digits: int) -> None:
    lon, lat = np.array(places, np.float64).reshape(-1, 2).T
    back = decode(encode(lon, lat, digits=digits), digits=digits)
    for ours, theirs in zip(back, (lon, lat), strict=True):
        assert np.abs(ours - theirs).max(initial=0) <= 0.5000001 * 10**-digits


@pytest.mark.parametrize("text", ["_p~iF", "_p~iF~ps|", "é", " ", "~" * 30])
def test_what_is_no_polyline_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="polyline"):
        decode(text, digits=5)
