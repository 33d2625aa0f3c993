"""Ask a real OSRM over the made-up town what is recorded, and record its answers anew.

``python -m tests.api.interop.record BIN PROFILE``, with the folder of OSRM's executables and its ``car.lua``. The wheel
``osrm-bindings`` (26.10) carries both; it can be unzipped where it cannot be installed:
``pip download --no-deps --python-version 3.12 --only-binary=:all: osrm-bindings``.
"""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.api.interop.recorded_answers import FOLDER, Json, rows
from tests.api.interop.town import write_town

PORT = 5056


def main(executables: Path, profile: Path) -> None:
    """Build the town's graph, serve it, and ask every recorded request again."""
    with TemporaryDirectory() as folder:
        town = write_town(Path(folder) / "town.osm")
        graph = town.with_suffix(".osrm")
        for words in (["osrm-extract", "-p", profile, town], ["osrm-partition", graph], ["osrm-customize", graph]):
            subprocess.run([executables / words[0], *words[1:]], check=True, stdout=subprocess.DEVNULL)
        serve = [executables / "osrm-routed", "-a", "mld", "-i", "127.0.0.1", "-p", str(PORT), graph]
        with subprocess.Popen(serve, stdout=subprocess.DEVNULL) as server:
            try:
                time.sleep(2)
                for name in ("osrm-answers", "osrm-refusals", "clients"):
                    write(name, [asked(row) if "answer" in row else row for row in rows(name)])
            finally:
                server.terminate()


def asked(row: Json) -> Json:
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=20)
    connection.request("GET", str(row["request"]).removeprefix("/osrm"))
    reply = connection.getresponse()
    return row | {"status": reply.status, "answer": json.loads(reply.read())}


def write(name: str, listed: list[Json]) -> None:
    lines = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in listed)
    (FOLDER / f"{name}.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
