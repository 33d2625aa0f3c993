"""The flow problem: streams from sources through sites to outlets, at what cost and emission.

Masses are kilograms in one period (a day, a week: the caller's choice, the same everywhere), money is per period in
the scenario's currency, distances metres, times hours or seconds as the name says. Prices and emission factors are
given numbers: nothing is assumed here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from faults import InputError
from optimiser.hubs.flows.materials import Process, Stream
from optimiser.hubs.flows.places import Outlet, Site, Source
from optimiser.hubs.flows.sound import faults_of
from optimiser.hubs.flows.transport import Cooperative, Links, Vehicle


class Aim(StrEnum):
    """What a good plan has little of."""

    COST = "cost"  # money
    GHG = "ghg"  # kg of carbon dioxide equivalent emitted by transport, processes, landfill and what is left out
    NET_GHG = "net-ghg"  # the same less the credits for what is replaced elsewhere
    LANDFILLED = "landfilled"  # kg that end where they do not count as diverted, or are not taken away
    JOBS = "jobs"  # full-time jobs, negative: least is most


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """An aim that may not be worse than so much (the epsilon of an epsilon-constraint)."""

    aim: Aim
    at_most: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A stream that must reach certain outlets: take-back, a contract.

    Parameters
    ----------
    least_kg, least_share
        Mass in the period, and share (0 to 1) of what arises of the stream; the larger counts.
    """

    id: str
    stream: str
    outlets: tuple[str, ...]
    least_kg: float = 0.0
    least_share: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowProblem:
    """What to open in which size, and what flows where.

    Parameters
    ----------
    streams, processes, sources, sites, outlets, vehicles, cooperatives, duties
        Ids unique in each; sources, sites and outlets together are the *places* of the links, in this order.
    links
        The ways.
    aim
        What is minimised.
    limits
        What else may not be too much.
    fixed_budget
        Fixed costs of all sites together may not be more; ``None`` for no limit.

    Raises
    ------
    InputError
        With everything that is wrong.
    """

    streams: tuple[Stream, ...]
    sources: tuple[Source, ...]
    outlets: tuple[Outlet, ...]
    vehicles: tuple[Vehicle, ...]
    links: Links
    processes: tuple[Process, ...] = ()
    sites: tuple[Site, ...] = ()
    cooperatives: tuple[Cooperative, ...] = ()
    duties: tuple[Duty, ...] = ()
    aim: Aim = Aim.COST
    limits: tuple[Limit, ...] = ()
    fixed_budget: float | None = None

    def __post_init__(self) -> None:
        if found := faults_of(self):
            raise InputError(found)

    @property
    def places(self) -> tuple[str, ...]:
        """Return the ids of all places in the order of the links' positions."""
        ids = [source.id for source in self.sources] + [site.id for site in self.sites]
        return (*ids, *(outlet.id for outlet in self.outlets))
