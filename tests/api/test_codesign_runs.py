"""Runs of the kind ``codesign`` at the border; ``jobs/test_child_codesign.py`` works them on to their end."""

from io import BytesIO
from pathlib import Path

from flask.testing import FlaskClient

from api.jobs.port import Json
from scenarios.samples import prepare_codesign
from scenarios.schema import dump, load
from tests.api.service import Service
from tests.api.test_contract import errors, problem


def own(client: FlaskClient, folder: Path) -> Json:
    tables = ("points.csv", "facilities.csv", "vehicles.csv", "sites.csv")
    files = {
        name: client.post("/v1/uploads", data={"file": (BytesIO((folder / name).read_bytes()), name)}).json["id"]
        for name in tables
    }
    return {"kind": "codesign", "study": dump(load(folder / "codesign.toml")), "files": files, "seconds": 5}


def test_a_study_with_its_files_is_accepted(service: Service, client: FlaskClient, tmp_path: Path) -> None:
    answer = client.post("/v1/runs", json=own(client, prepare_codesign("town-codesign", cache=tmp_path)))
    assert answer.status_code == 202, answer.text
    assert (answer.json["kind"], answer.json["name"]) == ("codesign", "Yards for a small town")
    assert service.engine.submitted == [answer.json["id"]]


def test_a_scenario_without_sites_and_a_file_not_given_are_refused(client: FlaskClient, tmp_path: Path) -> None:
    body = own(client, prepare_codesign("town-codesign", cache=tmp_path))
    less = {name: id_ for name, id_ in body["files"].items() if name != "sites.csv"}
    answer = client.post("/v1/runs", json=body | {"files": less})
    problem(answer, 422, "invalid-request")
    assert errors(answer) == [("file-not-given", "/study/tables/sites/file")]
    tables = {name: ref for name, ref in body["study"]["tables"].items() if name != "sites"}
    study = {**body["study"], "tables": tables, "codesign": None}
    answer = client.post("/v1/runs", json=body | {"study": study, "files": less})
    problem(answer, 422, "invalid-request")
    assert "table-missing" in {code for code, _ in errors(answer)}
