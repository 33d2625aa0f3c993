"""Arithmetic with a plausible range."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from scenarios.data.defaults import Default, cite
from scenarios.evidence.figure import Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A value between a low and a high one; none of them negative, so products are products of the ends."""

    value: float
    low: float
    high: float
    sources: tuple[str, ...] = ()

    def __add__(self, other: Span) -> Span:
        """Add two quantities."""
        return Span(
            value=self.value + other.value,
            low=self.low + other.low,
            high=self.high + other.high,
            sources=tuple(dict.fromkeys((*self.sources, *other.sources))),
        )

    def __mul__(self, other: Span) -> Span:
        """Multiply two quantities."""
        return Span(
            value=self.value * other.value,
            low=self.low * other.low,
            high=self.high * other.high,
            sources=tuple(dict.fromkeys((*self.sources, *other.sources))),
        )


NOTHING = Span(value=0.0, low=0.0, high=0.0)


def exact(value: float, *sources: str) -> Span:
    """Return a quantity in which only arithmetic is involved."""
    return Span(value=value, low=value, high=value, sources=sources)


def of_default(default: Default) -> Span:
    """Return a default figure with its range; it is its own source."""
    return Span(value=default.value, low=default.low, high=default.high, sources=(cite(default),))


def total(spans: Iterable[Span]) -> Span:
    """Return the sum."""
    result = NOTHING
    for span in spans:
        result += span
    return result


def figure(
    name: str,
    span: Span,
    unit: str,
    *,
    better: Literal["higher", "lower", "neither"] = "neither",
    estimated: bool = False,
    note: str = "",
) -> Figure:
    """Return a quantity as a figure."""
    return Figure(
        id=name,
        value=span.value,
        unit=unit,
        low=span.low,
        high=span.high,
        better=better,
        sources=span.sources,
        estimated=estimated,
        note=note,
    )


def unknown(name: str, unit: str, note: str, *, better: Literal["higher", "lower", "neither"] = "neither") -> Figure:
    """Return a figure that cannot be computed, and why."""
    return Figure(id=name, value=None, unit=unit, better=better, note=note)
