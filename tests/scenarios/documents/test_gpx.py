import xml.etree.ElementTree as ET
from dataclasses import replace

from scenarios.documents import gpx
from scenarios.documents.itinerary import all_itineraries
from tests.scenarios.documents.town import SCRIPT

N = "{http://www.topografix.com/GPX/1/1}"
ORDER = {
    "gpx": ["metadata", "wpt", "rte", "trk", "extensions"],
    "metadata": ["name", "desc", "author", "copyright", "link", "time", "keywords", "bounds", "extensions"],
    "copyright": ["year", "license"],
    "rte": ["name", "cmt", "desc", "src", "link", "number", "type", "extensions", "rtept"],
    "trk": ["name", "cmt", "desc", "src", "link", "number", "type", "extensions", "trkseg"],
    "rtept": ["ele", "time", "magvar", "geoidheight", "name", "cmt", "desc", "src", "link", "sym", "type"],
    "trkseg": ["trkpt", "extensions"],
    "trkpt": ["ele", "time"],
}  # of https://www.topografix.com/GPX/1/1/gpx.xsd


def parsed(outcome):
    for _, itinerary in all_itineraries(outcome):
        yield itinerary, ET.fromstring(gpx.gpx(outcome, itinerary))


def test_elements_stand_in_the_order_of_the_schema(outcome):
    for _, root in parsed(outcome):
        assert root.tag == f"{N}gpx"
        assert root.get("version") == "1.1"
        assert root.get("creator")
        for element in root.iter():
            name = element.tag.removeprefix(N)
            places = [ORDER[name].index(child.tag.removeprefix(N)) for child in element] if len(element) else []
            assert places == sorted(places)


def test_positions_are_degrees(outcome):
    for _, root in parsed(outcome):
        for element in root.iter():
            if element.tag in {f"{N}rtept", f"{N}trkpt"}:
                assert -90 <= float(element.attrib["lat"]) <= 90
                assert -180 <= float(element.attrib["lon"]) <= 180


def test_the_route_has_every_visit_and_both_ends_and_the_track_every_leg(full):
    for itinerary, root in parsed(full):
        moving = [step for step in itinerary.steps if step.place is not None]
        assert len(root.findall(f"{N}rte/{N}rtept")) == len(moving) + 2
        assert len(root.findall(f"{N}trk/{N}trkseg")) == len(itinerary.legs)


def test_names_are_escaped_and_clean(full):
    odd = replace(full, scenario=replace(full.scenario, name="bell\x07 & <co>"))
    for itinerary, root in parsed(odd):
        assert root.find(f"{N}metadata/{N}desc").text == "bell & <co>"
        if "b" in itinerary.round_.stops:
            assert any(SCRIPT in (e.text or "") for e in root.iter(f"{N}name"))


def test_openstreetmap_is_credited_with_its_licence(full):
    made = replace(full.provenance, attribution="\u00a9 OpenStreetMap contributors")
    for _, root in parsed(replace(full, provenance=made)):
        holder = root.find(f"{N}metadata/{N}copyright")
        assert holder.get("author") == "OpenStreetMap contributors"
        assert "odbl" in holder.find(f"{N}license").text
