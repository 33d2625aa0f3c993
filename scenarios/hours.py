"""When a stop may be served: its own hours, and those that the scenario gives for its area and kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from optimiser.rounds.problem import Window
from scenarios.loads import SINGLE_DAY
from scenarios.scenario import Scenario
from scenarios.schema_choices import seconds

DAY_S = 24 * 3600.0
Span = tuple[float, float]
ALL_DAY: tuple[Span, ...] = ((0.0, DAY_S),)


def own_spans(*pairs: tuple[float | None, float | None]) -> tuple[Span, ...]:
    """Return spans of the day from pairs of opening and closing; pairs without either are no span."""
    given = [(a or 0.0, DAY_S if b is None else b) for a, b in pairs if a is not None or b is not None]
    return tuple(given) or ALL_DAY


def allowed(own: Sequence[Span], rules: Iterable[int], scenario: Scenario, day: str) -> tuple[Window, ...] | None:
    """Return the windows left of a stop's own spans under the rules that hold for it, ``None`` if nothing is left.

    Rules of one name together say when it is allowed (their spans add up); rules of different names all bind. No
    window at all means any time.
    """
    named: dict[str, list[Span]] = {}
    for position in rules:
        rule = scenario.hours[position]
        if not rule.days or day == SINGLE_DAY or day in rule.days:
            named.setdefault(rule.name, []).append((seconds(rule.open), seconds(rule.close)))
    spans = tuple(own)
    for others in named.values():
        spans = _both(spans, _joined(others))
    if not spans:
        return None
    return () if spans == ALL_DAY else tuple(Window(open_s=a, close_s=b) for a, b in spans)


def _both(one: Sequence[Span], other: Sequence[Span]) -> tuple[Span, ...]:
    """Return where two sets of spans overlap, in order."""
    pairs = ((max(a, c), min(b, d)) for a, b in one for c, d in other)
    return tuple(sorted((a, b) for a, b in pairs if a <= b))


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return spans in order, those that touch made one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return tuple(found)
