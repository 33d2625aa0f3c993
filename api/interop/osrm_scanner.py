"""Reading text from left to right, as OSRM's own grammar does: a fault is told by the position where reading stopped.

A list takes elements as long as a separator is followed by one; whatever is left over is a fault at its first
character. Elements that may be empty never fail themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NoReturn, TypeVar

from api.interop.refusal import Refusal

Value = TypeVar("Value")

NUMBER = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)")  # no exponents, no "nan"
WHOLE = re.compile(r"\d{1,9}")
SIGNED = re.compile(r"-?\d{1,5}")
WORD = re.compile(r"[A-Za-z0-9]+")
HINT = re.compile(r"[A-Za-z0-9_\-]{8,}={0,2}")


@dataclass(slots=True)
class Scanner:
    """A text and how far it has been read."""

    text: str
    at: int = 0

    @property
    def done(self) -> bool:
        """Whether everything has been read."""
        return self.at >= len(self.text)

    def skip(self, literal: str) -> bool:
        """Read a literal if it comes next."""
        found = self.text.startswith(literal, self.at)
        if found:
            self.at += len(literal)
        return found

    def take(self, pattern: re.Pattern[str]) -> str | None:
        """Read what matches a pattern, if something does."""
        found = pattern.match(self.text, self.at)
        if found is None:
            return None
        self.at = found.end()
        return found[0]

    def malformed(self) -> NoReturn:
        """Refuse the query at this position."""
        raise Refusal("InvalidQuery", f"Query string malformed close to position {self.at}")


Reader = Callable[[Scanner], Value | None]


def needed(scanner: Scanner, read: Reader[Value]) -> Value:
    """Return what is read, or refuse here."""
    value = read(scanner)
    if value is None:
        scanner.malformed()
    return value


def listed(read: Reader[Value], separator: str) -> Reader[tuple[Value, ...]]:
    """Read at least one element."""

    def values(scanner: Scanner) -> tuple[Value, ...] | None:
        first = read(scanner)
        if first is None:
            return None
        found = [first]
        while True:
            before = scanner.at
            following = read(scanner) if scanner.skip(separator) else None
            if following is None:
                scanner.at = before
                return tuple(found)
            found.append(following)

    return values


def listed_or_empty(read: Reader[Value]) -> Reader[tuple[Value | None, ...]]:
    """Read one element for each place, separated by semicolons; any may be empty."""

    def values(scanner: Scanner) -> tuple[Value | None, ...]:
        found = [read(scanner)]
        while scanner.skip(";"):
            found.append(read(scanner))
        return tuple(found)

    return values


def one_of(words: Sequence[str]) -> Reader[str]:
    """Read one of a few words, the longest that fits."""
    pattern = re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)))
    return lambda scanner: scanner.take(pattern)


def either(*readers: Reader[Value]) -> Reader[Value]:
    """Read whatever fits first."""

    def value(scanner: Scanner) -> Value | None:
        return next((found for read in readers if (found := read(scanner)) is not None), None)

    return value


def boolean(scanner: Scanner) -> bool | None:
    """Read ``true`` or ``false``."""
    word = _BOOLEAN(scanner)
    return None if word is None else word == "true"


_BOOLEAN = one_of(("true", "false"))


def number(scanner: Scanner) -> float | None:
    """Read a number without exponent."""
    text = scanner.take(NUMBER)
    return None if text is None else float(text)


def whole(scanner: Scanner) -> int | None:
    """Read a whole number that is not negative."""
    text = scanner.take(WHOLE)
    return None if text is None else int(text)


def word(scanner: Scanner) -> str | None:
    """Read letters and digits."""
    return scanner.take(WORD)


def hint(scanner: Scanner) -> str | None:
    """Read a hint, which is not looked at."""
    return scanner.take(HINT)


def radius(scanner: Scanner) -> float | None:
    """Read metres, infinite where unlimited."""
    if scanner.skip("unlimited"):
        return float("inf")
    metres = number(scanner)
    return float("inf") if metres == -1 else metres


def bearing(scanner: Scanner) -> tuple[int, int] | None:
    """Read a bearing and how far from it is allowed, degrees."""
    degrees = scanner.take(SIGNED)
    if degrees is None:
        return None
    if not scanner.skip(","):
        scanner.malformed()
    spread = scanner.take(SIGNED)
    if spread is None:
        scanner.malformed()
    return int(degrees), int(spread)
