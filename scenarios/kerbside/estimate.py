"""Kerbside work where no list exists: from the people in buildings or zones, by the side of the street they live on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from faults import Fault
from network.frontage import Fronts, fronts
from network.streets import StreetNetwork
from scenarios.data.defaults import lookup
from scenarios.demand.homes import Homes
from scenarios.kerbside.doors import Doors, bins_of
from scenarios.kerbside.fleet import Reach, frontage
from scenarios.kerbside.ref import KerbsideRef
from scenarios.scenario import Scenario

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
FULL = 0.8  # share of a bin that is filled when it is emptied (expert)
FEW = 5


@dataclass(frozen=True, kw_only=True)
class Served:
    """Which homes are served at the kerb: their doors, the home of each door, and for each home whether it is."""

    doors: Doors
    home: Ints
    taken: Bools
    doubts: tuple[Fault, ...]


def served(
    scenario: Scenario, ref: KerbsideRef, network: StreetNetwork, homes: Homes, reach: Reach, *, gap_days: float
) -> Served:
    """Put homes to sides of streets.

    A home goes to the street of its address, else to the one it is nearest to. Streets that no vehicle can come to are
    served by none: where containers are planned for the same stream their people use those, otherwise they stay as work
    that nobody can do, so that nothing is lost.
    """
    found = fronts(
        network,
        frontage(network),
        homes.lon,
        homes.lat,
        homes.street,
        limit_m=ref.reach_m,
        named_limit_m=ref.named_reach_m,
    )
    on = found.segment >= 0
    wished = on & _wished(network, ref)[found.segment]
    if ref.most_people is not None:
        wished &= homes.people <= ref.most_people
    can = np.append(reach.served, False)[found.segment]
    fallback = has_containers(scenario, ref)
    taken = wished & (can | (not fallback))
    home, side, share = _sides(found, taken)
    people = homes.people[home] * share
    return Served(
        doors=_doors(scenario, ref, found, (home, side, people), gap_days),
        home=home,
        taken=taken,
        doubts=(
            *_no_vehicle(network, found, homes.people, wished & ~can, fallback=fallback),
            *_left_out(homes.people, on=on, wished=wished, fallback=fallback),
        ),
    )


def has_containers(scenario: Scenario, ref: KerbsideRef) -> bool:
    """Return whether containers of the same stream are estimated for those who are not served at the kerb."""
    return scenario.demand.from_ != "points" and scenario.demand.stream == ref.stream


def rate_of(scenario: Scenario, ref: KerbsideRef) -> float:
    """Return kg a person and day."""
    stated = (ref.kg_per_person_day, scenario.demand.kg_per_person_day)
    return next((kg for kg in stated if kg is not None), lookup("kg-per-person-day", scenario.country).value)


def bin_kg(scenario: Scenario) -> float:
    """Return what a shared bin holds when it is emptied."""
    return lookup("container-volume", scenario.country).value * lookup("loose-density", scenario.country).value * FULL


def household_s(scenario: Scenario, ref: KerbsideRef) -> float:
    """Return the time for the sack or small bin of a household."""
    return lookup("service-per-household-s", scenario.country).value if ref.household_s is None else ref.household_s


def _wished(network: StreetNetwork, ref: KerbsideRef) -> Bools:
    if not ref.classes:
        return np.ones(network.segments, bool)
    return network.tag("highway").isin(frozenset(ref.classes))


def _sides(found: Fronts, taken: Bools) -> tuple[Ints, Ints, Floats]:
    """Return home, side and share of its people for each door; who lives on the line itself lives on both sides."""
    one = np.flatnonzero(taken & (found.side != 0))
    two = np.flatnonzero(taken & (found.side == 0))
    home = np.concatenate([one, two, two])
    side = np.concatenate([found.side[one], np.full(len(two), -1), np.full(len(two), 1)]).astype(np.int64)
    share = np.concatenate([np.ones(len(one)), np.full(2 * len(two), 0.5)])
    return home, side, share


def _doors(
    scenario: Scenario, ref: KerbsideRef, found: Fronts, who: tuple[Ints, Ints, Floats], gap_days: float
) -> Doors:
    home, side, people = who
    kg = people * rate_of(scenario, ref)
    households = people / lookup("household-size", scenario.country).value
    doors, bins = bins_of(
        kg * gap_days,
        households,
        bin_kg=bin_kg(scenario),
        household_s=household_s(scenario, ref),
        bin_s=lookup("service-per-bin-rear-loader-s", scenario.country).value,
    )
    stream = [stream.id for stream in scenario.streams].index(ref.stream)
    return Doors(
        segment=found.segment[home].astype(np.int64),
        along_m=found.along_m[home],
        side=side,
        stream=np.full(len(home), stream),
        kg_per_day=kg,
        people=people,
        households=households,
        doors=doors,
        bins=bins,
        row=np.full(len(home), -1),
        estimated=np.ones(len(home), bool),
    )


def _no_vehicle(
    network: StreetNetwork, found: Fronts, people: Floats, lost: Bools, *, fallback: bool
) -> Iterator[Fault]:
    """Name the streets on which people live to whom no vehicle of the fleet can come."""
    if not lost.any():
        return
    code = network.name.codes[found.segment[lost]]
    of_street = np.bincount(code, people[lost], minlength=len(network.name.values))
    order = np.argsort(-of_street, kind="stable")[: np.count_nonzero(of_street)].tolist()
    said = ", ".join(f"{network.name.values[k] or 'without a name'} ({of_street[k]:.0f})" for k in order[:FEW])
    more = f" and {len(order) - FEW} more" if len(order) > FEW else ""
    then = "they were given containers" if fallback else "what they put out stays there"
    yield Fault(
        code="kerbside-no-vehicle",
        place="kerbside",
        cause=f"{people[lost].sum():.0f} people live on streets that no vehicle of the fleet can come to: {said}"
        f"{more}; {then}",
        action="place bring points or containers for them, or plan a smaller vehicle or a cart",
    )


def _left_out(people: Floats, *, on: Bools, wished: Bools, fallback: bool) -> Iterator[Fault]:
    """Say for how many people kerbside collection does nothing, where no container is planned for them either."""
    if fallback or wished.all():
        return
    total = people.sum()
    far, other = people[~on].sum(), people[on & ~wished].sum()
    parts = [f"{far:.0f} live too far from any street"] if far > 0 else []
    parts += [f"{other:.0f} on streets of other classes or in large buildings"] if other > 0 else []
    yield Fault(
        code="kerbside-left-out",
        place="kerbside",
        cause=f"{far + other:.0f} people ({(far + other) / total:.1%}) are not served: {', '.join(parts)}",
        action="list containers for them, name more classes, or raise reach_m or most_people",
    )
