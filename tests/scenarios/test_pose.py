"""The planner's words for vehicles, sites and points, as the optimiser reads them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from optimiser.rounds.problem import Limit, Lock, Mode, Stop
from scenarios.choices import AimsChoice, LockRef
from scenarios.model.fleet import Compartment, FleetVehicle, TodayRound
from scenarios.model.origin import Origin
from scenarios.model.sites import Depot, Facility
from scenarios.model.system import WasteSystem
from scenarios.model.work import CollectionPoint, PointKind, Stream
from scenarios.pose_aims import pose_aims
from scenarios.pose_fleet import dimensions, pose_site, pose_vehicle, service_types
from scenarios.pose_stops import StopBook, kept_by_hand, locks, pose_stop, sets, usual_vehicles
from tests.scenarios.read.kit import ORGANIC, RESIDUAL, scenario

HERE = Origin(file="t.csv", sheet="", row=2)
STREAMS = {stream.id: stream for stream in (RESIDUAL, ORGANIC)}
TRUCK = FleetVehicle(
    id="t1",
    name="t1",
    profile="refuse-truck",
    start_depot="yard",
    end_depot="yard",
    streams=("residual", "organic"),
    payload_kg=7000.0,
    shift_start_s=21600.0,
    shift_end_s=50400.0,
    wage_per_hour=10.0,
    cost_per_km=1.0,
    origin=HERE,
)
TIP = Facility(
    id="tip", name="tip", lon=36.8, lat=-1.3, kind="landfill", accepts=("residual",), unload_s=600, origin=HERE
)
POINT = CollectionPoint(id="p", name="p", lon=36.81, lat=-1.3, stream="residual", service_s=100.0, origin=HERE)


def system(*points: CollectionPoint, **more: object) -> WasteSystem:
    plain = WasteSystem(
        streams=tuple(STREAMS.values()),
        points=points,
        residents=(),
        depots=(Depot(id="yard", name="yard", lon=36.8, lat=-1.3, origin=HERE),),
        facilities=(TIP,),
        vehicles=(TRUCK,),
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def book(whole: WasteSystem, **more: object) -> StopBook:
    plain = StopBook(
        system=whole,
        scenario=scenario(),
        day="mon",
        stances={point.id: (f"{point.id}>", f"{point.id}<") for point in whole.points},
        service_factor=1.0,
        service_types={},
        usual={},
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def limits(vehicle: FleetVehicle, *, skips: bool = False) -> dict[str, Limit]:
    return {limit.name: limit for limit in pose_vehicle(vehicle, STREAMS, skips=skips).limits}


def test_volume_is_weighed_by_density_and_compaction_on_the_vehicle() -> None:
    volume = limits(replace(TRUCK, volume_m3=20.0, compaction={"organic": 2.0}))["volume"]
    assert volume.weights == {"residual": pytest.approx(1 / 334), "organic": pytest.approx(1 / 800)}
    assert volume.at_most == 20.0


def test_compartments_of_a_stream_add_up_and_open_ones_can_be_divided_in_every_way() -> None:
    fixed = (Compartment(stream="residual", at_most_kg=3000), Compartment(stream="organic", at_most_kg=1500))
    named = limits(replace(TRUCK, compartments=(*fixed, Compartment(stream="residual", at_most_kg=500))))
    assert named["compartment residual"].at_most == 3500
    assert named["compartment organic"].at_most == 1500
    open_ = replace(TRUCK, compartments=(Compartment(at_most_kg=3000), Compartment(at_most_kg=1500)))
    rooms = [tuple(limit.at_most for limit in way) for way in pose_vehicle(open_, STREAMS, skips=False).loadings]
    assert rooms == [(4500, 0), (3000, 1500), (1500, 3000), (0, 4500)]


def test_a_split_shift_is_an_unpaid_break_at_the_depot_in_the_order_of_the_day() -> None:
    posed = pose_vehicle(replace(TRUCK, pause=(36000.0, 43200.0)), STREAMS, skips=False)
    (pause,) = posed.breaks
    assert (pause.earliest_s, pause.latest_s, pause.duration_s, pause.paid) == (36000.0, 36000.0, 7200.0, False)
    assert [(mode.arrive, mode.leave) for mode in pause.modes] == [("yard", "yard")]


def test_hours_costs_and_bounds_of_a_vehicle_keep_their_units() -> None:
    posed = pose_vehicle(
        replace(
            TRUCK,
            overtime_hours=1.5,
            overtime_per_hour=5.0,
            rest_after_hours=4.5,
            rest_s=2700.0,
            cost_per_tip=3.0,
            max_stops=40,
            max_km=80.0,
            max_driving_hours=5.0,
            stays_loaded=True,
            unloads_at=("tip",),
            skills=("keys",),
            day_kg=9000.0,
        ),
        STREAMS,
        skips=False,
    )
    assert posed.shift.overtime_s == 5400.0
    assert (posed.costs.overtime_per_hour, posed.costs.per_tip) == (5.0, 3.0)
    assert posed.driving_rest is not None
    assert (posed.driving_rest.after_s, posed.driving_rest.duration_s) == (16200.0, 2700.0)
    assert (posed.max_stops, posed.max_distance_m, posed.max_driving_s) == (40, 80_000.0, 18_000.0)
    assert (posed.must_end_empty, posed.tip_sites, posed.skills) == (False, frozenset({"tip"}), frozenset({"keys"}))
    assert posed.day_limits[0].at_most == 9000.0


def test_a_slow_crew_has_its_own_times_at_stops() -> None:
    slow = replace(TRUCK, id="t2", service_factor=1.5)
    types = service_types((TRUCK, slow))
    (mode, _) = pose_stop(book(system(POINT), service_types=types), POINT, 40.0).modes
    assert types == {"refuse-truck x1.5": 1.5}
    assert pose_vehicle(slow, STREAMS, skips=False).service_type == "refuse-truck x1.5"
    assert (mode.service_s, mode.service_by) == (100.0, {"refuse-truck x1.5": 150.0})


def test_a_transfer_station_costs_its_gate_and_the_way_on_and_takes_so_much_a_day() -> None:
    transfer = replace(TIP, gate_fee_per_tonne=20.0, onward_cost_per_tonne=30.0, queue_s=300.0, cap_kg_per_day=5000.0)
    site = pose_site(transfer, skips=False)
    assert site.fees == {"residual": pytest.approx(0.05)}
    assert site.queue_s == 300.0
    assert [(cap.weights, cap.at_most) for cap in site.caps] == [({"residual": 1.0}, 5000.0)]


def test_a_skip_is_exchanged_for_an_empty_one_which_comes_from_the_depot_or_the_last_tip() -> None:
    skip = replace(POINT, kind=PointKind.SKIP, containers=2)
    stop = pose_stop(book(system(skip)), skip, 4000.0)
    assert stop.loads == {"residual": 4000.0, "full skips": 2.0}
    assert stop.deliveries == {"empty skips": 2.0}
    site = pose_site(TIP, skips=True)
    assert "full skips" in site.accepts
    assert site.supplies == {"empty skips"}
    assert "skips" not in limits(TRUCK, skips=True)
    assert limits(replace(TRUCK, skips=2), skips=True)["skips"].at_most == 2.0
    assert dimensions(tuple(STREAMS.values()), skips=True) == ("residual", "organic", "full skips", "empty skips")


def test_leaving_a_stop_out_counts_its_kilograms_times_its_priority() -> None:
    clinic = replace(POINT, priority=3.0)
    assert pose_stop(book(system(clinic)), clinic, 50.0).weight == 150.0


def test_an_optional_stop_is_worth_its_sale_and_its_prize() -> None:
    paper = Stream(id="residual", name="Paper", density_kg_m3=100, sale_price_per_kg=0.2)
    point = replace(POINT, optional=True, prize=7.0, buying_price_per_kg=0.1)
    stop = pose_stop(book(system(point, streams=(paper,))), point, 50.0)
    assert stop.prize == pytest.approx(0.1 * 50 + 7.0)


def test_points_with_a_word_in_common_form_sets_of_those_that_are_served_that_day() -> None:
    points = [replace(POINT, id=id_, group=word) for id_, word in zip("abcd", ["x", "x", "y", "x"], strict=True)]
    assert sets(points, {"a", "b", "c"}, "group") == (frozenset({"a", "b"}),)


def test_what_is_fixed_by_hand_binds_the_vehicle_and_its_order_on_its_days() -> None:
    fixed = LockRef(vehicle="t1", points=("p", "q"), adjacent=True, days=("mon",))
    town = replace(scenario(), locks=(fixed,))
    assert pose_stop(book(system(POINT), scenario=town), POINT, 1.0).vehicles == frozenset({"t1"})
    assert pose_stop(book(system(POINT), scenario=town, day="tue"), POINT, 1.0).vehicles is None
    assert locks(town, "mon", {"p", "q"}, {"t1"}) == (Lock(vehicle="t1", stops=("p", "q"), adjacent=True),)
    assert locks(town, "tue", {"p", "q"}, {"t1"}) == ()


def test_who_serves_a_point_today_is_in_its_row_or_in_todays_rounds() -> None:
    today = (TodayRound(vehicle="t1", day="mon", visits=("p", "q", "tip"), origin=HERE),)
    whole = system(POINT, replace(POINT, id="q", usual_vehicle="t9"), today=today)
    assert usual_vehicles(whole, "mon") == {"p": "t1", "q": "t9"}
    assert usual_vehicles(whole, "tue") == {"q": "t9"}


def test_preferences_keep_their_weights() -> None:
    choice = AimsChoice(even="load", even_price=0.1, even_within=500.0, change_price_per_stop=2.0, first=("vehicles",))
    aims = pose_aims(choice, tuple(STREAMS.values()))
    assert (aims.balance[0].per_unit, aims.balance[0].at_most) == (0.1, 500.0)
    assert aims.balance[0].weights == {"residual": 1.0, "organic": 1.0}
    assert aims.change_per_stop == 2.0
    assert aims.first == ("vehicles",)
    assert pose_aims(AimsChoice(), ()).balance == ()


def test_kerbside_stops_keep_the_vehicle_that_they_are_fixed_to() -> None:
    side = Stop(id="4711:1-2:left:1", modes=(Mode(arrive="a", leave="b", service_s=60.0),))
    town = replace(scenario(), locks=(LockRef(vehicle="t1", points=(side.id,)),))
    held = kept_by_hand(book(system(POINT), scenario=town, usual={side.id: "t2"}), side)
    assert (held.vehicles, held.usual) == (frozenset({"t1"}), "t2")
    assert kept_by_hand(book(system(POINT)), side) == side
