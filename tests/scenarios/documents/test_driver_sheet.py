from scenarios.documents import driver_sheet
from scenarios.documents.itinerary import all_itineraries
from scenarios.documents.numbers import clock, fixed
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
    assert text.count("Unload at Quarry landfill") == 2
    assert "Back at Municipal yard" in text


def test_there_is_a_box_for_every_visit(full):
    for _, itinerary in all_itineraries(full):
        page = driver_sheet.page(full, itinerary)
        assert page.count('class="box"') == len(itinerary.steps) + 1  # and one for being back


def test_the_map_of_the_sheet_is_well_formed(full):
    for _, itinerary in all_itineraries(full):
        drawings = svgs(driver_sheet.page(full, itinerary))
        assert sum(drawing.get("class") == "map" for drawing in drawings) == 1


def test_a_recycler_reads_what_to_pay(recycler):
    _, text = sheets(recycler)["day", "trike"]
    assert "Pay KES 480." in text
