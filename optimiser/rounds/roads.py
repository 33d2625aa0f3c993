"""The legs of a round for the judges: from the travel of a profile, or of its periods, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optimiser.rounds.clock import to_ms
from optimiser.rounds.pace import arrival_ms, period_at
from optimiser.rounds.problem import RoundsProblem
from optimiser.travel import UNREACHABLE, Travel

Ends = tuple[str | None, str | None]
NOWHERE: Ends = (None, None)
UNREACHABLE_MS = int(UNREACHABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """The way to a visit: sets out, takes so long, is so far; 0 ms and 0 dm when ``reachable`` is false."""

    depart_ms: int
    duration_ms: int = 0
    distance_dm: int = 0
    reachable: bool = True

    @property
    def arrive_ms(self) -> int:
        """When it ends."""
        return self.depart_ms + self.duration_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Roads:
    """Travel in each period of the day and when it starts; one travel from 0 on if the day is all the same."""

    travels: tuple[Travel, ...]
    starts_ms: tuple[int, ...]

    def legs(self, ends: Sequence[Ends | None], departs: Sequence[int]) -> list[Leg | None]:
        """Return the legs between these ends that set out then.

        ``None`` among ``ends`` is standing still; a leg with an unknown end is ``None``.
        """
        pairs = [(a, b) for a, b in (pair or NOWHERE for pair in ends) if a is not None and b is not None]
        columns = [_looked_up(travel, pairs) for travel in self.travels]
        driven = iter(zip(*columns, strict=True))
        legs: list[Leg | None] = []
        for pair, depart in zip(ends, departs, strict=True):
            if pair is None:
                legs.append(Leg(depart_ms=depart))
            elif pair[0] is None or pair[1] is None:
                legs.append(None)
            else:
                legs.append(self._leg(depart, next(driven)))
        return legs

    def _leg(self, depart: int, ways: Sequence[tuple[int, int]]) -> Leg:
        if len(ways) == 1:
            duration, distance = ways[0]
            if duration < UNREACHABLE_MS:
                return Leg(depart_ms=depart, duration_ms=duration, distance_dm=distance)
            return Leg(depart_ms=depart, reachable=False)
        arrive = arrival_ms(depart, [duration for duration, _ in ways], self.starts_ms)
        if arrive is None:
            return Leg(depart_ms=depart, reachable=False)
        later = ways[period_at(depart, self.starts_ms) :]
        distance = next(metres for duration, metres in later if duration < UNREACHABLE_MS)
        return Leg(depart_ms=depart, duration_ms=arrive - depart, distance_dm=distance)


def roads(problem: RoundsProblem, profile: str) -> Roads:
    """Return the roads of a profile."""
    periods = problem.periods.get(profile, ())
    if not periods:
        return Roads(travels=(problem.travel[profile],), starts_ms=(0,))
    return Roads(
        travels=tuple(problem.travel[period.travel] for period in periods),
        starts_ms=tuple(to_ms(period.from_s) for period in periods),
    )


def _looked_up(travel: Travel, pairs: Sequence[tuple[str, str]]) -> list[tuple[int, int]]:
    """Return duration and distance of each pair; unreachable if either is."""
    rows = np.array([travel.row(leave) for leave, _ in pairs], dtype=np.intp)
    columns = np.array([travel.column(arrive) for _, arrive in pairs], dtype=np.intp)
    durations, distances = travel.legs(rows, columns)
    return [
        (duration, distance) if duration < UNREACHABLE_MS and distance < UNREACHABLE_MS else (UNREACHABLE_MS, 0)
        for duration, distance in zip(durations.tolist(), distances.tolist(), strict=True)
    ]
