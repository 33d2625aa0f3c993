"""The two tables and the exclusion areas of a study: everything that is wrong with them is told at once."""

from __future__ import annotations

from pathlib import Path

from faults import InputError
from network.streets import StreetNetwork
from scenarios.hub_study.model import Area, CandidateRow, Given, PeopleRow
from scenarios.hub_study.study import ExclusionRef, HubStudy
from scenarios.read.areas import read_outlines
from scenarios.read.context import Context, table
from scenarios.read.findings import Findings
from scenarios.read.rows import Rows
from scenarios.read.tables import region
from scenarios.read.words import closest, listed, why_excluded


def read_given(study: HubStudy, folder: Path, network: StreetNetwork, found: Findings) -> Given:
    """Read people, candidates and exclusions; faults and doubts go into ``found``."""
    context = Context(scenario=study.as_scenario(), folder=folder, region=region(network, None), found=found)
    people = read_people(context)
    candidates = read_candidates(context)
    areas = tuple(area for k, ref in enumerate(study.exclusions) for area in read_areas(ref, folder, found, k))
    _refuse_unknown_groups(study, people, found)
    _refuse_missing_kg(people, candidates, found)
    _refuse_missing_costs(study, candidates, found)
    _refuse_too_many_mandatory(study, candidates, found)
    return Given(people=people, candidates=candidates, areas=areas)


def read_people(context: Context) -> tuple[PeopleRow, ...]:
    """Read who is to be served."""
    rows = table(context, "people")
    if rows is None:
        return ()
    values = rows.values
    return tuple(
        PeopleRow(
            id=values["id"][k],
            name=values["name"][k] or values["id"][k],
            lon=values["lon"][k],
            lat=values["lat"][k],
            people=values["people"][k],
            group=values["group"][k] or "",
            kg_per_day=values["kg_per_day"][k],
            origin=rows.origin(k),
        )
        for k in rows.good()
    )


def read_candidates(context: Context) -> tuple[CandidateRow, ...]:
    """Read where a site could stand."""
    rows = table(context, "candidates")
    if rows is None:
        return ()
    return tuple(_candidate(rows, k) for k in rows.good() if _fits(rows, k))


def _candidate(rows: Rows, k: int) -> CandidateRow:
    values = rows.values
    return CandidateRow(
        id=values["id"][k],
        name=values["name"][k] or values["id"][k],
        lon=values["lon"][k],
        lat=values["lat"][k],
        fixed_cost=values["fixed_cost"][k] or 0.0,
        capacity_people=values["capacity_people"][k],
        capacity_kg_per_day=values["capacity_kg_per_day"][k],
        existing=bool(values["existing"][k]),
        closing_cost=values["closing_cost"][k] or 0.0,
        mandatory=bool(values["mandatory"][k]),
        excluded=why_excluded(values["excluded"][k]),
        origin=rows.origin(k),
    )


def _fits(rows: Rows, k: int) -> bool:
    """Return whether a row says nothing against itself; a fault if it does."""
    values = rows.values
    if values["mandatory"][k] and why_excluded(values["excluded"][k]):
        rows.refuse(k, "mandatory", "site-contradiction", "it has to be open and may not be", "decide for one of them")
        return False
    if values["capacity_people"][k] is not None and values["capacity_kg_per_day"][k] is not None:
        action = "leave one of the two empty"
        rows.refuse(k, "capacity_people", "site-contradiction", "its room is given in people and in kg", action)
        return False
    return True


def read_areas(ref: ExclusionRef, folder: Path, found: Findings, k: int) -> tuple[Area, ...]:
    """Read where no site may stand; nothing where the file cannot be read, then the reason is among the faults."""
    try:
        outlines, doubts = read_outlines(folder, ref.file, f"exclusions.{k + 1}.file")
    except InputError as error:
        found.faults.extend(error.faults)
        return ()
    found.doubts.extend(doubts)
    return tuple(
        Area(name=f"{ref.name} {outline.name}".strip(), corners=ring, within_m=ref.within_m)
        for outline in outlines
        for ring in outline.rings
    )


def _refuse_unknown_groups(study: HubStudy, people: tuple[PeopleRow, ...], found: Findings) -> None:
    groups = sorted({row.group for row in people if row.group})
    for k, rule in enumerate(study.fairness.within):
        if rule.group and people and rule.group not in groups:
            likely = closest(rule.group, groups)
            cause = f"there is no group {rule.group!r}; there are {listed(groups) or 'none'}"
            action = f"did you mean {likely!r}?" if likely else "name a group of the table of people"
            found.fault("group-unknown", f"fairness.within.{k + 1}.group", cause, action)


def _refuse_missing_kg(people: tuple[PeopleRow, ...], candidates: tuple[CandidateRow, ...], found: Findings) -> None:
    by_kg = any(site.capacity_kg_per_day is not None for site in candidates)
    if by_kg and any(site.capacity_people is not None for site in candidates):
        cause = "the room of some candidates is in people, that of others in kg a day"
        found.fault("site-contradiction", "candidates", cause, "give all of them in the same way")
    elif by_kg and (lacking := [row for row in people if row.kg_per_day is None]):
        cause = f"candidates have a room in kg a day, and kg_per_day is empty in {len(lacking)} rows"
        found.fault("missing", f"{lacking[0].origin.file}, column kg_per_day", cause, "fill it in")


def _refuse_missing_costs(study: HubStudy, candidates: tuple[CandidateRow, ...], found: Findings) -> None:
    if study.sites.budget is not None and candidates and not any(site.fixed_cost for site in candidates):
        cause = "there is a budget, and no candidate costs anything"
        found.fault("price-missing", "candidates, column fixed_cost", cause, "write what the sites cost")


def _refuse_too_many_mandatory(study: HubStudy, candidates: tuple[CandidateRow, ...], found: Findings) -> None:
    must = [site for site in candidates if site.mandatory]
    at_most = study.sites.at_most
    if at_most is not None and len(must) > at_most:
        cause = f"{len(must)} candidates have to be open, and at most {at_most} sites may"
        found.fault("site-contradiction", "sites.at_most", cause, "raise it, or take mandatory from some candidates")
    cost = sum(site.fixed_cost for site in must)
    if study.sites.budget is not None and cost > study.sites.budget:
        cause = f"the candidates that have to be open cost {cost:g}, the budget is {study.sites.budget:g}"
        found.fault("site-contradiction", "sites.budget", cause, "raise it, or take mandatory from some candidates")
