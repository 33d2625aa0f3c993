import csv
from io import StringIO

from optimiser.rounds.plan import Act
from scenarios.documents.editable import COLUMNS, rounds_csv
from scenarios.documents.itinerary import all_itineraries
from scenarios.read.columns import TABLES


def test_every_visit_that_can_be_changed_is_a_row_in_order(outcome):
    rows = list(csv.DictReader(StringIO(rounds_csv(outcome))))
    expected = [
        (itinerary.vehicle.id, step.visit.id)
        for _, itinerary in all_itineraries(outcome)
        for step in itinerary.steps
        if step.visit.act is not Act.BREAK
    ]
    assert [(row["vehicle"], row["visit"]) for row in rows] == expected
    for _, itinerary in all_itineraries(outcome):
        mine = [
            int(row["seq"]) for row in rows if row["vehicle"] == itinerary.vehicle.id and row["day"] == itinerary.day
        ]
        assert mine == sorted(set(mine))


def test_its_columns_are_those_that_the_table_to_start_from_reads():
    assert {column.name for column in TABLES["start"]} <= set(COLUMNS)
