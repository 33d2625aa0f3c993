"""Arc routing: CARP (kshs, gdb, val, egl, bmcv), mixed CARP (mval, lpr), mixed CARP with facilities and a time limit.

All three are text with a head of ``KEY : value`` and lists of links, Spanish or English. The cost is that of all work
and all empty driving, by cheapest ways; on the lpr files and with facilities also what each unloading costs.

- CARP, mixed CARP: every round begins and ends at the depot, where it is emptied (``DUMPING_COST`` a round); the number
  of vehicles is free (``VEHICULOS`` does not bind in the literature), and so is the time.
- With ``DUMPING_SITES`` (Willemse and Joubert 2016, Computers & OR 68): a vehicle is emptied at facilities
  (``DUMPING_COST`` a time, which is time too), at last before it comes home; a round takes ``MAX_TRIP`` at most. Fewer
  vehicles come first unless the objective is ``distance``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from benchmarks.sets.fleet import DAY_S, LOAD, above_all, capacity, enough
from benchmarks.sets.instance import Instance, Part
from benchmarks.sets.links import Link, Ways, empty_way, shortest_ways, work_ids, work_modes
from benchmarks.sets.source import NUMBER, Source, unreadable
from optimiser.rounds.plan import Act, Plan
from optimiser.rounds.problem import Mode, RoundsProblem, Shift, Stop, TipSite, Vehicle, VehicleCosts

LISTS: Mapping[str, tuple[bool, bool]] = {  # name of a list -> open both ways, with work
    "LISTAARISTASREQ": (True, True),
    "LISTAARISTASNOREQ": (True, False),
    "LISTREQEDGES": (True, True),
    "LISTNOREQEDGES": (True, False),
    "LISTREQARCS": (False, True),
    "LISTNOREQARCS": (False, False),
}
KEYS = {"CAPACIDAD": "CAPACITY", "DEPOSITO": "DEPOT", "VEHICULOS": "VEHICLES", "VERTICES": "NODES"}
COST, SERVICE, DEMAND = ("cost", "coste", "trav_cost", "trave_cost"), ("serv_cost",), ("demand", "demanda")
PAIR = re.compile(r"\(\s*([^,()\s]+)\s*,\s*([^,()\s]+)\s*\)(.*)")
FIGURE = re.compile(rf"([A-Za-z_]+)\s*[:=]?\s*({NUMBER.pattern})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Streets:
    """What an arc routing file says."""

    name: str
    head: Mapping[str, str]
    links: tuple[Link, ...]

    def figure(self, key: str, default: float | None = None) -> float:
        """Return a number of the head; an error if it is missing and there is no default."""
        found = NUMBER.search(self.head.get(key, ""))
        if found is None and default is None:
            raise unreadable(self.name, f"{key} is missing")
        return default if found is None and default is not None else float(found.group()) if found else 0.0

    def nodes(self, key: str) -> list[str]:
        """Return the nodes that a line of the head names."""
        return [word for word in re.split(r"[\s,;]+", self.head.get(key, "")) if word]


def streets(source: Source) -> Streets:
    """Return what the file says; lists may stand in any order, the depot before or after them."""
    head: dict[str, str] = {}
    links: list[Link] = []
    current: tuple[bool, bool] | None = None
    for line in source.lines:
        if pair := PAIR.match(line):
            if current is None:
                raise unreadable(source.name, f"{line[:80]!r} stands in no list of edges or arcs")
            links.append(_link(pair, *current, place=source.name))
        elif line:
            key, _, value = line.partition(":") if ":" in line else line.partition(" ")
            plain = re.sub(r"[^A-Z]", "", key.upper())
            current = LISTS.get(plain, current)
            key = key.strip().upper().replace(" ", "_")
            head[KEYS.get(key, key)] = value.strip()
    if not any(link.service is not None for link in links):
        raise unreadable(source.name, "it has no edge or arc with work")
    return Streets(name=source.name, head=head, links=tuple(links))


def _link(pair: re.Match[str], both: bool, work: bool, *, place: str) -> Link:
    figures = {name.lower(): float(value) for name, value in FIGURE.findall(pair.group(3))}
    cost = next((figures[name] for name in COST if name in figures), None)
    if cost is None:
        raise unreadable(place, f"{pair.group()[:80]!r} has no cost")
    service = next((figures[name] for name in SERVICE if name in figures), cost)
    demand = next((figures[name] for name in DEMAND if name in figures), 0.0)
    return Link(
        tail=pair.group(1),
        head=pair.group(2),
        both=both,
        cost=cost,
        service=service if work else None,
        demand={LOAD: demand} if work else None,
    )


def problem_of(file: Streets, *, facilities: bool, first: float, ways: Ways) -> RoundsProblem:
    """Return the problem: streets as stops with a mode for each direction."""
    work = [link for link in file.links if link.service is not None]
    depot = file.nodes("DEPOT")[0]
    dumping = file.figure("DUMPING_COST", 0.0)
    seconds = 1.0 if facilities else 0.0
    longest = file.figure("MAX_TRIP") if facilities else DAY_S
    return RoundsProblem(
        dimensions=(LOAD,),
        stops=tuple(
            Stop(id=name, modes=work_modes(link, seconds * (link.service or 0.0)), loads=dict(link.demand or {}))
            for name, link in zip(work_ids(work), work, strict=True)
        ),
        tip_sites=tuple(
            TipSite(
                id=f"site {node}",
                modes=(Mode(arrive=node, leave=node, service_s=dumping),),
                accepts=frozenset({LOAD}),
                fee_per_tip=dumping,
            )
            for node in (dict.fromkeys(file.nodes("DUMPING_SITES")) if facilities else ())
        ),
        vehicles=tuple(
            Vehicle(
                id=f"v{k + 1}",
                profile="truck",
                start=depot,
                end=depot,
                limits=(capacity(file.figure("CAPACITY")),),
                shift=Shift(start_s=0.0, end_s=longest),
                costs=VehicleCosts(fixed=first + (0.0 if facilities else dumping), per_km=1e4 / ways.scale),
                must_end_empty=facilities,
            )
            for k in range(enough(_least(file, facilities=facilities), len(work)))
        ),
        travel={"truck": ways.travel(seconds=seconds)},
    )


def _least(file: Streets, *, facilities: bool) -> float:
    """Return a lower bound on the vehicles: by load, or by time where they are emptied on the way."""
    loads = sum(sum((link.demand or {}).values()) for link in file.links) / file.figure("CAPACITY")
    if not facilities:
        return loads
    serving = sum(link.service or 0.0 for link in file.links)
    return (serving + file.figure("DUMPING_COST", 0.0) * loads) / file.figure("MAX_TRIP")


def ways_of(file: Streets) -> Ways:
    """Return the cheapest ways between the depot, the facilities and the ends of all work."""
    ends = (node for link in file.links if link.service is not None for node in (link.tail, link.head))
    places = tuple(dict.fromkeys((*file.nodes("DEPOT")[:1], *file.nodes("DUMPING_SITES"), *ends)))
    if not file.nodes("DEPOT"):
        raise unreadable(file.name, "DEPOT is missing")
    return shortest_ways(file.links, places)


def read_arcs(source: Source, objective: str, *, name: str, facilities: bool) -> Instance:
    """Return the instance."""
    file = streets(source)
    ways = ways_of(file)
    first = 0.0
    if objective == "vehicles":
        leg = float(ways.cost[ways.cost < float("inf")].max(initial=1.0))
        if facilities:
            leg = min(file.figure("MAX_TRIP"), leg + sum(link.service or 0.0 for link in file.links))
        first = above_all(leg, _least(file, facilities=facilities))
    problem = problem_of(file, facilities=facilities, first=first, ways=ways)
    serving = sum(link.service or 0.0 for link in file.links)
    return Instance(
        name=source.name,
        format=name,
        objective=objective,
        parts=(
            Part(
                problem=problem,
                cost=_cost(file, problem, ways, facilities=facilities),
                offset=serving,
                per_round=first,
            ),
        ),
    )


def _cost(file: Streets, problem: RoundsProblem, ways: Ways, *, facilities: bool) -> Callable[[Plan], float]:
    work = [link for link in file.links if link.service is not None]
    service = {name: link.service or 0.0 for name, link in zip(work_ids(work), work, strict=True)}
    dumping = file.figure("DUMPING_COST", 0.0)

    def cost(plan: Plan) -> float:
        total = 0.0
        for tour in plan.rounds:
            emptied = sum(visit.act is Act.TIP for visit in tour.visits) if facilities else 1
            total += empty_way(problem, ways, tour) + dumping * emptied + sum(service[stop] for stop in tour.stops)
        return total

    return cost
