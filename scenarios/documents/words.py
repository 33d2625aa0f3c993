"""Names of things that documents share: days, dates, reasons, figures, what is invented."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from faults import Fault
from optimiser.rounds.plan import Plan, Violation
from scenarios.documents.numbers import NOTHING, SPACE, THIN, money, number, percent
from scenarios.evidence.figure import Figure
from scenarios.messages import known, say
from scenarios.scenario import Scenario

SHARE = "share"
MOST_NAMED = 12


class Invents(Protocol):
    """Whatever knows its scenario, and so what of it is invented."""

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        ...


def day_name(day: str, language: str) -> str:
    """Return a planned day's name; what is not a weekday reads as it stands."""
    key = f"day.{day}"
    return say(key, language) if known(key, language) else day


def date_name(made_at: str, language: str) -> str:
    """Return an ISO 8601 time stamp as people write it."""
    at = datetime.fromisoformat(made_at)
    zone = at.tzname() or ""
    return say(
        "date.long",
        language,
        day=at.day,
        month=say(f"month.{at.month}", language),
        year=at.year,
        time=f"{at:%H:%M}",
        zone=zone,
    ).strip()


def listed(items: Sequence[str], language: str) -> str:
    """Return things in a row: "a, b and c"."""
    if len(items) < 2:
        return "".join(items)
    return say("list.and", language, first=", ".join(items[:-1]), last=items[-1])


def reason_name(reason: str, language: str) -> str:
    """Return why something is left out, in a sentence."""
    key = f"reason.{reason}"
    return say(key, language) if known(key, language) else reason


def left_reasons(text: str, language: str) -> list[str]:
    """Return why mass is left, in sentences; ``text`` is a balance's reason: ``"no-room 120 kg; no-time 30 kg"``."""
    found = []
    for part in filter(None, text.split("; ")):
        code, _, kg = part.partition(" ")
        reason = reason_name(code, language)
        found.append(say("balance.of", language, kg=kg, reason=reason) if kg else reason)
    return found


def rule_name(code: str, language: str) -> str:
    """Return which rule is broken."""
    key = f"violation.{code}"
    return say(key, language) if known(key, language) else code.replace("-", " ")


def broken_rules(violations: Sequence[Violation], language: str) -> list[tuple[str, int, str]]:
    """Return what rules are broken: name of the rule, how often, and where (the first dozen)."""
    groups: dict[str, list[Violation]] = {}
    for violation in violations:
        groups.setdefault(violation.code, []).append(violation)
    return [
        (
            rule_name(code, language),
            len(group),
            "; ".join(" ".join(part for part in (v.vehicle, v.visit, v.detail) if part) for v in group[:MOST_NAMED]),
        )
        for code, group in groups.items()
    ]


def figure_name(figure: Figure, language: str) -> str:
    """Return what a figure is called; one without an entry in the catalogue is called by its id."""
    key = f"figure.{figure.id}"
    return say(key, language) if known(key, language) else figure.id.replace("-", " ").capitalize()


def figure_value(figure: Figure) -> tuple[str, str]:
    """Return a figure's value and unit as shown; shares read as per cent."""
    if figure.value is None:
        return NOTHING, ""
    if figure.unit == SHARE:
        return percent(figure.value).replace(f"{THIN}%", ""), "%"
    return number(figure.value), figure.unit


def figure_range(figure: Figure) -> str:
    """Return a figure's range as shown, ``""`` when it reads like the value."""
    if figure.value is None or figure.low is None or figure.high is None:
        return ""
    show = (lambda value: number(100 * value, 2)) if figure.unit == SHARE else number
    ends = show(figure.low), show(figure.high)
    return "" if ends[0] == ends[1] else f"{ends[0]}\u2013{ends[1]}"


def invented(outcome: Invents) -> str:
    """Return what of a scenario is invented, in a row; ``""`` when nothing is."""
    language = outcome.scenario.language
    kinds = []
    for kind in outcome.scenario.illustration:
        key = f"illustration.{kind}"
        kinds.append(say(key, language) if known(key, language) else kind)
    return listed(kinds, language)


def marked(title: str, outcome: Invents) -> str:
    """Return a title that carries the word *illustration* when anything in the scenario is invented."""
    if not outcome.scenario.illustration:
        return title
    return say("illustration.title", outcome.scenario.language, title=title)


def grouped(doubts: Sequence[Fault]) -> dict[str, tuple[Fault, ...]]:
    """Return doubts by code, in the order in which codes first appear."""
    groups: dict[str, list[Fault]] = {}
    for doubt in doubts:
        groups.setdefault(doubt.code, []).append(doubt)
    return {code: tuple(items) for code, items in groups.items()}


def difference(value: float, unit: str, currency: str, language: str) -> str:
    """Return how much more or less something is, in words."""
    amount = money(abs(value), currency) if unit == currency else f"{number(abs(value))}{SPACE}{unit}"
    if value == 0:
        return say("difference.none", language)
    return say("difference.more" if value > 0 else "difference.less", language, amount=amount)


def hours_out(plan: Plan) -> float:
    """Return the hours that all vehicles of a plan are out, depot to depot."""
    return sum(round_.end_s - round_.start_s for round_ in plan.rounds) / 3600.0
