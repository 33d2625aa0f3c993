from dataclasses import replace

import pytest

from scenarios.documents import text
from scenarios.documents.itinerary import all_itineraries


def messages(outcome):
    return {(day.day, i.vehicle.id): (i, text.message(outcome, i)) for day, i in all_itineraries(outcome)}


def test_messages_are_short_and_plain(outcome):
    for _, message in messages(outcome).values():
        assert len(message) <= text.LONGEST
        assert message.isascii()
        assert all(line.isprintable() for line in message.splitlines())


def test_every_visit_is_in_the_message_in_order(full):
    for itinerary, message in messages(full).values():
        lines = message.splitlines()[1:-1]
        assert len(lines) == len(itinerary.steps)
        numbers = [int(line.split()[0]) for line in lines if line[0].isdigit()]
        assert numbers == list(range(1, len(itinerary.stops) + 1))
        assert sum(line.startswith("UNLOAD") for line in lines) == itinerary.price.tips


def test_accents_are_taken_off(full):
    _, message = messages(full)["mon", "trike"]
    assert "Cafe Njema" in message


def test_a_long_round_gives_up_names_before_it_gives_up_stops(full):
    itinerary, _ = messages(full)["mon", "truck-1"]
    long = tuple(
        replace(step, place=replace(step.place, name="A very long name of a street and a house in it"), number=k)
        for k in range(1, 26)
        for step in itinerary.steps[:1]
    )
    message = text.message(full, replace(itinerary, steps=long))
    assert len(message) <= text.LONGEST
    assert len(message.splitlines()) == 27
    endless = text.message(full, replace(itinerary, steps=long * 8))
    assert len(endless) <= text.LONGEST
    assert "more, see the driver sheet" in endless


def test_a_name_without_any_latin_letter_is_called_by_its_id(full):
    itinerary, _ = messages(full)["mon", "trike"]
    step = replace(itinerary.steps[0], place=replace(itinerary.steps[0].place, name="\u09a2\u09be\u0995\u09be"))
    assert "1 06:01 f 160kg" in text.message(full, replace(itinerary, steps=(step,)))


def test_a_recycler_reads_stops_kilograms_money_and_earnings_an_hour(recycler):
    itinerary, message = messages(recycler)["day", "trike"]
    assert "1 07:00 Mama Kioko 40kg pay 480" in message
    bought, sold = 125 * 12.0, 125 * 30.0
    keep = sold - bought - itinerary.price.total
    hours = itinerary.price.paid_s / 3600
    assert f"Buy {bought:.0f}, sell {sold:.0f}" in message
    assert f"keep KES {keep:.0f}, {keep / hours:.0f} an hour" in message


@pytest.mark.parametrize(
    ("given", "read"), [("a\tb\n c", "a b c"), ("Stra\u00dfe", "Strasse"), ("\u0000x", "x"), ("", "")]
)
def test_plain(given, read):
    assert text.plain(given) == read
