"""What a scenario's choices about kerbside collection must keep to."""

from __future__ import annotations

from collections.abc import Iterator

from faults import Fault
from scenarios.kerbside.ref import FRONTAGE, KerbsideRef
from scenarios.read.words import closest, listed
from scenarios.scenario import Scenario

LIMITS = {  # above, up to
    "people": (0.0, 1e8),
    "kg_per_person_day": (0.0, 20.0),
    "most_people": (0.0, 1e6),
    "reach_m": (0.0, 1000.0),
    "named_reach_m": (0.0, 5000.0),
    "longest_m": (20.0, 5000.0),
    "payload_share": (0.0, 1.0),
    "shortest_m": (-1.0, 1000.0),
    "at_once_width_m": (0.0, 50.0),
    "household_s": (0.0, 3600.0),
}


def kerbside_faults(scenario: Scenario) -> Iterator[Fault]:
    """Yield every rule about kerbside collection that a scenario breaks."""
    ref = scenario.kerbside
    if ref is None:
        if "kerbside" in scenario.tables:
            action = 'add [kerbside] with from = "list"'
            yield _fault("missing", "kerbside", "there is a table of kerbside streets that nothing asks for", action)
        return
    yield from _ranges(ref)
    yield from _sources(scenario, ref)
    ids = [stream.id for stream in scenario.streams]
    if ids and ref.stream not in ids:
        likely = closest(ref.stream, ids)
        action = f"did you mean {likely!r}?" if likely else f"name one of {listed(ids)}"
        yield _fault("stream-unknown", "kerbside.stream", f"there is no stream {ref.stream!r}", action)
    for name in ref.classes:
        if name not in FRONTAGE:
            cause = f"{name!r} is no class of streets that houses have their doors to"
            yield _fault("not-a-choice", "kerbside.classes", cause, f"use {', '.join(FRONTAGE)}")


def _ranges(ref: KerbsideRef) -> Iterator[Fault]:
    for name, (low, high) in LIMITS.items():
        value = getattr(ref, name)
        if value is not None and not low < value <= high:
            cause = f"{value:g} is not above {max(low, 0):g} up to {high:g}"
            yield _fault("out-of-range", f"kerbside.{name}", cause, "correct the value")


def _sources(scenario: Scenario, ref: KerbsideRef) -> Iterator[Fault]:
    """Yield what the way to find out who lives where lacks."""
    tables = scenario.tables
    if ref.from_ == "list" and "kerbside" not in tables:
        cause = "kerbside streets are to be listed, but there is no table of them"
        yield _fault("table-missing", "tables.kerbside", cause, "add [tables.kerbside]")
    if ref.from_ != "list" and "kerbside" in tables:
        cause = f"there is a table of kerbside streets, but they are to be made from {ref.from_}"
        yield _fault("not-a-choice", "kerbside.from", cause, 'write from = "list", or take the table out')
    if ref.from_ == "buildings" and ref.people is None and scenario.demand.people is None:
        cause = "people are to be spread over the buildings, but how many is not said"
        yield _fault("missing", "kerbside.people", cause, "write the number of people in the area")
    if ref.from_ == "zones" and "zones" not in tables and scenario.demand.from_ != "zones":
        cause = "people are to be spread over zones, but there are none"
        yield _fault("table-missing", "tables.zones", cause, "add [tables.zones] with polygons and their people")
    same = ref.from_ != "list" and scenario.demand.from_ != "points" and scenario.demand.stream == ref.stream
    if same and ref.from_ != scenario.demand.from_:
        cause = f"containers are for the people of {scenario.demand.from_}, kerbside for those of {ref.from_}"
        yield _fault("not-a-choice", "kerbside.from", cause, "take both from the same")
    if "vehicles" not in tables:
        cause = "there is kerbside collection, but no vehicle to do it"
        yield _fault("table-missing", "tables.vehicles", cause, "add [tables.vehicles]")


def _fault(code: str, place: str, cause: str, action: str) -> Fault:
    return Fault(code=code, place=place, cause=cause, action=action, pointer="/" + place.replace(".", "/"))
