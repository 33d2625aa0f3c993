"""The same request sent twice, and keys that are no keys."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.api.service import Service, serve
from tests.api.test_contract import problem

BODY = {"sample": "helsinki", "seconds": 5, "seed": 1}


def key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid.uuid4())}


def test_the_same_request_twice_is_one_run(client: FlaskClient) -> None:
    headers = key()
    first = client.post("/v1/runs", json=BODY, headers=headers)
    second = client.post("/v1/runs", json=BODY, headers=headers)
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.json["id"] == second.json["id"]
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert second.headers["Location"] == first.headers["Location"]
    assert len(client.get("/v1/runs").json["items"]) == 1


def test_spelling_the_same_body_differently_is_the_same_request(client: FlaskClient) -> None:
    headers = key() | {"Content-Type": "application/json"}
    first = client.post("/v1/runs", data='{"sample": "helsinki", "seed": 1, "seconds": 5}', headers=headers)
    second = client.post("/v1/runs", data='{"seconds":5.0,"sample":"helsinki","seed":1}', headers=headers)
    assert first.json["id"] == second.json["id"]


def test_the_same_key_with_another_body_is_refused(client: FlaskClient) -> None:
    headers = key()
    client.post("/v1/runs", json=BODY, headers=headers)
    problem(client.post("/v1/runs", json=BODY | {"seed": 2}, headers=headers), 422, "idempotency-mismatch")
    assert len(client.get("/v1/runs").json["items"]) == 1


@pytest.mark.parametrize("bad", ["", " ", "x" * 256, "a b", "a\tb", "schlüssel", "a\x7f"])
def test_a_key_that_is_none_is_refused(client: FlaskClient, service: Service, bad: str) -> None:
    answer = client.post("/v1/runs", json=BODY, headers={"Idempotency-Key": bad})
    problem(answer, 400, "bad-idempotency-key")
    assert service.engine.submitted == []


def test_the_longest_key_is_taken(client: FlaskClient) -> None:
    assert client.post("/v1/runs", json=BODY, headers={"Idempotency-Key": "x" * 255}).status_code == 202


def test_a_refusal_does_not_use_the_key_up(client: FlaskClient) -> None:
    headers = key()
    problem(client.post("/v1/runs", json={"sample": "atlantis"}, headers=headers), 422, "invalid-request")
    again = client.post("/v1/runs", json=BODY, headers=headers)
    assert again.status_code == 202
    assert "Idempotency-Replayed" not in again.headers


def test_a_request_in_progress_says_when_to_come_again(client: FlaskClient, service: Service, monkeypatch) -> None:
    from api.jobs.port import KeyInProgress

    def busy(*_: object, **__: object) -> None:
        raise KeyInProgress("k")

    monkeypatch.setattr(type(service.store), "accept", busy)
    answer = client.post("/v1/runs", json=BODY, headers=key())
    problem(answer, 409, "in-progress")
    assert answer.headers["Retry-After"] == "1"


def test_a_key_is_remembered_across_a_restart(tmp_path: Path) -> None:
    headers = key()
    first = serve(tmp_path / "home")
    run = first.client().post("/v1/runs", json=BODY, headers=headers)
    first.store.close()
    second = serve(tmp_path / "home")
    replay = second.client().post("/v1/runs", json=BODY, headers=headers)
    assert replay.json["id"] == run.json["id"]
    assert replay.headers["Idempotency-Replayed"] == "true"
    second.store.close()


def test_without_a_key_every_request_is_a_run_of_its_own(client: FlaskClient) -> None:
    ids = {client.post("/v1/runs", json=BODY).json["id"] for _ in range(2)}
    assert len(ids) == 2


def test_of_many_at_once_with_one_key_one_run_comes(service: Service) -> None:
    headers = key()
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: service.client().post("/v1/runs", json=BODY, headers=headers), range(12)))
    for answer in answers:
        assert answer.status_code == 202 or (answer.status_code == 409 and answer.headers["Retry-After"])
    assert len({answer.json["id"] for answer in answers if answer.status_code == 202}) == 1
    assert len(service.store.runs()[0]) == 1
    assert sum("Idempotency-Replayed" not in answer.headers for answer in answers if answer.status_code == 202) == 1
