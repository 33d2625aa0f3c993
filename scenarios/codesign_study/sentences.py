"""A co-design study in plain sentences: what to open, what that costs, and what the alternative would cost."""

from __future__ import annotations

from collections.abc import Iterable

from scenarios.codesign_study.outcome import ALIKE, Closed, CodesignOutcome, Fate, SetRow, Source
from scenarios.codesign_study.rows import side
from scenarios.documents.numbers import fixed, km, mass, money, number, percent
from scenarios.documents.words import listed
from scenarios.messages import say

MOST_NAMED = 8  # sites that one sentence names


def lead(outcome: CodesignOutcome) -> list[str]:
    """Return the answer in a few sentences."""
    language, plan = outcome.scenario.language, outcome.together
    if not outcome.solved:
        return [say("codesign.lead.none", language)]
    told, currency = side(plan), outcome.scenario.currency
    found = [*_build(outcome)]
    found.append(
        say(
            "codesign.lead.cost",
            language,
            total=money(plan.total, currency),
            sites=money(plan.opening, currency),
            rounds=money(plan.driving, currency),
        )
    )
    found.append(
        say(
            "codesign.lead.rounds",
            language,
            count=told.vehicles,
            stops=told.stops,
            mass=mass(told.collected_kg),
            km=km(told.distance_m),
        )
    )
    if plan.left_out:
        found.append(say("codesign.lead.left", language, count=plan.left_out))
    return [*found, beside(outcome)]


def _build(outcome: CodesignOutcome) -> Iterable[str]:
    """Say what to open, to keep and to close."""
    language, sites, opened = outcome.scenario.language, outcome.sites, set(outcome.together.open)
    groups = (
        ("open", [name for name in outcome.together.open if not sites[name].existing]),
        ("keep", [name for name in outcome.together.open if sites[name].existing]),
        ("close", [name for name, site in sites.items() if site.existing and name not in opened]),
    )
    for what, names in groups:
        if names:
            yield say(f"codesign.lead.{what}", language, sites=named(outcome, names))
    if not opened:
        yield say("codesign.lead.nothing", language)


def named(outcome: CodesignOutcome, names: Iterable[str]) -> str:
    """Return the names of sites for a sentence; from ``MOST_NAMED`` on their number."""
    known, language = [outcome.sites[name].name for name in names], outcome.scenario.language
    if not known:
        return say("codesign.no_site", language)
    return "; ".join(known) if len(known) <= MOST_NAMED else say("codesign.so_many", language, count=len(known))


def beside(outcome: CodesignOutcome) -> str:
    """Return what hubs first, rounds after would open and cost."""
    language, first, saved = outcome.scenario.language, outcome.first, outcome.saved
    if first is None or saved is None:
        return say("codesign.beside.none", language)
    if outcome.same_sites:
        return say("codesign.beside.same", language)
    values = {
        "sites": named(outcome, first.open),
        "total": money(first.total, outcome.scenario.currency),
        "saved": money(abs(saved), outcome.scenario.currency),
        "share": percent(abs(saved) / first.total if first.total else None, 1),
    }
    if first.left_out != outcome.together.left_out:
        return say("codesign.beside.leaves", language, count=first.left_out, **values)
    if abs(saved) < ALIKE:
        return say("codesign.beside.equal", language, **values)
    return say("codesign.beside.dearer" if saved > 0 else "codesign.beside.cheaper", language, **values)


def basis(outcome: CodesignOutcome) -> str:
    """Return for how many days of the calendar sites are paid, and why."""
    language, days = outcome.scenario.language, outcome.posed.calendar_days
    key = "week" if outcome.scenario.days else "single"
    return say(f"codesign.basis.{key}", language, days=number(days), planned=len(outcome.scenario.days))


def certainty(outcome: CodesignOutcome) -> str:
    """Return how far the plan may be from the best: no bound, and among how many sets it was found."""
    language = outcome.scenario.language
    key = "codesign.sure.all" if outcome.all_judged else "codesign.sure.some"
    return say(key, language, judged=outcome.judged, estimated=outcome.estimated)


def fate_sentence(outcome: CodesignOutcome, row: SetRow) -> str:
    """Return what became of a set."""
    language, currency = outcome.scenario.language, outcome.scenario.currency
    more = (row.judged if row.judged is not None else row.estimate) - outcome.together.total
    if row.fate is Fate.DEARER and abs(more) < ALIKE:
        return say("codesign.fate.equal", language)
    key = f"codesign.fate.{row.fate.value.replace('-', '_')}"
    return say(key, language, more=money(abs(more), currency), count=row.left_out)


def closed_sentence(outcome: CodesignOutcome, row: Closed) -> str:
    """Return what opening a closed candidate would cost, and how that is known; or why it cannot open."""
    language, currency = outcome.scenario.language, outcome.scenario.currency
    if row.site.excluded:
        return say("codesign.closed.excluded", language, reason=row.site.excluded)
    if row.reaches_nobody:
        return say("codesign.closed.nobody", language)
    if row.more is None:
        return say("codesign.closed.limit", language)
    if row.more < ALIKE and row.source is Source.JUDGED:
        return say("codesign.closed.nothing", language)
    key = "judged" if row.source is Source.JUDGED else "estimated"
    return say(f"codesign.closed.{key}", language, more=money(row.more, currency))


def set_name(outcome: CodesignOutcome, row: SetRow) -> str:
    """Return the sites of a set."""
    return listed([outcome.sites[name].name for name in row.sites], outcome.scenario.language)


def amount(value: float) -> str:
    """Return money in a table, whole."""
    return fixed(value, 0)
