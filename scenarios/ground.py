"""Where everything stands on the streets, and how long it takes from each to each: worked out once for a run.

A place has one or more *stances*, ways of arriving and leaving: a container that may be served from either direction
has two, so that going back the way one came costs a turn; depots and unloading sites have one, with room to turn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from faults import Fault
from network.closures import Closures
from network.conditional import Moment
from network.cutoff import CutOff, unreachable
from network.drive import Drive, Prepared, closed, drive, prepare
from network.matrix import matrix
from network.profiles import PROFILES, VehicleProfile
from network.roadsides import joined, joined_places
from network.snap import Snapped, snap
from network.stances import Kerb, Stances, stances
from network.streets import StreetNetwork
from network.travel import travel
from network.ways import Way, ways
from optimiser.rounds.problem import Period
from optimiser.travel import DenseTravel, Travel
from scenarios.kerbside.stands import Stands, stands
from scenarios.model.kerbside import KerbsideStreet
from scenarios.model.sites import Depot, Facility, HubSite
from scenarios.model.system import WasteSystem
from scenarios.model.work import CollectionPoint, Residents
from scenarios.placing import cut_off_doubts, kerbside_doubts, snap_doubts

Placed = CollectionPoint | Depot | Facility | HubSite | Residents | KerbsideStreet
ClosuresFor = Callable[[VehicleProfile], Closures | None]
HELD_BYTES = 2**30  # for full arrays of travel in a run, 8 bytes a pair; beyond, it is worked out when asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Places of a scenario on the streets of each profile.

    Parameters
    ----------
    places
        Ids of points, facilities and depots, in the order of ``snapped``.
    stances
        Place -> ids of its stances, the same for every profile; rows and columns of ``travel``. A profile that cannot
        stand so has no way there.
    snapped, drives, standing, arriving, travel
        Profile -> positions on its streets; its streets with their weights; its stances in order, as they are left and
        as they are arrived at; times and distances.
    doubts
        What was moved far or could not be placed.
    paces
        Where the hour makes a difference: from when on (s) which travel holds, by profile; the first from 0.
    kerb
        The kerbside streets as each profile meets them; ``None`` where there are none.
    """

    network: StreetNetwork
    places: tuple[str, ...]
    stances: Mapping[str, tuple[str, ...]]
    snapped: Mapping[str, Snapped]
    drives: Mapping[str, Drive]
    standing: Mapping[str, Stances]
    arriving: Mapping[str, Stances]
    travel: Mapping[str, Travel]
    speed_factor: float
    doubts: tuple[Fault, ...]
    paces: tuple[tuple[float, Mapping[str, Travel]], ...] = ()
    kerb: Stands | None = None

    def travels(self, profile: str) -> dict[str, Travel]:
        """Return all travel of a profile: under its own name the one of all day, and one for each pace."""
        paced = {_paced(profile, from_s): travel[profile] for from_s, travel in self.paces}
        return {profile: self.travel[profile], **paced}

    def periods(self, profile: str) -> tuple[Period, ...]:
        """Return which travel of a profile holds when; none where the hour makes no difference."""
        return tuple(Period(from_s=from_s, travel=_paced(profile, from_s)) for from_s, _ in self.paces)

    def legs(self, profile: str, pairs: Sequence[tuple[str, str]]) -> list[Way]:
        """Return the ways between pairs of stances, as driven."""
        rows, columns = self.standing[profile], self.arriving[profile]
        leave, arrive = ({stance: k for k, stance in enumerate(known.ids)} for known in (rows, columns))
        indices = np.array([(leave[a], arrive[b]) for a, b in pairs], dtype=np.intp).reshape(-1, 2)
        return ways(self.drives[profile], self.snapped[profile], rows, columns, indices)


def _paced(profile: str, from_s: float) -> str:
    return f"{profile} from {from_s:g} s"


def coordinates(items: Iterable[Placed]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return longitudes and latitudes."""
    pairs = np.array([(item.lon, item.lat) for item in items], dtype=np.float64).reshape(-1, 2)
    return pairs[:, 0].copy(), pairs[:, 1].copy()


def prepare_streets(network: StreetNetwork, profiles: Iterable[str]) -> dict[str, Prepared]:
    """Return the streets made ready for each kind of movement among the profiles."""
    return {movement: prepare(network, movement) for movement in sorted({PROFILES[name].movement for name in profiles})}


def lay_ground(
    system: WasteSystem,
    network: StreetNetwork,
    *,
    limit_m: float,
    speed_factor: float = 1.0,
    moment: Moment | None = None,
    closures: ClosuresFor | None = None,
    kmh: Mapping[str, NDArray[np.float64]] | None = None,
    prepared: Mapping[str, Prepared] | None = None,
    like: Sequence[Ground] = (),
    shares: int = 1,
) -> Ground:
    """Snap all places for every profile in the fleet and work out travel between them.

    Parameters
    ----------
    limit_m
        Places farther than this from any usable street are not placed; they are reported and stay unreachable.
    speed_factor
        Calibration: all speeds are multiplied by it.
    moment
        Day and hour, for what the map allows at certain hours only.
    closures
        What is closed or slowed for a profile. Places stay where they stand; those cut off are reported by name.
    kmh
        Profile -> speeds of directed segments as they were driven, NaN where they are not known.
    prepared
        Movement -> streets made ready for it; made here unless given.
    like
        Grounds of the same places: one of them is returned if every street and turn weighs as on it, for one reason.
    shares
        How many grounds of this size a run may hold at once: the memory for travel is divided by it.
    """
    items: list[Placed] = [*system.points, *system.facilities, *system.depots]
    places = tuple(item.id for item in items)
    kerbs: list[Kerb] = [item.kerb if isinstance(item, CollectionPoint) else "yard" for item in items]
    profiles = sorted({vehicle.profile for vehicle in system.vehicles})
    prepared = prepared or prepare_streets(network, profiles)
    drives: dict[str, Drive] = {}
    snapped: dict[str, Snapped] = {}
    for name in profiles:
        profile = PROFILES[name]
        open_ = drive(prepared[profile.movement], profile, speed_factor=speed_factor, kmh=(kmh or {}).get(name))
        snapped[name] = snap(network, profile, *coordinates(items), limit_m=limit_m, allowed=open_.allowed)
        drives[name] = _at(open_, moment, closures(profile) if closures else None)
    same = next((ground for ground in like if _weigh_alike(ground.drives, drives)), None)
    if same is not None:
        return same
    own_places = snapped
    lost = {name: _cut_off(drives[name], snapped[name], places) for name in profiles}
    own = {name: stances(drives[name], snapped[name], places, kerb=kerbs) for name in profiles}
    shared = _shared(places, own.values())
    kerb = stands(network, system.kerbside, drives) if system.kerbside and drives else None
    rows = {name: _in_order(own[name], shared, places) for name in profiles}
    columns = rows
    if kerb is not None:
        both = {name: kerb.stances(name, len(places)) for name in profiles}
        rows = {name: joined(rows[name], both[name][0]) for name in profiles}
        columns = {name: joined(columns[name], both[name][1]) for name in profiles}
        snapped = {name: joined_places(snapped[name], kerb.places()) for name in profiles}
    share = HELD_BYTES // (shares * max(len(profiles), 1))
    return Ground(
        network=network,
        places=places,
        stances=shared,
        snapped=snapped,
        drives=drives,
        standing=rows,
        arriving=columns,
        travel={name: _travel(drives[name], snapped[name], rows[name], columns[name], share) for name in profiles},
        speed_factor=speed_factor,
        doubts=(
            *snap_doubts(items, own_places, limit_m),
            *cut_off_doubts(items, lost),
            *(kerbside_doubts(system.kerbside, kerb) if kerb else ()),
        ),
        kerb=kerb,
    )


def _cut_off(drive: Drive, snapped: Snapped, places: Sequence[str]) -> tuple[CutOff, ...]:
    """Return the places that stand on a street but cannot be reached and left again; the others were reported."""
    placed = {id_ for id_, problem in zip(places, snapped.problem, strict=True) if not problem}
    return tuple(cut for cut in unreachable(drive, snapped, places) if cut.id in placed)


def _weigh_alike(one: Mapping[str, Drive], other: Mapping[str, Drive]) -> bool:
    """Return whether everything weighs the same for every profile, and the same closures are why."""
    return all(
        _closures_of(one[name]) == _closures_of(other[name])
        and np.array_equal(one[name].metric.weight, other[name].metric.weight)
        for name in other
    )


def _closures_of(drive: Drive) -> str:
    return "" if drive.closures is None else drive.closures.name


def _at(open_: Drive, moment: Moment | None, closures: Closures | None) -> Drive:
    """Return the drive at a moment and under closures; the very same one where neither is given."""
    if moment is not None:
        return drive(
            open_.prepared,
            open_.profile,
            moment=moment,
            speed_factor=open_.speed_factor,
            closures=closures,
            kmh=open_.kmh,
        )
    return open_ if closures is None else closed(open_, closures)


def _shared(places: Sequence[str], each: Iterable[Stances]) -> dict[str, tuple[str, ...]]:
    """Return the stances of each place over all profiles; the one that leads nowhere only where there is no other."""
    found: list[set[str]] = [set() for _ in places]
    for known in each:
        for place, stance in zip(known.place.tolist(), known.ids, strict=True):
            found[place].add(stance)
    return {
        id_: tuple(sorted(stances - {id_})) if len(stances) > 1 else tuple(stances) or (id_,)
        for id_, stances in zip(places, found, strict=True)
    }


def _in_order(own: Stances, shared: Mapping[str, tuple[str, ...]], places: Sequence[str]) -> Stances:
    """Return a profile's stances in the order of all; those it does not have look in no direction."""
    position = {stance: k for k, stance in enumerate(own.ids)}
    ids = tuple(stance for place in places for stance in shared[place])
    at = np.array([position.get(stance, -1) for stance in ids], dtype=np.intp)
    return Stances(
        ids=ids,
        place=np.repeat(np.arange(len(places), dtype=np.int32), [len(shared[place]) for place in places]),
        ahead=np.append(own.ahead, [False])[at],
        back=np.append(own.back, [False])[at],
        across=np.append(own.across, [False])[at],
    )


def _travel(drive: Drive, snapped: Snapped, rows: Stances, columns: Stances, most_bytes: int) -> Travel:
    if 8 * len(rows) * len(columns) > most_bytes:
        return travel(drive, snapped, rows, columns)
    full = matrix(drive, snapped, rows, columns)
    return DenseTravel(
        leaving=full.leaving,
        arriving=full.arriving,
        duration_ms=full.duration_ms,
        distance_dm=full.distance_dm,
    )
