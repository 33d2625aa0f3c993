"""What a benchmark is told: how long, how often, where the data lies."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

SITING = ("p", "model", "radius", "capacity")
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
    files
        Street extracts to measure; none: those of the demo and of the data folder.
    places
        Places from and to which a matrix leads; ``None``: each table's own choice.
    peers
        Other programs to measure beside; none: each table's own choice.
    repeats
        How often each stage is measured.
    osrm
        Folder with OSRM's executables.
    spopt
        Interpreter of an environment that has spopt.
    seed, engine, form, objective, bound_seconds
        Of published instances: see :class:`benchmarks.sets.run.How`.
    p, model, radius, capacity
        Of siting instances, where the file does not say: see :class:`benchmarks.sets.siting.Asked`.
    """

    seconds: float | None = None
    seeds: int = 3
    data: Path | None = field(default_factory=data_folder)
    files: tuple[Path, ...] = ()
    places: int | None = None
    peers: tuple[str, ...] = ()
    repeats: int = 3
    osrm: Path | None = None
    spopt: Path | None = None
    seed: int = 1
    engine: str = "auto"
    form: str | None = None
    objective: str | None = None
    bound_seconds: float | None = None
    p: int | None = None
    model: str | None = None
    radius: float | None = None
    capacity: float | None = None

    def command(self, table: str) -> str:
        """Return the command line that makes a table again."""
        words = ["python -m benchmarks", table, *(file.name for file in self.files)]
        words += [f"--places {self.places}"] if self.places else []
        words += [f"--peers {','.join(self.peers)}"] if self.peers else []
        words += ["--osrm FOLDER"] if self.osrm else []
        words += ["--spopt PYTHON"] if self.spopt else []
        if self.seconds is not None:
            words.append(f"--seconds {self.seconds:g}")
        options = {"form": "format", "bound_seconds": "bound-seconds"}
        for name in ("seeds", "repeats", "seed", "engine", "form", "objective", "bound_seconds", *SITING):
            if getattr(self, name) != Options.__dataclass_fields__[name].default:
                words.append(f"--{options.get(name, name)} {getattr(self, name)}")
        return " ".join(words)
