"""On what, with what and when: stands above every set of figures."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil

LIBRARIES = ("mzunguko", "numpy", "scipy", "networkx", "shapely", "osmium", "pyvrp", "ortools", "pulp", "highspy")


def machine() -> dict[str, str]:
    """Return processor, memory, load, versions and the moment."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="minutes"),
        "processor": f"{_processor()}, {os.cpu_count()} cores, {psutil.virtual_memory().total / 1e9:.0f} GB",
        "load": " ".join(f"{share:.1f}" for share in psutil.getloadavg()),
        "python": platform.python_version(),
        **{name: version(name) for name in LIBRARIES},
    }


def _processor() -> str:
    listed = Path("/proc/cpuinfo")
    if listed.exists():
        for line in listed.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()
