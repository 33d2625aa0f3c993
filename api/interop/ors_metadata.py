"""What openrouteservice's answers and errors say of themselves."""

from __future__ import annotations

import time
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from api.interop.ors_body import Body

Json = dict[str, Any]


def metadata(service: str, body: Body, more: Mapping[str, str], *, attribution: str, date: str) -> Json:
    """Return what an answer says of itself: attribution and date are the network's."""
    asked = body.model_dump(mode="json", exclude_unset=True)
    return {
        "attribution": attribution,
        "service": service,
        "timestamp": now_ms(),
        "query": asked | dict(more),
        "engine": engine(date),
    }


def info() -> Json:
    """Return what an error says of the service."""
    return {"engine": engine(), "timestamp": now_ms()}


def engine(graph_date: str = "") -> Json:
    """Return what answers."""
    return {"version": version("mzunguko"), "build_date": "", "graph_date": graph_date}


def now_ms() -> int:
    """Return the time in milliseconds since 1970."""
    return time.time_ns() // 1_000_000
