"""A clock with the breaks cut out, for engines that know no breaks.

If the whole fleet has the same breaks, a break of length d is taken to begin at its earliest moment e, and the time
between e and e + d is cut out: later moments come d earlier. A plan on the cut clock turns into a plan on the true one
by putting the breaks back at e; the exact timing pass moves each break to the nearest end of a visit within its window.
Only that last step is not seen by the engine; windows, opening hours and the end of the shift are. Of a break with
several spans the first counts; the way to a place for it does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from optimiser.rounds.clock import to_ms
from optimiser.rounds.tables import Kind, Rest


@dataclass(frozen=True, slots=True, kw_only=True)
class CutClock:
    """Pieces of time that are cut out: begin and length in ms, in order."""

    cuts: tuple[tuple[int, int], ...] = ()

    def cut(self, moment_ms: int) -> int:
        """Return a moment of the true day on the cut clock."""
        gone = sum(min(length, max(moment_ms - begin, 0)) for begin, length in self.cuts)
        return moment_ms - gone


def due(kind: Kind) -> tuple[Rest, ...]:
    """Return the breaks that can fall due in the vehicle's shift."""
    return tuple(rest for rest in kind.rests if rest.always or kind.shift[0] <= rest.latest_ms < kind.shift[1])


def cut_clock(kinds: Sequence[Kind]) -> CutClock | None:
    """Return the clock without the fleet's breaks; ``None`` if vehicles differ in them."""
    cuts = {
        tuple((max(rest.earliest_ms, kind.shift[0]), rest.duration_ms) for rest in due(kind) if rest.duration_ms)
        for kind in kinds
    }
    return CutClock(cuts=cuts.pop()) if len(cuts) == 1 else None


def resting_ms(kind: Kind) -> int:
    """Return how long a whole shift of the vehicle rests: its breaks, and rests after so many hours of work."""
    breaks = sum(rest.duration_ms for rest in due(kind))
    rest = kind.vehicle.driving_rest
    if rest is None or rest.of != "work":
        return breaks
    after, longest = to_ms(rest.after_s), longest_ms(kind)
    taken = sum(own.duration_ms >= to_ms(rest.duration_s) for own in due(kind))
    needed = max((longest - 1) // (after + to_ms(rest.duration_s)) - taken, 0)
    return breaks + needed * to_ms(rest.duration_s)


def longest_ms(kind: Kind) -> int:
    """Return how long a round may last without overtime."""
    return min(kind.longest_ms, kind.shift[1] - kind.shift[0])
