"""Rules about the clock: times that add up, windows, opening hours, shifts. Tolerance one millisecond."""

from __future__ import annotations

from collections.abc import Iterator

from optimiser.rounds.clock import TOLERANCE_MS, closes_ms, opens_ms, to_ms, to_s
from optimiser.rounds.plan import Act, Violation
from optimiser.rounds.problem import Break, Stop, TipSite, Window
from optimiser.rounds.view import RoundView, Step


def check_reachable(view: RoundView) -> Iterator[Violation]:
    """``unreachable-leg``: no way leads from one visit to the next, or home."""
    targets = [*((step.visit.id, step.leg) for step in view.steps), (view.vehicle.end, view.home)]
    for target, leg in targets:
        if leg is not None and not leg.reachable:
            yield Violation(code="unreachable-leg", vehicle=view.vehicle.id, visit=target, detail=f"no way to {target}")


def check_arrivals(view: RoundView) -> Iterator[Violation]:
    """``arrival-wrong``: arrives at another time than end of the visit before + travel; the same for the depot."""
    before = to_ms(view.round.start_s)
    for step in view.steps:
        if step.leg is not None and step.leg.reachable:
            off = to_ms(step.visit.arrive_s) - before - step.leg.duration_ms
            if abs(off) > TOLERANCE_MS:
                yield Violation(code="arrival-wrong", vehicle=view.vehicle.id, visit=step.visit.id, amount=to_s(off))
        before = to_ms(step.visit.end_s)
    if view.home is not None and view.home.reachable:
        off = to_ms(view.round.end_s) - before - view.home.duration_ms
        if abs(off) > TOLERANCE_MS:
            yield Violation(code="arrival-wrong", vehicle=view.vehicle.id, visit=view.vehicle.end, amount=to_s(off))


def check_starts(view: RoundView) -> Iterator[Violation]:
    """``starts-before-arrival``: work begins before the vehicle is there."""
    for step in view.steps:
        early = to_ms(step.visit.arrive_s) - to_ms(step.visit.start_s)
        if early > TOLERANCE_MS:
            yield Violation(
                code="starts-before-arrival",
                vehicle=view.vehicle.id,
                visit=step.visit.id,
                amount=to_s(early),
            )


def check_service(view: RoundView) -> Iterator[Violation]:
    """``service-wrong``: the end is not the start + the time that the work takes (breaks have their own rule)."""
    for step in view.steps:
        if step.mode is None:
            continue
        off = to_ms(step.visit.end_s) - to_ms(step.visit.start_s) - to_ms(step.mode.service_s)
        if abs(off) > TOLERANCE_MS:
            yield Violation(code="service-wrong", vehicle=view.vehicle.id, visit=step.visit.id, amount=to_s(off))


def check_windows(view: RoundView) -> Iterator[Violation]:
    """``window-missed``: work at a stop begins outside its windows. ``site-closed``: so does unloading."""
    for step in view.steps:
        if isinstance(step.work, Stop | TipSite) and (off := _outside(step, step.work.windows)):
            code = "window-missed" if step.visit.act is Act.STOP else "site-closed"
            yield Violation(code=code, vehicle=view.vehicle.id, visit=step.visit.id, amount=to_s(off))


def check_shift(view: RoundView) -> Iterator[Violation]:
    """``shift-start``, ``shift-end``, ``shift-too-long``: out too early, back too late, out too long."""
    shift, tour = view.vehicle.shift, view.round
    start, end = to_ms(tour.start_s), to_ms(tour.end_s)
    longest = end - start if shift.max_duration_s is None else closes_ms(shift.max_duration_s)
    for code, over in (
        ("shift-start", opens_ms(shift.start_s) - start),
        ("shift-end", end - closes_ms(shift.end_s)),
        ("shift-too-long", end - start - longest),
    ):
        if over > TOLERANCE_MS:
            yield Violation(code=code, vehicle=view.vehicle.id, amount=to_s(over))


def check_breaks_due(view: RoundView) -> Iterator[Violation]:
    """``break-missing``: out from before a break's latest start until after it, and the break was not taken."""
    taken = {step.visit.id for step in view.steps if step.visit.act is Act.BREAK}
    start, end = to_ms(view.round.start_s), to_ms(view.round.end_s)
    for rest in view.vehicle.breaks:
        latest = closes_ms(rest.latest_s)
        if rest.id not in taken and start <= latest and end > latest + TOLERANCE_MS:
            yield Violation(code="break-missing", vehicle=view.vehicle.id, visit=rest.id, amount=to_s(end - latest))


def check_breaks_once(view: RoundView) -> Iterator[Violation]:
    """``break-twice``: the same break taken more than once."""
    seen: set[str] = set()
    for step in view.steps:
        if isinstance(step.work, Break):
            if step.work.id in seen:
                yield Violation(code="break-twice", vehicle=view.vehicle.id, visit=step.work.id)
            seen.add(step.work.id)


def check_breaks_time(view: RoundView) -> Iterator[Violation]:
    """``break-outside-window``: begins too early or too late. ``break-length``: too short or too long."""
    for step in view.steps:
        if not isinstance(step.work, Break):
            continue
        window = Window(open_s=step.work.earliest_s, close_s=step.work.latest_s)
        if off := _outside(step, (window,)):
            yield Violation(
                code="break-outside-window",
                vehicle=view.vehicle.id,
                visit=step.work.id,
                amount=to_s(off),
            )
        off = to_ms(step.visit.end_s) - to_ms(step.visit.start_s) - to_ms(step.work.duration_s)
        if abs(off) > TOLERANCE_MS:
            yield Violation(code="break-length", vehicle=view.vehicle.id, visit=step.work.id, amount=to_s(off))


def _outside(step: Step, windows: tuple[Window, ...]) -> int:
    """Return by how many ms the start misses the nearest window; 0 when inside one or there is none."""
    start = to_ms(step.visit.start_s)
    misses = [max(opens_ms(w.open_s) - start, start - closes_ms(w.close_s), 0) for w in windows]
    least = min(misses, default=0)
    return least if least > TOLERANCE_MS else 0
