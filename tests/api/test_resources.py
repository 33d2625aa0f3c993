"""Runs, events, documents, uploads, samples, health, limits."""

import json
import threading
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from api.config import Limits
from api.jobs.ledger import Attempt, Ledger, Made
from api.jobs.port import ProgressNote
from tests.api.service import Service, serve
from tests.api.test_contract import errors, problem

NOBODY = "0" * 32
SAMPLE = {"sample": "helsinki"}


def worker(service: Service) -> Ledger:
    return Ledger(service.store, worker="w" * 32, lease_s=60, strikes=3)


def begun(service: Service) -> tuple[str, Ledger, Attempt]:
    run_id = service.client().post("/v1/runs", json=SAMPLE).json["id"]
    ledger = worker(service)
    attempt = ledger.begin(run_id)
    assert attempt
    return run_id, ledger, attempt


def made(service: Service, name: str, media_type: str, content: bytes) -> Made:
    return Made(name=name, media_type=media_type, title=name, stored=service.store.files.put(BytesIO(content)))


def finished(service: Service, *documents: Made) -> str:
    run_id, ledger, attempt = begun(service)
    ledger.finish(attempt, {"days": []}, documents)
    return run_id


def test_progress_and_outcome_are_read_by_polling(service: Service, client: FlaskClient) -> None:
    run_id, ledger, attempt = begun(service)
    ledger.note(attempt, ProgressNote(stage="solve mon", fraction=0.5, cost=12.5, gap=None, runtime_s=3.0))
    seen = client.get(f"/v1/runs/{run_id}").json
    assert seen["status"] == "running"
    assert seen["progress"] == {"stage": "solve mon", "fraction": 0.5, "cost": 12.5, "gap": None, "runtime_s": 3.0}
    ledger.finish(attempt, {"days": [], "currency": "EUR"}, [])
    seen = client.get(f"/v1/runs/{run_id}").json
    assert (seen["status"], seen["outcome"]["currency"]) == ("succeeded", "EUR")


def test_a_long_poll_ends_with_the_run(service: Service, client: FlaskClient) -> None:
    run_id, ledger, attempt = begun(service)
    timer = threading.Timer(0.3, lambda: ledger.finish(attempt, {}, []))
    timer.start()
    seen = client.get(f"/v1/runs/{run_id}?wait=20").json
    timer.join()
    assert seen["status"] == "succeeded"


def test_a_long_poll_ends_with_its_time(service: Service, client: FlaskClient) -> None:
    run_id, _, _ = begun(service)
    assert client.get(f"/v1/runs/{run_id}?wait=0.3").json["status"] == "running"


def test_too_many_long_polls_are_answered_at_once(tmp_path: Path) -> None:
    service = serve(tmp_path / "home", limits=Limits(waiting=1))
    run_id, _, _ = begun(service)
    with service.app.app_context():
        from api.services import services

        gate = services().waiting
    assert gate.acquire(blocking=False)
    assert service.client().get(f"/v1/runs/{run_id}?wait=25").json["status"] == "running"


def test_events_continue_after_the_last_one_known(service: Service, client: FlaskClient) -> None:
    run_id, ledger, attempt = begun(service)
    ledger.note(attempt, ProgressNote(stage="read"))
    first = client.get(f"/v1/runs/{run_id}/events").json["items"]
    assert [event["seq"] for event in first] == list(range(1, len(first) + 1))
    ledger.note(attempt, ProgressNote(stage="travel"))
    later = client.get(f"/v1/runs/{run_id}/events?after={first[-1]['seq']}&wait=5").json
    assert [event["data"]["stage"] for event in later["items"]] == ["travel"]
    assert later["status"] == "running"


def test_cancelling(service: Service, client: FlaskClient) -> None:
    run_id = client.post("/v1/runs", json=SAMPLE).json["id"]
    first = client.post(f"/v1/runs/{run_id}/cancel")
    again = client.post(f"/v1/runs/{run_id}/cancel")
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json["status"] == again.json["status"] == "cancelled"
    assert service.engine.cancelled == [run_id, run_id]
    problem(client.post(f"/v1/runs/{NOBODY}/cancel"), 404, "not-found")


def test_what_has_ended_cannot_be_cancelled(service: Service, client: FlaskClient) -> None:
    run_id = finished(service)
    problem(client.post(f"/v1/runs/{run_id}/cancel"), 409, "run-finished")
    assert client.get(f"/v1/runs/{run_id}").json["status"] == "succeeded"


def accepted_at(service: Service, moment: datetime) -> str:
    request = {"sample": "helsinki"}
    accepted = service.store.accept(key=None, scope="s", fingerprint="f", request=request, name="n", now=moment)
    return accepted.run.id


def test_pages_neither_skip_nor_repeat_while_runs_come(service: Service, client: FlaskClient) -> None:
    moment = datetime(2027, 3, 1, tzinfo=UTC)
    there = {accepted_at(service, moment + timedelta(seconds=at // 3)) for at in range(10)}  # three at each moment
    seen: list[str] = []
    after = ""
    while True:
        page = client.get(f"/v1/runs?limit=3{after}").json
        seen += [run["id"] for run in page["items"]]
        if page["next"] is None:
            break
        accepted_at(service, moment + timedelta(days=1))
        after = f"&after={page['next']}"
    assert len(seen) == len(set(seen))
    assert there <= set(seen)


def test_a_cursor_that_was_changed_is_refused(service: Service, client: FlaskClient) -> None:
    for at in range(3):
        accepted_at(service, datetime(2027, 3, 1, at, tzinfo=UTC))
    cursor = client.get("/v1/runs?limit=1").json["next"]
    changed = ("A" if cursor[0] != "A" else "B") + cursor[1:]
    for wrong in (changed, cursor[:-3], "x", "%00", "é"):
        problem(client.get(f"/v1/runs?after={wrong}"), 400, "bad-cursor")


def test_runs_are_listed_by_status(service: Service, client: FlaskClient) -> None:
    done = finished(service)
    client.post("/v1/runs", json=SAMPLE)
    assert [run["id"] for run in client.get("/v1/runs?status=succeeded").json["items"]] == [done]


def test_a_document_is_shown_but_can_do_nothing(service: Service, client: FlaskClient) -> None:
    run_id = finished(service, made(service, "report.html", "text/html; charset=utf-8", b"<script>alert(1)</script>"))
    listed = client.get(f"/v1/runs/{run_id}/documents").json["items"]
    answer = client.get(listed[0]["href"], buffered=True)
    assert answer.data == b"<script>alert(1)</script>"
    assert answer.content_type == "text/html; charset=utf-8"
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox ")
    assert "allow-scripts" not in policy
    assert "default-src 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"] == "inline; filename=report.html"


def test_a_workbook_is_saved_not_shown(service: Service, client: FlaskClient) -> None:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    run_id = finished(service, made(service, "plan ü.xlsx", kind, b"PK"))
    href = client.get(f"/v1/runs/{run_id}/documents").json["items"][0]["href"]
    disposition = client.get(href, buffered=True).headers["Content-Disposition"]
    assert disposition.startswith("attachment")
    assert "%C3%BC" in disposition


def test_an_unchanged_document_is_not_sent_again(service: Service, client: FlaskClient) -> None:
    run_id = finished(service, made(service, "run.txt", "text/plain", b"1. Market Street"))
    path = f"/v1/runs/{run_id}/documents/run.txt"
    tag = client.get(path, buffered=True).headers["ETag"]
    again = client.get(path, headers={"If-None-Match": tag}, buffered=True)
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(path, headers={"If-None-Match": '"other"'}, buffered=True).data == b"1. Market Street"


@pytest.mark.parametrize("name", ["none.html", "..%2f..%2fmzunguko.sqlite", "%2e%2e", "a%00b"])
def test_only_documents_of_the_run_are_sent(service: Service, client: FlaskClient, name: str) -> None:
    problem(client.get(f"/v1/runs/{finished(service)}/documents/{name}"), 404, "not-found")


def sent(client: FlaskClient, content: bytes, name: str):
    return client.post("/v1/uploads", data={"file": (BytesIO(content), name)})


def test_an_upload_is_kept_and_known(service: Service, client: FlaskClient) -> None:
    answer = sent(client, b"id,lat,lon\n", "points.csv")
    assert answer.status_code == 201
    assert (answer.json["name"], answer.json["size"]) == ("points.csv", 11)
    assert client.get(answer.headers["Location"]).json == answer.json
    with service.store.open_upload(answer.json["id"]) as kept:
        assert kept.read() == b"id,lat,lon\n"


@pytest.mark.parametrize(
    ("name", "kept"), [("tables/a.csv", "a.csv"), ("../../a.csv", "a.csv"), ("a\x07b.csv", "ab.csv")]
)
def test_folders_in_a_file_name_are_dropped(client: FlaskClient, name: str, kept: str) -> None:
    assert sent(client, b"x", name).json["name"] == kept


def test_an_upload_of_a_kind_not_read_here_is_refused(client: FlaskClient) -> None:
    answer = sent(client, b"MZ", "virus.exe")
    problem(answer, 422, "invalid-request")
    assert errors(answer) == [("unknown-kind", "file")]


def test_an_empty_upload_is_refused(client: FlaskClient) -> None:
    assert errors(sent(client, b"", "points.csv")) == [("empty-file", "file")]


def test_an_upload_beyond_the_limit_of_its_kind_is_refused(tmp_path: Path) -> None:
    limits = Limits(upload_bytes={".csv": 100, ".pbf": 10_000})
    service = serve(tmp_path / "home", limits=limits)
    client = service.client()
    assert sent(client, b"x" * 100, "a.csv").status_code == 201
    problem(sent(client, b"x" * 101, "a.csv"), 413, "too-large")
    assert sent(client, b"x" * 101, "a.pbf").status_code == 201
    problem(sent(client, b"x" * 200_000, "a.pbf"), 413, "too-large")
    left = [file for file in service.config.files.rglob("*") if file.is_file()]
    assert len(left) == 2


def test_a_form_that_is_no_upload_is_refused(client: FlaskClient) -> None:
    text = client.post("/v1/uploads", data={"file": "text"}, content_type="multipart/form-data")
    assert errors(text) == [("wrong-type", "file")]
    missing = client.post("/v1/uploads", data={"other": (BytesIO(b"x"), "a.csv")})
    assert sorted(errors(missing)) == [("missing", "file"), ("unknown-field", "other")]
    problem(client.post("/v1/uploads", data=b"x", content_type="text/csv"), 415, "unsupported-media-type")
    no_boundary = client.post("/v1/uploads", data=b"x", content_type="multipart/form-data")
    assert no_boundary.status_code in {400, 422}


def test_a_scenario_with_its_uploads_is_accepted(service: Service, client: FlaskClient) -> None:
    tables = ("points", "depots", "facilities", "vehicles")
    files = {f"{name}.csv": sent(client, b"id\n", f"{name}.csv").json["id"] for name in tables}
    scenario = {
        "name": "Two streets",
        "country": "KE",
        "currency": "KES",
        "streams": [{"id": "residual", "name": "Residual", "density_kg_m3": 300}],
        "streets": {"town": "twelve-junctions"},
        "tables": {name: {"file": f"{name}.csv"} for name in tables},
    }
    answer = client.post("/v1/runs", json={"scenario": scenario, "files": files, "seconds": 2})
    assert answer.status_code == 202, answer.text
    told = {part: answer.json[part] for part in ("name", "kind", "sample")}
    assert told == {"name": "Two streets", "kind": "rounds", "sample": None}
    run = service.store.run(answer.json["id"])
    assert run
    assert run.request == {"scenario": scenario, "files": files, "seconds": 2.0}


def test_samples_say_what_they_are(client: FlaskClient) -> None:
    samples = {sample["name"]: sample for sample in client.get("/v1/samples").json["items"]}
    assert samples["helsinki"]["title"] == "Central Helsinki"
    assert all(sample["description"] for sample in samples.values())


def test_limits_are_published(client: FlaskClient, service: Service) -> None:
    limits = client.get("/v1/limits").json
    assert limits["json_bytes"] == service.config.limits.json_bytes
    assert limits["upload_bytes"][".pbf"] == 2**30


def test_health_needs_no_database(client: FlaskClient, service: Service, monkeypatch) -> None:
    monkeypatch.delattr(type(service.store), "runs")
    assert client.get("/healthz").json == {"status": "ok"}
    problem(client.get("/readyz"), 503, "not-ready")


def test_readiness_needs_a_worker(client: FlaskClient, service: Service) -> None:
    assert client.get("/readyz").json["workers"] == 1
    service.engine.workers = 0
    answer = client.get("/readyz")
    problem(answer, 503, "not-ready")
    assert answer.headers["Retry-After"] == "5"


def test_the_version_is_told(client: FlaskClient) -> None:
    assert set(client.get("/version").json) == {"mzunguko", "python"}


def test_head_has_the_headers_of_get(client: FlaskClient) -> None:
    head, get = client.head("/v1/limits"), client.get("/v1/limits")
    assert head.data == b""
    assert head.headers["Content-Length"] == str(len(get.data))
    assert json.loads(get.data)
