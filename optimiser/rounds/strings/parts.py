"""A large plan in parts of neighbouring rounds that are searched each by itself, and put together again.

A part has its stops and rounds numbered anew; places, kinds of vehicle and legs are those of the whole, so nothing that
grows with the square of the town is copied. Where there are no arrays of all legs, a part numbers its places anew too
and has arrays of its own. What a round costs depends on itself alone: the costs of the parts sum to that of the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimiser.rounds.strings.desk import Laid, clear, empty, lay
from optimiser.rounds.strings.layout import COST, FAR, I32, NEVER, U8, Scene, Work
from optimiser.rounds.strings.neighbourhoods import dealt
from optimiser.rounds.strings.scene import Stage, pool_of
from optimiser.rounds.strings.ticks import among

Ints = NDArray[np.int64]
NONE = -1


class Share(NamedTuple):
    """Stops and rounds of a part, as the whole numbers them, in rising order."""

    stops: Ints
    rounds: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part on its way: who is who in it, its own stage, and its plan in the making."""

    share: Share
    stage: Stage
    work: Work


def shares_of(stage: Stage, laid: Laid, part_of: Ints, turn: int) -> list[Share]:
    """Return the parts into which rounds are divided; what is in no round is dealt out.

    Parameters
    ----------
    part_of
        By round: its part, -1 for a vehicle without work.
    turn
        Vehicles without work are dealt out one by one, each kind by itself; this says who comes first.

    Stops that are left out go to the part of the first of their neighbours that has one.
    """
    parts, named = np.unique(part_of[part_of >= 0], return_inverse=True)
    count = max(1, len(parts))
    rounds = np.full(len(stage.vehicles), NONE, dtype=np.int64)
    rounds[part_of >= 0] = named
    for kind in range(len(stage.scene.profile)):
        idle = np.flatnonzero((rounds < 0) & (stage.kind_of == kind))
        rounds[idle] = (np.arange(len(idle)) + turn + kind) % count
    stops = np.full(stage.scene.n, NONE, dtype=np.int64)
    at = np.repeat(rounds, np.diff(laid.first))
    served = laid.visits >= 0
    stops[laid.visits[served]] = at[served]
    out = np.flatnonzero(stops < 0)
    if len(out):
        stops[out] = _by_neighbours(stage, stops, out, count)
    return [Share(np.flatnonzero(stops == x), np.flatnonzero(rounds == x)) for x in range(count)]


def first_shares(stage: Stage, where: NDArray[np.float64], count: int) -> list[Share]:
    """Return parts of a plan in which nothing is served yet: of as much load, and of as many vehicles of each kind."""
    load = stage.scene.use[0, :, 0]
    part = dealt(where, load / max(float(load.max(initial=0.0)), 1e-300) + 1e-6, count)
    rounds = np.zeros(len(stage.vehicles), dtype=np.int64)
    for kind in range(len(stage.scene.profile)):
        mine = np.flatnonzero(stage.kind_of == kind)
        rounds[mine] = np.arange(len(mine)) % count
    return [Share(np.flatnonzero(part == x), np.flatnonzero(rounds == x)) for x in range(count)]


def _by_neighbours(stage: Stage, stops: Ints, out: Ints, count: int) -> Ints:
    near = stage.scene.near[out]
    if not near.shape[1]:
        return out % count
    theirs = np.where(near >= 0, stops[near], NONE)
    first = np.argmax(theirs >= 0, axis=1)
    found = theirs[np.arange(len(out)), first]
    return np.where(found >= 0, found, out % count)


def part(stage: Stage, laid: Laid, share: Share, seed: int) -> Part:
    """Return a part of a plan with random numbers of its own."""
    own = sub_stage(stage, share)
    work, mine = empty(own, seed), _own(stage, laid, share)
    lay(own, work, mine)
    late = work.tour[:, COST] >= NEVER
    if late.any():  # rounds of somebody else that the search does not see in time: their stops are put in anew
        keep = ~np.repeat(late, np.diff(mine.first))
        lengths = np.where(late, 0, np.diff(mine.first))
        clear(own, work)
        lay(own, work, Laid(mine.visits[keep], np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)))
    return Part(share=share, stage=own, work=work)


def sub_stage(stage: Stage, share: Share) -> Stage:
    """Return the stage of a part: a view of the whole with some of its stops and vehicles."""
    s, stops, rounds = stage.scene, share.stops, share.rounds
    n, pool = len(stops), pool_of(len(stops), len(rounds), tips=stage.pool > 0)
    near, near_cost, barred = _near(stage, stops)
    scene = s._replace(
        n=n,
        heads=n + pool,
        use=np.ascontiguousarray(s.use[:, stops]),
        may=np.ascontiguousarray(s.may[:, stops]),
        prize=s.prize[stops],
        ready=np.ascontiguousarray(s.ready[:, stops]) if s.released else s.ready,
        near=near,
        near_cost=near_cost,
        barred=barred,
        far=s.far[stops],
    )
    tips = np.full((pool, stage.ways.shape[1]), NONE, dtype=np.int32)
    ways = np.concatenate([stage.ways[stops], tips, stage.ways[s.heads + rounds]])
    if stage.wide:
        scene, ways = _with_legs(stage, scene, ways)
    return replace(
        stage,
        scene=scene,
        vehicles=tuple(stage.vehicles[k] for k in rounds.tolist()),
        kind_of=stage.kind_of[rounds],
        pool=pool,
        ways=ways,
    )


def _with_legs(stage: Stage, scene: Scene, ways: NDArray[np.int32]) -> tuple[Scene, NDArray[np.int32]]:
    """Return a scene and ways with the places of the part only, and the legs between them."""
    used = np.concatenate([ways.ravel(), scene.site_ways.ravel(), scene.depot])
    places = np.unique(used[used >= 0]).astype(np.intp)
    number = np.full(scene.work_cost.shape[1] + 1, NONE, dtype=np.int64)  # the last one: nowhere
    number[places] = np.arange(len(places))
    own: dict[str, Any] = {
        name: np.ascontiguousarray(getattr(scene, name)[:, places])
        for name in ("work_cost", "work_time", "opens", "closes")
    }
    own |= among(stage.legs, places)
    scene = scene._replace(depot=number[scene.depot], site_ways=number[scene.site_ways], **own)
    return scene, number[ways].astype(np.int32)


def _near(stage: Stage, stops: Ints) -> tuple[I32, I32, U8]:
    """Return the neighbours of stops that are stops of the part, numbered as in the part, and what is known of them."""
    s = stage.scene
    number = np.full(s.n + 1, NONE, dtype=np.int32)  # the last one: nobody
    number[stops] = np.arange(len(stops), dtype=np.int32)
    own = number[s.near[stops]]
    row, column = np.nonzero(own >= 0)
    many = np.bincount(row, minlength=len(stops))
    place = np.arange(len(row)) - np.repeat(np.cumsum(many) - many, many)
    shape = len(stops), int(many.max(initial=0))
    near, near_cost, barred = np.full(shape, NONE, np.int32), np.full(shape, FAR, np.int32), np.zeros(shape, np.uint8)
    near[row, place] = own[row, column]
    near_cost[row, place] = s.near_cost[stops[row], column]
    barred[row, place] = s.barred[stops[row], column]
    return near, near_cost, barred


def _own(stage: Stage, laid: Laid, share: Share) -> Laid:
    """Return the rounds of a part, numbered as in the part."""
    number = np.full(stage.scene.n, NONE, dtype=np.int64)
    number[share.stops] = np.arange(len(share.stops))
    lengths = np.diff(laid.first)
    mine = np.zeros(len(lengths), dtype=np.bool_)
    mine[share.rounds] = True
    visits = laid.visits[np.repeat(mine, lengths)]
    first = np.concatenate([[0], np.cumsum(lengths[share.rounds])]).astype(np.int64)
    return Laid(visits=np.where(visits >= 0, number[visits], visits), first=first)


def together(stage: Stage, plans: Sequence[tuple[Share, Laid]]) -> Laid:
    """Return the plan of the whole that the plans of its parts make."""
    visits, at = [], []
    for share, laid in plans:
        known = laid.visits.copy()
        known[laid.visits >= 0] = share.stops[laid.visits[laid.visits >= 0]]
        visits.append(known)
        at.append(np.repeat(share.rounds, np.diff(laid.first)))
    every = np.concatenate(at)
    lengths = np.bincount(every, minlength=len(stage.vehicles))
    order = np.argsort(every, kind="stable")
    first = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return Laid(visits=np.concatenate(visits)[order], first=first)
