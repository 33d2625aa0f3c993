"""Rules about breaks and driving rests. Tolerance one millisecond; loads 1e-6 relative."""

from __future__ import annotations

from collections.abc import Iterator

from optimiser.rounds.cargo import cargo
from optimiser.rounds.clock import TOLERANCE_MS, closes_ms, to_ms, to_s
from optimiser.rounds.plan import Act, Violation
from optimiser.rounds.problem import Break, DrivingRest
from optimiser.rounds.rules.loads import excess
from optimiser.rounds.rules.times import outside
from optimiser.rounds.view import RoundView


def check_breaks_due(view: RoundView) -> Iterator[Violation]:
    """``break-missing``: out from before a break's latest start until after it, and the break was not taken.

    One that is always due is missing in any round that has a stop.
    """
    taken = {step.visit.id for step in view.steps if step.visit.act is Act.BREAK}
    start, end = to_ms(view.round.start_s), to_ms(view.round.end_s)
    for rest in view.vehicle.breaks:
        latest = closes_ms(rest.spans[-1].close_s)
        due = bool(view.round.stops) if rest.always else start <= latest and end > latest + TOLERANCE_MS
        if due and rest.id not in taken:
            late = max(end - latest, 0)
            yield Violation(code="break-missing", vehicle=view.vehicle.id, visit=rest.id, amount=to_s(late))


def check_breaks_once(view: RoundView) -> Iterator[Violation]:
    """``break-twice``: the same break taken more than once (driving rests may be)."""
    seen: set[str] = set()
    for step in view.steps:
        if isinstance(step.work, Break):
            if step.work.id in seen:
                yield Violation(code="break-twice", vehicle=view.vehicle.id, visit=step.work.id)
            seen.add(step.work.id)


def check_breaks_time(view: RoundView) -> Iterator[Violation]:
    """``break-outside-window``: begins in none of the spans in which it may."""
    for step in view.steps:
        if isinstance(step.work, Break) and (off := outside(step, step.work.spans)):
            yield Violation(code="break-outside-window", vehicle=view.vehicle.id, visit=step.work.id, amount=to_s(off))


def check_breaks_length(view: RoundView) -> Iterator[Violation]:
    """``break-length``: a break or driving rest is too short or too long."""
    for step in view.steps:
        if step.rest is None:
            continue
        off = to_ms(step.visit.end_s) - to_ms(step.visit.start_s) - to_ms(step.rest.duration_s)
        if abs(off) > TOLERANCE_MS:
            yield Violation(code="break-length", vehicle=view.vehicle.id, visit=step.rest.id, amount=to_s(off))


def check_breaks_load(view: RoundView) -> Iterator[Violation]:
    """``break-load``: more is on board during a break than may be."""
    for moment in cargo(view):
        if isinstance(moment.step.work, Break):
            for limit in moment.step.work.limits:
                if over := excess(limit, moment.before):
                    yield Violation(
                        code="break-load",
                        vehicle=view.vehicle.id,
                        visit=moment.step.work.id,
                        detail=limit.name,
                        amount=over,
                    )


def check_rest_due(view: RoundView) -> Iterator[Violation]:
    """``rest-overdue``: more driving (or work) than may gather without a rest; once for each stretch that does.

    Named is the rest that comes too late, or the depot if none comes; the amount is by how much, in seconds.
    """
    rest = view.vehicle.driving_rest
    if rest is None:
        return
    for where, gathered in _stretches(view, rest):
        over = gathered - closes_ms(rest.after_s)
        if over > TOLERANCE_MS:
            yield Violation(
                code="rest-overdue", vehicle=view.vehicle.id, visit=where, detail=str(rest.of), amount=to_s(over)
            )


def _stretches(view: RoundView, rest: DrivingRest) -> Iterator[tuple[str, int]]:
    """Yield what ends each stretch without a long enough rest, and what has gathered in it by then, in ms."""
    since, driven = to_ms(view.round.start_s), 0
    for step in view.steps:
        driven += step.leg.duration_ms if step.leg else 0
        if step.rest is not None and step.rest.duration_s >= rest.duration_s:
            worked = to_ms(step.visit.start_s) - since
            yield step.visit.id, driven if rest.of == "driving" else worked
            since, driven = to_ms(step.visit.end_s), 0
    driven += view.home.duration_ms if view.home else 0
    yield view.vehicle.end, driven if rest.of == "driving" else to_ms(view.round.end_s) - since
