"""What a benchmark is told: how long, how often, where the data lies."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

NO_DATA = "MZUNGUKO_DATA is not set: the rows on published instances and large extracts are left out."


def data_folder() -> Path | None:
    """Return the folder of real data that the environment names, if any."""
    folder = os.environ.get("MZUNGUKO_DATA", "")
    return Path(folder) if folder else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to measure.

    Parameters
    ----------
    seconds
        For each solve; ``None``: each table's own choice.
    seeds
        How many seeds an engine with random numbers gets.
    data
        Folder of published instances and street extracts; ``None``: rows that need it are left out.
    """

    seconds: float | None = None
    seeds: int = 3
    data: Path | None = field(default_factory=data_folder)

    def command(self, table: str) -> str:
        """Return the command line that makes a table again."""
        words = ["python -m benchmarks", table]
        if self.seconds is not None:
            words.append(f"--seconds {self.seconds:g}")
        if self.seeds != Options.__dataclass_fields__["seeds"].default:
            words.append(f"--seeds {self.seeds}")
        return " ".join(words)
