"""What a plan of the search costs and whether it keeps the rules, in plain Python from the problem alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from optimiser.rounds.problem import Mode, Stop, TipSite, Vehicle
from optimiser.rounds.strings.layout import ABSENT, NEXT, PREV, ROUND, SPARE, Work
from optimiser.rounds.strings.scene import Stage
from optimiser.travel import DenseTravel

Ints = NDArray[np.int64]


def rings(stage: Stage, following: Ints) -> list[list[int]]:
    """Return the nodes of each round."""
    found = []
    for k in range(len(stage.vehicles)):
        head = stage.scene.heads + k
        nodes, v = [], int(following[head])
        while v != head:
            nodes.append(v)
            assert len(nodes) <= len(following), "a ring does not close"
            v = int(following[v])
        found.append(nodes)
    return found


def visits(stage: Stage, nodes: Sequence[int], site: Ints) -> list[Stop | TipSite]:
    """Return what nodes stand for."""
    problem = stage.known.problem
    return [problem.stops[v] if v < stage.scene.n else problem.tip_sites[int(site[v])] for v in nodes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """What rounds cost, in ticks."""

    stage: Stage

    def vehicle(self, k: int) -> Vehicle:
        """Return the vehicle of a round."""
        return next(v for v in self.stage.known.problem.vehicles if v.id == self.stage.vehicles[k])

    def ticks(self, money: float) -> int:
        """Return money in whole ticks."""
        return round(money / self.stage.tick)

    def leg(self, vehicle: Vehicle, leave: str, arrive: str) -> tuple[int, int]:
        """Return ticks and ms from one place to another."""
        travel = self.stage.known.problem.travel[vehicle.profile]
        assert isinstance(travel, DenseTravel)
        row, column = travel.row(leave), travel.column(arrive)
        dm, ms = int(travel.distance_dm[row, column]), int(travel.duration_ms[row, column])
        assert dm < 2**31 - 1, f"there is no way from {leave} to {arrive}"
        costs = vehicle.costs
        return self.ticks(dm * costs.per_km / 1e4 + ms * (costs.per_hour + costs.per_driving_hour) / 3.6e6), ms

    def work(self, vehicle: Vehicle, item: Stop | TipSite, mode: Mode) -> tuple[int, int]:
        """Return ticks and ms of work at a stop or site."""
        costs = vehicle.costs
        ms = round(1000 * mode.service_s)
        fee = 0
        if isinstance(item, TipSite):
            ms += round(1000 * item.queue_s)
            fee = self.ticks(item.fee_per_tip + costs.per_tip)
        money = ms * (costs.per_hour + costs.per_service_hour) / 3.6e6 + mode.distance_m * costs.per_km / 1e3
        return self.ticks(money) + fee, ms

    def with_modes(self, vehicle: Vehicle, items: Sequence[Stop | TipSite], modes: Sequence[Mode]) -> int | None:
        """Return the ticks of a round whose modes are chosen; ``None`` if it cannot be done in time."""
        total, at = self.ticks(vehicle.costs.fixed), vehicle.start
        path = []
        for item, mode, held in zip(items, modes, self.holds(items), strict=True):
            there, ridden = self.leg(vehicle, at, mode.arrive)
            done, worked = self.work(vehicle, item, mode)
            total += there + done
            spans = item.windows or ()
            opens, closes = (spans[0].open_s, spans[-1].close_s) if spans else (0.0, 1e6)
            path.append((held, ridden, worked, round(1000 * opens), round(1000 * closes)))
            at = mode.leave
        there, ridden = self.leg(vehicle, at, vehicle.end)
        late = self.clock(vehicle, path, ridden)
        return None if late is None else total + there + late

    def holds(self, items: Sequence[Stop | TipSite]) -> list[int]:
        """Return before when nobody sets out to each item: to the first of a trip, for all that the trip serves."""
        found, first = [0] * len(items), 0
        for at, item in enumerate(items):
            if isinstance(item, TipSite):
                first = at + 1
            else:
                found[first] = max(found[first], round(1000 * item.release_s))
        return found

    def clock(self, vehicle: Vehicle, path: Sequence[tuple[int, int, int, int, int]], home: int) -> int | None:
        """Return the ticks for waiting and overtime when the round starts as late as its end allows; see below.

        Started at the first moment it ends as early as it can. Starting later by no more than its waiting, and than
        what is left of each window after the waiting before it, does not make it end later: that is the cheapest start.
        """
        shift, costs = vehicle.shift, vehicle.costs
        starts, ends = round(1000 * shift.start_s), round(1000 * (shift.end_s + shift.overtime_s))
        now, waited, slack, busy = starts, 0, ends, 0
        for held, ridden, worked, opens, closes in path:
            waited += max(0, held - now)
            now = max(now, held) + ridden
            waited += max(0, opens - now)
            now = max(now, opens)
            if now > closes:
                return None
            slack = min(slack, waited + closes - now)
            now += worked
            busy += ridden + worked
        now, busy = now + home, busy + home
        if now > ends:
            return None
        lasts = now - starts - min(waited, slack)
        normal = shift.end_s - shift.start_s if shift.max_duration_s is None else shift.max_duration_s
        beyond = max(0, lasts - round(1000 * normal), now - round(1000 * shift.end_s))
        if beyond > round(1000 * shift.overtime_s):
            return None
        return self.ticks(((lasts - busy) * costs.per_hour + beyond * costs.overtime_per_hour) / 3.6e6)

    def every_way(self, vehicle: Vehicle, items: Sequence[Stop | TipSite]) -> list[int]:
        """Return the ticks of a round with each choice of modes that is in time, the least first."""
        ways = product(*(item.modes for item in items))
        return sorted(cost for modes in ways if (cost := self.with_modes(vehicle, items, modes)) is not None)

    def room(self, vehicle: Vehicle, items: Sequence[Stop | TipSite]) -> bool:
        """Return whether what is on board is within the limits all the way."""
        loads: dict[str, float] = {}
        for item in items:
            if isinstance(item, TipSite):
                loads = {d: amount for d, amount in loads.items() if d not in item.accepts}
                continue
            for d, amount in item.loads.items():
                loads[d] = loads.get(d, 0.0) + amount
            for limit in vehicle.limits:
                if sum(limit.weights.get(d, 0.0) * amount for d, amount in loads.items()) > limit.at_most + 1e-6:
                    return False
        return True

    def broken(self, k: int, items: Sequence[Stop | TipSite]) -> Iterator[str]:
        """Yield what is wrong with a round, time apart."""
        vehicle = self.vehicle(k)
        stops = [item for item in items if isinstance(item, Stop)]
        if not self.room(vehicle, items):
            yield "too much on board"
        if vehicle.max_stops is not None and len(stops) > vehicle.max_stops:
            yield "too many stops"
        for limit in vehicle.day_limits:
            if sum(limit.weights.get(d, 0.0) * amount for s in stops for d, amount in s.loads.items()) > limit.at_most:
                yield f"beyond the limit of the day {limit.name}"
        for stop in stops:
            if (stop.vehicles is not None and vehicle.id not in stop.vehicles) or not stop.needs <= vehicle.skills:
                yield f"{stop.id} may not be served by {vehicle.id}"
        yield from self.bad_tips(vehicle, items)

    def bad_tips(self, vehicle: Vehicle, items: Sequence[Stop | TipSite]) -> Iterator[str]:
        """Yield what is wrong with the tips of a round."""
        for before, item in zip([None, *items], items, strict=False):
            if isinstance(item, TipSite):
                if not isinstance(before, Stop):
                    yield "a tip with nothing on board"
                if vehicle.tip_sites is not None and item.id not in vehicle.tip_sites:
                    yield f"{vehicle.id} may not tip at {item.id}"
        if vehicle.must_end_empty and self.stage.known.problem.tip_sites and isinstance(items[-1], Stop):
            yield "it does not end empty"

    def prize(self, stop: int) -> int:
        """Return the ticks for leaving a stop out; that of a required one is the search's own."""
        prize = self.stage.known.problem.stops[stop].prize
        return int(self.stage.scene.prize[stop]) if prize is None else self.ticks(prize)


def consistent(stage: Stage, work: Work) -> None:
    """Assert that links, rounds, lists of idle vehicles, of tips and of what is left out tell the same."""
    s, link = stage.scene, work.link
    seen: dict[int, int] = {}
    for k, nodes in enumerate(rings(stage, link[:, NEXT])):
        head = s.heads + k
        for v, after in zip([head, *nodes], [*nodes, head], strict=True):
            assert (link[after, PREV], link[v, ROUND]) == (v, k)
        assert not seen.keys() & set(nodes)
        seen |= dict.fromkeys(nodes, k)
        stops = [v for v in nodes if v < s.n]
        assert work.tour[k, :2].tolist() == [len(stops), len(nodes) - len(stops)]
        kind = int(stage.kind_of[k])
        assert np.allclose(work.total[k], s.use[kind, stops].sum(axis=0))
        idle = work.empty[kind, : work.empties[kind]]
        assert (k in idle) == (not stops)
    out = work.absent[: work.purse[ABSENT]].tolist()
    assert sorted(out) == [v for v in range(s.n) if v not in seen]
    assert [int(work.absent_at[v]) for v in out] == list(range(len(out)))
    assert all(work.absent_at[v] < 0 for v in range(s.n) if v in seen)
    spare = work.spare[: work.purse[SPARE]].tolist()
    assert sorted([*spare, *(v for v in seen if v >= s.n)]) == list(range(s.n, s.n + stage.pool))
    assert (work.spare[work.spare_at] == np.arange(s.n, s.n + stage.pool)).all()
