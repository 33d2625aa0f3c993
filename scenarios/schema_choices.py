"""What a scenario's choices about the day must keep to: times that can be read, weights that make sense, known days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from faults import Fault
from scenarios.model.work import PointKind
from scenarios.read.clock import DAY_S, time_of_day
from scenarios.read.files import path_fault
from scenarios.read.words import closest
from scenarios.scenario import Scenario


def choice_faults(scenario: Scenario) -> Iterator[Fault]:
    """Yield every rule about hours, periods, aims and locks that a scenario breaks."""
    yield from _hours(scenario)
    yield from _periods(scenario)
    yield from _aims(scenario)
    yield from _locks(scenario)


def seconds(written: str) -> float:
    """Return a time of day that was checked, in seconds since midnight."""
    value = time_of_day(written)
    assert isinstance(value, float), f"{written} was not checked"
    return value


def _time_fault(written: str, place: str, pointer: str) -> Fault | None:
    value = time_of_day(written)
    if isinstance(value, float) and value <= DAY_S:
        return None
    return Fault(
        code="not-a-time",
        place=place,
        cause=value if isinstance(value, str) else f"{written} is after midnight",
        action="write it as 08:30 or 17:00",
        pointer=pointer,
    )


def _hours(scenario: Scenario) -> Iterator[Fault]:
    for k, rule in enumerate(scenario.hours):
        place, pointer = f"hours.{k + 1}", f"/hours/{k}"
        times = [_time_fault(getattr(rule, end), f"{place}.{end}", f"{pointer}/{end}") for end in ("open", "close")]
        yield from (fault for fault in times if fault)
        if not any(times) and seconds(rule.open) >= seconds(rule.close):
            cause, action = "it closes before it opens", "a night is two rules of one name: until 06:00 and from 22:00"
            yield Fault(code="hours-reversed", place=place, cause=cause, action=action, pointer=pointer)
        if not rule.name.strip():
            action = "say whose hours these are"
            yield Fault(
                code="missing", place=f"{place}.name", cause="it has no name", action=action, pointer=f"{pointer}/name"
            )
        if rule.file is not None and (fault := path_fault(rule.file, f"{place}.file", f"{pointer}/file")):
            yield fault
        yield from _unknown_kinds(rule.kinds, f"{place}.kinds", f"{pointer}/kinds")


def _unknown_kinds(kinds: Sequence[str], place: str, pointer: str) -> Iterator[Fault]:
    for n, kind in enumerate(kinds):
        if kind not in set(PointKind):
            likely = closest(kind, list(PointKind))
            action = f"did you mean {likely}?" if likely else f"use {', '.join(PointKind)}"
            cause = f"there are no points of kind {kind!r}"
            yield Fault(code="not-a-choice", place=place, cause=cause, action=action, pointer=f"{pointer}/{n}")


def _periods(scenario: Scenario) -> Iterator[Fault]:
    starts: list[float] = []
    for k, period in enumerate(scenario.periods):
        place, pointer = f"periods.{k + 1}", f"/periods/{k}"
        if fault := _time_fault(period.start, f"{place}.start", f"{pointer}/start"):
            yield fault
            continue
        starts.append(seconds(period.start))
        if len(starts) > 1 and starts[-1] <= starts[-2]:
            action = "write the periods in the order of the day"
            cause = f"{period.start} does not come after the period before"
            yield Fault(code="periods-order", place=place, cause=cause, action=action, pointer=pointer)
        if not 0.05 <= period.speed <= 4:
            cause, action = f"{period.speed:g} is not from 0.05 to 4", "0.7 is three tenths slower"
            yield Fault(
                code="out-of-range", place=f"{place}.speed", cause=cause, action=action, pointer=f"{pointer}/speed"
            )


def _aims(scenario: Scenario) -> Iterator[Fault]:
    aims = scenario.aims
    amounts = {
        "even_price": aims.even_price,
        "even_within": aims.even_within,
        "compact_price_per_km": aims.compact_price_per_km,
        "change_price_per_stop": aims.change_price_per_stop,
        "most_changes": aims.most_changes,
    }
    for name, amount in amounts.items():
        if amount is not None and amount < 0:
            cause, action = f"{amount:g} is negative", "write 0 or more"
            yield Fault(code="negative", place=f"aims.{name}", cause=cause, action=action, pointer=f"/aims/{name}")
    needs_even = aims.even_price > 0 or aims.even_within is not None or "spread" in aims.first
    if needs_even and not aims.even:
        cause = "it is not said what is to be even"
        action = 'write even = "hours", "load" or "stops"'
        yield Fault(code="missing", place="aims.even", cause=cause, action=action, pointer="/aims/even")
    if aims.even and not needs_even:
        cause = f"{aims.even} are to be even, but neither what that is worth nor how far"
        action = 'write even_price, even_within, or first = ["spread"]'
        yield Fault(code="missing", place="aims.even_price", cause=cause, action=action, pointer="/aims/even_price")


def _locks(scenario: Scenario) -> Iterator[Fault]:
    for k, lock in enumerate(scenario.locks):
        place, pointer = f"locks.{k + 1}", f"/locks/{k}"
        if not lock.points or len(set(lock.points)) != len(lock.points):
            cause = "it names no points" if not lock.points else "it names a point twice"
            action = "name each point once"
            yield Fault(code="lock-points", place=f"{place}.points", cause=cause, action=action, pointer=pointer)
