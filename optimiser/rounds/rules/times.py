"""Rules about the clock: times that add up, windows, opening hours, shifts. Tolerance one millisecond."""

from __future__ import annotations

from collections.abc import Iterator

from optimiser.rounds.clock import TOLERANCE_MS, closes_ms, opens_ms, to_ms, to_s
from optimiser.rounds.plan import Act, Violation
from optimiser.rounds.problem import Stop, TipSite, Window
from optimiser.rounds.roads import Leg
from optimiser.rounds.view import RoundView, Step


def check_reachable(view: RoundView) -> Iterator[Violation]:
    """``unreachable-leg``: no way leads from one visit to the next, or home."""
    targets = [*((step.visit.id, step.leg) for step in view.steps), (view.vehicle.end, view.home)]
    for target, leg in targets:
        if leg is not None and not leg.reachable:
            yield Violation(code="unreachable-leg", vehicle=view.vehicle.id, visit=target, detail=f"no way to {target}")


def check_arrivals(view: RoundView) -> Iterator[Violation]:
    """``arrival-wrong``: arrives at another time than it sets out + travel at that time of day; the same for the depot.

    Sooner than a trip that waits for a release is another rule's (:func:`check_releases`).
    """
    for step in view.steps:
        off = _off(step.visit.arrive_s, step.leg)
        if abs(off) > TOLERANCE_MS and not (step.held and off < 0):
            yield Violation(code="arrival-wrong", vehicle=view.vehicle.id, visit=step.visit.id, amount=to_s(off))
    off = _off(view.round.end_s, view.home)
    if abs(off) > TOLERANCE_MS:
        yield Violation(code="arrival-wrong", vehicle=view.vehicle.id, visit=view.vehicle.end, amount=to_s(off))


def check_releases(view: RoundView) -> Iterator[Violation]:
    """``release-early``: the trip is at its first visit sooner than if it had set out when all it serves was ready."""
    for step in view.steps:
        early = -_off(step.visit.arrive_s, step.leg)
        if step.held and early > TOLERANCE_MS:
            yield Violation(code="release-early", vehicle=view.vehicle.id, visit=step.visit.id, amount=to_s(early))


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
    """``service-wrong``: the end is not the start + set-up if due + queue + what the work takes such a vehicle.

    Breaks have their own rule.
    """
    for step in view.steps:
        if step.mode is None or step.visit.act is Act.BREAK:
            continue
        off = to_ms(step.visit.end_s) - to_ms(step.visit.start_s) - step.service_ms
        if abs(off) > TOLERANCE_MS:
            yield Violation(code="service-wrong", vehicle=view.vehicle.id, visit=step.visit.id, amount=to_s(off))


def check_windows(view: RoundView) -> Iterator[Violation]:
    """``window-missed``: work at a stop begins outside its windows."""
    for step in view.steps:
        if isinstance(step.work, Stop) and (off := outside(step, step.work.windows)):
            yield Violation(code="window-missed", vehicle=view.vehicle.id, visit=step.visit.id, amount=to_s(off))


def check_site_hours(view: RoundView) -> Iterator[Violation]:
    """``site-closed``: unloading, its queue first, begins outside the site's opening hours."""
    for step in view.steps:
        if isinstance(step.work, TipSite) and (off := outside(step, step.work.windows)):
            yield Violation(code="site-closed", vehicle=view.vehicle.id, visit=step.visit.id, amount=to_s(off))


def check_shift_start(view: RoundView) -> Iterator[Violation]:
    """``shift-start``: out before the shift begins."""
    early = opens_ms(view.vehicle.shift.start_s) - to_ms(view.round.start_s)
    if early > TOLERANCE_MS:
        yield Violation(code="shift-start", vehicle=view.vehicle.id, amount=to_s(early))


def check_shift_end(view: RoundView) -> Iterator[Violation]:
    """``shift-end``: back after the shift ends, and later than its overtime allows; the amount is beyond both."""
    shift = view.vehicle.shift
    late = to_ms(view.round.end_s) - closes_ms(shift.end_s) - closes_ms(shift.overtime_s)
    if late > TOLERANCE_MS:
        yield Violation(code="shift-end", vehicle=view.vehicle.id, amount=to_s(late))


def check_shift_length(view: RoundView) -> Iterator[Violation]:
    """``shift-too-long``: out for longer than the shift may last, and than its overtime allows; so the amount."""
    shift = view.vehicle.shift
    if shift.max_duration_s is None:
        return
    duration = to_ms(view.round.end_s) - to_ms(view.round.start_s)
    long = duration - closes_ms(shift.max_duration_s) - closes_ms(shift.overtime_s)
    if long > TOLERANCE_MS:
        yield Violation(code="shift-too-long", vehicle=view.vehicle.id, amount=to_s(long))


def outside(step: Step, windows: tuple[Window, ...]) -> int:
    """Return by how many ms the start misses the nearest window; 0 when inside one or there is none."""
    start = to_ms(step.visit.start_s)
    misses = [max(opens_ms(w.open_s) - start, start - closes_ms(w.close_s), 0) for w in windows]
    least = min(misses, default=0)
    return least if least > TOLERANCE_MS else 0


def _off(arrive_s: float, leg: Leg | None) -> int:
    """Return by how much an arrival is later than the leg says; 0 if that is not known."""
    return to_ms(arrive_s) - leg.arrive_ms if leg is not None and leg.reachable else 0
