"""A run in a terminal: rounds, figures, what is left out, and where the report is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from api.terminal import table
from optimiser.result import Status
from optimiser.rounds.plan import Plan, Round
from optimiser.rounds.price import price
from scenarios.documents.document import Document
from scenarios.documents.numbers import fixed
from scenarios.documents.words import day_name, figure_name, figure_range, figure_value, invented, reason_name
from scenarios.messages import say
from scenarios.outcome import DayPlan, Outcome

LACKING = frozenset({Status.NO_PLAN, Status.INFEASIBLE})


def without_plan(outcome: Outcome) -> bool:
    """Whether some day has no plan, or required work that nobody can do."""
    return any(day.result.status in LACKING for day in outcome.days)


def summary(outcome: Outcome, written: Sequence[Document], folder: Path) -> str:
    """Return the run as text for a terminal; the path of the report is the last line."""
    parts = [_head(outcome), _rounds(outcome), _left_out(outcome), _hubs(outcome), _figures(outcome)]
    if outcome.doubts:
        parts.append(say("cli.doubts", count=len(outcome.doubts)))
    parts.append(_files(written, folder))
    return "\n\n".join(part for part in parts if part)


def _head(outcome: Outcome) -> str:
    lines = [outcome.scenario.name, "=" * len(outcome.scenario.name)]
    for day in outcome.days:
        result = day.result
        gap = say("cli.no_bound") if result.gap is None else say("cli.gap", gap=f"{result.gap:.1%}")
        lines.append(
            say(
                "cli.day",
                day=day_name(day.day, outcome.scenario.language),
                status=say(f"pages.solved.{result.status.value.replace('-', '_')}"),
                gap=gap,
                engine=f"{result.engine} {result.engine_version}".strip(),
                seed=result.seed,
                seconds=f"{result.runtime_s:.1f}",
            )
        )
    if outcome.scenario.illustration:
        lines.append(say("cli.illustration", what=invented(outcome)))
    return "\n".join(lines)


def _rounds(outcome: Outcome) -> str:
    rows = [
        row
        for day in outcome.days
        if day.result.plan is not None
        for round_ in day.result.plan.rounds
        if (row := _round(outcome, day, round_))
    ]
    if not rows:
        return ""
    heads = [say(f"cli.{name}") for name in ("of_day", "vehicle", "stops", "tips", "km", "hours", "load")]
    return table(heads, rows, right=frozenset({2, 3, 4, 5, 6}))


def _round(outcome: Outcome, day: DayPlan, round_: Round) -> list[str]:
    tips = sum(trip.tip is not None for trip in round_.trips)
    whole = price(day.problem, Plan(rounds=(round_,)))
    loads = {stop.id: stop.loads for stop in day.problem.stops}
    streams = {stream.id for stream in outcome.system.streams}
    kg = sum(amount for stop in round_.stops for of, amount in loads[stop].items() if of in streams)
    return [
        day_name(day.day, outcome.scenario.language),
        round_.vehicle,
        str(len(round_.stops)),
        str(tips),
        fixed(whole.distance_m / 1000, 1),
        fixed((round_.end_s - round_.start_s) / 3600, 1),
        fixed(kg, 0),
    ]


def _left_out(outcome: Outcome) -> str:
    reasons = Counter(
        unserved.reason.value
        for day in outcome.days
        if day.result.plan is not None
        for unserved in day.result.plan.unserved
    )
    if not reasons:
        return ""
    language = outcome.scenario.language
    lines = [f"{count:>6}  {reason_name(reason, language)}" for reason, count in sorted(reasons.items())]
    return "\n".join([say("cli.left_out", count=reasons.total()), *lines])


def _hubs(outcome: Outcome) -> str:
    if outcome.hubs is None or outcome.hubs.result.plan is None:
        return ""
    names = {site.id: site.name for site in outcome.system.hub_sites}
    opened = outcome.hubs.result.plan.open
    return say("cli.hubs", count=len(opened), names=", ".join(names.get(hub, hub) for hub in opened) or "-")


def _figures(outcome: Outcome) -> str:
    rows = list(_figure_rows(outcome))
    if not rows:
        return ""
    heads = [say(f"cli.{name}") for name in ("figure", "value", "range", "unit")]
    estimated = any(figure.estimated for figure in outcome.figures)
    return table(heads, rows, right=frozenset({1})) + (f"\n{say('cli.estimated')}" if estimated else "")


def _figure_rows(outcome: Outcome) -> Iterator[list[str]]:
    language = outcome.scenario.language
    for figure in outcome.figures:
        value, unit = figure_value(figure)
        reach = figure_range(figure)
        name = figure_name(figure, language)
        yield [f"{name} *" if figure.estimated else name, value, reach, unit]


def _files(written: Sequence[Document], folder: Path) -> str:
    report = next((d for d in written if d.media_type.startswith("text/html")), written[0])
    count = say("cli.documents", count=len(written), folder=folder)
    return f"{count}\n{say('cli.report', path=(folder / report.name).absolute())}"
