"""Modes and choices on paper, in both hands of traffic; and the same numbers from the travel on the ground."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from network.matrix import matrix
from network.profiles import PROFILES
from network.stances import AHEAD, BACK
from network.streets import StreetNetwork
from optimiser.rounds.problem import Choice, Mode, Stop
from scenarios.kerbside.ref import KerbsideRef
from scenarios.kerbside.stands import stands
from scenarios.kerbside.work import KerbsideBook, kerbside_work, served_at
from scenarios.model.kerbside import KerbsideStreet, Side
from scenarios.model.work import Stream
from scenarios.scenario import Scenario, StreetsRef
from tests.network.drawing import column
from tests.scenarios.kerbside.drawn import (
    NORTH,
    WEST,
    by_name,
    doors,
    drives,
    everywhere,
    made,
    standing,
    town,
    vehicle,
)

TRUCK = PROFILES["refuse-truck"]
SCENARIO = Scenario(
    name="drawn",
    country="DE",
    currency="EUR",
    streams=(Stream(id="residual", name="Residual", density_kg_m3=400.0),),
    streets=StreetsRef(town="twelve-junctions"),
)
MOVING = 200 * 3.6 / 7.0  # a street of 200 m at 7 km/h
WORK = 5 * 12.0  # five households at 12 s
Found = tuple[dict[str, Stop], tuple[Choice, ...], dict[str, KerbsideStreet]]


def posed(network: StreetNetwork, *profiles: str, ref: KerbsideRef | None = None, service_factor: float = 1.0) -> Found:
    """Stops by "West Street left"; the choices; the streets."""
    profiles = profiles or ("refuse-truck",)
    fleet = tuple(vehicle(name) for name in profiles)
    streets = made(network, everywhere(), ref, fleet)
    book = KerbsideBook(
        scenario=SCENARIO,
        ref=ref or KerbsideRef(),
        stands=standing(network, streets, *profiles),
        types={name: (name, 1.0) for name in profiles},
        service_factor=service_factor,
        windows=lambda _: (),
        at=lambda street: (street.lon, street.lat),
    )
    stops, choices = kerbside_work(book, streets, {street.id: street.total_kg_per_day for street in streets})
    names = {street.id: name for name, street in by_name(streets).items()}
    pairs = {id_: f"{names[ids[0]].rsplit(' ', 1)[0]} both" for id_, ids in served_at(streets).items() if len(ids) == 2}
    return {(names | pairs)[stop.id]: stop for stop in stops}, choices, by_name(streets)


def told(stop: Stop) -> dict[str, float]:
    """Direction of each mode -> its seconds."""
    return {mode.arrive[-1] + mode.leave[-1]: round(mode.service_s, 1) for mode in stop.modes}


@pytest.mark.parametrize("left_hand", [False, True])
def test_the_near_side_is_cheaper_than_across_and_a_wide_street_is_not_crossed(left_hand: bool) -> None:
    stops, _, _ = posed(town(left_hand=left_hand))
    near, across = round(MOVING + WORK, 1), round(MOVING + 1.3 * WORK, 1)
    own, other = (BACK, AHEAD) if left_hand else (AHEAD, BACK)
    assert told(stops["North Street right"]) == {own * 2: near, other * 2: across}
    assert told(stops["North Street left"]) == {other * 2: near, own * 2: across}
    assert told(stops["Wide Street right"]) == {own * 2: near}
    assert told(stops["Wide Street left"]) == {other * 2: near}


def test_a_one_way_street_is_served_in_its_direction_both_sides_without_more() -> None:
    stops, _, _ = posed(town())
    assert told(stops["Gate Street both"]) == {AHEAD * 2: round(MOVING + 2 * WORK, 1)}
    apart, _, _ = posed(town(), ref=KerbsideRef(at_once="never"))
    for side in ("left", "right"):
        assert told(apart[f"Gate Street {side}"]) == {AHEAD * 2: round(MOVING + WORK, 1)}


def test_a_dead_end_is_served_in_and_out() -> None:
    stops, _, _ = posed(town())
    (mode,) = stops["Cul-de-sac both"].modes
    assert mode.arrive.endswith(AHEAD)
    assert mode.leave.endswith(BACK)
    assert mode.service_s == pytest.approx(2 * 150 * 3.6 / 7.0 + TRUCK.u_turn_s + 2 * WORK, abs=0.05)
    assert mode.distance_m == pytest.approx(300, abs=0.05)
    assert stops["Cul-de-sac both"].loads == {"residual": 20.0}


def test_in_a_narrow_dead_end_both_sides_are_served_on_the_way_in_where_that_is_quicker() -> None:
    network = town()
    width = network.tags["width"]
    narrow = replace(width, values=tuple("5" if value == "9" else value for value in width.values))
    blind = replace(network, tags={**network.tags, "width": narrow})
    stops, _, _ = posed(blind)
    assert told(stops["Cul-de-sac both"]) == {AHEAD * 2: 0.0}  # too narrow to turn round: nobody can
    circle = column(["", "", "", "", "turning_circle"])
    stops, _, _ = posed(replace(blind, junction_tags={"highway": circle}))
    (mode,) = stops["Cul-de-sac both"].modes
    back_s = 150 * 3.6 / TRUCK.speed_kmh["residential"]
    assert mode.service_s == pytest.approx(150 * 3.6 / 7.0 + TRUCK.u_turn_s + back_s + 1.15 * 2 * WORK, abs=0.05)


def test_on_a_narrow_quiet_street_both_sides_at_once_is_a_choice_against_each_apart() -> None:
    stops, choices, streets = posed(town())
    left, right = streets["West Street left"], streets["West Street right"]
    (choice,) = choices
    both = choice.options[1][0]
    assert choice.options[0] == (left.id, right.id)
    assert both == left.id.replace(":left:", ":both:")
    assert told(stops["West Street both"]) == dict.fromkeys((AHEAD * 2, BACK * 2), round(MOVING + 1.15 * 2 * WORK, 1))
    assert stops["West Street both"].loads == {"residual": 20.0}
    assert stops["West Street both"].weight == stops["West Street left"].weight + stops["West Street right"].weight
    for rule in ("never", "always"):
        assert posed(town(), ref=KerbsideRef(at_once=rule))[1] == ()


def test_the_metres_driven_at_work_are_those_of_the_street() -> None:
    stops, _, _ = posed(town())
    for name in ("North Street left", "West Street both", "Gate Street both"):
        assert [mode.distance_m for mode in stops[name].modes] == pytest.approx(
            [200.0] * len(stops[name].modes), abs=0.01
        )


def test_each_kind_of_crew_has_its_own_times_and_the_calibration_is_on_all() -> None:
    stops, _, _ = posed(town(), "refuse-truck", "handcart", service_factor=2.0)
    mode = next(mode for mode in stops["North Street right"].modes if mode.arrive.endswith(AHEAD))
    assert mode.service_s == pytest.approx(2 * (MOVING + WORK), abs=0.1)
    assert mode.service_by == {"handcart": pytest.approx(2 * (200 * 3.6 / 2.5 + 5 * 90.0), abs=0.1)}


def test_across_a_wide_street_goes_only_who_may_cross_it() -> None:
    """A handcart serves both sides of the primary street from either direction; the truck must not borrow its way."""
    network = town()
    streets = made(network, everywhere(), None, (vehicle(), vehicle("handcart")))
    kerb = standing(network, streets, "refuse-truck", "handcart")
    stops, _, _ = posed(network, "refuse-truck", "handcart")
    across = [mode for mode in stops["Wide Street right"].modes if mode.arrive.endswith("x")]
    assert [mode.arrive[-2] for mode in across] == [BACK]
    reached = {}
    for name, drive in drives(network, "refuse-truck", "handcart").items():
        rows, columns = kerb.stances(name, 0)
        table = matrix(drive, kerb.places(), rows, columns)
        assert table.leaving == table.arriving == kerb.ids
        reached[name] = bool((table.duration_ms[:, kerb.ids.index(across[0].arrive)] < 2**31 - 1).any())
    assert reached == {"refuse-truck": False, "handcart": True}


def test_a_street_that_no_vehicle_may_enter_stays_as_work_that_leads_nowhere() -> None:
    network = town()
    streets = made(network, doors((NORTH, 50.0, 1, 3.0)))
    shut = replace(network, tags={**network.tags, "access": _only(network, NORTH, "no")})
    kerb = stands(shut, streets, drives(shut, "refuse-truck"))
    book = KerbsideBook(
        scenario=SCENARIO,
        ref=KerbsideRef(),
        stands=kerb,
        types={"refuse-truck": ("refuse-truck", 1.0)},
        service_factor=1.0,
        windows=lambda _: (),
        at=lambda _: (0.0, 0.0),
    )
    ((stop,), _) = kerbside_work(book, streets, {streets[0].id: 3.0})
    rows, columns = kerb.stances("refuse-truck", 0)
    assert {mode.arrive for mode in stop.modes} <= set(columns.ids)
    assert not (rows.ahead | rows.back | columns.ahead | columns.back).any()


def _only(network: StreetNetwork, segment: int, value: str):
    from tests.network.drawing import column

    return column([value if k == segment else "" for k in range(network.segments)])


def test_a_street_of_another_extract_is_refused() -> None:
    network = town()
    streets = made(network, doors((WEST, 50.0, 1, 3.0)))
    other = replace(network, way_id=network.way_id + 1000)
    with pytest.raises(ValueError, match="there is no street"):
        stands(other, streets, drives(other, "refuse-truck"))


def test_streets_with_nothing_to_collect_are_no_stops() -> None:
    network = town()
    streets = made(network, everywhere())
    book = KerbsideBook(
        scenario=SCENARIO,
        ref=KerbsideRef(),
        stands=standing(network, streets, "refuse-truck"),
        types={"refuse-truck": ("refuse-truck", 1.0)},
        service_factor=1.0,
        windows=lambda _: (),
        at=lambda _: (0.0, 0.0),
    )
    stops, choices = kerbside_work(book, streets, {streets[0].id: 5.0})
    assert [stop.id for stop in stops] == [streets[0].id]
    assert choices == ()


def test_both_sides_are_told_apart() -> None:
    streets = made(town(), everywhere())
    at = served_at(streets)
    both = [ids for ids in at.values() if len(ids) == 2]
    assert len(both) == 3  # North, West, Wide
    assert all(Side.LEFT in a and Side.RIGHT in b for a, b in both)
    assert np.isfinite([mode.service_s for stop in posed(town())[0].values() for mode in stop.modes]).all()
    assert isinstance(posed(town())[0]["North Street left"].modes[0], Mode)
