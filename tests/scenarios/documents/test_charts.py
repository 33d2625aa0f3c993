import re
import xml.etree.ElementTree as ET
from dataclasses import replace

from scenarios.documents import charts
from scenarios.documents.itinerary import itineraries
from scenarios.documents.map_sheet import WIDTH


def test_the_timeline_shows_every_visit_within_its_width(full):
    rounds = itineraries(full, full.days[0])
    drawing = charts.timeline(rounds, language="en", title="Monday")
    ET.fromstring(drawing)
    visits = sum(len(itinerary.steps) for itinerary in rounds)
    waits = sum(s.visit.start_s - s.visit.arrive_s >= 60 for i in rounds for s in i.steps)
    starts = re.findall(r"M(\d+\.\d) [\d.]+h[\d.]+v11h-", drawing)
    assert len(starts) == visits + waits
    assert all(charts.NAME_WIDE <= float(x) <= WIDTH for x in starts)


def test_nobody_out_is_no_timeline():
    assert charts.timeline((), language="en", title="x") == ""


def test_balance_bars_are_to_scale(full):
    drawing = charts.balance_bars(full.balance, {"residual": "R & D"}, language="en", title="Balance")
    root = ET.fromstring(drawing)
    bars = [float(r.get("width")) for r in root.iter("{http://www.w3.org/2000/svg}rect") if r.get("height") == "22.0"]
    whole = sum(row.generated_kg for row in full.balance)
    most = max(row.generated_kg for row in full.balance)
    assert abs(sum(bars) - (WIDTH - 250) * whole / most) < 0.5
    assert "R &amp; D" in drawing


def test_a_balance_of_nothing_is_no_chart(full):
    rows = tuple(replace(row, generated_kg=0.0) for row in full.balance)
    assert charts.balance_bars(rows, {}, language="en", title="x") == ""


def test_more_than_full_is_drawn_full_and_red():
    assert charts.LEFT in charts.share_bar(1.2)
    assert 'width="60.0"' in charts.share_bar(1.2)
    assert charts.LEFT not in charts.share_bar(1.0)
    assert 'width="0.0"' in charts.share_bar(-0.1)
