"""Bodies that break careless services: refused with 400 or 422, quickly, and never with 500."""

import json

import pytest
from flask.testing import FlaskClient

from tests.api.service import Service

NESTED_LISTS = "[" * 100_000 + "]" * 100_000
CORPUS: dict[str, tuple[str | bytes, int]] = {
    "nested lists": (NESTED_LISTS, 400),
    "nested lists inside a scenario": ('{"scenario":{"x":' + NESTED_LISTS + "}}", 400),
    "unclosed lists": ("[" * 100_000, 400),
    "nested objects": ('{"scenario":' * 5_000 + "1" + "}" * 5_000, 400),
    "100 levels": ('{"scenario":' + '{"a":' * 100 + "1" + "}" * 101, 422),
    "5,000 digits": ('{"sample":"town","seed":' + "9" * 5_000 + "}", 400),
    "400 digits": ('{"sample":"town","seed":' + "9" * 400 + "}", 422),
    "400 digits in the scenario": ('{"scenario":{"a":' + "9" * 400 + "}}", 422),
    "NaN": ('{"sample":"town","seconds":NaN}', 422),
    "Infinity": ('{"sample":"town","seconds":-Infinity}', 422),
    "1e999": ('{"sample":"town","seconds":1e999}', 422),
    "NaN in the scenario": ('{"scenario":{"name":NaN}}', 422),
    "1e999 in the scenario": ('{"scenario":{"service_radius_m":1e999}}', 422),
    "lone surrogate": ('{"sample":"\\ud800"}', 400),
    "lone surrogate in the scenario": ('{"scenario":{"name":"\\udfff"}}', 400),
    "NUL in a name": ('{"sample":"town\\u0000"}', 422),
    "NUL in the scenario": ('{"scenario":{"name":"a\\u0000b"}}', 422),
    "NUL in a key of the scenario": ('{"scenario":{"a\\u0000b":1}}', 422),
    "NUL in a file name": ('{"scenario":{},"files":{"a\\u0000.csv":"' + "0" * 32 + '"}}', 422),
    "true for a number": ('{"sample":"town","seconds":true}', 422),
    "text for a number": ('{"sample":"town","seconds":"5"}', 422),
    "nothing": ("", 400),
    "white space": ("   \n\t ", 400),
    "null": ("null", 422),
    "a list": ("[]", 422),
    "a text": ('"town"', 422),
    "byte order mark": ("\ufeff{}", 400),
    "UTF-16": ('{"sample":"town"}'.encode("utf-16"), 400),
    "Latin-1": ('{"sample":"é"}'.encode("latin-1"), 400),
    "trailing text": ('{"sample":"town"} x', 400),
    "cut off": ('{"sample":"to', 400),
    "single quotes": ("{'sample':'town'}", 400),
    "comment": ('{"sample":"town"} // please', 400),
    "path as a sample": ('{"sample":"../../secret"}', 422),
    "folder in a file name": ('{"scenario":{},"files":{"../a.csv":"' + "0" * 32 + '"}}', 422),
    "a megabyte of spaces": (" " * 1_000_000 + "{}", 422),
}


@pytest.mark.parametrize(("body", "status"), CORPUS.values(), ids=CORPUS.keys())
def test_a_hostile_body_is_refused(client: FlaskClient, service: Service, body: str | bytes, status: int) -> None:
    answer = client.post("/v1/runs", data=body, content_type="application/json")
    assert answer.status_code == status, answer.text
    problem = json.loads(answer.data)
    assert problem["type"] == ("/problems/malformed-json" if status == 400 else "/problems/invalid-request")
    assert status == 400 or problem["errors"]
    assert "pydantic" not in answer.text
    assert service.engine.submitted == []


@pytest.mark.parametrize("name", [name for name in CORPUS if name.startswith("NUL")])
def test_a_nul_is_found_before_anything_is_looked_up(client: FlaskClient, name: str) -> None:
    answer = client.post("/v1/runs", data=CORPUS[name][0], content_type="application/json")
    assert {error["code"] for error in json.loads(answer.data)["errors"]} == {"bad-text"}


def test_of_doubled_names_the_last_counts(client: FlaskClient) -> None:
    answer = client.post("/v1/runs", data='{"sample":"atlantis","sample":"helsinki"}', content_type="application/json")
    assert answer.status_code == 202
