"""A problem with exactly as much more as a plan needs: by the violations of that plan in the problem as it was.

Times are granted in whole minutes, everything else in whole units, always rounded up.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from optimiser.rounds.plan import Act, Plan, Violation
from optimiser.rounds.problem import Limit, RoundsProblem, Stop, TipSite, Vehicle, Window

MINUTE_S = 60.0
TINY = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """A changed problem, whose it is, and by how much it was changed; ``more`` says what in words, if needed."""

    problem: RoundsProblem
    of: str
    amount: float
    unit: str
    more: str = ""


Grant = Callable[[RoundsProblem, Plan, Violation], Granted]


def minutes(amount_s: float) -> float:
    """Return seconds rounded up to whole minutes."""
    return math.ceil(amount_s / MINUTE_S - TINY) * MINUTE_S


def change_vehicle(problem: RoundsProblem, id_: str, change: Callable[[Vehicle], Vehicle]) -> RoundsProblem:
    """Return the problem with one vehicle changed."""
    return replace(problem, vehicles=tuple(change(v) if v.id == id_ else v for v in problem.vehicles))


def overtime(problem: RoundsProblem, _: Plan, broken: Violation) -> Granted:
    """Let the vehicle be back later, or out longer, at the price of overtime."""
    amount = minutes(broken.amount)
    changed = change_vehicle(
        problem, broken.vehicle, lambda v: replace(v, shift=replace(v.shift, overtime_s=v.shift.overtime_s + amount))
    )
    return Granted(problem=changed, of=broken.vehicle, amount=amount, unit="s")


def earlier_start(problem: RoundsProblem, _: Plan, broken: Violation) -> Granted:
    """Let the shift begin earlier."""
    amount = minutes(broken.amount)

    def change(vehicle: Vehicle) -> Vehicle:
        return replace(vehicle, shift=replace(vehicle.shift, start_s=max(vehicle.shift.start_s - amount, 0.0)))

    return Granted(problem=change_vehicle(problem, broken.vehicle, change), of=broken.vehicle, amount=amount, unit="s")


def wider(windows: tuple[Window, ...], start_s: float) -> tuple[tuple[Window, ...], float, str]:
    """Return windows of which the nearest reaches to a moment, by how much it was widened, and to which time of day."""

    def miss(window: Window) -> float:
        return max(window.open_s - start_s, start_s - window.close_s, 0.0)

    k = min(range(len(windows)), key=lambda n: miss(windows[n]))
    nearest, amount = windows[k], minutes(miss(windows[k]))
    late = start_s > nearest.close_s
    made = replace(nearest, close_s=nearest.close_s + amount) if late else _opened(nearest, amount)
    clock = made.close_s if late else made.open_s
    word = f"{'until' if late else 'from'} {int(clock // 3600):02d}:{int(clock % 3600 // 60):02d}"
    return (*_apart(windows[:k], made), made, *_after(windows[k + 1 :], made)), amount, word


def _opened(window: Window, amount: float) -> Window:
    return replace(window, open_s=max(window.open_s - amount, 0.0))


def _apart(before: tuple[Window, ...], made: Window) -> tuple[Window, ...]:
    return tuple(window for window in before if window.close_s < made.open_s)


def _after(after: tuple[Window, ...], made: Window) -> tuple[Window, ...]:
    return tuple(window for window in after if window.open_s > made.close_s)


def stop_hours(problem: RoundsProblem, plan: Plan, broken: Violation) -> Granted:
    """Let work at the stop begin earlier or later."""
    stop = next(stop for stop in problem.stops if stop.id == broken.visit)
    windows, amount, word = wider(stop.windows, _starts(plan, broken, Act.STOP)[0])
    stops = tuple(replace(s, windows=windows) if s.id == stop.id else s for s in problem.stops)
    return Granted(problem=replace(problem, stops=stops), of=stop.id, amount=amount, unit="s", more=word)


def site_hours(problem: RoundsProblem, plan: Plan, broken: Violation) -> Granted:
    """Let the site open earlier or close later, as far as the plan's tips there need."""
    site = next(site for site in problem.tip_sites if site.id == broken.visit)
    windows, total = site.windows, 0.0
    words: list[str] = []
    for start_s in _starts(plan, broken, Act.TIP):
        if not any(w.open_s <= start_s <= w.close_s for w in windows):
            windows, amount, word = wider(windows, start_s)
            total, words = max(total, amount), [*words, word]
    sites = tuple(replace(s, windows=windows) if s.id == site.id else s for s in problem.tip_sites)
    changed = replace(problem, tip_sites=sites)
    return Granted(problem=changed, of=site.id, amount=total, unit="s", more=words[-1] if words else "")


def _starts(plan: Plan, broken: Violation, act: Act) -> list[float]:
    """Return when a vehicle begins its visits of a kind at a place, the latest first."""
    return sorted(
        (
            visit.start_s
            for tour in plan.rounds
            if tour.vehicle == broken.vehicle
            for visit in tour.visits
            if visit.act is act and visit.id == broken.visit
        ),
        reverse=True,
    )


def _raised(limits: tuple[Limit, ...], name: str, amount: float) -> tuple[Limit, ...]:
    return tuple(replace(li, at_most=li.at_most + amount) if li.name == name else li for li in limits)


def capacity(problem: RoundsProblem, _: Plan, broken: Violation) -> Granted:
    """Let the vehicle carry more."""
    amount = float(math.ceil(broken.amount - TINY))

    def change(vehicle: Vehicle) -> Vehicle:
        return replace(
            vehicle,
            limits=_raised(vehicle.limits, broken.detail, amount),
            loadings=tuple(_raised(loading, broken.detail, amount) for loading in vehicle.loadings),
        )

    changed = change_vehicle(problem, broken.vehicle, change)
    return Granted(problem=changed, of=broken.vehicle, amount=amount, unit=broken.detail)


def day_limit(problem: RoundsProblem, _: Plan, broken: Violation) -> Granted:
    """Let the vehicle pick up more in the day."""
    amount = float(math.ceil(broken.amount - TINY))
    changed = change_vehicle(
        problem, broken.vehicle, lambda v: replace(v, day_limits=_raised(v.day_limits, broken.detail, amount))
    )
    return Granted(problem=changed, of=broken.vehicle, amount=amount, unit=broken.detail)


def more_stops(problem: RoundsProblem, _: Plan, broken: Violation) -> Granted:
    """Let the vehicle make more stops."""
    amount = math.ceil(broken.amount)
    changed = change_vehicle(problem, broken.vehicle, lambda v: replace(v, max_stops=(v.max_stops or 0) + amount))
    return Granted(problem=changed, of=broken.vehicle, amount=float(amount), unit="stops")


def more_driving(problem: RoundsProblem, _: Plan, broken: Violation) -> Granted:
    """Let the vehicle drive for longer."""
    amount = minutes(broken.amount)
    changed = change_vehicle(
        problem, broken.vehicle, lambda v: replace(v, max_driving_s=(v.max_driving_s or 0.0) + amount)
    )
    return Granted(problem=changed, of=broken.vehicle, amount=amount, unit="s")


def more_distance(problem: RoundsProblem, _: Plan, broken: Violation) -> Granted:
    """Let the vehicle drive farther, in whole 100 m."""
    amount = math.ceil(broken.amount / 100.0 - TINY) * 100.0
    changed = change_vehicle(
        problem, broken.vehicle, lambda v: replace(v, max_distance_m=(v.max_distance_m or 0.0) + amount)
    )
    return Granted(problem=changed, of=broken.vehicle, amount=amount, unit="m")


def site_cap(problem: RoundsProblem, _: Plan, broken: Violation) -> Granted:
    """Let the site take in more in the day."""
    amount = float(math.ceil(broken.amount - TINY))

    def change(site: TipSite) -> TipSite:
        return replace(site, caps=_raised(site.caps, broken.detail, amount)) if site.id == broken.visit else site

    changed = replace(problem, tip_sites=tuple(change(site) for site in problem.tip_sites))
    return Granted(problem=changed, of=broken.visit, amount=amount, unit=broken.detail)


def skill(problem: RoundsProblem, _: Plan, broken: Violation) -> Granted:
    """Give the crew what the stop needs."""
    stop = next(stop for stop in problem.stops if stop.id == broken.visit)
    vehicle = next(v for v in problem.vehicles if v.id == broken.vehicle)
    missing = stop.needs - vehicle.skills
    changed = change_vehicle(problem, vehicle.id, lambda v: replace(v, skills=v.skills | missing))
    words = ", ".join(sorted(missing))
    return Granted(problem=changed, of=vehicle.id, amount=float(len(missing)), unit="skills", more=words)


def allowed(problem: RoundsProblem, _: Plan, broken: Violation) -> Granted:
    """Let the vehicle serve the stop."""

    def change(stop: Stop) -> Stop:
        here = stop.id == broken.visit and stop.vehicles is not None
        return replace(stop, vehicles=(stop.vehicles or frozenset()) | {broken.vehicle}) if here else stop

    changed = replace(problem, stops=tuple(change(stop) for stop in problem.stops))
    return Granted(problem=changed, of=broken.vehicle, amount=1.0, unit="permission")


def site_allowed(problem: RoundsProblem, _: Plan, broken: Violation) -> Granted:
    """Let the vehicle use the site."""
    changed = change_vehicle(
        problem, broken.vehicle, lambda v: replace(v, tip_sites=(v.tip_sites or frozenset()) | {broken.visit})
    )
    return Granted(problem=changed, of=broken.vehicle, amount=1.0, unit="permission", more=broken.visit)


def accepts(problem: RoundsProblem, plan: Plan, broken: Violation) -> Granted:
    """Let the site at which the vehicle tips last take what it has on board."""
    tour = next(tour for tour in plan.rounds if tour.vehicle == broken.vehicle)
    last = broken.visit or next((v.id for v in reversed(tour.visits) if v.act is Act.TIP), "")
    foreign = frozenset(name.strip() for name in broken.detail.split(",") if name.strip())

    def change(site: TipSite) -> TipSite:
        return replace(site, accepts=site.accepts | foreign) if site.id == last else site

    changed = replace(problem, tip_sites=tuple(change(site) for site in problem.tip_sites))
    return Granted(problem=changed, of=last, amount=1.0, unit="permission", more=", ".join(sorted(foreign)))


def stands_loaded(problem: RoundsProblem, _: Plan, broken: Violation) -> Granted:
    """Let the vehicle stand loaded overnight."""
    changed = change_vehicle(problem, broken.vehicle, lambda v: replace(v, must_end_empty=False))
    return Granted(problem=changed, of=broken.vehicle, amount=1.0, unit="permission")


def unlocked(problem: RoundsProblem, _: Plan, broken: Violation) -> Granted:
    """Give up what is fixed by hand about the stop or the round."""
    kept = tuple(lock for lock in problem.locks if broken.visit not in lock.stops and lock.vehicle != broken.vehicle)
    changed = replace(problem, locks=kept)
    return Granted(problem=changed, of=broken.vehicle, amount=float(len(problem.locks) - len(kept)), unit="locks")


def set_apart(field: str) -> Grant:
    """Return how to take the stop out of a set to go together, or to stay apart."""

    def grant(problem: RoundsProblem, _: Plan, broken: Violation) -> Granted:
        sets: tuple[frozenset[str], ...] = getattr(problem, field)
        kept = tuple(left for group in sets if len(left := group - {broken.visit}) > 1)
        changed = replace(problem, together=kept) if field == "together" else replace(problem, apart=kept)
        return Granted(problem=changed, of=broken.visit, amount=1.0, unit="stops")

    return grant


def uneven(problem: RoundsProblem, _: Plan, broken: Violation) -> Granted:
    """Let the rounds be less even."""
    amount = math.ceil(broken.amount * 100.0 - TINY) / 100.0
    balance = tuple(
        replace(one, at_most=one.at_most + amount) if one.at_most is not None and one.measure == broken.detail else one
        for one in problem.aims.balance
    )
    changed = replace(problem, aims=replace(problem.aims, balance=balance))
    return Granted(problem=changed, of=broken.detail, amount=amount, unit=broken.detail)


def more_changes(problem: RoundsProblem, _: Plan, broken: Violation) -> Granted:
    """Let more stops change their vehicle."""
    amount = math.ceil(broken.amount)
    changed = replace(problem, aims=replace(problem.aims, most_changes=(problem.aims.most_changes or 0) + amount))
    return Granted(problem=changed, of="plan", amount=float(amount), unit="stops")
