"""Runs of the kind ``hubs`` at the border: what is accepted, what is refused and where, what a key stands for."""

import json
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from api.config import Limits
from api.jobs.port import Json
from tests.api.service import Service, serve
from tests.api.test_contract import errors, problem

STUDY: Json = {
    "name": "Two yards",
    "country": "KE",
    "currency": "KES",
    "streets": {"town": "twelve-junctions"},
    "sites": {"at_most": 2},
}
SAMPLE: Json = {"kind": "hubs", "sample": "town-hubs"}


def closed(name: str) -> Json:
    return {"streets": {"town": "twelve-junctions", "closures": [{"name": "flood", "file": name}]}}


def uploaded(client: FlaskClient, *names: str) -> dict[str, str]:
    return {name: client.post("/v1/uploads", data={"file": (BytesIO(b"id\n1\n"), name)}).json["id"] for name in names}


def asked(client: FlaskClient, **changes: object) -> Json:
    body = {"kind": "hubs", "study": STUDY, "files": uploaded(client, "people.csv", "candidates.csv")}
    return body | changes


def test_a_study_with_its_uploads_is_accepted(service: Service, client: FlaskClient) -> None:
    body = asked(client, seconds=30, seed=4)
    answer = client.post("/v1/runs", json=body)
    assert answer.status_code == 202, answer.text
    told = {part: answer.json[part] for part in ("name", "kind", "sample", "status")}
    assert told == {"name": "Two yards", "kind": "hubs", "sample": None, "status": "queued"}
    run = service.store.run(answer.json["id"])
    assert run
    assert run.request == body
    assert service.engine.submitted == [run.id]


def test_a_sample_says_its_kind_and_is_accepted_with_it(service: Service, client: FlaskClient) -> None:
    kinds = {sample["name"]: sample["kind"] for sample in client.get("/v1/samples").json["items"]}
    assert (kinds["town"], kinds["town-hubs"]) == ("rounds", "hubs")
    for name, kind in kinds.items():
        answer = client.post("/v1/runs", json={"kind": kind, "sample": name})
        assert answer.status_code == 202, answer.text
        assert (answer.json["kind"], answer.json["sample"]) == (kind, name)


def test_who_says_no_kind_asks_for_rounds(service: Service, client: FlaskClient) -> None:
    answers = [client.post("/v1/runs", json={"sample": "town"} | more).json for more in ({}, {"kind": "rounds"})]
    runs = [service.store.run(answer["id"]) for answer in answers]
    assert [run and (run.kind, run.request) for run in runs] == [("rounds", {"sample": "town"})] * 2


@pytest.mark.parametrize("kind", ["flows", "plan", "", None, 7, ["hubs"], {"hubs": 1}])
def test_another_kind_is_refused_with_those_there_are(client: FlaskClient, service: Service, kind: object) -> None:
    answer = client.post("/v1/runs", json={"kind": kind, "sample": "town-hubs"})
    problem(answer, 422, "invalid-request")
    assert errors(answer) == [("no-such-kind", "/kind")]
    assert "there are rounds, hubs and codesign" in answer.json["errors"][0]["detail"]
    assert service.engine.submitted == []


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"kind": "hubs", "study": STUDY, "scenario": {}}, [("of-another-kind", "/scenario")]),
        ({"kind": "hubs", "scenario": {}}, [("of-another-kind", "/scenario")]),
        ({"study": STUDY}, [("of-another-kind", "/study")]),
        ({"scenario": {}, "study": STUDY}, [("of-another-kind", "/study")]),
        ({"kind": "hubs"}, [("missing", "/study")]),
        ({**SAMPLE, "study": STUDY}, [("unknown-field", "/study")]),
        ({**SAMPLE, "engine": "pyvrp"}, [("unknown-field", "/engine")]),
        ({**SAMPLE, "seconds": 0.01}, [("out-of-range", "/seconds")]),
        ({**SAMPLE, "seconds": 1e6}, [("out-of-range", "/seconds")]),
        ({**SAMPLE, "sample": "town"}, [("no-such-sample", "/kind")]),
        ({"sample": "town-hubs"}, [("no-such-sample", "/kind")]),
        ({**SAMPLE, "sample": "atlantis"}, [("no-such-sample", "/sample")]),
    ],
)
def test_what_does_not_fit_together_is_refused(client: FlaskClient, body: Json, found: list[tuple[str, str]]) -> None:
    answer = client.post("/v1/runs", json=body)
    problem(answer, 422, "invalid-request")
    assert errors(answer) == found


def test_all_faults_of_the_study_come_in_one_answer(client: FlaskClient, service: Service) -> None:
    study = {
        **STUDY,
        "country": "Kenya",
        "sites": {"reach_m": -1},
        "solve": {"seconds": 0.01, "seed": -1},
        "exclusions": [{"name": "school", "file": "schools.geojson"}],
        "tables": {"people": {"file": "folk.csv"}, "vehicles": {"file": "people.csv"}},
    }
    files = uploaded(client, "people.csv", "more.csv") | {"candidates.csv": "0" * 32}
    answer = client.post("/v1/runs", json=asked(client, study=study, files=files))
    problem(answer, 422, "invalid-request")
    assert set(errors(answer)) == {
        ("country-unknown", "/study/country"),
        ("out-of-range", "/study/sites/reach_m"),
        ("out-of-range", "/study/solve/seconds"),
        ("out-of-range", "/study/solve/seed"),
        ("sites-limit-missing", "/study/sites"),
        ("unknown-key", "/study/tables/vehicles"),
        ("file-not-given", "/study/exclusions/0/file"),
        ("file-not-given", "/study/tables/people/file"),
        ("file-not-used", "/files/more.csv"),
        ("no-such-upload", "/files/candidates.csv"),
    }
    assert service.engine.submitted == []


def test_unknown_fields_of_the_study_have_pointers(client: FlaskClient) -> None:
    study = {**STUDY, "colour": "green", "sites": {"at_most": "two", "aim": "best"}}
    answer = client.post("/v1/runs", json=asked(client, study=study))
    assert set(errors(answer)) == {
        ("unknown-key", "/study/colour"),
        ("wrong-type", "/study/sites/at_most"),
        ("not-a-choice", "/study/sites/aim"),
    }


def test_tables_that_the_study_does_not_name_have_their_usual_names(client: FlaskClient) -> None:
    answer = client.post("/v1/runs", json={"kind": "hubs", "study": STUDY})
    assert errors(answer) == [
        ("file-not-given", "/study/tables/people/file"),
        ("file-not-given", "/study/tables/candidates/file"),
    ]


@pytest.mark.parametrize("name", ["../people.csv", "/etc/hostname", "C:\\people.csv", "a/../../b.csv"])
@pytest.mark.parametrize(
    ("pointer", "study"),
    [
        ("/study/streets/file", lambda name: {"streets": {"file": name}}),
        ("/study/streets/boundary", lambda name: {"streets": {"town": "twelve-junctions", "boundary": name}}),
        ("/study/tables/people/file", lambda name: {"tables": {"people": {"file": name}}}),
        ("/study/exclusions/0/file", lambda name: {"exclusions": [{"name": "school", "file": name}]}),
        ("/study/streets/closures/0/file", closed),
    ],
)
def test_no_file_outside_can_be_named(client: FlaskClient, pointer: str, study, name: str) -> None:
    files = uploaded(client, "people.csv", "candidates.csv")
    answer = client.post("/v1/runs", json=asked(client, study=STUDY | study(name), files=files))
    problem(answer, 422, "invalid-request")
    assert {("path-outside", pointer), ("file-not-given", pointer)} <= set(errors(answer))
    answer = client.post("/v1/runs", json=asked(client, study=STUDY | study(name), files={name: "0" * 32}))
    assert "bad-text" in {code for code, _ in errors(answer)}


def test_a_scenario_brings_the_areas_of_its_closures(client: FlaskClient) -> None:
    tables = ("points", "depots", "facilities", "vehicles")
    scenario = {
        **{part: STUDY[part] for part in ("name", "country", "currency")},
        **closed("flood.geojson"),
        "streams": [{"id": "residual", "name": "Residual", "density_kg_m3": 300}],
        "tables": {name: {"file": f"{name}.csv"} for name in tables},
    }
    files = uploaded(client, *(f"{name}.csv" for name in tables))
    missing = client.post("/v1/runs", json={"scenario": scenario, "files": files})
    assert errors(missing) == [("file-not-given", "/scenario/streets/closures/0/file")]
    files |= uploaded(client, "flood.geojson")
    assert client.post("/v1/runs", json={"scenario": scenario, "files": files}).status_code == 202


def test_seconds_are_limited_wherever_they_are_asked_for(tmp_path: Path) -> None:
    service = serve(tmp_path / "home", limits=Limits(run_seconds=20))
    client = service.client()
    study = {**STUDY, "solve": {"seconds": 21}}
    assert errors(client.post("/v1/runs", json=asked(client, study=study, seconds=22))) == [
        ("out-of-range", "/seconds"),
        ("out-of-range", "/study/solve/seconds"),
    ]
    for body in (SAMPLE, {"sample": "town"}):
        assert errors(client.post("/v1/runs", json=body | {"seconds": 21})) == [("out-of-range", "/seconds")]
        assert client.post("/v1/runs", json=body | {"seconds": 20}).status_code == 202


def test_a_key_with_another_kind_is_another_request(client: FlaskClient, service: Service) -> None:
    headers = {"Idempotency-Key": "k"}
    first = client.post("/v1/runs", json=SAMPLE, headers=headers)
    again = client.post("/v1/runs", json=SAMPLE, headers=headers)
    assert first.json["id"] == again.json["id"]
    assert again.headers["Idempotency-Replayed"] == "true"
    problem(client.post("/v1/runs", json={"sample": "town"}, headers=headers), 422, "idempotency-mismatch")
    other = client.post("/v1/runs", json={"sample": "town"}, headers={"Idempotency-Key": "l"})
    said = client.post("/v1/runs", json={"kind": "rounds", "sample": "town"}, headers={"Idempotency-Key": "l"})
    assert other.json["id"] == said.json["id"]
    assert len(service.store.runs()[0]) == 2


def test_the_description_has_a_shape_for_each_kind(client: FlaskClient) -> None:
    told = json.loads(client.get("/openapi.json").data)
    body = told["paths"]["/v1/runs"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    names = {shape["$ref"].rpartition("/")[2] for shape in body["oneOf"]}
    said = {"HubsSampleRun", "StudyRun", "CodesignSampleRun", "CodesignRun"}
    assert names == {"SampleRun", "ScenarioRun"} | said
    shapes = told["components"]["schemas"]
    assert {name for name in names if "kind" in shapes[name]["required"]} == said
