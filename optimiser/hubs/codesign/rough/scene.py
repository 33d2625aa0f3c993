"""A problem as the arrays of the quick search: one type of vehicle a site, one limit, no clock.

Each site is stood for by the first vehicle based there. Legs are kilometres and paid hours of that vehicle, work at
stops is left out, and on the way home vehicles that have to end empty pass the open unloading site that costs least.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimiser.hubs.codesign.problem import CodesignProblem, needed, taken
from optimiser.hubs.codesign.rough.layout import Figures, Land
from optimiser.rounds.problem import RoundsProblem, Vehicle
from optimiser.travel import UNREACHABLE

NEIGHBOURS = 40
MISSED = 4.0  # leaving a stop out against the dearest way to serve one alone
SPARE_ROUNDS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The land with all candidates open, who is who in it, and legs home by way of each unloading site.

    Parameters
    ----------
    bases
        By row of the land: position of the site among the candidates, -1 for a depot that is always there.
    fleets
        By row of the land: ids of its vehicles.
    tips
        Position of the candidate of each unloading site, -1 for one that is always there.
    home
        Money by unloading site, row of the land and stop; without sites of any use it is empty.
    """

    land: Land
    bases: tuple[int, ...]
    fleets: tuple[tuple[str, ...], ...]
    tips: tuple[int, ...]
    home: Figures
    rounds: int

    def masked(self, mask: int) -> Land:
        """Return the land with the sites of a mask open: opening them is paid for, wherever they are used."""
        allowed = np.array([int(j < 0 or mask >> j & 1) for j in self.bases], dtype=np.int64)
        land = self.land._replace(allowed=allowed, opening=np.zeros(len(allowed)))
        if not len(self.home):
            return land
        some = [k for k, j in enumerate(self.tips) if j < 0 or mask >> j & 1]
        far = np.full_like(land.back, land.miss.max()) if not some else self.home[some].min(axis=0)
        return land._replace(back=np.ascontiguousarray(far))


def ground(problem: CodesignProblem) -> Ground:
    """Return the arrays of a problem."""
    rounds = problem.rounds
    at = {site.id: j for j, site in enumerate(problem.sites)}
    groups: dict[tuple[int, str, str], list[Vehicle]] = {}
    for vehicle in rounds.vehicles:
        need = needed(problem, vehicle)
        if len(need) <= 1:
            base = at[next(iter(need))] if need else -1
            groups.setdefault((base, vehicle.start, vehicle.end), []).append(vehicle)
    kinds = [min(some, key=lambda one: one.costs.fixed) for some in groups.values()]
    bases = tuple(key[0] for key in groups)
    legs, out, back = _legs(rounds, kinds)
    home = _home(rounds, kinds)
    if len(home):
        back = home.min(axis=0)
    use = np.array([[_share(vehicle, stop.loads) for stop in rounds.stops] for vehicle in kinds]).max(axis=0)
    held, room = _held(problem, bases)
    fixed = np.array([vehicle.costs.fixed for vehicle in kinds])
    count = np.array([len(some) for some in groups.values()], dtype=np.int64)
    most = np.where([bool(rounds.tip_sites)] * len(kinds), len(rounds.stops), count)
    opening = np.array([problem.sites[j].opening_cost if j >= 0 else 0.0 for j in bases])
    alone = float((out + back).max() + fixed.max(initial=0.0) + opening.max(initial=0.0))
    miss = np.array([min(stop.prize, MISSED * alone) if stop.prize is not None else MISSED * alone
                     for stop in rounds.stops])  # fmt: skip
    land = Land(
        legs=legs, out=out, back=back, use=use, held=held, near=_near(legs), room=room, most=most.astype(np.int64),
        opening=opening, fixed=fixed, allowed=np.ones(len(kinds), np.int64), miss=miss,
    )  # fmt: skip
    tips = {site.tip_site: j for j, site in enumerate(problem.sites) if site.tip_site}
    slots = min(len(rounds.stops), int(2 * np.ceil(use.sum())) + len(kinds) + SPARE_ROUNDS)
    return Ground(
        land=land,
        bases=bases,
        fleets=tuple(tuple(one.id for one in some) for some in groups.values()),
        tips=tuple(tips.get(site.id, -1) for site in rounds.tip_sites),
        home=home,
        rounds=slots,
    )


def _money(rounds: RoundsProblem, vehicle: Vehicle, leaving: list[str], arriving: list[str]) -> Figures:
    """Return the money of legs: kilometres and hours of driving."""
    travel, costs = rounds.travel[vehicle.profile], vehicle.costs
    rows = np.array([travel.row(name) for name in leaving], dtype=np.intp)
    columns = np.array([travel.column(name) for name in arriving], dtype=np.intp)
    ms, dm = travel.block(rows, columns)
    per_hour = costs.per_hour + costs.per_driving_hour
    money = dm * (costs.per_km / 1e4) + ms * (per_hour / 3.6e6)
    reached = money[(ms != UNREACHABLE) & (dm != UNREACHABLE)]
    far = 10.0 * float(reached.max(initial=0.0)) + 1.0
    return np.where((ms == UNREACHABLE) | (dm == UNREACHABLE), far, money)


def _legs(rounds: RoundsProblem, kinds: list[Vehicle]) -> tuple[Figures, Figures, Figures]:
    arrive = [stop.modes[0].arrive for stop in rounds.stops]
    leave = [stop.modes[0].leave for stop in rounds.stops]
    legs = _money(rounds, kinds[0], leave, arrive)
    out = np.stack([_money(rounds, one, [one.start], arrive)[0] for one in kinds])
    back = np.stack([_money(rounds, one, leave, [one.end])[:, 0] for one in kinds])
    return legs, out, back


def _home(rounds: RoundsProblem, kinds: list[Vehicle]) -> Figures:
    """Return the money from stops to depots by way of each unloading site, its fee for a tip included."""
    if not rounds.tip_sites or not any(one.must_end_empty for one in kinds):
        return np.zeros((0, 0, 0))
    leave = [stop.modes[0].leave for stop in rounds.stops]
    return np.stack([
        np.stack([
            _money(rounds, one, leave, [site.modes[0].arrive])[:, 0]
            + _money(rounds, one, [site.modes[0].leave], [one.end])[0, 0]
            + site.fee_per_tip + one.costs.per_tip
            for one in kinds
        ])
        for site in rounds.tip_sites
    ])  # fmt: skip


def _share(vehicle: Vehicle, loads: object) -> float:
    """Return the share of a vehicle that a stop takes: of the limit that it takes most of."""
    amounts = dict(loads)  # type: ignore[call-overload]
    return max((sum(w * amounts.get(d, 0.0) for d, w in limit.weights.items()) / limit.at_most
                for limit in vehicle.limits if limit.at_most > 0), default=0.0)  # fmt: skip


def _held(problem: CodesignProblem, bases: tuple[int, ...]) -> tuple[Figures, Figures]:
    held = np.zeros((len(bases), len(problem.rounds.stops)))
    room = np.full(len(bases), np.inf)
    for k, j in enumerate(bases):
        limit = problem.sites[j].capacity if j >= 0 else None
        if limit is not None:
            held[k] = [taken(limit, stop) for stop in problem.rounds.stops]
            room[k] = limit.at_most
    return held, room


def _near(legs: Figures) -> np.ndarray:
    apart = legs + legs.T
    np.fill_diagonal(apart, np.inf)
    count = min(NEIGHBOURS, max(len(legs) - 1, 0))
    return np.ascontiguousarray(np.argsort(apart, axis=1, kind="stable")[:, :count].astype(np.int64))
