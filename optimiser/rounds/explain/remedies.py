"""The rules that can keep a stop out, each with how to take it away, how to grant what a plan needs, and its words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from optimiser.rounds.explain import grant as give
from optimiser.rounds.explain import loosen
from optimiser.rounds.explain.grant import Grant, Granted
from optimiser.rounds.explain.loosen import A_DAY_S, Loosen
from optimiser.rounds.problem import RoundsProblem, Vehicle


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """A rule that may be changed.

    Parameters
    ----------
    kind
        Name of the change.
    codes
        The rules of ``check`` that it concerns.
    loosen
        Take the rule away.
    grant
        Grant what a plan needs; ``None``: the rule is named where it binds, but never offered (rest is the law).
    words
        The change as a sentence, with ``{of}``, ``{amount}``, ``{minutes}``, ``{unit}`` and ``{more}``.
    resort
        0: it needs somebody's agreement only. 1: it needs another vehicle or another will; told only where nothing else
        helps, because the plan's price does not hold what it costs.
    """

    kind: str
    codes: frozenset[str]
    loosen: Loosen
    grant: Grant | None = None
    words: str = ""
    resort: int = 0


LAST_RESORTS = frozenset(
    {"capacity", "day-limit", "site-accepts", "stands-loaded", "lock", "together", "apart", "even", "changes"}
)


def _longer(vehicle: Vehicle) -> Vehicle:
    return replace(vehicle, shift=replace(vehicle.shift, overtime_s=vehicle.shift.overtime_s + A_DAY_S))


def _earlier(vehicle: Vehicle) -> Vehicle:
    return replace(vehicle, shift=replace(vehicle.shift, start_s=0.0))


def _remedy(kind: str, codes: str, change: Loosen, grant: Grant | None = None, words: str = "") -> Remedy:
    resort = int(kind in LAST_RESORTS)
    return Remedy(kind=kind, codes=frozenset(codes.split()), loosen=change, grant=grant, words=words, resort=resort)


REMEDIES: tuple[Remedy, ...] = (
    _remedy("overtime", "shift-end shift-too-long", loosen.each_vehicle(_longer), give.overtime,
            "{minutes} minutes of overtime for {of}"),
    _remedy("earlier-start", "shift-start", loosen.each_vehicle(_earlier), give.earlier_start,
            "{of} starts {minutes} minutes earlier"),
    _remedy("stop-hours", "window-missed", loosen.those_stops(lambda s: replace(s, windows=())), give.stop_hours,
            "{of} may be served {more}"),
    _remedy("site-hours", "site-closed", loosen.each_site(lambda s: replace(s, windows=())), give.site_hours,
            "{of} takes waste {more}"),
    _remedy("capacity", "limit-exceeded", loosen.each_vehicle(loosen.roomy), give.capacity,
            "{of} carries {amount} more ({unit})"),
    _remedy("day-limit", "day-limit-exceeded", loosen.each_vehicle(lambda v: replace(v, day_limits=())),
            give.day_limit, "{of} may pick up {amount} more in the day"),
    _remedy("more-stops", "too-many-stops", loosen.each_vehicle(lambda v: replace(v, max_stops=None)),
            give.more_stops, "{amount} stops more for {of}"),
    _remedy("more-driving", "driving-exceeded", loosen.each_vehicle(lambda v: replace(v, max_driving_s=None)),
            give.more_driving, "{minutes} minutes of driving more for {of}"),
    _remedy("more-distance", "distance-exceeded", loosen.each_vehicle(lambda v: replace(v, max_distance_m=None)),
            give.more_distance, "{amount} m more for {of}"),
    _remedy("site-cap", "cap-exceeded", loosen.each_site(lambda s: replace(s, caps=())), give.site_cap,
            "{of} takes in {amount} more in the day"),
    _remedy("skill", "skill-missing", loosen.skilled, give.skill, "{of} gets what the stop needs: {more}"),
    _remedy("permission", "vehicle-not-allowed", loosen.those_stops(lambda s: replace(s, vehicles=None)),
            give.allowed, "{of} may serve it"),
    _remedy("site-permission", "site-not-allowed", loosen.each_vehicle(lambda v: replace(v, tip_sites=None)),
            give.site_allowed, "{of} may unload at {more}"),
    _remedy("site-accepts", "tip-refused not-empty", loosen.accepting, give.accepts, "{of} accepts {more}"),
    _remedy("stands-loaded", "not-empty", loosen.each_vehicle(lambda v: replace(v, must_end_empty=False)),
            give.stands_loaded, "{of} stands loaded overnight"),
    _remedy("lock", "lock-broken", loosen.unlocked, give.unlocked, "what is fixed by hand on {of} is given up"),
    _remedy("together", "together-split", loosen.unbound("together"), give.set_apart("together"),
            "{of} may go on another vehicle than the rest of its group"),
    _remedy("apart", "apart-together", loosen.unbound("apart"), give.set_apart("apart"),
            "{of} may share a vehicle with those it is kept apart from"),
    _remedy("even", "balance-exceeded", loosen.uneven, give.uneven, "rounds may differ by {amount} {unit} more"),
    _remedy("changes", "changes-exceeded", loosen.unsettled, give.more_changes,
            "{amount} stops more may change their vehicle"),
    _remedy("breaks", "break-missing break-outside-window break-load",
            loosen.each_vehicle(lambda v: replace(v, breaks=()))),
    _remedy("rest", "rest-overdue", loosen.each_vehicle(lambda v: replace(v, driving_rest=None))),
)  # fmt: skip
BY_KIND: Mapping[str, Remedy] = {remedy.kind: remedy for remedy in REMEDIES}


def without(problem: RoundsProblem, kinds: Collection[str], stops: Collection[str]) -> RoundsProblem:
    """Return the problem without the rules of these kinds."""
    for kind in kinds:
        problem = BY_KIND[kind].loosen(problem, stops)
    return problem


def told(remedy: Remedy, granted: Granted) -> str:
    """Return a change as a sentence without its full stop."""
    return remedy.words.format(
        of=granted.of,
        amount=f"{granted.amount:g}",
        minutes=f"{granted.amount / 60.0:g}",
        unit=granted.unit,
        more=granted.more,
    )
