"""Residential waste collection with turn penalties (Lee et al. 2025): tab-separated, mostly one vehicle.

The cost is the time of the round: work, empty driving, unloading, and every turn by its kind (``TURN_PENALTY`` straight
on, right, left, U-turn; see ``turns.py``). There is no turn where a vehicle leaves the depot or a site, nor where it
comes to one. It carries volume and weight. A round takes ``MAX_DURATION`` at most and ends empty.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from benchmarks.sets.fleet import enough
from benchmarks.sets.instance import Instance, Part
from benchmarks.sets.links import Link, Ways, empty_way, work_ids
from benchmarks.sets.source import NUMBER, Source, unreadable
from benchmarks.sets.turns import directed, turn_ways
from optimiser.rounds.plan import Act, Plan
from optimiser.rounds.problem import Limit, Mode, RoundsProblem, Shift, Stop, TipSite, Vehicle, VehicleCosts

NAME = "rwcp"
OBJECTIVES = ("distance",)
LISTS: Mapping[str, tuple[bool, bool]] = {  # name of a list -> open both ways, with work
    "LIST_REQ_EDGES": (True, True),
    "LIST_NOREQ_EDGES": (True, False),
    "LIST_REQ_ARCS": (False, True),
    "LIST_NOREQ_ARCS": (False, False),
}
MEASURES = ("volume", "weight")


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    head: Mapping[str, tuple[str, ...]]
    links: tuple[Link, ...]

    def figures(self, key: str, least: int = 1) -> tuple[float, ...]:
        found = tuple(float(word) for word in self.head.get(key, ()) if NUMBER.fullmatch(word))
        if len(found) < least:
            raise unreadable(key, f"the head should have {least} numbers of {key}")
        return found

    @property
    def work(self) -> tuple[Link, ...]:
        return tuple(link for link in self.links if link.service is not None)


def recognises(source: Source) -> bool:
    """Return whether turns have a price."""
    return bool(re.search(r"^\s*TURN_PENALTY\b", source.text, re.MULTILINE | re.IGNORECASE))


def read(source: Source, objective: str) -> Instance:
    """Return the instance."""
    file = _file(source)
    streets, of = directed(file.links)
    numbered = [of[k] for k, link in enumerate(file.links) if link.service is not None]
    places = tuple(dict.fromkeys((*file.head["DEPOT"][:1], *file.head["DUMPING_SITES"])))
    ways = turn_ways(streets, file.figures("TURN_PENALTY", 4), [k for both in numbered for k in both], places)
    problem = _problem(file, numbered, ways)
    return Instance(
        name=source.name,
        format=NAME,
        objective=objective,
        parts=(
            Part(
                problem=problem,
                cost=_cost(file, problem, ways),
                offset=sum(link.service or 0.0 for link in file.work),
            ),
        ),
        digits=3,
    )


def _problem(file: _File, numbered: list[tuple[int, ...]], ways: Ways) -> RoundsProblem:
    depot, sites = file.head["DEPOT"][0], tuple(dict.fromkeys(file.head["DUMPING_SITES"]))
    dumping = _dumping(file)
    longest, capacity = file.figures("MAX_DURATION")[0], file.figures("CAPACITY", 2)
    loads = max(
        sum((link.demand or {}).get(name, 0.0) for link in file.work) / most
        for name, most in zip(MEASURES, capacity, strict=False)
    )
    least = (sum(link.service or 0.0 for link in file.work) + math.ceil(loads) * min(dumping.values())) / longest
    return RoundsProblem(
        dimensions=MEASURES,
        stops=tuple(
            Stop(
                id=name,
                modes=tuple(Mode(arrive=f"s{k}", leave=f"s{k}", service_s=link.service or 0.0) for k in both),
                loads=dict(link.demand or {}),
            )
            for name, link, both in zip(work_ids(file.work), file.work, numbered, strict=True)
        ),
        tip_sites=tuple(
            TipSite(
                id=f"site {node}",
                modes=(Mode(arrive=f"n{node}", leave=f"n{node}", service_s=dumping[node]),),
                accepts=frozenset(MEASURES),
                fee_per_tip=dumping[node],
            )
            for node in sites
        ),
        vehicles=tuple(
            Vehicle(
                id=f"v{k + 1}",
                profile="truck",
                start=f"n{depot}",
                end=f"n{depot}",
                limits=tuple(
                    Limit(name=name, weights={name: 1.0}, at_most=most)
                    for name, most in zip(MEASURES, capacity, strict=False)
                ),
                shift=Shift(start_s=0.0, end_s=longest),
                costs=VehicleCosts(per_km=1e4 / ways.scale),
            )
            for k in range(1 if least <= 1 else enough(least, len(file.work)))
        ),
        travel={"truck": ways.travel(seconds=1.0)},
    )


def _dumping(file: _File) -> dict[str, float]:
    """Return what unloading takes at each site: one number for all, or one for each."""
    costs, sites = file.figures("DUMPING_COST"), file.head["DUMPING_SITES"]
    return {site: costs[k] if len(costs) == len(sites) else costs[0] for k, site in enumerate(sites)}


def _cost(file: _File, problem: RoundsProblem, ways: Ways) -> Callable[[Plan], float]:
    service = {name: link.service or 0.0 for name, link in zip(work_ids(file.work), file.work, strict=True)}
    dumping = {f"site {site}": took for site, took in _dumping(file).items()}

    def cost(plan: Plan) -> float:
        total = 0.0
        for tour in plan.rounds:
            total += empty_way(problem, ways, tour) + sum(service[stop] for stop in tour.stops)
            total += sum(dumping[visit.id] for visit in tour.visits if visit.act is Act.TIP)
        return total

    return cost


def _file(source: Source) -> _File:
    head: dict[str, tuple[str, ...]] = {}
    links: list[Link] = []
    current: tuple[bool, bool] | None = None
    for line in source.lines:
        words = re.split(r"[\t:]+|\s+(?=:)", line)
        key = re.sub(r"[\s:]+$", "", line).upper()
        if key in LISTS:
            current = LISTS[key]
        elif line and current is None:
            parts = re.split(r"[\s:,]+", line)
            head[parts[0].upper()] = tuple(word for word in parts[1:] if word)
        elif line and current is not None:
            links.append(_link(words, *current, place=source.name))
    missing = [key for key in ("DEPOT", "DUMPING_SITES", "CAPACITY", "TURN_PENALTY") if not head.get(key)]
    if missing or not any(link.service is not None for link in links):
        raise unreadable(source.name, f"there is no {', '.join(missing) or 'street with work'}")
    return _File(head=head, links=tuple(links))


def _link(words: list[str], both: bool, work: bool, *, place: str) -> Link:
    if len(words) < 7 or not all(NUMBER.fullmatch(word.strip()) for word in words[2:6]):
        raise unreadable(place, f"{' '.join(words)[:80]!r} should be two nodes, four numbers and a shape")
    service, cost, volume, weight = (float(word) for word in words[2:6])
    return Link(
        tail=words[0].strip(),
        head=words[1].strip(),
        both=both,
        cost=cost,
        service=service if work else None,
        demand=dict(zip(MEASURES, (volume, weight), strict=True)) if work else None,
        shape=tuple(_points(words[6], place)),
    )


def _points(text: str, place: str) -> Iterator[tuple[float, float]]:
    found = [point.split() for point in text.split(",") if point.strip()]
    if len(found) < 2 or any(len(point) != 2 for point in found):
        raise unreadable(place, f"{text[:60]!r} is no line of points")
    for x, y in found:
        yield float(x), float(y)
