"""What unmodified clients sent, sent again as it was, to the very server that ``mzunguko serve`` uses.

OSRM's own answers were recorded with the requests. openrouteservice was not asked: what its clients read of an answer
is listed here.
"""

import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from api.interop.polyline import decode
from api.server import _listen
from tests.api.interop.recorded_answers import Json, differences, rows
from tests.api.service import Service

CLIENTS = rows("clients")
READ = {  # of an answer of openrouteservice: what its clients need
    "matrix": lambda body: (body["durations"], body["sources"], body["destinations"]),
    "json": lambda body: [
        (
            route["summary"]["duration"],
            route["summary"]["distance"],
            decode(route["geometry"], digits=5),
            route["segments"],
        )
        for route in body["routes"]
    ],
    "geojson": lambda body: [
        (feature["properties"]["summary"]["duration"], feature["geometry"]["coordinates"])
        for feature in body["features"]
    ],
}


@pytest.fixture(scope="module")
def port(town: Service) -> Iterator[int]:
    server = _listen(town.app, replace(town.config, port=0))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield server.effective_port
    server.close()
    thread.join(10)


def sent(port: int, row: Json) -> tuple[int, dict[str, str], bytes]:
    """Send a request byte by byte as the client did, and read until the server ends or the body is complete."""
    body = (row["body"] or "").encode()
    headers = {"Host": f"127.0.0.1:{port}", **row["headers"], "Connection": "close"}
    if body:
        headers["Content-Length"] = str(len(body))
    lines = [
        f"{row['method']} {row['request']} {row['version']}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        raw = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, rest = raw.partition(b"\r\n\r\n")
    first, *more = head.decode().split("\r\n")
    return int(first.split()[1]), dict(line.split(": ", 1) for line in more), rest


def named(row: Json) -> str:
    return f"{row['client']} {row['method']} {row['request'][:60]}"


@pytest.mark.parametrize("row", CLIENTS, ids=named)
def test_a_client_is_answered_as_it_expects(port: int, row: Json) -> None:
    status, headers, body = sent(port, row)
    assert status == row["status"], body
    assert "Transfer-Encoding" not in headers
    assert int(headers["Content-Length"]) == len(body)
    assert headers["Access-Control-Allow-Origin"] == "*"
    answer = json.loads(body)
    if "answer" in row:
        assert not differences(answer, row["answer"]), body
        assert answer.get("message") == row["answer"].get("message")
    elif status != 200:
        assert answer["error"]["code"] == 2010
    else:
        kind = "matrix" if "/matrix/" in row["request"] else "geojson" if "/geojson" in row["request"] else "json"
        assert READ[kind](answer)


def test_tables_are_square_as_vroom_needs_them(port: int) -> None:
    for row in CLIENTS:
        if (
            row["client"].startswith("VROOM")
            and row["status"] == 200
            and ("/table/" in row["request"] or "/matrix/" in row["request"])
        ):
            answer = json.loads(sent(port, row)[2])
            for name in ("durations", "distances"):
                assert [len(line) for line in answer[name]] == [3, 3, 3]


def test_every_client_is_there() -> None:
    words = {row["client"].split()[0] for row in CLIENTS}
    assert words == {"routingpy", "VROOM", "leaflet-routing-machine", "openrouteservice-py", "openrouteservice-js"}
    assert {row["version"] for row in CLIENTS} == {"HTTP/1.0", "HTTP/1.1"}
