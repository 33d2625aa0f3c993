import pytest

from faults import InputError
from scenarios.demand.buildings import people_in_buildings
from tests.scenarios.demand.ground import built


def shares(*buildings: dict[str, object], people: float = 100) -> list[float]:
    return people_in_buildings(built(*buildings), people)[0].people.round(6).tolist()


def test_people_follow_the_floor_area() -> None:
    assert shares({"area": 300, "levels": 2}, {"area": 100, "levels": 4}, people=1000) == [600, 400]


def test_levels_that_are_not_tagged_go_by_kind() -> None:
    assert shares({"kind": "apartments", "area": 100}, {"kind": "house", "area": 100}) == [80, 20]


def test_what_is_not_lived_in_has_nobody() -> None:
    lived, _ = people_in_buildings(
        built({"kind": "garage"}, {"kind": "church"}, {"kind": "industrial"}, {"x": 50}, {"kind": "retail"}), 10
    )
    assert lived.people.tolist() == [10]
    assert lived.lon[0] > 0


def test_unknown_kinds_count_half_unless_they_are_used_or_a_shed() -> None:
    buildings = ({"area": 100}, {"kind": "yes", "area": 100}, {"kind": "yes", "use": "school"}, {"area": 11})
    assert shares(*buildings, people=150) == [100, 50]


def test_an_estimate_that_rests_on_unknown_kinds_says_so() -> None:
    _, doubts = people_in_buildings(built({"kind": "yes"}, {"kind": "yes"}), 10)
    assert [doubt.code for doubt in doubts] == ["building-kind-unknown"]
    assert "100%" in doubts[0].cause
    assert people_in_buildings(built({"kind": "house"}), 10)[1] == ()


@pytest.mark.parametrize("features", [None, built(), built({"kind": "garage"})])
def test_without_homes_there_is_no_estimate(features: object) -> None:
    with pytest.raises(InputError) as refused:
        people_in_buildings(features, 10)
    assert [fault.code for fault in refused.value.faults] == ["no-buildings"]
