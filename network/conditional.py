"""When: day and hour, for what the map allows at some times only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = get_args(Day)
DAY_S = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A day of the week and a time on it.

    Parameters
    ----------
    day
        "mon" to "sun".
    time_s
        Seconds after midnight; beyond 24 h the night after that day.
    month
        1 to 12; None: no month known, conditions on months and dates do not hold.
    holiday
        Whether it is a public holiday.
    """

    day: Day
    time_s: float
    month: int | None = None
    holiday: bool = False

    def __post_init__(self) -> None:
        if self.day not in DAYS or not 0 <= self.time_s < 2 * DAY_S or self.month not in {None, *range(1, 13)}:
            raise ValueError(f"no such moment: {self.day!r}, {self.time_s} s, month {self.month}")
