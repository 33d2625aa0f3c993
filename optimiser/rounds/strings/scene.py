"""A rounds problem as the arrays that the kernel reads, and who is who in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimiser.plane import PlaneTravel
from optimiser.rounds.clock import FOREVER_MS
from optimiser.rounds.kinds import Kind
from optimiser.rounds.near import near
from optimiser.rounds.problem import RoundsProblem
from optimiser.rounds.strings.layout import ENDLESS, Scene
from optimiser.rounds.strings.near_stops import by_hours, hours, narrow, near_ticks
from optimiser.rounds.strings.teams import Spots, Team, spots_of, teams_of
from optimiser.rounds.strings.ticks import (
    BYTES_PER_LEG,
    MOST_WHOLE_BYTES,
    Legs,
    drawn,
    far_of,
    kinds_of_leg,
    legs_of,
    mean_leg,
    rate,
    ticks_per_ms,
)
from optimiser.rounds.tables import Tables, useful_sites

Ints = NDArray[np.int64]
NEIGHBOURS = 120
DEARER = 20  # leaving out a required stop of mean weight against the dearest way to serve a stop alone
MOST_WEIGHT = 1_000.0
ROUND_OFF = 1e-9
MOST_BYTES = 4e9
WIDE_FROM = 2_000  # stops: fewer are searched whole


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
    legs
        Between all places of the whole plan. Of wide ones the scene has no arrays, only that of a part has.
    """

    scene: Scene
    known: Tables
    tick: float
    vehicles: tuple[str, ...]
    kind_of: Ints
    pool: int
    ways: NDArray[np.int32]
    leg: float
    legs: Legs

    @property
    def wide(self) -> bool:
        """Whether the plan can be searched in parts only."""
        return self.legs.wide and self.scene.cost.shape[1] == 1


def stage(known: Tables, *, neighbours: int = NEIGHBOURS) -> Stage:
    """Return the problem as arrays."""
    problem = known.problem
    teams = teams_of(known)
    spots = spots_of(teams)
    rules = _rules(known, teams, spots)
    asked = _wide(known, teams, spots, labelled=rules.labelled)
    legs = legs_of(teams, spots, labelled=rules.labelled, wide=asked)
    n, slots = len(problem.stops), spots.ways.shape[1]
    pool = pool_of(n, len(problem.vehicles), tips=bool(problem.tip_sites))
    vehicles = tuple(vehicle for team in teams for vehicle in team.vehicles)
    kind_of = np.repeat(np.arange(len(teams)), [len(team.vehicles) for team in teams])
    close = near(problem, teams[0].kind.vehicle.profile, neighbours).astype(np.int32)
    scene = _scene(known, teams, spots, rules, legs, close, n + pool)
    heads = np.full((len(vehicles), slots), -1, np.int32)
    heads[:, 0] = scene.depot[kind_of]
    tips = np.full((pool, slots), -1, np.int32)
    return Stage(
        scene=scene,
        known=known,
        tick=legs.tick,
        vehicles=vehicles,
        kind_of=kind_of,
        pool=pool,
        ways=np.concatenate([spots.ways[:n], tips, heads]).astype(np.int32),
        leg=mean_leg(legs, spots.ways[:n, 0], close),
        legs=legs,
    )


def wide(known: Tables) -> bool:
    """Return whether arrays of all legs would be large, and the plan can be searched in parts."""
    teams = teams_of(known)
    spots = spots_of(teams)
    return _wide(known, teams, spots, labelled=_rules(known, teams, spots).labelled)


def _wide(known: Tables, teams: Sequence[Team], spots: Spots, *, labelled: bool) -> bool:
    size = spots.modes + len(spots.depots)
    whole = BYTES_PER_LEG * size**2 * len(kinds_of_leg(teams)[0])
    return labelled and len(known.problem.stops) >= WIDE_FROM and whole > MOST_WHOLE_BYTES


def pool_of(stops: int, rounds: int, *, tips: bool) -> int:
    """Return how many nodes to keep for tips, if there are any: more than are ever in use."""
    return (2 * stops + rounds + 8) if tips else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    """What rounds have to keep to: whether there is a clock, which sites are of use, what is limited; see Scene."""

    timed: bool
    sites: NDArray[np.int32]
    ready: Ints | None  # None: nobody waits for a release
    use: NDArray[np.float64]
    room: NDArray[np.float64]
    day_room: NDArray[np.float64]
    several: bool  # modes or limits

    @property
    def tipped(self) -> bool:
        return bool((self.sites >= 0).any())

    @property
    def labelled(self) -> bool:
        return self.timed or self.tipped or self.several


def _rules(known: Tables, teams: Sequence[Team], spots: Spots) -> _Rules:
    use, room, day_room = _loads(teams)
    most = [team.kind.vehicle.max_stops for team in teams]
    counted = any(one is not None and one < len(known.problem.stops) for one in most)
    ready = _ready(known, teams)
    return _Rules(
        timed=ready is not None or _timed(known, teams),
        ready=ready,
        sites=_sites(teams, known.problem),
        use=use,
        room=room,
        day_room=day_room,
        several=spots.ways.shape[1] > 1 or use.shape[2] > 1 or counted,
    )


def too_large(known: Tables) -> str:
    """Return why the arrays of legs would not fit, empty if they do."""
    teams = teams_of(known)
    spots = spots_of(teams)
    size, labelled = spots.modes + len(spots.depots), _rules(known, teams, spots).labelled
    if drawn(teams, size, labelled=labelled) or _wide(known, teams, spots, labelled=labelled):
        return ""
    held = BYTES_PER_LEG * size**2 * len(kinds_of_leg(teams)[0])
    return "" if held <= MOST_BYTES else f"legs between {size:,} places would take {held / 1e9:.1f} GB"


def _scene(
    known: Tables,
    teams: Sequence[Team],
    spots: Spots,
    rules: _Rules,
    legs: Legs,
    close: NDArray[np.int32],
    heads: int,
) -> Scene:
    problem, sites = known.problem, rules.sites
    n = len(problem.stops)
    fields = _by_kind(teams, spots, legs.tick)
    depot = np.array([spots.depot(team.kind) for team in teams], dtype=np.int64)
    site_ways = spots.ways[n:].astype(np.int64)
    dearest = int(fields["fixed"].max() + 4 * legs.widest + fields["work_cost"].max())
    return Scene(
        n=n,
        heads=heads,
        labelled=int(rules.labelled),
        timed=int(rules.timed),
        tipped=int(rules.tipped),
        released=int(rules.ready is not None),
        dense=int(legs.dense),
        **{name: getattr(legs, name) for name in ("cost", "back", "time", "time_back", "xy", "plane", "profile")},
        use=rules.use,
        room=rules.room,
        day_room=rules.day_room,
        may=np.stack([team.may for team in teams]),
        ready=np.zeros((1, 1), np.int64) if rules.ready is None else rules.ready,
        prize=_prizes(problem, legs.tick, dearest),
        **_neighbours(legs, teams, spots, fields, close, timed=rules.timed),
        far=far_of(legs, spots.ways[:n, 0], int(depot[0]), site_ways[sites[0][sites[0] >= 0], 0]),
        depot=depot,
        sites=sites.astype(np.int64),
        site_ways=site_ways if len(site_ways) else np.full((1, spots.ways.shape[1]), -1, np.int64),
        **fields,
    )


def _neighbours(
    legs: Legs, teams: Sequence[Team], spots: Spots, fields: dict[str, Any], close: NDArray[np.int32], *, timed: bool
) -> dict[str, Any]:
    """Return what is known of each stop and its neighbours, the nearest first, in place and in time."""
    ticks = near_ticks(legs, teams, spots, close)
    if not timed or not narrow(fields):
        return {"near": close, "near_cost": ticks, "barred": np.zeros(close.shape, np.uint8)}
    ways = spots.ways[: len(close)]
    said = hours(legs, fields, ways, close)
    order = by_hours(close, ticks, said, ticks_per_ms(legs, ways[:, 0], close))
    found: dict[str, NDArray[Any]] = {"near": close, "near_cost": ticks, "barred": said.barred}
    return {name: np.ascontiguousarray(np.take_along_axis(one, order, axis=1)) for name, one in found.items()}


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


def _ready(known: Tables, teams: Sequence[Team]) -> Ints | None:
    """Return the release of each stop by kind, ``None`` if all are over when the first shift begins."""
    kinds = [team.kind for team in teams]
    if all(known.release_ms.max(initial=0) <= kind.shift[0] for kind in kinds):
        return None
    return np.stack([_squeezed(kind, known.release_ms) for kind in kinds]).astype(np.int64)


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
        wage = rate(kind)[1] - kind.driving_per_ms
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
    paid = [rate(kind)[1] - kind.driving_per_ms for kind in kinds]
    return {
        "work_cost": work_cost,
        "work_time": work_time,
        "opens": opens,
        "closes": closes,
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
