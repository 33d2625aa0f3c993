"""openrouteservice's matrix and directions over the made-up town: forms, codes and wording of the original.

Forms and codes are those of openrouteservice 9 (its sources and published answers); no server of it was asked.
"""

import xml.etree.ElementTree as ET
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from api.interop.polyline import decode
from api.interop.web_ors import GPX
from tests.api.service import serve

PLACES = [[0.0001, 0.0005], [0.0068, 0.0050], [0.0030, 0.0041]]
WAY, TABLE = "/ors/v2/directions/driving-car", "/ors/v2/matrix/driving-car"
STEP_TYPES = range(14)


def way(client: FlaskClient, **body: Any) -> Any:
    answer = client.post(WAY, json={"coordinates": PLACES[:2], **body})
    assert answer.status_code == 200, answer.text
    return answer.json["routes"][0]


def test_a_matrix_has_the_original_s_form(asked: FlaskClient) -> None:
    body = {"locations": PLACES, "metrics": ["duration", "distance"], "resolve_locations": "true"}
    answer = asked.post(TABLE, json=body)
    assert answer.content_type == "application/json;charset=UTF-8"
    assert set(answer.json) == {"durations", "distances", "sources", "destinations", "metadata"}
    osrm = asked.get(
        "/osrm/table/v1/driving/0.0001,0.0005;0.0068,0.0050;0.0030,0.0041?annotations=duration,distance"
    ).json
    assert np.array(answer.json["durations"]) == pytest.approx(np.array(osrm["durations"]), abs=0.06)
    assert np.array(answer.json["distances"]) == pytest.approx(np.array(osrm["distances"]), abs=0.06)
    assert answer.json["sources"][0] == {"location": [0, 0.0005], "snapped_distance": 11.12, "name": "A Avenue"}
    told = answer.json["metadata"]
    assert (told["service"], told["query"]["profile"]) == ("matrix", "driving-car")
    assert set(told) == {"attribution", "service", "timestamp", "query", "engine"}


def test_a_matrix_may_be_of_some_rows_and_columns(asked: FlaskClient) -> None:
    body = {"locations": PLACES, "sources": ["0", 2], "destinations": ["all"], "units": "km", "metrics": ["distance"]}
    answer = asked.post(f"{TABLE}/json?", json=body).json
    assert "durations" not in answer
    assert np.array(answer["distances"]).shape == (2, 3)
    assert 0 < answer["distances"][0][1] < 3
    assert [len(answer[name]) for name in ("sources", "destinations")] == [2, 3]


def test_a_way_has_the_original_s_form(asked: FlaskClient) -> None:
    answer = asked.post(WAY, json={"coordinates": PLACES}).json
    assert set(answer) == {"bbox", "routes", "metadata"}
    (route,) = answer["routes"]
    assert set(route) == {"summary", "segments", "bbox", "geometry", "way_points"}
    lon, lat = decode(route["geometry"], digits=5)
    assert route["way_points"][0] == 0
    assert route["way_points"][-1] == len(lon) - 1
    assert len(route["segments"]) == 2
    assert sum(leg["distance"] for leg in route["segments"]) == pytest.approx(route["summary"]["distance"], abs=0.2)
    west, south, east, north = route["bbox"]
    assert (west, south) == pytest.approx((lon.min(), lat.min()), abs=1e-5)
    assert (east, north) == pytest.approx((lon.max(), lat.max()), abs=1e-5)
    for leg, (start, end) in zip(route["segments"], pairwise(route["way_points"]), strict=True):
        steps = leg["steps"]
        assert [steps[0]["type"], steps[-1]["type"]] == [11, 10]
        assert all(step["type"] in STEP_TYPES and step["instruction"] and step["name"] for step in steps)
        assert [steps[0]["way_points"][0], steps[-1]["way_points"][1]] == [start, end]
        assert all(a["way_points"][1] == b["way_points"][0] for a, b in pairwise(steps))
        assert sum(step["distance"] for step in steps) == pytest.approx(leg["distance"], abs=0.05 * len(steps) + 0.1)


def test_a_roundabout_is_one_step_with_its_exit(asked: FlaskClient) -> None:
    route = way(asked, coordinates=[[0.0030, 0.0027], [0.0050, 0.0027]], maneuvers=True)
    around = [step for step in route["segments"][0]["steps"] if step["type"] == 7]
    assert [(step["exit_number"], step["name"]) for step in around] == [(2, "3rd Street")]
    assert set(around[0]["maneuver"]) == {"location", "bearing_before", "bearing_after"}


def test_geojson_and_gpx_draw_the_same_line(asked: FlaskClient) -> None:
    body = {"coordinates": PLACES[:2]}
    geo = asked.post(f"{WAY}/geojson", json=body)
    assert geo.content_type == "application/geo+json;charset=UTF-8"
    (feature,) = geo.json["features"]
    line = feature["geometry"]["coordinates"]
    assert set(feature["properties"]) == {"summary", "segments", "way_points"}
    assert feature["properties"]["way_points"] == [0, len(line) - 1]
    gpx = asked.post(f"{WAY}/gpx", json=body)
    assert gpx.content_type.startswith(GPX)
    points = ET.fromstring(gpx.data).findall(".//{*}rtept")
    assert [[float(point.attrib["lon"]), float(point.attrib["lat"])] for point in points] == line


def test_options_of_a_way_are_heeded(asked: FlaskClient) -> None:
    plain = way(asked)
    assert "geometry" not in way(asked, geometry="false")
    assert "segments" not in way(asked, instructions=False)
    simple = way(asked, geometry_simplify="true")
    assert len(simple["geometry"]) <= len(plain["geometry"])
    assert simple["way_points"][-1] == len(decode(simple["geometry"], digits=5)[0]) - 1
    assert way(asked, units="km")["summary"]["distance"] == pytest.approx(plain["summary"]["distance"] / 1000, abs=1e-3)
    leg = way(asked, attributes=["avgspeed", "detourfactor", "percentage"])["segments"][0]
    assert leg["percentage"] == 100
    assert leg["detourfactor"] > 1
    assert 5 < leg["avgspeed"] < 30
    assert way(asked, maximum_speed="10")["summary"]["duration"] > plain["summary"]["duration"]
    faces = way(asked, coordinates=[[0, 0.002], PLACES[1]], bearings=[[180, 20], []])["segments"][0]["steps"][0]
    assert "south" in faces["instruction"]
    assert way(asked, elevation=True)["warnings"][0]["message"].startswith("Heights")
    assert "warnings" not in way(asked, elevation=True, suppress_warnings=True)


def test_streets_in_an_avoided_area_are_closed(asked: FlaskClient) -> None:
    plain = way(asked, coordinates=[[0.0005, 0.0027], [0.0062, 0.0027]])
    ring = [[0.0033, 0.0022], [0.0045, 0.0022], [0.0045, 0.0032], [0.0033, 0.0032], [0.0033, 0.0022]]
    for area in (
        {"type": "Polygon", "coordinates": [ring]},
        {"type": "MultiPolygon", "coordinates": [[ring]]},
    ):
        around = way(asked, coordinates=[[0.0005, 0.0027], [0.0062, 0.0027]], options={"avoid_polygons": area})
        assert around["summary"]["distance"] > plain["summary"]["distance"] + 100
    nothing = way(asked, coordinates=[[0.0005, 0.0027], [0.0062, 0.0027]], options={"avoid_polygons": {}})
    assert nothing["summary"] == plain["summary"]


def test_features_and_sizes_are_heeded(asked: FlaskClient) -> None:
    options = {
        "avoid_features": ["tollways", "ferries", "highways", "fords", "steps"],
        "vehicle_type": "hgv",
        "profile_params": {"restrictions": {"weight": "18", "height": 4.1, "width": 2.5, "length": 9, "axleload": 8}},
    }
    body = {"coordinates": PLACES[:2], "options": options}
    assert asked.post("/ors/v2/directions/driving-hgv", json=body).status_code == 200


FORMAT = "Parameter '{}' has incorrect value or format."
NOT_ONE = FORMAT + " The number of {} must be equal to the number of waypoints on the route."
TOO_FAR = "Could not find routable point within a radius of {} meters of specified coordinate {}: 5.0000000 5.0000000."
WRONG = "Parameter '{}' has incorrect value of '{}'."
NO_FORM = "This response format is not supported"
BOAT = "/ors/v2/directions/driving-boat"


@pytest.mark.parametrize(
    ("address", "body", "code", "message"),
    [
        (WAY, {}, 2001, "Parameter 'coordinates' is missing."),
        (WAY, {"coordinates": PLACES, "foo": 1}, 2012, "Unknown parameter 'foo'."),
        (WAY, {"coordinates": "x"}, 2002, FORMAT.format("coordinates")),
        (WAY, {"coordinates": [[1, 2]]}, 2003, FORMAT.format("coordinates")),
        (WAY, {"coordinates": PLACES, "preference": "slow"}, 2003, WRONG.format("preference", "slow")),
        (WAY, {"coordinates": PLACES, "geometry": "perhaps"}, 2002, FORMAT.format("geometry")),
        (WAY, {"coordinates": PLACES, "radiuses": [1, 2]}, 2003, NOT_ONE.format("radiuses", "radiuses")),
        (WAY, {"coordinates": PLACES, "bearings": [[1, 2, 3]]}, 2003, NOT_ONE.format("bearings", "bearings")),
        (WAY, {"coordinates": [PLACES[0], [5, 5]]}, 2010, TOO_FAR.format(350.0, 1)),
        (TABLE, {}, 6001, "Parameter 'locations' is missing."),
        (TABLE, {"locations": PLACES, "foo": 1}, 6011, "Unknown parameter 'foo'."),
        (TABLE, {"locations": PLACES, "sources": ["7"]}, 6003, FORMAT.format("sources")),
        (TABLE, {"locations": PLACES, "metrics": ["weight"]}, 6003, WRONG.format("metrics", "weight")),
        (TABLE, {"locations": [[5, 5], PLACES[0]]}, 6010, TOO_FAR.format(2000.0, 0)),
        (f"{TABLE}/xml", {"locations": PLACES}, 6007, NO_FORM),
        (f"{WAY}/xml", {"coordinates": PLACES}, 2007, NO_FORM),
        (BOAT, {"coordinates": PLACES}, 2003, WRONG.format("profile", "driving-boat")),
    ],
)
def test_what_makes_no_sense_is_refused_in_the_original_s_words(
    asked: FlaskClient, address: str, body: object, code: int, message: str
) -> None:
    status = {7: 406, 10: 404}.get(code % 1000, 400)
    answer = asked.post(address, json=body)
    assert (answer.status_code, answer.json["error"]) == (status, {"code": code, "message": message})
    assert set(answer.json["info"]) == {"engine", "timestamp"}


def test_a_body_that_is_no_json_is_refused(asked: FlaskClient) -> None:
    answer = asked.post(WAY, data="{", content_type="application/json")
    assert (answer.status_code, answer.json["error"]["code"]) == (400, 2000)


def test_an_area_that_is_none_is_refused(asked: FlaskClient) -> None:
    area = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}
    answer = asked.post(WAY, json={"coordinates": PLACES, "options": {"avoid_polygons": area}})
    assert answer.status_code == 400
    assert answer.json["error"]["code"] in {2002, 2003}


def test_where_everything_is_avoided_there_is_no_way(asked: FlaskClient) -> None:
    ring = [[0.0030, -0.01], [0.0031, -0.01], [0.0031, 0.01], [0.0030, 0.01], [0.0030, -0.01]]
    body = {
        "coordinates": PLACES[:2],
        "radiuses": [-1],
        "options": {"avoid_polygons": {"type": "Polygon", "coordinates": [ring]}},
    }
    answer = asked.post(WAY, json=body)
    assert answer.status_code in {200, 404}  # places move into the larger part, or no way is left
    if answer.status_code == 404:
        assert answer.json["error"]["code"] == 2009


def test_more_than_the_limit_is_refused(tmp_path, town) -> None:
    from api.config import Limits

    small = serve(tmp_path / "small", streets=dict(town.config.streets), limits=Limits(table_places=2, route_places=2))
    client = small.client()
    too_much = "Request parameters exceed the server configuration limits."
    answer = client.post(WAY, json={"coordinates": PLACES})
    message = f"{too_much} The specified number of waypoints must not be greater than 2."
    assert (answer.status_code, answer.json["error"]) == (400, {"code": 2004, "message": message})
    answer = client.post(TABLE, json={"locations": PLACES})
    message = f"{too_much} Only a total of 4 routes are allowed."
    assert (answer.status_code, answer.json["error"]) == (400, {"code": 6004, "message": message})
    small.store.close()


def test_an_extract_has_a_name(asked: FlaskClient) -> None:
    body = {"locations": PLACES}
    assert asked.post("/ors/town/v2/matrix/driving-car", json=body).status_code == 200
    assert asked.post("/ors/city/v2/matrix/driving-car", json=body).status_code == 404


def test_other_addresses_are_not_there(asked: FlaskClient) -> None:
    answer = asked.post("/ors/v2/isochrones/driving-car", json={})
    assert (answer.status_code, "error" in answer.json) == (404, True)


def test_pages_of_other_sites_may_ask(asked: FlaskClient) -> None:
    there = {"Origin": "https://example.org", "Sec-Fetch-Site": "cross-site"}
    assert asked.options(WAY, headers=there).status_code == 204
    answer = asked.post(WAY, json={"coordinates": PLACES}, headers=there)
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, "*")


def test_a_bare_token_is_taken_as_the_original_takes_its_key(tmp_path, town) -> None:
    token = "a-token-of-24-characters"
    guarded = serve(tmp_path / "home", token=token, streets=dict(town.config.streets))
    client = guarded.client()
    answer = client.post(WAY, json={})
    assert (answer.status_code, set(answer.json)) == (401, {"error", "info"})
    assert client.post(WAY, json={}, headers={"Authorization": token}).json["error"]["code"] == 2001
    assert client.post("/v1/runs", json={}, headers={"Authorization": token}).status_code == 401
    guarded.store.close()


def test_without_streets_the_answer_says_how_to_serve_some(client: FlaskClient) -> None:
    answer = client.post(WAY, json={"coordinates": PLACES})
    assert answer.status_code == 404
    assert "--streets" in answer.json["error"]["message"]
