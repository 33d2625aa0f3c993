"""What the originals were asked and what they answered, and whether an answer of ours has the same form.

``recorded/osrm-*.json`` is OSRM 26.10 (``osrm-routed``, algorithm MLD, profile car) over the made-up town;
``recorded/clients.json`` what unmodified clients sent.
"""

import json
from pathlib import Path
from typing import Any

Json = dict[str, Any]
FOLDER = Path(__file__).parent / "recorded"
BEYOND = {"hint"}  # may be absent: every client copes without
SOMETIMES = {"modifier", "exit", "ref", "in", "out"}  # depend on the way that was found


def rows(name: str) -> list[Json]:
    listed: list[Json] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return listed


def differences(ours: object, theirs: object, place: str = "") -> list[str]:
    """Where two answers differ in their keys and types, whatever their values and lengths."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        here, there = (set(side) - BEYOND - SOMETIMES for side in (ours, theirs))
        found = [f"{place}: {sorted(here ^ there)}"] if here ^ there else []
        return found + [
            x for key in sorted(here & there) for x in differences(ours[key], theirs[key], f"{place}/{key}")
        ]
    if isinstance(theirs, list) and isinstance(ours, list):
        if not theirs or not ours:
            return [] if bool(theirs) == bool(ours) else [f"{place}: one is empty"]
        return list(dict.fromkeys(x for element in ours for x in differences(element, theirs[0], f"{place}[]")))
    kinds = [float if type(side) is int else type(side) for side in (ours, theirs)]
    return [] if kinds[0] is kinds[1] else [f"{place}: {kinds[0].__name__}, not {kinds[1].__name__}"]
