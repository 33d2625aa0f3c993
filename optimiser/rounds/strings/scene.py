"""A rounds problem as the arrays that the kernel reads, and who is who in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimiser.plane import PlaneTravel
from optimiser.rounds.clock import FOREVER_MS
from optimiser.rounds.kinds import Kind
from optimiser.rounds.near import near
from optimiser.rounds.problem import RoundsProblem
from optimiser.rounds.strings.layout import ENDLESS, FAR, Scene
from optimiser.rounds.tables import TIE_WAGE_PER_MS, Tables, useful_sites
from optimiser.travel import UNREACHABLE

Ints = NDArray[np.int64]
MOST_DENSE = 4_000  # places of a plane up to which legs are kept in an array
WIDEST_TICKS = 1 << 20  # of a leg, where money is not counted in decimetres or milliseconds
NEIGHBOURS = 120
DEARER = 20  # leaving out a required stop of mean weight against the dearest way to serve a stop alone
MOST_WEIGHT = 1_000.0
ROUND_OFF = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A scene and who is who in it.

    Parameters
    ----------
    tick
        Money in a tick.
    vehicles
        By round: id of the vehicle.
    kind_of
        By round: its kind.
    leg
        Mean ticks of a leg between neighbours: the scale of temperatures.
    """

    scene: Scene
    known: Tables
    tick: float
    vehicles: tuple[str, ...]
    kind_of: Ints
    pool: int
    ways: NDArray[np.int32]
    leg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """Vehicles alike, with the stops that they may serve."""

    kind: Kind
    vehicles: tuple[str, ...]
    may: NDArray[np.uint8]


def stage(known: Tables, *, neighbours: int = NEIGHBOURS) -> Stage:
    """Return the problem as arrays."""
    problem = known.problem
    teams = _teams(known)
    spots = _spots(teams)
    legs = _legs(teams, spots)
    n = len(problem.stops)
    pool = (2 * n + len(problem.vehicles) + 8) if problem.tip_sites else 0
    vehicles = tuple(vehicle for team in teams for vehicle in team.vehicles)
    kind_of = np.repeat(np.arange(len(teams)), [len(team.vehicles) for team in teams])
    timed = _timed(known, teams)
    sites = _sites(teams, problem)
    use, room, day_room = _loads(teams)
    close = near(problem, teams[0].kind.vehicle.profile, neighbours).astype(np.int32)
    fields = _by_kind(teams, spots, legs.tick)
    stop_ways = spots.ways[:n]
    depot = np.array([spots.depot(team.kind) for team in teams], dtype=np.int64)
    far = _far(legs, stop_ways[:, 0], int(depot[0]), spots.ways[n:][sites[0][sites[0] >= 0], 0])
    dearest = int(fields["fixed"].max() + 4 * legs.widest + fields["work_cost"].max())
    scene = Scene(
        n=n,
        heads=n + pool,
        labelled=int(
            stop_ways.shape[1] > 1
            or timed
            or bool((sites >= 0).any())
            or use.shape[2] > 1
            or bool((fields["most_stops"] < n).any())
        ),
        timed=int(timed),
        tipped=int((sites >= 0).any()),
        dense=int(legs.dense),
        cost=legs.cost,
        back=legs.back,
        time=legs.time,
        time_back=legs.time_back,
        xy=legs.xy,
        plane=legs.plane,
        use=use,
        room=room,
        day_room=day_room,
        may=np.stack([team.may for team in teams]),
        prize=_prizes(problem, legs.tick, dearest),
        near=close,
        far=far,
        depot=depot,
        sites=sites.astype(np.int64),
        site_ways=(spots.ways[n:] if problem.tip_sites else np.full((1, stop_ways.shape[1]), -1)).astype(np.int64),
        **{**fields, "profile": legs.profile},
    )
    heads = np.full((len(vehicles), stop_ways.shape[1]), -1, np.int32)
    heads[:, 0] = depot[kind_of]
    tips = np.full((pool, stop_ways.shape[1]), -1, np.int32)
    return Stage(
        scene=scene,
        known=known,
        tick=legs.tick,
        vehicles=vehicles,
        kind_of=kind_of,
        pool=pool,
        ways=np.concatenate([stop_ways, tips, heads]).astype(np.int32),
        leg=_mean_leg(legs, stop_ways[:, 0], close),
    )


def _teams(known: Tables) -> list[Team]:
    problem = known.problem
    open_to_all = not any(stop.vehicles is not None for stop in problem.stops)
    found: dict[tuple[int, bytes], list[str]] = {}
    may: dict[tuple[int, bytes], NDArray[np.uint8]] = {}
    for vehicle in problem.vehicles:
        k = known.kind_of[vehicle.id]
        serves = known.kinds[k].carries.astype(np.uint8)
        if not open_to_all:
            named = [stop.vehicles is None or vehicle.id in stop.vehicles for stop in problem.stops]
            serves = serves & np.array(named, dtype=np.uint8)
        key = k, b"" if open_to_all else serves.tobytes()
        found.setdefault(key, []).append(vehicle.id)
        may[key] = serves
    return [Team(kind=known.kinds[k], vehicles=tuple(ids), may=may[k, key]) for (k, key), ids in found.items()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spots:
    """Places: the modes of all stops, then of all sites, then the depots; ``ways`` has those of each work by slot."""

    ways: NDArray[np.int32]
    modes: int
    depots: Mapping[tuple[int, int, int], int]

    def rows(self, kind: Kind) -> NDArray[np.intp]:
        """Return the row that each place is left by; depots of other travel than the kind's are nowhere in its own."""
        own = id(kind.travel)
        depots = (row if travel == own else kind.start_row for travel, row, _ in self.depots)
        return np.array([*kind.nodes.ways[:, 1], *depots], dtype=np.intp)

    def columns(self, kind: Kind) -> NDArray[np.intp]:
        """Return the column that each place is arrived at by; as for rows."""
        own = id(kind.travel)
        depots = (column if travel == own else kind.end_column for travel, _, column in self.depots)
        return np.array([*kind.nodes.ways[:, 0], *depots], dtype=np.intp)

    def depot(self, kind: Kind) -> int:
        """Return the place of a kind's depot."""
        return self.depots[id(kind.travel), kind.start_row, kind.end_column]


def _spots(teams: Sequence[Team]) -> Spots:
    nodes = teams[0].kind.nodes
    counts = np.diff(nodes.way_first)
    ways = np.full((len(counts), counts.max(initial=1)), -1, dtype=np.int32)
    for slot in range(ways.shape[1]):
        has = counts > slot
        ways[has, slot] = nodes.way_first[:-1][has] + slot
    depots: dict[tuple[int, int, int], int] = {}
    for team in teams:
        kind = team.kind
        depots.setdefault((id(kind.travel), kind.start_row, kind.end_column), len(nodes.ways) + len(depots))
    return Spots(ways=ways, modes=len(nodes.ways), depots=depots)


@dataclass(frozen=True, slots=True, kw_only=True)
class Legs:
    """Ticks and ms of legs, and the money of a tick."""

    tick: float
    dense: bool
    cost: NDArray[np.int32]
    back: NDArray[np.int32]
    time: NDArray[np.int32]
    time_back: NDArray[np.int32]
    xy: NDArray[np.float64]
    plane: NDArray[np.float64]
    profile: Ints  # by team
    widest: int


def _rate(kind: Kind) -> tuple[float, float]:
    """Return money a dm and a ms of a leg."""
    wage = 0.0 if kind.wage_per_ms <= TIE_WAGE_PER_MS else kind.wage_per_ms
    return kind.per_dm, wage + kind.driving_per_ms


def _legs(teams: Sequence[Team], spots: Spots) -> Legs:
    keys: dict[tuple[object, ...], int] = {}
    firsts: list[Kind] = []
    profile = np.zeros(len(teams), dtype=np.int64)
    for t, team in enumerate(teams):
        key = (id(team.kind.travel), *_rate(team.kind))
        if key not in keys:
            keys[key] = len(firsts)
            firsts.append(team.kind)
        profile[t] = keys[key]
    size = spots.modes + len(spots.depots)
    plain = len(firsts) == 1 and _rate(firsts[0])[1] == 0.0 and firsts[0].per_dm > 0
    travel = firsts[0].travel
    nothing = np.zeros((1, 1, 1), dtype=np.int32)
    if plain and isinstance(travel, PlaneTravel) and size > MOST_DENSE and travel.ms == 0.0:
        rows = spots.rows(firsts[0])
        return Legs(
            tick=firsts[0].per_dm, dense=False, cost=nothing, back=nothing, time=nothing, time_back=nothing,
            xy=np.ascontiguousarray(travel.xy[rows]), plane=np.array([float(travel.metric), travel.dm, 0.0]),
            profile=profile, widest=int(travel.widest * travel.dm),
        )  # fmt: skip
    blocks = [kind.travel.block(spots.rows(kind), spots.columns(kind)) for kind in firsts]
    ways = [(time < UNREACHABLE) & (dm < UNREACHABLE) for time, dm in blocks]
    if plain:
        tick, money = firsts[0].per_dm, [blocks[0][1]]
    else:
        worth = [dm * _rate(kind)[0] + time * _rate(kind)[1] for kind, (time, dm) in zip(firsts, blocks, strict=True)]
        dearest = max(float(np.where(way, one, 0.0).max(initial=0.0)) for way, one in zip(ways, worth, strict=True))
        tick = max(dearest, 1e-9) / WIDEST_TICKS
        money = [np.rint(np.where(way, one, 0.0) / tick) for way, one in zip(ways, worth, strict=True)]
    cost = np.stack([np.where(way, one, FAR).astype(np.int32) for way, one in zip(ways, money, strict=True)])
    time = np.stack([np.where(way, t, ENDLESS).astype(np.int32) for way, (t, _) in zip(ways, blocks, strict=True)])
    return Legs(
        tick=tick,
        dense=True,
        cost=cost,
        back=_turned(cost),
        time=time,
        time_back=_turned(time),
        xy=np.zeros((1, 2)),
        plane=np.zeros(3),
        profile=profile,
        widest=int(cost[cost < FAR].max(initial=1)),
    )


def _turned(legs: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return legs from where one arrives to where one sets out; the same array if they are alike."""
    turned = legs.transpose(0, 2, 1)
    return legs if np.array_equal(turned, legs) else np.ascontiguousarray(turned)


def _timed(known: Tables, teams: Sequence[Team]) -> bool:
    """Return whether time matters at all: something takes time, or can be begun at certain times only."""
    kinds = [team.kind for team in teams]
    takes = any(kind.nodes.ways[:, 2].any() for kind in kinds)
    if not takes:
        for kind in kinds:
            travel = kind.travel
            takes = takes or (travel.ms > 0 if isinstance(travel, PlaneTravel) else _moves(kind))
    opens = max((span[0][0] for span in known.spans), default=0)
    closes = min((span[-1][1] for span in known.spans), default=FOREVER_MS)
    always = all(opens <= kind.shift[0] and closes >= kind.shift[1] for kind in kinds)
    return takes or not always


def _moves(kind: Kind) -> bool:
    rows = kind.nodes.ways[:, 1].astype(np.intp)
    columns = kind.nodes.ways[:, 0].astype(np.intp)
    time, _ = kind.travel.legs(np.roll(rows, 1), columns)
    there, _ = kind.travel.legs(np.full(len(columns), kind.start_row, dtype=np.intp), columns)
    return bool(time.any() or there.any())


def _sites(teams: Sequence[Team], problem: RoundsProblem) -> NDArray[np.int32]:
    at = {site.id: k for k, site in enumerate(problem.tip_sites)}
    lists = [[at[site.id] for site in useful_sites(team.kind)] for team in teams]
    sites = np.full((len(teams), max(1, *map(len, lists))), -1, dtype=np.int32)
    for t, one in enumerate(lists):
        sites[t, : len(one)] = one
    return sites


def _loads(teams: Sequence[Team]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return what stops put on the limits of each kind, then on those of its day; and both limits, each its own.

    What is not limited, at any moment or in the day, is without end.
    """
    kinds = [team.kind for team in teams]
    limits = max(1, *(len(kind.limits) for kind in kinds))
    days = max(len(kind.scales.day_most) for kind in kinds)
    use = np.zeros((len(kinds), len(teams[0].may), limits + days))
    room, day_room = (np.full((len(kinds), limits + days), np.inf) for _ in range(2))
    for t, kind in enumerate(kinds):
        own, day = len(kind.limits), len(kind.scales.day_most)
        use[t, :, :own] = kind.use.sum(axis=2)
        room[t, :own] = kind.limits * (1 + ROUND_OFF)
        use[t, :, limits : limits + day] = kind.scales.day
        day_room[t, limits : limits + day] = kind.scales.day_most * (1 + ROUND_OFF)
    return use, room, day_room


def _squeezed(kind: Kind, times: Ints) -> Ints:
    """Return times on a clock that stands still while the kind has its breaks, each as late as it may be."""
    found = np.minimum(times, ENDLESS)
    for rest in reversed(kind.rests):
        if not rest.ways:
            found = np.where(found > rest.latest_ms, np.maximum(found - rest.duration_ms, rest.latest_ms), found)
    return found


def _by_kind(teams: Sequence[Team], spots: Spots, tick: float) -> dict[str, Any]:
    places, kinds = spots.modes + len(spots.depots), [team.kind for team in teams]
    shape = len(kinds), places
    work_cost, work_time = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    opens, closes = np.zeros(shape, np.int64), np.full(shape, ENDLESS, np.int64)
    for t, kind in enumerate(kinds):
        nodes = kind.nodes
        takes = nodes.ways[:, 2] + nodes.ways[:, 3]
        work_time[t, : spots.modes] = np.minimum(takes, ENDLESS)
        wage = _rate(kind)[1] - kind.driving_per_ms
        money = takes * (wage + kind.service_per_ms) + nodes.ways[:, 5] * kind.per_dm
        work_cost[t, : spots.modes] = np.rint(money / tick)
        counts = np.diff(nodes.way_first)
        opens[t, : spots.modes] = np.repeat(_squeezed(kind, nodes.spans[nodes.span_first[:-1], 0]), counts)
        closes[t, : spots.modes] = np.repeat(_squeezed(kind, nodes.spans[nodes.span_first[1:] - 1, 1]), counts)
        for site in kind.sites:
            fees = [at for at, other in enumerate(kind.sites) if other.id == site.id]
            where = spots.ways[len(kind.ways) + int(np.flatnonzero(kind.site_at == fees[0])[0])]
            work_cost[t, where[where >= 0]] += round(site.fee_per_tip / tick)
    shift = np.array([_squeezed(kind, np.array([*kind.shift, kind.shift[1] + kind.overtime_ms])) for kind in kinds])
    rest = np.array([sum(r.duration_ms for r in kind.rests if r.always or kind.shift[0] + kind.longest_ms > r.latest_ms)
                     for kind in kinds])  # fmt: skip
    longest = np.array([min(kind.longest_ms, ENDLESS) for kind in kinds]) - rest
    paid = [_rate(kind)[1] - kind.driving_per_ms for kind in kinds]
    return {
        "work_cost": work_cost,
        "work_time": work_time,
        "opens": opens,
        "closes": closes,
        "profile": np.zeros(len(kinds), np.int64),
        "starts": shift[:, 0].astype(np.int64),
        "ends": shift[:, 2].astype(np.int64),
        "longest": (longest + np.array([kind.overtime_ms for kind in kinds])).astype(np.int64),
        "most_stops": np.array(
            [places if kind.vehicle.max_stops is None else kind.vehicle.max_stops for kind in kinds], dtype=np.int64
        ),
        "must": np.array([int(kind.vehicle.must_end_empty and bool(kind.sites)) for kind in kinds], dtype=np.int64),
        "fixed": np.array([round(kind.vehicle.costs.fixed / tick) for kind in kinds], dtype=np.int64),
        "wait": np.array([one / tick for one in paid], dtype=np.float64),
        "over": np.array([kind.overtime_per_ms / tick for kind in kinds], dtype=np.float64),
        "normal_end": shift[:, 1].astype(np.int64),
        "normal_longest": longest.astype(np.int64),
    }


def _far(legs: Legs, first: NDArray[np.int32], depot: int, sites: NDArray[np.int32]) -> Ints:
    if not legs.dense:
        gap = legs.xy[first] - legs.xy[depot]
        away: Ints = np.rint(np.hypot(gap[:, 0], gap[:, 1]) * legs.plane[1]).astype(np.int64)
        return away
    ends = np.array([depot, *sites], dtype=np.intp)
    least: Ints = legs.cost[0][np.ix_(first, ends)].min(axis=1).astype(np.int64)
    return least


def _prizes(problem: RoundsProblem, tick: float, dearest: int) -> Ints:
    """Return the ticks for leaving stops out: prizes, and for required ones more than any service costs, by weight."""
    weights = np.array([stop.weight for stop in problem.stops if stop.prize is None])
    mean = float(weights.mean()) if len(weights) and weights.mean() > 0 else 1.0
    return np.array(
        [
            round(stop.prize / tick)
            if stop.prize is not None
            else round(DEARER * dearest * min(max(stop.weight / mean, 0.1), MOST_WEIGHT))
            for stop in problem.stops
        ],
        dtype=np.int64,
    )


def _mean_leg(legs: Legs, first: NDArray[np.int32], close: NDArray[np.int32]) -> float:
    """Return the mean ticks from a stop to its nearest few."""
    if not close.size:
        return 1.0
    few = close[:, : min(4, close.shape[1])]
    a, b = np.repeat(first, few.shape[1]), first[few.ravel()]
    if not legs.dense:
        gap = legs.xy[a] - legs.xy[b]
        return max(1.0, float(np.hypot(gap[:, 0], gap[:, 1]).mean() * legs.plane[1]))
    found = legs.cost[0][a, b]
    found = found[found < FAR]
    return max(1.0, float(found.mean())) if found.size else 1.0
