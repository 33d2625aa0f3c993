from dataclasses import replace

from scenarios.documents import driver_sheet
from scenarios.documents.itinerary import all_itineraries
from scenarios.documents.numbers import clock, fixed
from tests.scenarios.documents import town
from tests.scenarios.documents.html import flat, read, svgs


def sheets(outcome):
    return {
        (day.day, itinerary.vehicle.id): (itinerary, flat(read(driver_sheet.page(outcome, itinerary)).text))
        for day, itinerary in all_itineraries(outcome)
    }


def test_every_visit_appears_with_its_time_and_load(full):
    for itinerary, text in sheets(full).values():
        for step in itinerary.steps:
            assert clock(step.visit.start_s) in text
            if step.place is not None:
                assert step.place.name in text
                assert flat(fixed(step.on_board_kg, 0)) in text


def test_the_sheet_says_streets_breaks_messages_and_opening(full):
    _, text = sheets(full)["mon", "truck-1"]
    assert "South Lane \u203a Fourth Avenue" in text
    assert "Break of 15 min" in text
    assert "Gate on the left; ring twice" in text
    assert "Not before 07:00." in text
    assert "Closes at 09:00." in text
    assert text.count("Unload at Quarry landfill") == 2 * 2, "in the list, and over the turns to get there"
    assert "Turn by turn" in text
    assert "Turn left into" in text
    assert "Back at Municipal yard" in text


def test_there_is_a_box_for_every_visit(full):
    for _, itinerary in all_itineraries(full):
        page = driver_sheet.page(full, itinerary)
        assert page.count('class="box"') == len(itinerary.steps) + 1  # and one for being back


def test_the_map_of_the_sheet_is_well_formed(full):
    for _, itinerary in all_itineraries(full):
        drawings = svgs(driver_sheet.page(full, itinerary))
        assert sum(drawing.get("class") == "map" for drawing in drawings) == 1


def test_a_crowded_round_has_a_map_for_each_trip(full):
    crowd = tuple(
        replace(point, id=f"{point.id}{k}", lon=point.lon + k * 2e-5)
        for k in range(6)
        for point in full.system.points
        if point.stream == "residual" and point.id not in {"far", "h"}
    )
    whole = replace(full.system, points=crowd)
    ground = town.lay_ground(whole, full.network, limit_m=200)
    ids = [point.id for point in crowd]
    scene = replace(full.scenario, hubs=None)
    routes = {"truck-1": (*ids[:9], "dump", *ids[9:], "dump")}
    day = town.planned(whole, scene, ground, "mon", routes)
    outcome = town.outcome_of(whole, scene, full.network, (day,))
    ((itinerary, text),) = sheets(outcome).values()
    drawings = svgs(driver_sheet.page(outcome, itinerary))
    assert sum(drawing.get("class") == "map" for drawing in drawings) == 1 + 2
    assert f"Stops 10 to {len(ids)}" in text


def test_what_is_true_of_all_stops_is_said_once(full):
    points = tuple(replace(point, estimated=True) for point in full.system.points)
    outcome = replace(full, system=replace(full.system, points=points))
    _, text = sheets(outcome)["mon", "truck-1"]
    assert text.count("All amounts are estimates.") == 1
    assert "The amount is an estimate." not in text
    assert "The amount is an estimate." in sheets(full)["mon", "truck-1"][1]


def test_a_recycler_reads_what_to_pay(recycler):
    _, text = sheets(recycler)["day", "trike"]
    assert "Pay KES 480." in text
