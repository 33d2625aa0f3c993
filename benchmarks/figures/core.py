"""Read ``benchmarks/core.toml``: which instances, how long, against whom, what is to be reached."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.sets.made_up import is_made_up

LIST = Path(__file__).parent.parent / "core.toml"
FOLDER = "benchmarks"  # of published instances, in the folder of the data
OURS = "strings"
MEASURES = ("better", "above", "cost", "sooner", "elsewhere")
SIDES = ("mean", "worst", "best-share")
PATTERN = frozenset("*?[")


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What is to be reached.

    Parameters
    ----------
    words
        As the table says it.
    value, on
        The figure, and of what: see :data:`SIDES`; ``None``: no single figure.
    each
        Instance -> its own figure.
    others_below_peers
        Every instance without a figure of its own is to cost less than with any peer that was run.
    memory_mb
        Peak memory below which all runs must stay.
    """

    words: str
    value: float | None = None
    on: str = "mean"
    each: Mapping[str, float] = field(default_factory=dict)
    others_below_peers: bool = False
    memory_mb: float | None = None

    def __post_init__(self) -> None:
        if self.on not in SIDES:
            raise ValueError(f"a goal on {self.on!r} is none of {', '.join(SIDES)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A row of the table; what each field means stands at the top of the list."""

    id: str
    what: str
    measure: str
    must: Goal
    stretch: Goal
    instances: tuple[str, ...] = ()
    core: tuple[str, ...] = ()
    seconds: float = 0.0
    seeds: int = 5
    core_seeds: int = 1
    cores: tuple[int, ...] = (1,)
    objective: str | None = None
    ours: str = OURS
    peers: tuple[str, ...] = ()
    core_peers: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    vehicles: str = "any"
    unit: str = ""
    command: str = ""

    def __post_init__(self) -> None:
        if self.measure not in MEASURES:
            raise ValueError(f"{self.id}: measure {self.measure!r} is none of {', '.join(MEASURES)}")
        if self.measure == "elsewhere":
            return
        if not self.instances or self.seconds <= 0 or self.seeds < 1 or self.core_seeds < 1:
            raise ValueError(f"{self.id}: it needs instances, seconds and seeds")
        if (self.measure == "sooner") != (len(self.cores) > 1):
            raise ValueError(f"{self.id}: cores are compared where the measure is sooner, and nowhere else")
        if strangers := {*self.core_peers, *self.against} - {*self.peers}:
            raise ValueError(f"{self.id}: {', '.join(sorted(strangers))} should stand among the peers")
        if self.measure == "better" and self.core and not {*self.core_peers} & {*self.opponents}:
            raise ValueError(f"{self.id}: nobody to be better than stands in core_peers")

    @property
    def opponents(self) -> tuple[str, ...]:
        """The peers that the goal is about."""
        return self.against or self.peers


def read_core(path: Path = LIST) -> tuple[Group, ...]:
    """Return the groups of the list, in their order.

    Raises
    ------
    ValueError
        If a group has a field that there is not, lacks one or contradicts itself, or an id stands twice.
    """
    found = tuple(_group(row) for row in tomllib.loads(path.read_text(encoding="utf-8"))["group"])
    if len({group.id for group in found}) != len(found):
        raise ValueError("two groups have the same id")
    return found


def _group(row: Mapping[str, Any]) -> Group:
    given: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    try:
        goals = {key: Goal(**given.pop(key)) for key in ("must", "stretch")}
        return Group(**given, must=goals["must"], stretch=goals["stretch"])
    except (TypeError, KeyError) as error:
        raise ValueError(f"{row.get('id')}: {error}") from error


def expanded(names: Sequence[str], data: Path | None) -> Iterator[str]:
    """Yield names without patterns; without data, or where nothing fits, the name as it stands."""
    for name in names:
        files: list[Path] = []
        if data is not None and PATTERN.intersection(name):
            files = sorted((data / FOLDER).glob(name))
        yield from [str(file.relative_to(data / FOLDER)) for file in files if data is not None] or [name]


def place(name: str, data: Path | None) -> str | None:
    """Return what to read for an instance: a word for one made up, a file; ``None`` if it is not at hand."""
    if is_made_up(name):
        return name
    if data is None or not (data / FOLDER / name).is_file():
        return None
    return str(data / FOLDER / name)
