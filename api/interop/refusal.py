"""How the interfaces of others say no: a status, a code and a message, written by each in its own form."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Refusal(Exception):  # noqa: N818 - the request is refused; nothing is broken
    """What cannot be answered, in OSRM's words ("NoSegment") or openrouteservice's numbers (6010)."""

    code: str | int
    message: str
    status: int = 400
