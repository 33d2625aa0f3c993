"""Streams and what becomes of them: yields by material, residue, what is lost to the air.

A stream is what is carried apart from other things: organics, mixed paper, PET bales, compost, residue. It is made of
materials in fixed shares. A process turns streams into streams; every kilogram of every material of what it takes
comes out in some stream, is lost (water, carbon dioxide), or goes into its residue.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

ANY = ""  # a yield for whatever material has none of its own
SAME = ""  # a yield into the stream that goes in
SLACK = 1e-9  # shares that differ by less are equal


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """What is carried apart from other things.

    Parameters
    ----------
    materials
        Share of each material by mass, together 1; nothing means the stream is one material of its own name.
    storage_h
        Longest time from when it is put out or made until the next process starts or an outlet has it: waiting at the
        one place, the way, and waiting at the other. ``None`` for what keeps. The clock starts anew with each process;
        let a transfer station make a stream with a shorter limit where that matters.
    """

    id: str
    materials: Mapping[str, float] = field(default_factory=dict)
    storage_h: float | None = None

    def shares(self) -> Mapping[str, float]:
        """Return the share of each material; a stream without materials is its own."""
        return self.materials or {self.id: 1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Yield:
    """The share (0 to 1) of a material that a process brings into a stream.

    ``ANY`` stands for the materials not named, ``SAME`` for the stream that goes in.
    """

    share: float
    into: str = SAME
    material: str = ANY


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """Something done at sites: transfer, sorting, composting, rearing larvae, digestion, burying residue in a cell.

    Parameters
    ----------
    takes
        Ids of the streams it can take.
    yields
        What comes out, by material.
    residue
        Stream for what neither comes out nor is lost; nothing when there is none.
    lost
        Share of each material (``ANY`` for all others) that leaves as water or gas.
    cost_per_kg, ghg_kg_per_kg, jobs_per_kg
        Handling by input mass: money, kg of carbon dioxide equivalent, full-time jobs.
    contaminants, contamination_at_most
        Materials that spoil it, and their largest share in all that the process takes at a site.
    """

    id: str
    takes: tuple[str, ...]
    yields: tuple[Yield, ...] = ()
    residue: str = ""
    lost: Mapping[str, float] = field(default_factory=dict)
    cost_per_kg: float = 0.0
    ghg_kg_per_kg: float = 0.0
    jobs_per_kg: float = 0.0
    contaminants: frozenset[str] = frozenset()
    contamination_at_most: float = 1.0


def recipe(process: Process, stream: Stream) -> tuple[Mapping[str, float], float]:
    """Return how much of each stream comes out of 1 kg of ``stream``, and how much is left over for the residue.

    The left-over share is negative when yields and losses make more than there is.
    """
    made: dict[str, float] = {}
    left = 0.0
    for material, share in stream.shares().items():
        rest = 1.0 - process.lost.get(material, process.lost.get(ANY, 0.0))
        for each in _yields(process, material):
            into = each.into or stream.id
            made[into] = made.get(into, 0.0) + share * each.share
            rest -= each.share
        left += share * rest
    return {name: kg for name, kg in made.items() if kg > 0}, 0.0 if abs(left) < SLACK else left


def outputs(process: Process, stream: Stream) -> Mapping[str, float]:
    """Return how much of each stream comes out of 1 kg of ``stream``, residue included."""
    made, left = recipe(process, stream)
    return made if not left else {**made, process.residue: made.get(process.residue, 0.0) + left}


def contamination(process: Process, stream: Stream) -> float:
    """Return the share of a stream that spoils the process."""
    return sum(share for material, share in stream.shares().items() if material in process.contaminants)


def _yields(process: Process, material: str) -> list[Yield]:
    own = [each for each in process.yields if each.material == material]
    return own or [each for each in process.yields if each.material == ANY]


def transfer(name: str, streams: tuple[str, ...], *, cost_per_kg: float = 0.0) -> Process:
    """Return a process that hands streams on as they are."""
    return Process(id=name, takes=streams, yields=(Yield(share=1.0),), cost_per_kg=cost_per_kg)
