from collections import Counter
from dataclasses import replace

import numpy as np

from scenarios.documents import geo
from scenarios.outcome import Leg


def positions(geometry):
    return [geometry["coordinates"]] if geometry["type"] == "Point" else geometry["coordinates"]


def test_features_are_as_rfc_7946_wants_them(outcome):
    found = geo.collection(outcome)
    assert found["type"] == "FeatureCollection"
    assert "crs" not in found
    for feature in found["features"]:
        assert set(feature) == {"type", "geometry", "properties"}
        assert feature["type"] == "Feature"
        spots = positions(feature["geometry"])
        assert len(spots) >= (1 if feature["geometry"]["type"] == "Point" else 2)
        for lon, lat in spots:
            assert -180 <= lon <= 180
            assert -90 <= lat <= 90
            assert lon == round(lon, 6)
            assert lat == round(lat, 6)


def test_every_visit_leg_and_left_out_stop_is_there(full):
    kinds = Counter(feature["properties"]["kind"] for feature in geo.collection(full)["features"])
    rounds = [round_ for day in full.days for round_ in day.result.plan.rounds]
    assert kinds["stop"] == sum(len(round_.stops) for round_ in rounds)
    assert kinds["leg"] == sum(len(legs) for day in full.days for legs in day.ways.values())
    assert kinds["left-out"] == sum(len(day.result.plan.unserved) for day in full.days)
    assert (kinds["depot"], kinds["facility"], kinds["hub"], kinds["candidate"]) == (1, 2, 1, 1)


def test_stops_are_where_the_points_are(full):
    where = {point.id: (point.lon, point.lat) for point in full.system.points}
    for feature in geo.collection(full)["features"]:
        if feature["properties"]["kind"] == "stop":
            assert np.allclose(feature["geometry"]["coordinates"], where[feature["properties"]["id"]], atol=5e-7)


def test_a_leg_that_leads_nowhere_is_still_a_line(full):
    day = full.days[0]
    still = Leg(to="a", line=np.array([[0.001, 0.002]]), distance_m=0.0, duration_s=0.0, streets=())
    ways = {**day.ways, "trike": (still, *day.ways["trike"][1:])}
    found = geo.collection(replace(full, days=(replace(day, ways=ways),)))
    legs = [f for f in found["features"] if f["properties"]["kind"] == "leg" and f["properties"]["vehicle"] == "trike"]
    assert legs[0]["geometry"]["coordinates"] == [[0.001, 0.002], [0.001, 0.002]]
