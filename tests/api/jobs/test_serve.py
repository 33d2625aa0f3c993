"""The whole service, as its users have it: ``mzunguko serve`` killed with runs in flight, and started again."""

import json
import re
import subprocess
import urllib.request

import pytest

from tests.api.jobs.checker import judge
from tests.api.jobs.harness import Home, kill


def serve(home: Home) -> tuple[subprocess.Popen[bytes], str]:
    """Start the service on a free port; its address."""
    arguments = ["-m", "api.cli", "serve", "--port", "0", "--home", str(home.folder)]
    process = home.program(*arguments, stdout=subprocess.PIPE)
    assert process.stdout is not None
    found = re.search(rb"http://127\.0\.0\.1:\d+", process.stdout.readline())
    assert found, home.logs()
    return process, found[0].decode()


def post(address: str, key: str) -> tuple[str, bool]:
    """Submit a run; its id, and whether the service knew the key."""
    request = urllib.request.Request(
        f"{address}/v1/runs",
        data=json.dumps({"sample": "town", "seconds": 0.5}).encode(),
        headers={"Content-Type": "application/json", "Idempotency-Key": key},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert answer.status == 202
        return json.load(answer)["id"], answer.headers.get("Idempotency-Replayed") == "true"


@pytest.mark.slow
def test_the_service_killed_with_runs_in_flight_finishes_them_after_a_restart(home: Home) -> None:
    process, address = serve(home)
    ids = [post(address, f"k{k}")[0] for k in range(3)]
    home.wait(lambda: home.run(ids[0]).progress is not None, "the first news")
    kill(process)
    home.wait(lambda: not home.left_over(), "the end of the programs")
    process, address = serve(home)
    assert [post(address, f"k{k}") for k in range(3)] == [(run_id, True) for run_id in ids]
    home.wait_final(ids)
    assert judge(home.store, ids) == []
    runs = [home.run(run_id) for run_id in ids]
    assert [run.status.value for run in runs] == ["succeeded"] * 3
    assert runs[0].attempts == 2
    with urllib.request.urlopen(f"{address}/v1/runs/{ids[0]}/documents/report.html", timeout=60) as answer:
        assert b"</html>" in answer.read()
    process.terminate()
    assert process.wait(60) == 0, home.logs()
    assert home.left_over() == []
