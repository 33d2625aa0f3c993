"""Other people's programs, unmodified and installed afresh, against a running service: ``make test-interop``.

Python clients and VROOM go into a virtual environment of their own, JavaScript ones into a folder of node modules; both
under ``.cache/interop``. The map is that of ``MZUNGUKO_DATA`` (Monaco), else central Helsinki as the samples fetch it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import venv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from api.networks import read_file
from network.geometry import metres_between
from tests.api.service import command

HERE = Path(__file__).parent
CACHE = HERE.parents[3] / ".cache" / "interop"
PYTHON = ("routingpy==1.3.0", "openrouteservice==2.3.3", "pyvroom==1.15.2")
NODE = ("leaflet@1.9.4", "leaflet-routing-machine@3.2.12", "osrm-text-instructions@0.15.0", "openrouteservice-js@0.4.1")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
NEAR_M = 1500.0
DUELS = "8"


def main() -> int:
    """Run all of them; the number of those that failed."""
    street_file = extract()
    places = json.dumps(some_places(street_file, 6))
    python, modules = python_clients(), node_clients()
    with TemporaryDirectory() as home, command(Path(home) / "home", "--streets", str(street_file)) as (_, address):
        print(f"{street_file.name} is served on {address}", flush=True)
        return [
            told("Python clients and VROOM", partial(run, python, HERE / "clients.py", address, places)),
            told("Plans judged by VROOM", partial(run, python, HERE / "duel.py", address, "0", DUELS)),
            told("Node", partial(run, "node", HERE / "clients.mjs", address, places, cwd=modules)),
            told("leaflet-routing-machine in Chromium", partial(browse, modules, address, places)),
        ].count(False)


def told(what: str, check: Callable[[], object]) -> bool:
    """Whether a check succeeds; its failure is shown."""
    try:
        check()
    except (AssertionError, OSError, RuntimeError, subprocess.CalledProcessError) as error:
        print(f"FAILED {what}: {error}", flush=True)
        return False
    print(f"ok     {what}", flush=True)
    return True


def extract() -> Path:
    """The map that is served."""
    data = os.environ.get("MZUNGUKO_DATA")
    if data:
        return Path(data) / "osm" / "monaco.osm.pbf"
    from scenarios.samples import cache_folder
    from scenarios.samples.fetch import PACKAGES, fetch

    return fetch(PACKAGES["helsinki"], cache_folder() / "data")


def some_places(street_file: Path, count: int) -> list[list[float]]:
    """Places beside streets near the middle of a map, always the same."""
    network = read_file(street_file)
    streets = network.tag("highway").isin({"residential", "tertiary", "secondary"})
    junctions = np.unique(network.tail[streets])
    lon, lat = network.junction_lon[junctions], network.junction_lat[junctions]
    near = metres_between(lon, lat, np.full_like(lon, np.median(lon)), np.full_like(lat, np.median(lat))) < NEAR_M
    chosen = np.random.default_rng(1).choice(np.flatnonzero(near), count, replace=False)
    return [[round(float(lon[k]) + 5e-5, 6), round(float(lat[k]), 6)] for k in chosen]


def python_clients() -> Path:
    """A virtual environment with the Python clients; its interpreter."""
    folder = CACHE / "python"
    interpreter = folder / "bin" / "python"
    if not interpreter.exists():
        venv.create(folder, with_pip=True)
    run(interpreter, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PYTHON)
    return interpreter


def node_clients() -> Path:
    """A folder with the JavaScript clients."""
    folder = CACHE / "node"
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "package.json").exists():
        (folder / "package.json").write_text('{"private": true}', encoding="utf-8")
    run("npm", "install", "--silent", "--no-audit", "--no-fund", *NODE, cwd=folder)
    return folder


def run(*words: str | Path, cwd: Path | None = None) -> None:
    subprocess.run([str(word) for word in words], cwd=cwd, check=True)


class Quiet(SimpleHTTPRequestHandler):
    """Serves files without a word."""

    def log_message(self, *_: object) -> None: ...


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve files from another port than the service's: a page of another site, for the browser."""
    handler = partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def browse(modules: Path, address: str, places: str) -> None:
    """Let leaflet-routing-machine draw a way in a real browser, on a page of another site."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert chromium, "there is no Chromium; install one (Debian, Ubuntu: apt install chromium)"
    shutil.copy(HERE / "page.html", modules)
    with served(modules) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page()
        trouble: list[str] = []
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.goto(f"{site}/page.html?service={address}&places={places}")
        page.wait_for_function("window.result !== undefined", timeout=60_000)
        result = page.evaluate("window.result")
        browser.close()
    assert not trouble, trouble
    assert "error" not in result, result
    assert result["metres"] > 100, result
    assert result["rows"] >= 3, result
    assert result["drawn"] >= 1, result
    print(f"       {result['metres']:.0f} m, {result['rows']} instructions: {result['first']} ...")


if __name__ == "__main__":
    sys.exit(main())
