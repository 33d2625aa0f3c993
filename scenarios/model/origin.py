"""Where a record came from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A row of a planner's table, or the rule that estimated a record.

    ``row`` is the number the planner sees in the sheet (the header is row 1); 0 for anything that has no row.
    """

    file: str
    sheet: str = ""
    row: int = 0

    def __str__(self) -> str:
        """Read as the planner would say it."""
        sheet = f", sheet {self.sheet}" if self.sheet else ""
        return f"{self.file}{sheet}, row {self.row}" if self.row else f"{self.file}{sheet}"
