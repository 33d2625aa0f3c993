"""The app that ``wsgi.py`` makes: set up from the environment, with its own store and engine."""

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import time, wsgi
client = wsgi.app.test_client()
for _ in range(150):
    if client.get("/readyz").status_code == 200:
        break
    time.sleep(0.2)
print(client.get("/readyz").status_code, client.get("/v1/runs").status_code)
print(client.get("/v1/runs", headers={"Authorization": "Bearer a-token-of-24-characters"}).status_code)
"""


def test_the_wsgi_app_is_ready_by_itself(tmp_path: Path) -> None:
    environ = os.environ | {"MZUNGUKO_HOME": str(tmp_path / "home"), "MZUNGUKO_TOKEN": "a-token-of-24-characters"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, env=environ, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["200", "401", "200"]
    assert (tmp_path / "home" / "mzunguko.sqlite").is_file()


def test_an_open_wsgi_app_is_refused(tmp_path: Path) -> None:
    environ = os.environ | {"MZUNGUKO_HOME": str(tmp_path), "MZUNGUKO_HOST": "0.0.0.0", "MZUNGUKO_TOKEN": ""}
    done = subprocess.run(
        [sys.executable, "-c", "import wsgi"], capture_output=True, text=True, env=environ, check=False, timeout=60
    )
    assert done.returncode == 1
    assert "open-without-token" in done.stderr
