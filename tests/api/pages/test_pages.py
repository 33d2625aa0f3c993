"""The pages without a browser: forms in, pages out."""

import re
from html import unescape
from io import BytesIO

import pytest
from flask.testing import FlaskClient

from api.jobs.ledger import Ledger
from api.jobs.port import ProgressNote
from api.pages import coded
from tests.api.service import Service
from tests.api.test_auth import csrf
from tests.api.test_resources import begun, finished, made

OUTCOME = {
    "days": [{"day": "mon", "status": "partial", "gap": None, "rounds": 3, "unserved": 2, "violations": 0}],
    "figures": [
        {"id": "distance", "value": 61.3, "unit": "km", "low": 58, "high": 66},
        {"id": "cost", "value": None, "unit": "EUR", "low": None, "high": None},
    ],
    "doubts": [{"place": "points.csv, row 12", "cause": "moved 62 m", "action": "check it", "code": "place-moved"}],
}
SCENARIO = b"""
name = "Two <b>streets</b>"
country = "KE"
currency = "KES"
[[streams]]
id = "residual"
name = "Residual"
density_kg_m3 = 300
[streets]
town = "twelve-junctions"
[tables.points]
file = "tables/points.csv"
[tables.depots]
file = "depots.csv"
[tables.facilities]
file = "facilities.csv"
[tables.vehicles]
file = "vehicles.csv"
"""
TABLES = ("points.csv", "depots.csv", "facilities.csv", "vehicles.csv")


def post_files(client: FlaskClient, *files: tuple[str, bytes], **fields: str):
    data = {"csrf": csrf(client, "/new"), "files": [(BytesIO(content), name) for name, content in files], **fields}
    return client.post("/new/files", data=data)


def own(scenario: bytes = SCENARIO) -> list[tuple[str, bytes]]:
    return [("scenario.toml", scenario), *((name, b"id\n1\n") for name in TABLES)]


def test_the_first_page_invites(client: FlaskClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert 'href="/new"' in page.text
    assert 'href="/today"' in page.text


def test_runs_are_listed_newest_first(service: Service, client: FlaskClient) -> None:
    done, (running, ledger, attempt) = finished(service), begun(service)
    ledger.note(attempt, ProgressNote(stage="solve mon"))
    page = client.get("/").text
    assert page.index(running) < page.index(done)
    assert "Running" in page
    assert "Searching for better rounds (Monday)" in page


def test_long_lists_have_pages(service: Service, client: FlaskClient) -> None:
    for _ in range(21):
        client.post("/v1/runs", json={"sample": "town"})
    first = client.get("/").text
    older = re.search(r'href="(/\?after=[^"]+)"', first)
    assert older
    second = client.get(unescape(older[1])).text
    assert first.count('href="/runs/') == 20
    assert second.count('href="/runs/') == 1


def test_every_sample_can_be_chosen(client: FlaskClient) -> None:
    page = client.get("/new").text
    names = {sample["name"] for sample in client.get("/v1/samples").json["items"]}
    assert set(re.findall(r'name="sample" value="([^"]+)"', page)) == names


def test_a_sample_is_asked_for_once_however_often_the_button_is_pressed(service: Service, client: FlaskClient) -> None:
    page = client.get("/new").text
    token, key = (re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("csrf", "key"))
    form = {"csrf": token, "key": key, "sample": "town", "seconds": "7"}
    first, second = client.post("/new/sample", data=form), client.post("/new/sample", data=form)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]
    run = service.store.run(first.headers["Location"].rpartition("/")[2])
    assert run
    assert run.request == {"sample": "town", "seconds": 7.0}


@pytest.mark.parametrize("seconds", ["soon", "-1", "0", "1e9", "nan"])
def test_a_wrong_time_is_explained_beside_the_form(client: FlaskClient, service: Service, seconds: str) -> None:
    page = client.post("/new/sample", data={"csrf": csrf(client, "/new"), "sample": "town", "seconds": seconds})
    assert page.status_code == 422
    assert "One thing to mend" in page.text
    assert "seconds" in page.text
    assert service.engine.submitted == []


def test_a_scenario_comes_with_its_tables(service: Service, client: FlaskClient) -> None:
    answer = post_files(client, *own())
    assert answer.status_code == 303, answer.text
    run = service.store.run(answer.headers["Location"].rpartition("/")[2])
    assert run
    assert run.request["scenario"]["tables"]["points"]["file"] == "points.csv"
    assert set(run.request["files"]) == set(TABLES)
    page = client.get(answer.headers["Location"]).text
    assert "Two &lt;b&gt;streets&lt;/b&gt;" in page
    assert "<b>streets" not in page


def test_a_table_that_was_not_sent_is_named(client: FlaskClient) -> None:
    page = post_files(client, *own()[:-1])
    assert page.status_code == 422
    assert "vehicles.csv" in unescape(page.text)


def test_faults_of_the_scenario_are_all_listed(client: FlaskClient, service: Service) -> None:
    broken = SCENARIO.replace(b'currency = "KES"', b"").replace(b"density_kg_m3 = 300", b'density_kg_m3 = "much"')
    page = post_files(client, *own(broken))
    assert page.status_code == 422
    assert "currency" in page.text
    assert "density_kg_m3" in page.text
    assert service.engine.submitted == []


@pytest.mark.parametrize("files", [[("points.csv", b"id\n")], [("a.toml", SCENARIO), ("b.toml", SCENARIO)]])
def test_just_one_scenario_is_wanted(client: FlaskClient, files: list[tuple[str, bytes]]) -> None:
    page = post_files(client, *files)
    assert page.status_code == 422
    assert "scenario" in page.text


def test_a_scenario_that_is_no_toml_is_explained(client: FlaskClient) -> None:
    page = post_files(client, ("scenario.toml", b"name = "))
    assert page.status_code == 422
    assert "TOML" in page.text


def test_a_running_run_shows_stage_cost_and_gap(service: Service, client: FlaskClient) -> None:
    run_id, ledger, attempt = begun(service)
    ledger.note(attempt, ProgressNote(stage="solve thu", fraction=0.5, cost=1234.5, gap=0.081))
    page = client.get(f"/runs/{run_id}").text
    assert "Searching for better rounds (Thursday)" in page
    assert "8.1" in page
    assert 'value="0.500"' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    part = client.get(f"/runs/{run_id}/live")
    assert part.headers["X-Run-Ended"] == "false"
    assert "<html" not in part.text


def test_cancelling_from_the_page(service: Service, client: FlaskClient) -> None:
    run_id = client.post("/v1/runs", json={"sample": "town"}).json["id"]
    token = csrf(client, f"/runs/{run_id}")
    for _ in range(2):
        answer = client.post(f"/runs/{run_id}/cancel", data={"csrf": token})
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/runs/{run_id}")
    assert "The run was cancelled" in client.get(f"/runs/{run_id}").text
    assert client.get(f"/runs/{run_id}/live").headers["X-Run-Ended"] == "true"


def test_cancelling_what_has_ended_shows_the_result(service: Service, client: FlaskClient) -> None:
    run_id = finished(service)
    answer = client.post(f"/runs/{run_id}/cancel", data={"csrf": csrf(client, "/new")})
    assert answer.status_code == 303
    assert "Done" in client.get(f"/runs/{run_id}").text


def test_a_finished_run_shows_figures_report_and_documents(service: Service, client: FlaskClient) -> None:
    run_id, ledger, attempt = begun(service)
    documents = [
        made(service, "report.html", "text/html", b"<p>report"),
        made(service, "plan.xlsx", "application/octet-stream", b"PK"),
        made(service, "message.txt", "text/plain", b"1. <Market> Street"),
    ]
    ledger.finish(attempt, OUTCOME, documents)
    page = client.get(f"/runs/{run_id}").text
    assert "Monday: some work is left out" in page
    assert "2 points left out" in page
    assert "61.3" in page
    assert "58\u201366" in page
    assert "1. &lt;Market&gt; Street" in page
    assert f'<iframe class="report" src="/v1/runs/{run_id}/documents/report.html"' in page
    assert "moved 62 m" in page
    assert page.count(f'href="/v1/runs/{run_id}/documents/') == 4  # three, and the report once more


def test_a_failed_run_lists_its_faults(service: Service, client: FlaskClient) -> None:
    run_id, ledger, attempt = begun(service)
    fault = {"code": "x", "place": "points.csv, row 3", "cause": "'12O' is no number", "action": "write a number"}
    error = {"code": "invalid-input", "title": "The scenario cannot be used", "detail": "d", "faults": [fault]}
    ledger.fail(attempt, error)
    page = unescape(client.get(f"/runs/{run_id}").text)
    assert all(words in page for words in ("points.csv, row 3", "'12O' is no number", "write a number"))


def test_a_failed_run_without_faults_says_why(service: Service, client: FlaskClient) -> None:
    run_id, ledger, attempt = begun(service)
    ledger.fail(attempt, {"code": "internal", "title": "A defect", "detail": "It broke off.", "faults": []})
    assert "It broke off." in client.get(f"/runs/{run_id}").text


@pytest.mark.parametrize("path", ["/runs/nothing", "/nowhere", f"/runs/{'0' * 32}/live", "/today?run=x"])
def test_what_is_not_there_is_a_page_for_people(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert answer.content_type.startswith("text/html")
    assert "There is nothing here" in answer.text


def test_no_page_names_another_host_but_the_map_licence(service: Service, client: FlaskClient) -> None:
    run_id = finished(service)
    for path in ("/", "/new", "/today", f"/runs/{run_id}", "/problems/not-found"):
        page = client.get(path, headers={"Accept": "text/html"}).text
        assert set(re.findall(r"https?://[^\"' <]+", page)) <= {"https://www.openstreetmap.org/copyright"}
        assert "<style" not in page
        assert " style=" not in page
        assert not re.search(r"<script(?! src=\"/static/)", page)


def test_what_is_typed_by_programs_is_set_as_code(client: FlaskClient) -> None:
    page = client.get("/problems/not-found", headers={"Accept": "text/html"}).text
    assert "<code>GET /v1/runs</code>" in page
    assert coded("a `<b>` c") == "a <code>&lt;b&gt;</code> c"


STUDY_OUTCOME = {
    "lead": ["First open <Market>.", "Together they serve 900 people."],
    "certainty": "No plan is better.",
    "status": "optimal",
    "sites": [
        {"name": "Market", "people": 600.0, "mean_walk_m": 151.6, "farthest_walk_m": 402.0, "existing": "no"},
        {"name": "Clinic", "people": 300.0, "mean_walk_m": None, "farthest_walk_m": None, "existing": "yes"},
    ],
    "sites_open": 5,
    "doubts": [],
}


def test_the_page_of_a_hub_study_shows_its_answer_and_sites(service: Service, client: FlaskClient) -> None:
    token = csrf(client, "/new")
    address = client.post("/new/sample", data={"csrf": token, "sample": "town-hubs"}).headers["Location"]
    ledger = Ledger(service.store, worker="w" * 32, lease_s=60, strikes=3)
    attempt = ledger.begin(address.rpartition("/")[2])
    assert attempt
    assert attempt.request == {"kind": "hubs", "sample": "town-hubs"}
    ledger.note(attempt, ProgressNote(stage="equity", fraction=0.4))
    page = client.get(address).text
    assert "Working out what fairness costs" in page
    assert "Best cost so far" not in page
    ledger.finish(attempt, STUDY_OUTCOME, [made(service, "report.html", "text/html", b"<p>report")])
    page = client.get(address).text
    for words in ("First open &lt;Market&gt;.", "serve 900 people", "No plan is better.", "Open the report", "3 more"):
        assert words in page
    rows = re.findall(r'<th scope="row">(.+?)</th><td class="n">(.+?)</td><td class="n">(.+?)</td>', page)
    assert rows == [("Market", "600", "152"), ("Clinic (stands already)", "300", "\u2013")]
    assert "Invented for it" in page


def test_a_study_comes_with_its_tables(service: Service, client: FlaskClient) -> None:
    study = b"""
name = "Yards"
country = "KE"
currency = "KES"
[streets]
town = "twelve-junctions"
[sites]
at_most = 2
[[exclusions]]
name = "school"
file = "areas/schools.geojson"
"""
    names = ("people.csv", "candidates.csv", "schools.geojson")
    answer = post_files(client, ("hubs.toml", study), *((name, b"id\n1\n") for name in names))
    assert answer.status_code == 303, answer.text
    run = service.store.run(answer.headers["Location"].rpartition("/")[2])
    assert run
    assert (run.kind, run.name, set(run.request["files"])) == ("hubs", "Yards", set(names))
    assert run.request["study"]["exclusions"][0]["file"] == "schools.geojson"
    wrong = post_files(client, ("hubs.toml", study.replace(b"at_most = 2", b"")), ("people.csv", b"id\n1\n"))
    assert wrong.status_code == 422
    assert "at_most" in wrong.text
