"""Requests that a real OSRM was asked over the same town: the same refusals, the same form, plausible numbers."""

import json
from contextlib import suppress
from itertools import pairwise

import numpy as np
import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from api.interop.osrm_query import read
from api.interop.polyline import decode
from api.interop.refusal import Refusal
from tests.api.interop.recorded_answers import Json, differences, rows
from tests.api.service import serve

REFUSALS, ANSWERS = rows("osrm-refusals"), rows("osrm-answers")
A, B, C = "0.0001,0.0005", "0.0068,0.0050", "0.0030,0.0041"
ROUTE, TABLE = f"/osrm/route/v1/driving/{A};{B}", f"/osrm/table/v1/driving/{A};{B};{C}"
NEAR = "generate_hints=false"


def short(row: Json) -> str:
    return str(row["request"])[:120]


@pytest.mark.parametrize("row", REFUSALS, ids=short)
def test_what_the_original_refuses_is_refused_in_its_words(asked: FlaskClient, row: Json) -> None:
    answer = asked.get(f"/osrm{row['request']}")
    assert (answer.status_code, answer.json) == (row["status"], row["answer"])
    assert answer.content_type == "application/json; charset=UTF-8"


@pytest.mark.parametrize("row", ANSWERS, ids=short)
def test_what_the_original_answers_has_the_same_form(asked: FlaskClient, row: Json) -> None:
    answer = asked.get(f"/osrm{row['request']}")
    assert answer.status_code == 200, answer.text
    assert not differences(answer.json, row["answer"])


@pytest.mark.parametrize("row", [row for row in ANSWERS if "/route/" in row["request"]], ids=short)
def test_ways_are_about_as_long_as_the_original_s(asked: FlaskClient, row: Json) -> None:
    ours, theirs = (body["routes"][0] for body in (asked.get(f"/osrm{row['request']}").json, row["answer"]))
    assert ours["distance"] == pytest.approx(theirs["distance"], rel=0.15, abs=20)
    assert theirs["duration"] * 0.5 <= ours["duration"] <= theirs["duration"] * 2.5
    assert len(ours["legs"]) == len(theirs["legs"])


def test_places_are_snapped_where_the_original_does(asked: FlaskClient) -> None:
    for row in ANSWERS:
        theirs = row["answer"].get("waypoints")
        if not theirs or "/nearest/" in row["request"]:
            continue
        ours = asked.get(f"/osrm{row['request']}").json["waypoints"]
        for mine, other in zip(ours, theirs, strict=True):
            assert mine["location"] == pytest.approx(other["location"], abs=2e-6)
            assert mine["distance"] == pytest.approx(other["distance"], rel=0.01, abs=0.1)
            assert mine["name"] == other["name"]


def test_the_parts_of_a_way_add_up(asked: FlaskClient) -> None:
    url = f"/osrm/route/v1/driving/{A};{C};{B}?steps=true&annotations=true&overview=full&geometries=polyline6"
    route = asked.get(url).json["routes"][0]
    assert route["duration"] == pytest.approx(sum(leg["duration"] for leg in route["legs"]), abs=0.11)
    assert route["distance"] == pytest.approx(sum(leg["distance"] for leg in route["legs"]), abs=0.11)
    whole = list(zip(*decode(route["geometry"], digits=6), strict=True))
    points = 0
    for leg in route["legs"]:
        steps = leg["steps"]
        assert [steps[0]["maneuver"]["type"], steps[-1]["maneuver"]["type"]] == ["depart", "arrive"]
        assert all("modifier" in step["maneuver"] for step in steps[1:-1])
        assert sum(step["duration"] for step in steps) == pytest.approx(leg["duration"], abs=0.05 * len(steps) + 0.1)
        lines = [list(zip(*decode(step["geometry"], digits=6), strict=True)) for step in steps]
        assert all(before[-1] == after[0] for before, after in pairwise(lines))
        points += len(leg["annotation"]["distance"])
        assert sum(leg["annotation"]["distance"]) == pytest.approx(leg["distance"], abs=0.1)
        assert sum(leg["annotation"]["duration"]) <= leg["duration"] + 0.05 * len(leg["annotation"]["duration"])
        assert len(leg["annotation"]["nodes"]) == len(leg["annotation"]["distance"]) + 1
        assert any(100 <= node < 400 for node in leg["annotation"]["nodes"])
        for step in steps:
            for passed in step["intersections"]:
                assert len(passed["bearings"]) == len(passed["entry"])
                assert passed["bearings"] == sorted(passed["bearings"])
    assert points == len(whole) - 1


def test_a_way_takes_as_long_as_the_table_says(asked: FlaskClient) -> None:
    table = asked.get(f"{TABLE}?annotations=duration,distance").json
    route = asked.get(f"{ROUTE}?overview=false").json["routes"][0]
    assert (route["duration"], route["distance"]) == (table["durations"][0][1], table["distances"][0][1])
    assert [table["durations"][k][k] for k in range(3)] == [0, 0, 0]


def test_one_ways_are_respected(asked: FlaskClient) -> None:
    south, north = "0.001349,0.0018", "0.001349,0.0022"  # on B Avenue, which leads north
    table = asked.get(f"/osrm/table/v1/driving/{south};{north}?annotations=distance").json["distances"]
    assert table[0][1] == pytest.approx(44.5, abs=1)
    assert table[1][0] > 400


def test_at_the_kerb_the_vehicle_stands_on_the_side_of_the_place(asked: FlaskClient) -> None:
    west, east = "0.00265,0.0005;0.00265,0.0010", "0.00275,0.0005;0.00275,0.0010"  # of C Avenue
    for side, free, on_its_side in ((west, "unrestricted", True), (east, "unrestricted", True), (west, "curb", False)):
        url = f"/osrm/route/v1/driving/{side}?overview=false&approaches={free};{free}"
        distance = asked.get(url).json["routes"][0]["distance"]
        assert (distance == pytest.approx(55.7, abs=1)) is on_its_side
    steps = asked.get(f"/osrm/route/v1/driving/{A};0.00265,0.0005?steps=true&approaches=;curb").json["routes"][0]
    assert steps["legs"][0]["steps"][-1]["maneuver"]["modifier"] == "right"
    opposite = asked.get(f"/osrm/route/v1/driving/{A};0.00265,0.0005?steps=true&approaches=;opposite").json["routes"][0]
    assert opposite["legs"][0]["steps"][-1]["maneuver"]["modifier"] == "left"


def test_between_two_legs_a_vehicle_goes_straight_on_unless_told_otherwise(asked: FlaskClient) -> None:
    middle = f"/osrm/route/v1/driving/{A};0.0040,0.0054;{A}"  # to the northern edge and back
    on, back = (
        asked.get(f"{middle}?overview=false&continue_straight={word}").json["routes"][0]["duration"]
        for word in ("true", "false")
    )
    assert on > back


def test_a_bearing_chooses_the_direction(asked: FlaskClient) -> None:
    url = f"/osrm/route/v1/driving/0,0.0020;{B}?steps=true&bearings="
    north, south = (asked.get(f"{url}{faces},20;").json["routes"][0]["legs"][0]["steps"][0] for faces in (0, 180))
    assert (north["maneuver"]["bearing_after"], south["maneuver"]["bearing_after"]) == (0, 180)


@pytest.mark.parametrize(
    ("options", "ends"),
    [
        ("roundtrip=false&source=first&destination=last", (0, 3)),
        ("roundtrip=false&source=first", (0, None)),
        ("roundtrip=false&destination=last", (None, 3)),
        ("source=first&destination=last", (0, 3)),
        ("roundtrip=true", (0, None)),
    ],
)
def test_a_trip_begins_and_ends_where_it_should(
    asked: FlaskClient, options: str, ends: tuple[int | None, int | None]
) -> None:
    answer = asked.get(f"/osrm/trip/v1/driving/{A};{C};{B};0.0053,0.0012?overview=false&{options}").json
    rank = [waypoint["waypoint_index"] for waypoint in answer["waypoints"]]
    assert sorted(rank) == [0, 1, 2, 3]
    assert ends[0] is None or rank[ends[0]] == 0
    assert ends[1] is None or rank[ends[1]] == 3
    assert len(answer["trips"][0]["legs"]) == (3 if "false" in options else 4)


def test_without_a_way_a_table_has_nulls_or_straight_lines(town, monkeypatch) -> None:
    from api.interop.roads import Roads

    def cut(self, located, sources, destinations):
        times = np.array([[0.0, np.nan], [np.nan, 0.0]])
        return times, times.copy()

    monkeypatch.setattr(Roads, "table", cut)
    client = town.client()
    url = f"/osrm/table/v1/driving/{A};{B}?annotations=duration,distance"
    assert client.get(url).json["durations"] == [[0, None], [None, 0]]
    filled = client.get(f"{url}&fallback_speed=10").json
    assert filled["fallback_speed_cells"] == [[0, 1], [1, 0]]
    assert filled["durations"][0][1] == pytest.approx(filled["distances"][0][1] / 10, abs=0.1)
    assert client.get(f"/osrm/trip/v1/driving/{A};{B}").json["code"] == "NoTrips"


def test_without_a_way_there_is_no_route(town, monkeypatch) -> None:
    from api.interop.roads import Roads

    monkeypatch.setattr(Roads, "legs", lambda *_, **__: None)
    answer = town.client().get(ROUTE)
    assert (answer.status_code, answer.json["code"]) == (400, "NoRoute")
    answer = town.client().post("/ors/v2/directions/driving-car", json={"coordinates": [[0, 0.0005], [0.0068, 0.005]]})
    assert (answer.status_code, answer.json["error"]["code"]) == (404, 2009)


def test_a_track_breaks_where_no_way_leads_on() -> None:
    from dataclasses import dataclass, field

    from api.interop.osrm_match import _pieces
    from api.interop.roads import Located
    from network.snap import Snapped

    @dataclass
    class Cut:
        asked: list[list[int]] = field(default_factory=list)

        def legs(self, _located, order, **_):
            self.asked.append(list(order))
            return None if len(order) > 2 or list(order) == [1, 2] else ["leg"]

    count = 4
    nowhere = np.zeros(count)
    snapped = Snapped(
        segment=np.arange(count, dtype=np.int32),
        along_m=nowhere.copy(),
        side=np.zeros(count, np.int8),
        lon=nowhere.copy(),
        lat=nowhere.copy(),
        distance_m=nowhere.copy(),
        problem=("",) * count,
    )
    located = Located(snapped=snapped, ahead=np.ones(count, bool), back=np.zeros(count, bool))
    pieces = _pieces(Cut(), located, [0, 1, 2, 3], tell=False)
    assert [piece.points for piece in pieces] == [[0, 1], [2, 3]]
    assert [len(piece.legs) for piece in pieces] == [1, 1]


def test_points_without_any_connection_do_not_match(asked: FlaskClient) -> None:
    url = "/osrm/match/v1/driving/0.0002,0.00135;0.0062,0.00405?timestamps=0;9000"
    assert asked.get(url).json == {"code": "NoMatch", "message": "Could not match the trace."}


def test_a_stop_that_was_not_matched_is_refused(asked: FlaskClient) -> None:
    points = TRACK.split(";")
    track = ";".join([*points[:2], "0.05,0.05", *points[2:]])
    url = f"/osrm/match/v1/driving/{track}?gaps=ignore&waypoints=0;2;5&timestamps=0;15;20;30;45;60"
    assert asked.get(url).json["code"] == "NoMatch"


def test_more_places_than_the_limit_are_refused(tmp_path, town) -> None:
    from api.config import Limits

    limits = Limits(table_places=2, route_places=2, trip_places=2, match_places=2, nearest_places=1)
    small = serve(tmp_path / "small", streets=dict(town.config.streets), limits=limits)
    client = small.client()
    for service, message in {
        "route": "Number of entries 3 is higher than current maximum (2)",
        "table": "Too many table coordinates",
        "trip": "Too many trip coordinates",
        "match": "Too many trace coordinates",
        "nearest": "Number of coordinates 3 is higher than current maximum (1)",
    }.items():
        answer = client.get(f"/osrm/{service}/v1/driving/{A};{B};{C}")
        assert (answer.status_code, answer.json) == (400, {"code": "TooBig", "message": message})
    small.store.close()


def test_a_body_asks_as_a_url_does(asked: FlaskClient) -> None:
    places = [[0.0001, 0.0005], [0.0068, 0.0050]]
    body = {"coordinates": places, "radiuses": [None, 100], "bearings": [[0, 180], None], "annotations": ["duration"]}
    for answer in (
        asked.post("/osrm/route/v1/driving", json=body | {"steps": True, "exclude": ["toll"]}),
        asked.post("/osrm/route/v1/driving.json", json=body | {"steps": True, "alternatives": True}),
    ):
        url = f"{ROUTE}?steps=true&annotations=duration&radiuses=;100&bearings=0,180;"
        assert answer.json == asked.get(url).json
    assert asked.post("/osrm/table/v1/car", json={"coordinates": places}).json["durations"][0][0] == 0


@pytest.mark.parametrize(
    ("path", "body", "code", "message"),
    [
        (
            "trip",
            {"coordinates": []},
            "NotImplemented",
            "This service does not support POST requests with a JSON body.",
        ),
        ("route", {}, "InvalidQuery", "missing required member: coordinates"),
        ("route", [], "InvalidQuery", "invalid JSON: an object is expected"),
        ("route", {"coordinates": "polyline(abc)"}, "InvalidQuery", "coordinates must be an array"),
        ("route", {"coordinates": [[1]]}, "InvalidQuery", "a coordinate must be an array of two numbers"),
        ("route", {"coordinates": [[1, True]]}, "InvalidQuery", "a coordinate must be an array of two numbers"),
        ("route", {"coordinates": [], "foo": 1}, "InvalidQuery", "unknown member: foo"),
        ("route", {"coordinates": [], "steps": "true"}, "InvalidQuery", "steps must be a boolean"),
        ("route", {"coordinates": [], "overview": False}, "InvalidQuery", "overview must be a string"),
        ("route", {"coordinates": [], "overview": "xx"}, "InvalidQuery", "invalid overview value"),
        ("route", {"coordinates": [], "radiuses": ["x"]}, "InvalidQuery", "invalid radiuses value"),
        ("route", {"coordinates": [[1, 2]]}, "InvalidOptions", "Number of coordinates needs to be at least two."),
    ],
)
def test_a_body_that_makes_no_sense_is_refused(
    asked: FlaskClient, path: str, body: object, code: str, message: str
) -> None:
    answer = asked.post(f"/osrm/{path}/v1/driving", json=body)
    assert (answer.status_code, answer.json) == (400, {"code": code, "message": message})


def test_a_body_must_be_json(asked: FlaskClient) -> None:
    answer = asked.post("/osrm/route/v1/driving", data="x=1", content_type="text/plain")
    assert (answer.status_code, answer.json["code"]) == (415, "InvalidContentType")
    answer = asked.post("/osrm/route/v1/driving", data="{", content_type="application/json")
    assert answer.json["code"] == "InvalidQuery"
    assert asked.post("/osrm/route/v1", json={}).json["code"] == "InvalidUrl"


def test_a_word_means_a_profile(asked: FlaskClient) -> None:
    for word, profile in {
        "driving": "small-truck",
        "anything": "small-truck",
        "hgv": "refuse-truck",
        "tricycle": "tricycle",
        "walking": "foot",
    }.items():
        answer = asked.get(f"/osrm/route/v1/{word}/{A};{B}?steps=true")
        assert answer.headers["X-Mzunguko-Profile"] == profile
        mode = answer.json["routes"][0]["legs"][0]["steps"][0]["mode"]
        assert mode == ("walking" if profile == "foot" else "driving")


def test_on_foot_one_ways_do_not_count(asked: FlaskClient) -> None:
    table = asked.get("/osrm/table/v1/foot/0.001349,0.0018;0.001349,0.0022?annotations=distance").json["distances"]
    assert table[1][0] == pytest.approx(44.5, abs=1)


def test_an_extract_has_a_name(asked: FlaskClient) -> None:
    query = f"/table/v1/driving/{A};{B}"
    assert asked.get(f"/osrm/town{query}").json == asked.get(f"/osrm{query}").json
    assert asked.get(f"/osrm/city{query}").json["code"] == "InvalidUrl"


def test_pages_of_other_sites_may_ask(asked: FlaskClient) -> None:
    there = {"Origin": "https://example.org", "Sec-Fetch-Site": "cross-site"}
    answer = asked.get(f"{ROUTE}?overview=false", headers=there)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Transfer-Encoding" not in answer.headers
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    ask = asked.options(ROUTE, headers=there)
    assert (ask.status_code, ask.data) == (204, b"")
    body = {"coordinates": [[0.0001, 0.0005], [0.0068, 0.005]]}
    assert asked.post("/osrm/route/v1/driving", json=body, headers=there).status_code == 200


def test_a_token_is_asked_for_where_one_is_set(tmp_path, town) -> None:
    token = "a-token-of-24-characters"
    guarded = serve(tmp_path / "home", token=token, streets=dict(town.config.streets))
    client = guarded.client()
    answer = client.get(ROUTE)
    assert (answer.status_code, answer.json["code"]) == (401, "Refused")
    assert client.options(ROUTE).status_code == 204
    for shown in (token, f"Bearer {token}"):
        assert client.get("/osrm/route/v1/x", headers={"Authorization": shown}).json["code"] == "InvalidUrl"
    guarded.store.close()


def test_without_streets_the_answer_says_how_to_serve_some(client: FlaskClient) -> None:
    answer = client.get(ROUTE)
    assert (answer.status_code, answer.json["code"]) == (400, "InvalidService")
    assert "--streets" in answer.json["message"]


def test_a_file_that_cannot_be_read_is_told_and_logged(tmp_path, caplog) -> None:
    broken = tmp_path / "broken.osm.pbf"
    broken.write_bytes(b"no map")
    service = serve(tmp_path / "home", streets={"broken": broken})
    answer = service.client().get(ROUTE)
    assert (answer.status_code, answer.json["code"]) == (500, "InternalError")
    assert "broken" in caplog.text
    service.store.close()


def test_answers_are_small_json(asked: FlaskClient) -> None:
    text = asked.get(f"{TABLE}?annotations=duration,distance").text
    assert json.loads(text)["code"] == "Ok"
    assert ": " not in text


TRACK = "0.0002,0.0014;0.0012,0.00133;0.0021,0.00136;0.0030,0.00134;0.0040,0.00137"
MATCH = f"/osrm/match/v1/driving/{TRACK}?overview=full&geometries=geojson"


def test_a_track_is_matched_along_its_street(asked: FlaskClient) -> None:
    answer = asked.get(f"{MATCH}&timestamps=0;15;30;45;60").json
    (matching,) = answer["matchings"]
    assert matching["distance"] == pytest.approx(423, abs=1)
    assert 0.5 < matching["confidence"] <= 1
    assert [point["waypoint_index"] for point in answer["tracepoints"]] == [0, 1, 2, 3, 4]
    assert {point["name"] for point in answer["tracepoints"]} == {"2nd Street"}
    assert all(lat == pytest.approx(0.001349, abs=1e-6) for _, lat in matching["geometry"]["coordinates"])


def test_a_point_off_the_map_is_left_out_of_a_track(asked: FlaskClient) -> None:
    points = TRACK.split(";")
    track = ";".join([*points[:2], "0.05,0.05", *points[2:]])
    answer = asked.get(f"/osrm/match/v1/driving/{track}?overview=false&gaps=ignore&timestamps=0;15;20;30;45;60").json
    assert [point is None for point in answer["tracepoints"]].count(True) >= 1
    assert answer["tracepoints"][2] is None


def test_a_long_silence_breaks_a_track_unless_told_otherwise(asked: FlaskClient) -> None:
    points = ["0.0002,0.00135", "0.0008,0.00135", "0.0062,0.00405", "0.0066,0.00405"]
    url = f"/osrm/match/v1/driving/{';'.join(points)}?overview=false&timestamps=0;10;900;910"
    broken, whole = (asked.get(f"{url}&gaps={word}").json for word in ("split", "ignore"))
    assert [len(matching["legs"]) for matching in broken["matchings"]] == [1, 1]
    assert [point["matchings_index"] for point in broken["tracepoints"]] == [0, 0, 1, 1]
    assert [len(matching["legs"]) for matching in whole["matchings"]] == [3]


def test_stops_of_a_match_are_those_asked_for(asked: FlaskClient) -> None:
    answer = asked.get(f"{MATCH}&waypoints=0;2;4").json
    assert [len(matching["legs"]) for matching in answer["matchings"]] == [2]
    assert [point["waypoint_index"] for point in answer["tracepoints"]] == [0, None, 1, None, 2]


def test_a_receiver_that_scatters_backwards_drives_no_block(asked: FlaskClient) -> None:
    points = ["0.0002,0.00135", "0.0006,0.00135", "0.00055,0.00135", "0.0011,0.00135"]
    url = f"/osrm/match/v1/driving/{';'.join(points)}?overview=false&timestamps=0;10;12;25"
    (matching,) = asked.get(url).json["matchings"]
    assert matching["distance"] == pytest.approx(100, abs=2)


def test_a_body_larger_than_the_limit_is_refused(asked: FlaskClient, town) -> None:
    size = town.config.limits.json_bytes + 1
    for url, field in (("/osrm/route/v1/driving", "code"), ("/ors/v2/matrix/driving-car", "error")):
        answer = asked.post(url, data=b" " * size, content_type="application/json")
        assert answer.status_code == 413
        assert field in answer.json


@given(st.sampled_from([row["request"] for row in ANSWERS]), st.data())
def test_any_address_is_read_or_refused(text: str, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(st.text(max_size=3)) + text[at + data.draw(st.integers(0, 3)) :]
    with suppress(Refusal):
        query = read(text)
        assert len(query.places) == len(query.places.approach)
