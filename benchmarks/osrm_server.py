"""A real OSRM beside ours: extract, partition, customise, and a server that is asked over HTTP.

The executables come from the wheel of ``osrm-bindings`` (BSD-2), fetched and unpacked by whoever measures:
``pip download --python-version 3.12 --only-binary=:all: --no-deps osrm-bindings -d FOLDER``, then ``unzip``. They are
no dependency of anything.
"""

from __future__ import annotations

import json
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copy
from typing import Any, cast
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from benchmarks.osrm_profile import write_profile

STEPS = ("osrm-extract", "osrm-partition", "osrm-customize")
PATIENCE_S = 30.0
Point = tuple[float, float]


class NoAnswerError(RuntimeError):
    """OSRM refused or stopped; the message is its own."""


def binaries(folder: Path) -> Path:
    """Return where the executables lie in an unpacked wheel, or in the folder itself."""
    for place in (folder, folder / "bin", folder / "osrm" / "bin"):
        if (place / "osrm-routed").is_file():
            return place
    raise FileNotFoundError(f"no osrm-routed in {folder}: unpack the wheel of osrm-bindings there")


def prepare(osrm: Path, file: Path, profile: str, folder: Path, *, left_hand: bool) -> tuple[Path, float]:
    """Build OSRM's files of an extract for one of our profiles; returns their path and the seconds it took."""
    bin_ = binaries(osrm)
    written = write_profile(folder / "profiles", bin_.parent / "share" / "profiles", profile, left_hand=left_hand)
    copied = Path(copy(file, folder / file.name))
    built = copied.with_name(copied.name.removesuffix(".osm.pbf").removesuffix(".osm") + ".osrm")
    began = time.perf_counter()
    for step in STEPS:
        (bin_ / step).chmod(0o755)
        words = (
            ["-p", str(written), "--threads", "1", str(copied)] if step == STEPS[0] else ["--threads", "1", str(built)]
        )
        done = subprocess.run([str(bin_ / step), *words], cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            raise NoAnswerError(f"{step}: {(done.stdout + done.stderr)[-2000:]}")
    return built, time.perf_counter() - began


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running ``osrm-routed``."""

    url: str

    def ask(self, service: str, points: Sequence[Point], **options: str) -> dict[str, Any]:
        """Return the answer of a service; raises :class:`NoAnswerError` where it is not ``Ok``."""
        at = ";".join(f"{lon:.6f},{lat:.6f}" for lon, lat in points)
        query = "&".join(f"{key}={value}" for key, value in options.items())
        try:
            with urlopen(f"{self.url}/{service}/v1/driving/{at}?{query}", timeout=300) as reply:
                return cast("dict[str, Any]", json.load(reply))
        except HTTPError as error:
            raise NoAnswerError(error.read().decode(errors="replace")[:300]) from error


@contextmanager
def serving(osrm: Path, built: Path) -> Iterator[Server]:
    """Run a server on a free port of this machine until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    limits = [word for name in ("viaroute", "table") for word in (f"--max-{name}-size", "100000")]
    words = ["--algorithm", "mld", "-i", "127.0.0.1", "-p", str(port), "-t", "1", *limits, str(built)]
    running = subprocess.Popen(
        [str(binaries(osrm) / "osrm-routed"), *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(f"http://127.0.0.1:{port}", running)
        yield Server(url=f"http://127.0.0.1:{port}")
    finally:
        running.terminate()
        running.wait(timeout=PATIENCE_S)


def _wait(url: str, running: subprocess.Popen[bytes]) -> None:
    """Return once it answers anything at all."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if running.poll() is not None:
            raise NoAnswerError(f"osrm-routed ended with {running.returncode}")
        try:
            with urlopen(url, timeout=1):
                return
        except HTTPError:
            return
        except URLError:
            time.sleep(0.05)
    raise NoAnswerError("osrm-routed does not answer")
