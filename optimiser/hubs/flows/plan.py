"""What a flow plan says, what it is worth, and what is wrong with one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from optimiser.hubs.flows.transport import Floats, Positions


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What goes along links: positions of links and streams in the problem, and kilograms in the period."""

    link: Positions = field(default_factory=lambda: np.zeros(0, np.intp))
    stream: Positions = field(default_factory=lambda: np.zeros(0, np.intp))
    kg: Floats = field(default_factory=lambda: np.zeros(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Processed:
    """So much of a stream goes into a process at a site."""

    site: str
    process: str
    stream: str
    kg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """So much of what arises is not taken away."""

    source: str
    stream: str
    kg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """How many members of a cooperative work, and what it is paid for each stream in all."""

    cooperative: str
    members: float
    paid: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowPlan:
    """A plan: the size of each site that opens, and every flow."""

    open: Mapping[str, str] = field(default_factory=dict)
    carried: Carried = field(default_factory=Carried)
    processed: tuple[Processed, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    work: tuple[Work, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowViolation:
    """A rule that the plan breaks: code, the place or thing concerned, and by how much (kg, money, hours)."""

    code: str
    place: str
    stream: str = ""
    amount: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowPrice:
    """What a plan is worth, from first principles; per period.

    Parameters
    ----------
    objective
        The aim of the problem, minimised.
    cost
        ``fixed + processing + transport + fees_paid + gate_fees + deposits + unserved - sales``.
    ghg_kg
        ``transport_ghg_kg + process_ghg_kg + methane_kg``: what the system emits (carbon dioxide equivalent).
    methane_kg
        Of landfill and of what is left out.
    avoided_methane_kg
        What arises would emit as today, less ``methane_kg``. Not part of ``ghg_kg``: it is the same thing told as a
        difference.
    credit_kg
        Saved elsewhere by recycling; never inside ``ghg_kg``.
    arising_kg, unserved_kg, landfilled_kg, sold_kg
        Masses; ``landfilled_kg`` holds what is not diverted, ``unserved_kg`` among it.
    diversion
        Share of what arises that is not landfilled or left out.
    jobs
        Full-time jobs.
    """

    objective: float
    cost: float
    fixed: float
    processing: float
    transport: float
    fees_paid: float
    gate_fees: float
    deposits: float
    unserved: float
    sales: float
    ghg_kg: float
    transport_ghg_kg: float
    process_ghg_kg: float
    methane_kg: float
    avoided_methane_kg: float
    credit_kg: float
    arising_kg: float
    unserved_kg: float
    landfilled_kg: float
    sold_kg: float
    diversion: float
    jobs: float
