"""The contract in HTTP: which status, which headers, which pointers."""

import json
import re
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.config import Limits
from api.errors import MEDIA
from api.problem_types import ITEM_CODES, PROBLEMS
from tests.api.service import Service, serve

SAMPLE = {"sample": "helsinki"}
URN = re.compile(r"urn:uuid:[0-9a-f-]{36}")


def problem(response: TestResponse, status: int, code: str) -> dict[str, object]:
    assert response.status_code == status, response.text
    assert response.content_type == MEDIA
    body: dict[str, object] = json.loads(response.data)
    assert body["type"] == f"/problems/{code}"
    assert body["status"] == status
    assert URN.fullmatch(str(body["instance"]))
    assert response.headers["X-Request-Id"] == body["instance"]
    return body


def errors(response: TestResponse) -> list[tuple[str, str]]:
    listed = json.loads(response.data)["errors"]
    return [(error["code"], error.get("pointer", error.get("parameter"))) for error in listed]


def test_a_run_is_accepted_with_its_address(client: FlaskClient, service: Service) -> None:
    answer = client.post("/v1/runs", json=SAMPLE)
    assert answer.status_code == 202
    assert answer.headers["Location"] == f"/v1/runs/{answer.json['id']}"
    assert answer.json["status"] == "queued"
    assert service.engine.submitted == [answer.json["id"]]
    assert client.get(answer.headers["Location"]).json == answer.json


@pytest.mark.parametrize(
    "path", ["/v1/nothing", "/v1/runs/none", f"/v1/runs/{'0' * 32}", "/v1/runs/%00", "/v1/uploads/x"]
)
def test_what_is_not_there_is_404(client: FlaskClient, path: str) -> None:
    problem(client.get(path), 404, "not-found")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_a_wrong_method_names_the_right_ones(client: FlaskClient, method: str) -> None:
    answer = client.open("/v1/runs", method=method)
    problem(answer, 405, "method-not-allowed")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "POST"}


def test_an_answer_that_nobody_could_read_is_406(client: FlaskClient) -> None:
    problem(client.get("/v1/runs", headers={"Accept": "image/png"}), 406, "not-acceptable")
    assert client.get("/v1/runs", headers={"Accept": "application/*"}).status_code == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "application/jsonp"])
def test_another_content_type_is_415(client: FlaskClient, kind: str) -> None:
    answer = client.post("/v1/runs", data=json.dumps(SAMPLE), headers={"Content-Type": kind} if kind else {})
    problem(answer, 415, "unsupported-media-type")


def test_a_body_that_says_it_is_too_large_is_not_read(client: FlaskClient, service: Service) -> None:
    size = service.config.limits.json_bytes + 1
    answer = client.post(
        "/v1/runs", data=b"{}", content_type="application/json", environ_overrides={"CONTENT_LENGTH": str(size)}
    )
    problem(answer, 413, "too-large")


def test_a_body_that_hides_its_size_is_counted(client: FlaskClient, service: Service) -> None:
    data = b" " * (service.config.limits.json_bytes + 1)
    answer = client.post(
        "/v1/runs",
        input_stream=BytesIO(data),
        content_type="application/json",
        environ_overrides={"wsgi.input_terminated": True},
    )
    problem(answer, 413, "too-large")


def test_an_unknown_field_is_named_by_its_pointer(client: FlaskClient) -> None:
    answer = client.post("/v1/runs", json=SAMPLE | {"spe/ed~": 1, "seed": "7"})
    problem(answer, 422, "invalid-request")
    assert sorted(errors(answer)) == [("unknown-field", "/spe~1ed~0"), ("wrong-type", "/seed")]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("nonsense=1", "unknown-field"),
        ("limit=101", "out-of-range"),
        ("limit=0", "out-of-range"),
        ("limit=", "wrong-type"),
        ("limit=1&limit=2", "repeated"),
        ("status=lost", "invalid-value"),
    ],
)
def test_a_query_that_makes_no_sense_is_422(client: FlaskClient, query: str, code: str) -> None:
    answer = client.get(f"/v1/runs?{query}")
    problem(answer, 422, "invalid-request")
    assert errors(answer) == [(code, query.partition("=")[0])]


def test_an_address_without_parameters_takes_none(client: FlaskClient) -> None:
    answer = client.get("/v1/limits?x=1")
    problem(answer, 422, "invalid-request")


def test_faults_of_a_scenario_point_into_the_body(client: FlaskClient) -> None:
    answer = client.post("/v1/runs", json={"scenario": {"name": 7, "streams": []}})
    problem(answer, 422, "invalid-request")
    found = {pointer: code for code, pointer in errors(answer)}
    assert "/scenario/name" in found
    assert "/scenario/country" in found
    assert all(pointer.startswith("/scenario") for pointer in found)


def test_files_must_match_what_the_scenario_names(client: FlaskClient) -> None:
    scenario = {
        "name": "x",
        "country": "KE",
        "currency": "KES",
        "streams": [{"id": "residual", "name": "Residual", "density_kg_m3": 300}],
        "streets": {"town": "twelve-junctions"},
        "tables": {"points": {"file": "points.csv"}},
    }
    answer = client.post("/v1/runs", json={"scenario": scenario, "files": {"other.csv": "0" * 32}})
    problem(answer, 422, "invalid-request")
    assert {
        ("file-not-given", "/scenario/tables/points/file"),
        ("file-not-used", "/files/other.csv"),
        ("no-such-upload", "/files/other.csv"),
    } <= set(errors(answer))


@pytest.mark.parametrize("name", ["scenario.json", "..", "a\nb.csv", "a\x1bb.csv"])
def test_a_file_of_a_run_has_a_plain_name(client: FlaskClient, name: str) -> None:
    answer = client.post("/v1/runs", json={"scenario": {}, "files": {name: "0" * 32}})
    assert errors(answer) == [("bad-text", f"/files/{name}")]


def test_a_sample_nobody_knows_is_refused(client: FlaskClient) -> None:
    answer = client.post("/v1/runs", json={"sample": "atlantis"})
    assert errors(answer) == [("no-such-sample", "/sample")]


def test_a_full_queue_says_when_to_come_again(tmp_path: Path) -> None:
    service = serve(tmp_path / "small", limits=Limits(queued_runs=2))
    client = service.client()
    assert [client.post("/v1/runs", json=SAMPLE).status_code for _ in range(2)] == [202, 202]
    answer = client.post("/v1/runs", json=SAMPLE)
    problem(answer, 429, "queue-full")
    assert int(answer.headers["Retry-After"]) > 0
    assert len(service.engine.submitted) == 2


def test_a_crash_tells_nothing_of_the_inside(client: FlaskClient, service: Service, monkeypatch, caplog) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("SELECT secret FROM /srv/mzunguko/run.py")

    monkeypatch.setattr(type(service.store), "runs", broken)
    answer = client.get("/v1/runs")
    body = problem(answer, 500, "internal")
    assert "SELECT" not in answer.text
    assert "/srv" not in answer.text
    assert str(body["instance"]) in caplog.text


def test_a_full_disk_is_said_so(client: FlaskClient, service: Service, monkeypatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(service.store), "upload", full)
    answer = client.post("/v1/uploads", data={"file": (BytesIO(b"id\n1\n"), "points.csv")})
    problem(answer, 507, "storage-full")


def test_every_problem_type_has_its_page(client: FlaskClient) -> None:
    for code, kind in PROBLEMS.items():
        answer = client.get(f"/problems/{code}")
        assert answer.json["status"] == kind.status
        page = client.get(f"/problems/{code}", headers={"Accept": "text/html"})
        assert kind.title in unescape(page.text)


def test_every_code_of_the_contract_is_kebab_case() -> None:
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in [*PROBLEMS, *ITEM_CODES])


def test_every_code_has_its_row_in_the_docs() -> None:
    docs = (Path(__file__).parents[2] / "docs" / "errors.md").read_text(encoding="utf-8")
    for code, kind in PROBLEMS.items():
        assert f"| {kind.status} | `{code}` | {kind.meaning} | {kind.action} |" in docs
    for code, meaning in ITEM_CODES.items():
        assert f"| `{code}` | {meaning} |" in docs
