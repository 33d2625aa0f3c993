"""Several requests at once get the answers that each gets alone, from a service that has just started too."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from tests.api.interop.town import write_town
from tests.api.service import Service, serve

CLIENTS = 8


def asked_for() -> list[str]:
    """Requests to all services of both profiles, all different."""
    rng = np.random.default_rng(7)
    paths = []
    for service in ("route", "table", "trip", "match", "nearest"):
        for k in range(6):
            places = rng.uniform([0.0, 0.0], [0.0068, 0.005], (1 if service == "nearest" else 5, 2))
            text = ";".join(f"{lon:.6f},{lat:.6f}" for lon, lat in places)
            more = "steps=true" if service in {"route", "trip", "match"} else "generate_hints=false"
            paths.append(f"/osrm/{service}/v1/{('driving', 'foot')[k % 2]}/{text}?{more}")
    return paths


def answers(service: Service, paths: list[str], threads: int) -> list[tuple[int, str]]:
    begin = threading.Barrier(threads)

    def ask(first: int) -> list[tuple[int, str]]:
        client = service.client()
        begin.wait(timeout=30)
        replies = [client.get(path) for path in paths[first::threads]]
        return [(reply.status_code, reply.text) for reply in replies]

    with ThreadPoolExecutor(threads) as pool:
        parts = list(pool.map(ask, range(threads)))
    return [parts[k % threads][k // threads] for k in range(len(paths))]


def test_requests_at_once_are_answered_as_one_after_the_other(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    service = serve(tmp_path / "home", streets={"town": write_town(tmp_path / "town.osm")})
    paths = asked_for()
    with caplog.at_level("INFO", "mzunguko.streets"):
        together = answers(service, paths, CLIENTS)
    assert sum("read: done" in record.message for record in caplog.records) == 1
    assert {status for status, _ in together} <= {200, 400}
    assert sum(status == 200 for status, _ in together) > len(paths) // 2
    assert answers(service, paths, 1) == together
    service.store.close()
