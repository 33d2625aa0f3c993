import pytest

from scenarios.evidence.mass import figures
from scenarios.scenario import DemandRef
from tests.scenarios.evidence.on_paper import by_id, case, facility, point, scenario, system, values


def test_tonnes_of_the_day_on_paper():
    found = by_id(figures(case()))
    assert {name: found[name].value for name in ("generated", "collected", "to-hubs", "left")} == {
        "generated": pytest.approx(0.205),
        "collected": pytest.approx(0.180),
        "to-hubs": 0.0,
        "left": pytest.approx(0.025),
    }
    assert (found["generated"].low, found["generated"].high) == (found["generated"].value,) * 2
    assert found["generated"].sources == ("points.csv",)


def test_an_estimate_by_the_default_rate_has_its_range():
    estimated = case(scenario=scenario(demand=DemandRef(from_="buildings", people=200)))
    generated = by_id(figures(estimated))["generated"]
    assert generated.low == pytest.approx(0.205 * 0.53 / 0.70)
    assert generated.high == pytest.approx(0.205 * 0.79 / 0.70)
    assert any(source.startswith("kg-per-person-day 0.7") for source in generated.sources)


def test_a_rate_of_the_planners_own_has_no_range():
    own = DemandRef(from_="buildings", people=200, kg_per_person_day=0.5)
    generated = by_id(figures(case(scenario=scenario(demand=own))))["generated"]
    assert generated.low == generated.high == generated.value


def test_sdg_11_6_1_counts_what_reaches_controlled_facilities():
    def share(controlled):
        return by_id(figures(case(system=system(facilities=(facility(controlled=controlled),)))))["controlled-share"]

    assert share(True).value == pytest.approx(180 / 205)
    assert share(False).value == 0.0
    assert share(None).value is None
    assert "control level" in share(None).note


def test_where_nothing_is_generated_no_share_is_given():
    empty = case(system=system(points=()), days=())
    assert values(figures(empty))["controlled-share"] is None
    assert values(figures(empty))["generated"] == 0


def test_estimated_points_are_marked():
    points = tuple(point(name, estimated=True) for name in "abpc")
    assert all(figure.estimated for figure in figures(case(system=system(points=points)))[:4])
