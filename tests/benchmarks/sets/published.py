"""Solutions as they were published, in all the texts in which they come: rounds of visits with the modes used."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass

from benchmarks.sets.instance import Instance, Part
from optimiser.rounds.plan import Act, Order, Plan, Round, Visit
from optimiser.rounds.problem import RoundsProblem

ROUTE = re.compile(r"^\s*Route\s*#?\s*(\d+)\s*:(.*)$", re.MULTILINE | re.IGNORECASE)
PATH = re.compile(r"^Day:\s*(\d+):\s*Vehicle:\s*(\d+).*?^path\s+([\d.\s]+?)$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Tour:
    """Who visits what in which order; a visit is an id with a mode."""

    vehicle: str
    visits: tuple[tuple[str, int], ...]


def stated(problem: RoundsProblem, tours: list[Tour]) -> Plan:
    """Return the plan without times: enough to tell its cost."""
    sites = {site.id for site in problem.tip_sites}
    return Plan(
        rounds=tuple(
            Round(
                vehicle=tour.vehicle,
                start_s=0.0,
                end_s=0.0,
                visits=tuple(
                    Visit(
                        act=Act.TIP if name in sites else Act.STOP, id=name, mode=mode,
                        arrive_s=0.0, start_s=0.0, end_s=0.0,
                    )
                    for name, mode in tour.visits
                ),
            )
            for tour in tours
            if tour.visits
        )
    )  # fmt: skip


def orders(problem: RoundsProblem, tours: list[Tour]) -> list[Order]:
    """Return the orders to be timed; where there are sites, they are as stated."""
    tips = "listed" if problem.tip_sites else "free"
    return [Order(vehicle=t.vehicle, visits=tuple(name for name, _ in t.visits), tips=tips) for t in tours if t.visits]


def cvrplib(problem: RoundsProblem, text: str, types: dict[int, str] | None = None) -> list[Tour]:
    """Return the rounds of a CVRPLIB or SINTEF text; 0 is a return to the depot."""
    tours = []
    for number, words in ROUTE.findall(text):
        if not words.split():
            continue
        names = ["reload" if word == "0" else word for word in words.split()]
        vehicle = types[int(number)] if types else problem.vehicles[len(tours)].id
        tours.append(Tour(vehicle=vehicle, visits=tuple((name, 0) for name in names)))
    return tours


def cordeau(problem: RoundsProblem, text: str) -> list[Tour]:
    """Return the rounds of Cordeau's result: depot, vehicle, length, load, depot, customers, depot."""
    tours: list[Tour] = []
    for line in text.splitlines()[1:]:
        words = line.split()
        if len(words) > 6:
            free = [v.id for v in problem.vehicles if v.start == f"depot {words[0]}"]
            used = sum(tour.vehicle in free for tour in tours)
            tours.append(Tour(vehicle=free[used], visits=tuple((word, 0) for word in words[5:-1])))
    return tours


def mcarp(problem: RoundsProblem, text: str) -> list[Tour]:
    """Return the rounds of lists of links in brackets, each in the direction served."""
    left = {stop.id: stop for stop in problem.stops}
    tours = []
    for k, (_, words) in enumerate(ROUTE.findall(text)):
        visits = [_served(left, a, b) for a, b in re.findall(r"\(\s*([^,\s]+)\s*,\s*([^)\s]+)\s*\)", words)]
        tours.append(Tour(vehicle=problem.vehicles[k].id, visits=tuple(visits)))
    return tours


def _served(left: dict, tail: str, head: str) -> tuple[str, int]:
    """Return a stop that is still to be served from ``tail`` to ``head``, and its mode."""
    for name, stop in left.items():
        for mode, way in enumerate(stop.modes):
            if (way.arrive, way.leave) == (tail, head):
                del left[name]
                return name, mode
    raise AssertionError(f"no work from {tail} to {head}")


def rwcp(stops: Iterable[str], sites: Container[str], text: str) -> tuple[float, list[Tour], list]:
    """Return the time that the log's head states, the round, and (street, next street, turn) as written."""
    rows = list(csv.reader(io.StringIO(text), delimiter="\t"))
    at = {name: k for k, name in enumerate(rows[2])}
    visits: list[tuple[str, int]] = []
    turns = []
    links = [(row[at["Starting Node"]], row[at["Ending Node"]]) for row in rows[3:]]
    left = {re.sub(r"#\d+$", "", stop): stop for stop in stops}
    for k, row in enumerate(rows[3:]):
        tail, head = links[k]
        if float(row[at["Dumped"]]) > 0 and visits and f"site {tail}" in sites and not visits[-1][0].startswith("site"):
            visits.append((f"site {tail}", 0))
        if row[at["Served"]] == "1" and row[at["Required"]] == "1":
            along, against = f"({tail},{head})", f"({head},{tail})"
            visits.append((left.pop(along), 0) if along in left else (left.pop(against), 1))
        if row[at["Turn Type"]]:
            turns.append((links[k - 1], links[k], row[at["Turn Type"]]))
    assert not left
    return float(rows[1][5]), [Tour(vehicle="v1", visits=tuple(visits))], turns


def pvrpif(instance: Instance, text: str) -> Iterator[tuple[Part, list[Tour]]]:
    """Yield each day with its rounds."""
    paths = [(int(day), [f"{float(word):.0f}" for word in words.split()]) for day, _, words in PATH.findall(text)]
    for day, part in enumerate(instance.parts):
        ways = [path[1:-1] for on, path in paths if on == day]
        yield (
            part,
            [
                Tour(vehicle=part.problem.vehicles[k].id, visits=tuple((name, 0) for name in way))
                for k, way in enumerate(ways)
            ],
        )
