"""The description: valid, complete, the same as the routes, and true of what the service does."""

import json
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema

from api.config import Limits
from api.resources import OPERATIONS
from tests.api.service import Service, listening, serve

TOKEN = "a-token-of-24-characters"
# Pages for people; and the interfaces of other routers, whose forms and errors are theirs (docs/interop.md).
OTHERS = ("pages.", "static", "osrm.", "ors.", "vroom.")
SETTINGS: dict[str, Any] = {
    "seed": 20270301,
    "generation": {"max-examples": 6, "deterministic": True, "database": "none"},
    "headers": {"Authorization": f"Bearer {TOKEN}"},
    "checks": {
        # What a JSON schema cannot say (a file that is named must be given, a cursor must be ours) is refused too.
        "positive_data_acceptance": {"expected-statuses": [200, 201, 202, 304, 400, 404, 409, 422, 429, 503]},
    },
    "warnings": False,
}


@pytest.fixture
def guarded(tmp_path: Path) -> Service:
    return serve(tmp_path / "home", token=TOKEN, limits=Limits(wait_seconds=0.01, queued_runs=10_000))


def description(service: Service) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(service.client().get("/openapi.json").data)
    return told


def test_the_description_is_valid(service: Service) -> None:
    assert not list(OpenAPIV31SpecValidator(description(service)).iter_errors())


def test_the_description_and_the_routes_are_the_same(service: Service) -> None:
    described = {
        (method.upper(), path) for path, methods in description(service)["paths"].items() for method in methods
    }
    routed = {
        (method, rule.rule.replace("<", "{").replace(">", "}"))
        for rule in service.app.url_map.iter_rules()
        if not rule.endpoint.startswith(OTHERS)
        for method in (rule.methods or set()) - {"HEAD"}
    }
    assert described == routed
    assert described == {(op.method, op.path) for op in OPERATIONS}


@pytest.mark.parametrize("op", OPERATIONS, ids=lambda op: op.id)
def test_every_operation_is_described_in_full(service: Service, op) -> None:
    told = description(service)["paths"][op.path][op.method.lower()]
    assert told["operationId"] == op.id
    assert told["summary"].endswith(".")
    assert '"example"' in json.dumps(told) or '"examples"' in json.dumps(told)
    assert {"406", "422", "500"} <= set(told["responses"])
    for status, response in told["responses"].items():
        assert int(status) < 400 or "application/problem+json" in response["content"]
        assert response["description"]


def test_schemathesis_finds_nothing(guarded: Service) -> None:
    with listening(guarded.app) as address:
        schema = schemathesis.openapi.from_url(
            f"{address}/openapi.json", config=SchemathesisConfig.from_dict(SETTINGS), wait_for_schema=5
        )
        seen = [*from_schema(schema).execute()]
    errors = [event for event in seen if isinstance(event, events.NonFatalError | events.FatalError)]
    finished = [event for event in seen if isinstance(event, events.ScenarioFinished)]
    failures = [
        f"{event.phase.value} {event.recorder.label}: {check.name}: {check.failure_info.failure}"
        for event in finished
        for checks in event.recorder.checks.values()
        for check in checks
        if check.status is Status.FAILURE and check.failure_info
    ]
    assert not errors
    assert not failures, "\n\n".join(dict.fromkeys(failures))
    assert {event.phase.value for event in finished} >= {"examples", "coverage", "fuzzing", "stateful"}
    assert sum(len(event.recorder.cases) for event in finished) > 500
