"""VROOM's interface as its HTTP wrapper has it, over the made-up town."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.config import Limits
from api.interop import close
from api.interop.polyline import decode
from api.interop.refusal import Refusal
from api.interop.vroom.read import read
from api.interop.vroom.streets import filled
from tests.api.interop.recorded_answers import Json, rows
from tests.api.service import Service, serve

CLIENTS = rows("vroom-clients")
DEPOT, EAST, NORTH = [0.0001, 0.0005], [0.0068, 0.005], [0.003, 0.0041]
FAR = [50.0, 50.0]
TINY: Json = {
    "vehicles": [{"id": 1, "start_index": 0, "end_index": 0}],
    "jobs": [{"id": 1, "location_index": 1}],
    "matrices": {"car": {"durations": [[0, 10], [20, 0]]}},
}


def on_streets(**more: object) -> Json:
    jobs = [{"id": 1, "location": EAST}, {"id": 2, "location": NORTH}]
    return {"vehicles": [{"id": 1, "start": DEPOT, "end": DEPOT}], "jobs": jobs, **more}


@pytest.mark.parametrize("row", CLIENTS, ids=lambda row: row["client"])
def test_a_client_is_answered_as_it_expects(asked: FlaskClient, row: Json) -> None:
    reply = asked.post(row["request"], data=json.dumps(row["body"]), headers=row["headers"])
    assert reply.status_code == 200, reply.text
    told = reply.json
    assert told["code"] == 0
    assert told["unassigned"] == []
    (route,) = told["routes"]
    assert route["cost"] == route["duration"] > 0  # read as seconds by QGIS
    drawn = row["body"].get("options", {}).get("g", False)
    assert ("geometry" in route) == ("distance" in route) == drawn
    if drawn:
        lon, lat = decode(route["geometry"], digits=5)
        assert abs(lon[0] - DEPOT[0]) < 0.002
        assert abs(lat[0] - DEPOT[1]) < 0.002
        assert route["distance"] > 100
    assert reply.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ["/vroom", "/vroom/", "/vroom/town", "/ors/optimization", "/ors/town/optimization"])
def test_every_address_plans(asked: FlaskClient, path: str) -> None:
    told = asked.post(path, json=TINY).json
    assert told["summary"]["cost"] == 30
    assert [step["type"] for step in told["routes"][0]["steps"]] == ["start", "job", "end"]


def test_health_has_no_body(asked: FlaskClient) -> None:
    reply = asked.get("/vroom/health")
    assert (reply.status_code, reply.data) == (200, b"")


def test_a_browser_may_ask(asked: FlaskClient) -> None:
    reply = asked.options("/vroom/", headers={"Origin": "http://elsewhere.example"})
    assert reply.status_code == 204
    assert "POST" in reply.headers["Access-Control-Allow-Methods"]


def test_times_are_those_of_the_streets(asked: FlaskClient) -> None:
    told = asked.post("/vroom", json=on_streets()).json["routes"][0]
    places = [step["location"] for step in told["steps"]]
    line = ";".join(f"{lon},{lat}" for lon, lat in places)
    legs = asked.get(f"/osrm/table/v1/car/{line}?annotations=duration").json["durations"]
    assert told["duration"] == sum(int(legs[k][k + 1] + 0.5) for k in range(len(places) - 1))


def test_a_side_of_the_street_makes_the_way_longer_or_equal_and_is_driven(asked: FlaskClient) -> None:
    def cost(side: str) -> int:
        jobs = [{"id": 1, "location": EAST, "mzunguko": {"side": side}}]
        return int(asked.post("/vroom", json=on_streets(jobs=jobs)).json["summary"]["cost"])

    sides = [cost("curb"), cost("opposite")]
    assert cost("either") <= min(sides)
    assert sides[0] != sides[1]


@pytest.mark.parametrize(
    ("body", "status", "code", "words"),
    [
        (b"{", 400, 2, "Invalid JSON object in request"),
        (b"[]", 400, 2, "Invalid JSON object in request"),
        (b'{"vehicles":[]}', 400, 2, "Invalid JSON object in request"),
        (b'{"vehicles":[],"jobs":[]}', 400, 2, "No vehicle defined."),
        (json.dumps(on_streets(jobs=[{"id": 1, "location": FAR}])).encode(), 500, 3, "location"),
        (
            json.dumps(on_streets(vehicles=[{"id": 1, "start": DEPOT, "profile": "balloon"}])).encode(),
            400,
            2,
            "Invalid profile: balloon.",
        ),
        (
            json.dumps({**TINY, "jobs": [{"id": k, "location_index": 1} for k in range(1001)]}).encode(),
            413,
            4,
            "Too many locations (1001) in query, maximum is set to 1000",
        ),
        (
            json.dumps({**TINY, "vehicles": TINY["vehicles"] * 201}).encode(),
            413,
            4,
            "Too many vehicles (201) in query, maximum is set to 200",
        ),
        (b" " * (2**20 + 1), 413, 4, "Too large a body"),
    ],
)
def test_what_is_wrong_is_told_as_the_wrapper_does(
    asked: FlaskClient, body: bytes, status: int, code: int, words: str
) -> None:
    reply = asked.post("/vroom", data=body, content_type="application/json")
    assert reply.status_code == status, reply.text
    assert reply.json["code"] == code
    assert words in reply.json["error"]


def test_without_streets_matrices_are_needed(tmp_path: Path) -> None:
    service = serve(tmp_path / "home")
    reply = service.client().post("/vroom", json=on_streets())
    close(service.app)
    service.store.close()
    assert (reply.status_code, reply.json["code"]) == (500, 3)
    assert "--streets" in reply.json["error"]


def test_an_unknown_extract_is_not_there(asked: FlaskClient) -> None:
    assert asked.post("/vroom/atlantis", json=TINY).status_code == 404


def test_requests_beyond_those_that_may_wait_are_refused(asked: FlaskClient, town: Service) -> None:
    pool = town.app.extensions["mzunguko"].solvers
    before, pool._most = pool._most, 0
    try:
        reply = asked.post("/vroom", json=TINY)
    finally:
        pool._most = before
    assert (reply.status_code, reply.json["code"]) == (503, 1)
    assert reply.headers["Retry-After"]


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 5)
    | st.floats(allow_nan=False)
    | st.sampled_from(["", "job", "car", "x"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted({*TINY, "id", "x"})), inner),
    max_leaves=6,
)
OF_VEHICLES = """id start start_index end end_index capacity skills breaks costs profile steps type time_window
speed_factor max_tasks max_travel_time max_distance mzunguko description"""
OF_JOBS = """id location location_index setup service delivery pickup amount skills priority time_windows
setup_per_type service_per_type mzunguko description"""
KEYS = {"vehicles": OF_VEHICLES.split(), "jobs": OF_JOBS.split()}


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_body_crashes_the_reader(data: st.DataObject) -> None:
    body: Json = json.loads(json.dumps(TINY))
    where = data.draw(st.sampled_from(["", "vehicles", "jobs", "shipments", "matrices"]))
    if where in KEYS:
        body[where][0][data.draw(st.sampled_from(KEYS[where]))] = data.draw(VALUES)
    else:
        body[where or data.draw(st.sampled_from([*TINY, "options", "matrix", "mzunguko"]))] = data.draw(VALUES)
    with suppress(Refusal):
        assert filled(read(body, Limits()), None).tasks
