"""The recycler's form: what is typed becomes a scenario that the reader takes, or a word beside the field."""

import csv
import io
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from api.pages import today_form as form
from network.sources.made_up import twelve_junctions
from scenarios.read.tables import read_tables
from scenarios.schema import parse
from tests.api.service import Service, serve
from tests.api.test_auth import csrf
from tests.api.test_resources import begun, made, worker


def filled(**changes: str) -> dict[str, str]:
    """The example as a browser sends it."""
    fields = {name: str(form.EXAMPLE[name]) for name in form.SINGLE}
    for kind, rows in (("stop", form.EXAMPLE["stops"]), ("sale", form.EXAMPLE["sales"])):
        fields |= {f"{kind}-{at}-{part}": value for at, row in enumerate(rows) for part, value in row.items()}
    return fields | changes


def sent(client: FlaskClient, **changes: str):
    return client.post("/today", data={"csrf": csrf(client, "/today"), "do": "plan", **filled(**changes)})


def rows(table: form.Table) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table.text)))


def test_the_example_has_no_faults_and_means_a_scenario() -> None:
    values = form.typed(filled())
    assert form.faults(values) == {}
    scenario = parse(form.scenario(values, streets={"town": "twelve-junctions"}))
    assert [stream.sale_price_per_kg for stream in scenario.streams] == [25.0, 10.0, 110.0]
    tables = {table.name: rows(table) for table in form.tables(values)}
    assert len(tables["points.csv"]) == len(form.EXAMPLE["stops"])
    assert tables["points.csv"][0] | {"name": ""} == {
        "id": "Stop 1",
        "name": "",
        "lat": "0.00003",
        "lon": "0.00036",
        "address": "",
        "kind": "customer",
        "stream": "pet-bottles",
        "kg_now": "14.0",
        "buying_price_per_kg": "12.0",
        "service_s": "300.0",
        "optional": "yes",
    }
    assert tables["vehicles.csv"][0]["shift_end_s"] == "12:00"
    assert tables["vehicles.csv"][0]["volume_m3"] == "1.0"
    assert scenario.streams[0].density_kg_m3 == 71


def test_without_a_volume_no_density_is_asked_for() -> None:
    values = form.typed(filled(volume="", **{f"sale-{at}-density": "" for at in range(3)}))
    assert form.faults(values) == {}
    assert rows(form.tables(values)[3])[0]["volume_m3"] == ""


def test_the_tables_are_read_without_a_fault(tmp_path: Path) -> None:
    values = form.typed(filled())
    for table in form.tables(values):
        (tmp_path / table.name).write_text(table.text, encoding="utf-8")
    scenario = parse(form.scenario(values, streets={"town": "twelve-junctions"}))
    system, _ = read_tables(scenario, tmp_path, network=twelve_junctions(), features=None)
    assert [point.kg_now for point in system.points] == [14, 38, 22, 6, 3, 7]
    assert all(point.optional for point in system.points)
    assert system.vehicles[0].wage_per_hour == 100


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("12", 12.0),
        ("2,5", 2.5),
        ("0.75", 0.75),
        (" 1 000 ", 1000.0),
        ("", None),
        ("-3", None),
        ("1e3", None),
        ("nan", None),
    ],
)
def test_numbers_are_read_as_people_type_them(typed: str, meant: float | None) -> None:
    assert form.decimal(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("-1.2921, 36.8219", ("-1.2921", "36.8219", "")),
        ("-1.2921 36.8219", ("-1.2921", "36.8219", "")),
        ("+60.1;24.9", ("+60.1", "24.9", "")),
        ("Kamba Street 12", ("", "", "Kamba Street 12")),
        ("12, 14 Market Street", ("", "", "12, 14 Market Street")),
    ],
)
def test_a_place_is_a_position_or_an_address(typed: str, meant: tuple[str, str, str]) -> None:
    found = form.place(typed)
    assert (found["lat"], found["lon"], found["address"]) == meant


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("start", ""),
        ("buyer", ""),
        ("payload", "0"),
        ("hours", "25"),
        ("wage", "lots"),
        ("country", "Kenya"),
        ("currency", "K"),
        ("leave", "25:00"),
        ("minutes", "x"),
        ("stop-0-where", ""),
        ("stop-1-kg", "0"),
        ("stop-2-what", "Gold"),
        ("stop-3-pay", "-1"),
        ("sale-0-price", ""),
        ("sale-0-density", ""),
        ("volume", "50"),
        ("sale-1-material", "pet bottles"),
        ("sale-2-material", "!!!"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(client: FlaskClient, service: Service, field: str, value: str) -> None:
    page = sent(client, **{field: value})
    assert page.status_code == 422
    assert re.search(rf'name="{field}"[^>]*aria-invalid="true" aria-describedby="{field}-wrong"', page.text)
    assert f'id="{field}-wrong"' in page.text
    assert service.engine.submitted == []


def test_an_empty_form_says_what_is_needed(client: FlaskClient) -> None:
    empty = dict.fromkeys(filled(), "")
    page = client.post("/today", data={"csrf": csrf(client, "/today"), "do": "plan", **empty})
    assert page.status_code == 422
    assert "Give at least one pick-up." in page.text


def test_more_rows_keep_what_was_typed(client: FlaskClient) -> None:
    page = client.post("/today", data={"csrf": csrf(client, "/today"), "do": "more", **filled(**{"stop-0-kg": "999"})})
    assert page.status_code == 200
    assert 'value="999"' in page.text
    assert f'name="stop-{len(form.EXAMPLE["stops"]) + 2}-where"' in page.text


def test_a_planned_run_stands_beside_the_form(client: FlaskClient, service: Service) -> None:
    answer = sent(client, **{"stop-0-kg": "15"})
    assert answer.status_code == 303
    path = answer.headers["Location"].removesuffix("#run")
    run_id = path.rpartition("=")[2]
    run = service.store.run(run_id)
    assert run
    assert run.request["scenario"]["tables"]["points"]["file"] == "points.csv"
    assert run.request["files"].keys() == {"points.csv", "depots.csv", "facilities.csv", "vehicles.csv"}
    page = client.get(path).text
    assert 'name="stop-0-kg" value="15"' in page
    assert f'data-live="/runs/{run_id}/live"' in page


def test_the_finished_run_is_there_as_text(client: FlaskClient, service: Service) -> None:
    run_id = sent(client).headers["Location"].removesuffix("#run").rpartition("=")[2]
    ledger = worker(service)
    attempt = ledger.begin(run_id)
    assert attempt
    left = b'{"days": [{"left_out": [{"stop": "Stop 5", "reason": "not-worth-it", "kg": 3.0}]}]}'
    documents = [
        made(service, "message.txt", "text/plain", b"1. 08:10 Kiosk"),
        made(service, "outcome.json", "application/json", left),
    ]
    ledger.finish(attempt, {"days": []}, documents)
    page = client.get(f"/today?run={run_id}").text
    assert "<li>Stop 5: The detour costs more than it brings in.</li>" in page
    assert '<pre class="run-text">1. 08:10 Kiosk</pre>' in page


def test_a_fault_of_a_row_is_said_of_its_stop(client: FlaskClient, service: Service) -> None:
    run_id = sent(client).headers["Location"].removesuffix("#run").rpartition("=")[2]
    ledger = worker(service)
    attempt = ledger.begin(run_id)
    assert attempt
    fault = {"code": "x", "place": "points.csv, row 3, column address", "cause": "no such street", "action": "spell it"}
    ledger.fail(attempt, {"code": "invalid-input", "title": "Cannot be used", "detail": "", "faults": [fault]})
    page = client.get(f"/today?run={run_id}").text
    assert '<span class="place">Stop 2</span>' in page


def test_the_map_of_the_service_is_offered_and_used(tmp_path: Path) -> None:
    network = tmp_path / "my town.osm"
    network.write_text("<osm version='0.6'/>", encoding="utf-8")
    service = serve(tmp_path / "home", network=network)
    client = service.client()
    assert "my town.osm" in client.get("/today").text
    run_id = sent(client, streets="server").headers["Location"].removesuffix("#run").rpartition("=")[2]
    run = service.store.run(run_id)
    assert run
    assert run.request["scenario"]["streets"] == {"file": "my town.osm"}
    with service.store.open_upload(run.request["files"]["my town.osm"]) as kept:
        assert kept.read() == network.read_bytes()


def test_a_map_of_ones_own_is_kept_for_the_next_run(client: FlaskClient, service: Service) -> None:
    fields = {"csrf": csrf(client, "/today"), "do": "plan", **filled(streets="upload")}
    assert "Choose the map file." in client.post("/today", data=fields).text
    first = client.post("/today", data=fields | {"map": (io.BytesIO(b"<osm/>"), "town.osm")})
    run_id = first.headers["Location"].removesuffix("#run").rpartition("=")[2]
    before = re.search(r'name="map_before" value="([0-9a-f]{32})"', client.get(f"/today?run={run_id}").text)
    assert before
    second = client.post("/today", data=fields | {"map_before": before[1]})
    again = service.store.run(second.headers["Location"].removesuffix("#run").rpartition("=")[2])
    assert again
    assert again.request["files"]["town.osm"] == before[1]


def test_another_run_is_no_form(client: FlaskClient, service: Service) -> None:
    run_id, _, _ = begun(service)
    assert client.get(f"/today?run={run_id}").status_code == 200
