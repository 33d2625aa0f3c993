import pytest

from scenarios.evidence.service import figures
from tests.notation import stop
from tests.scenarios.evidence.on_paper import POINTS, case, day, problem, values


def test_stops_of_the_day_on_paper():
    assert values(figures(case())) == {
        "stops-required": 4,
        "stops-optional": 0,
        "stops-served": 3,
        "stops-left-out": 1,
        "share-served": pytest.approx(0.75),
    }


def test_an_optional_stop_left_out_is_not_missed():
    stops = tuple(
        stop(name, loads={stream: kg}, prize=1.0 if name == "c" else None) for name, (stream, kg) in POINTS.items()
    )
    found = values(figures(case(days=(day(posed=problem(stops=stops)),))))
    assert (found["stops-required"], found["stops-optional"], found["stops-left-out"]) == (3, 1, 0)
    assert found["share-served"] == 1.0


def test_without_a_plan_every_stop_is_left_out():
    found = values(figures(case(days=(day(""),))))
    assert (found["stops-served"], found["stops-left-out"], found["share-served"]) == (0, 4, 0)
