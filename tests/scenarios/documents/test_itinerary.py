from dataclasses import replace

import numpy as np
import pytest

from optimiser.rounds.plan import Act
from optimiser.rounds.problem import Limit
from scenarios.documents.itinerary import Side, all_itineraries, itineraries, message_of, side_of
from scenarios.outcome import Leg


def test_the_load_grows_at_stops_and_goes_at_tips(full):
    for day, itinerary in all_itineraries(full):
        on_board = 0.0
        for step in itinerary.steps:
            if step.visit.act is Act.STOP:
                on_board += day.loads_kg[step.visit.id]
            elif step.visit.act is Act.TIP:
                assert step.kg == pytest.approx(on_board)
                on_board = 0.0
            assert step.on_board_kg == pytest.approx(on_board)
        assert itinerary.steps[-1].on_board_kg == 0.0
        assert 0 < itinerary.fullest <= 1


def test_a_vehicle_is_full_by_the_tighter_of_payload_and_volume(full):
    day = full.days[0]
    volume = Limit(name="volume", weights={"residual": 1 / 100, "organic": 1 / 100}, at_most=3.0)
    vehicles = tuple(replace(vehicle, limits=(*vehicle.limits, volume)) for vehicle in day.problem.vehicles)
    tight = replace(day, problem=replace(day.problem, vehicles=vehicles))
    for light, bulky in zip(itineraries(full, day), itineraries(full, tight), strict=True):
        for plain, step in zip(light.steps, bulky.steps, strict=True):
            assert plain.full == pytest.approx(plain.on_board_kg / light.vehicle.payload_kg)
            assert step.full == pytest.approx(max(plain.full, step.on_board_kg / 100 / 3.0))
        assert bulky.fullest > light.fullest


def test_legs_lead_from_visit_to_visit_and_home(full):
    for _, itinerary in all_itineraries(full):
        moving = [step for step in itinerary.steps if step.leg is not None]
        assert [step.leg.to for step in moving] == [step.visit.id for step in moving]
        assert itinerary.back.to == itinerary.end.id
        assert sum(leg.distance_m for leg in itinerary.legs) == pytest.approx(itinerary.price.distance_m)


def test_a_tip_takes_only_what_the_site_accepts(full):
    both = replace(full.system.vehicles[0], streams=("residual", "organic"))
    system = replace(full.system, vehicles=(both, full.system.vehicles[1]))
    day = full.days[0]
    plan = day.result.plan
    round_ = next(item for item in plan.rounds if item.vehicle == "truck-1")
    visits = (replace(round_.visits[0], id="f"), *round_.visits[1:])  # an organic stop on a round to the landfill
    result = replace(day.result, plan=replace(plan, rounds=(replace(round_, visits=visits),)))
    mixed = replace(full, system=system, days=(replace(day, result=result),))
    ((_, itinerary),) = all_itineraries(mixed)
    tips = [step for step in itinerary.steps if step.visit.act is Act.TIP]
    assert tips[0].on_board_kg == pytest.approx(day.loads_kg["f"])


def test_trips_end_with_their_tip(full):
    for _, itinerary in all_itineraries(full):
        assert [step for trip in itinerary.trips for step in trip] == list(itinerary.steps)
        assert all(trip[-1].visit.act is Act.TIP for trip in itinerary.trips)
        assert len(itinerary.trips) == itinerary.price.tips


def leg(*spots):
    return Leg(to="a", line=np.array(spots, float).reshape(-1, 2), distance_m=1.0, duration_s=1.0, streets=())


@pytest.mark.parametrize(
    ("line", "side"),
    [
        ([(0, 0), (0.001, 0)], Side.LEFT),  # driving east, the point lies north
        ([(0.002, 0), (0.001, 0)], Side.RIGHT),
        ([(0.001, -0.001), (0.001, 0), (0.001, 0)], Side.NONE),  # straight ahead
        ([(0.001, 0)], Side.NONE),
        ([], Side.NONE),
    ],
)
def test_side(full, line, side):
    point = replace(full.system.points[0], lon=0.001, lat=0.0001)
    assert side_of(leg(*line), point) is side


def test_messages_come_from_the_columns_that_are_headed_so(full):
    point = full.system.points[0]
    assert (
        message_of(replace(point, own={"Remarks ": " ask Ann ", "NOTE": "", "Ward": "3", "comment": "x"}))
        == "ask Ann; x"
    )
    assert message_of(replace(point, own={})) == ""
