from dataclasses import replace

import numpy as np
import pytest

from network.drive import drive
from network.profiles import PROFILES
from network.stances import Stances, stances
from tests.network.drawing import draw
from tests.network.towns import FIRST, MARKET, SOUTH, TOWN, TRUCK, driven, ready, standing

LEFT, ON, RIGHT = -1, 0, 1


def listed(found: Stances) -> dict[str, str]:
    way = {(True, False): ">", (False, True): "<", (True, True): "o", (False, False): "."}
    return {
        name: way[bool(a), bool(b)] + ("x" if x else "")
        for name, a, b, x in zip(found.ids, found.ahead, found.back, found.across, strict=True)
    }


def test_at_the_near_kerb_there_is_one_way_to_stand() -> None:
    places = standing(TOWN, [SOUTH] * 3, [50] * 3, [RIGHT, LEFT, ON])
    found = stances(driven(), places, ["r", "l", "on"], kerb="near")
    assert listed(found) == {"r>": ">", "l<": "<", "on>": ">", "on<": "<"}
    assert found.at(2) == ("on>", "on<")


def test_in_left_hand_traffic_the_near_kerb_is_the_other_one() -> None:
    network = replace(TOWN, left_hand=True)
    prepared = replace(ready(), network=network)
    found = stances(replace(driven(), prepared=prepared), standing(TOWN, [SOUTH], [50], [RIGHT]), ["r"], kerb="near")
    assert listed(found) == {"r<": "<"}


def test_where_the_crew_may_cross_there_are_two() -> None:
    places = standing(TOWN, [SOUTH, SOUTH], [50, 50], [RIGHT, LEFT])
    assert listed(stances(driven(), places, ["a", "b"])) == {"a>": ">", "a<": "<x", "b>": ">x", "b<": "<"}
    careful = drive(ready(), replace(TRUCK, crosses=frozenset()))
    assert listed(stances(careful, places, ["a", "b"])) == {"a>": ">", "b<": "<"}


def test_in_a_one_way_street_there_is_one_direction() -> None:
    places = standing(TOWN, [MARKET, MARKET], [50, 50], [RIGHT, LEFT])
    for kerb in ("near", "any"):
        assert listed(stances(driven(), places, ["r", "l"], kerb=kerb)) == {"r>": ">", "l>": ">x"}


def test_a_yard_is_left_and_entered_anyhow() -> None:
    places = standing(TOWN, [SOUTH, MARKET], [50, 50], [RIGHT, LEFT])
    assert listed(stances(driven(), places, ["a", "b"], kerb="yard")) == {"a": "o", "b": ">"}
    on_foot = driven(PROFILES["foot"])
    assert listed(stances(on_foot, places, ["a", "b"], kerb="near")) == {"a": "o", "b": "o"}


def test_each_place_may_have_its_own_rule_and_none_has_a_stance_that_leads_nowhere() -> None:
    places = standing(TOWN, [SOUTH, -1, FIRST], [50, 0, 10], [RIGHT, ON, RIGHT])
    found = stances(driven(), places, ["a", "b", "c"], kerb=["yard", "near", "near"])
    assert listed(found) == {"a": "o", "b": ".", "c>": ">"}
    assert found.place.tolist() == [0, 1, 2]


def test_a_direction_that_leads_into_a_trap_is_no_way_to_stand() -> None:
    network = draw(
        {"a": (0, 0), "b": (100, 0), "c": (100, 100), "d": (0, 100), "e": (300, 0)},
        [("a", "b"), ("b", "c"), ("c", "d"), ("d", "a"), ("b", "e", {"oneway": "yes"}), ("a", "c")],
    )
    from network.drive import prepare

    trapped = drive(prepare(network), TRUCK)
    assert not trapped.allowed[4]
    found = stances(trapped, standing(network, [4, 0], [50, 50]), ["trap", "fine"], kerb="near")
    assert listed(found) == {"trap": ".", "fine>": ">", "fine<": "<"}


@pytest.mark.parametrize(("ids", "kerb"), [(["a"], "any"), (["a", "b"], ["near"])])
def test_numbers_must_match(ids: list[str], kerb: object) -> None:
    with pytest.raises(ValueError, match="for 2 places"):
        stances(driven(), standing(TOWN, [0, 0], [1, 2]), ids, kerb=kerb)  # type: ignore[arg-type]


def test_arrays_must_match() -> None:
    with pytest.raises(ValueError, match="differ in length"):
        Stances(ids=("a",), place=np.zeros(2, np.int32), ahead=np.ones(1, bool), back=np.ones(1, bool))
