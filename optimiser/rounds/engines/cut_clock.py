"""A clock with the breaks cut out, for engines that know no breaks.

If the whole fleet has the same breaks, a break of length d is taken to begin at its earliest moment e, and the time
between e and e + d is cut out: later moments come d earlier. A plan on the cut clock turns into a plan on the true one
by putting the breaks back at e; the exact timing pass moves each break to the nearest end of a visit within its window.
Only that last step is not seen by the engine; windows, opening hours and the end of the shift are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
    return tuple(rest for rest in kind.rests if kind.shift[0] <= rest.latest_ms < kind.shift[1])


def cut_clock(kinds: Sequence[Kind]) -> CutClock | None:
    """Return the clock without the fleet's breaks; ``None`` if vehicles differ in them."""
    cuts = {tuple((rest.earliest_ms, rest.duration_ms) for rest in due(kind)) for kind in kinds}
    return CutClock(cuts=cuts.pop()) if len(cuts) == 1 else None
