"""The shape of a plan. Shape only: bad plans, hand-edited plans and today's practice fit too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Act(StrEnum):
    """What a vehicle does on a visit."""

    STOP = "stop"
    TIP = "tip"
    BREAK = "break"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A stop, a tip or a break at a time.

    Parameters
    ----------
    act
        What is done.
    id
        Id of the stop, tip site or break.
    mode
        Position in the stop's or tip site's ``modes``; 0 for a break.
    arrive_s, start_s, end_s
        Seconds since midnight: at the place, work begins (after waiting), work ends.
    """

    act: Act
    id: str
    mode: int = 0
    arrive_s: float
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """What lies between two tips: the visits and the tip that ends them (``None``: none did)."""

    visits: tuple[Visit, ...]
    tip: Visit | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A vehicle's shift: leaves its depot at ``start_s`` and is back at ``end_s``."""

    vehicle: str
    start_s: float
    end_s: float
    visits: tuple[Visit, ...]

    @property
    def trips(self) -> tuple[Trip, ...]:
        """The visits cut at the tips; a last trip without a tip is kept only if it has visits."""
        trips: list[Trip] = []
        current: list[Visit] = []
        for visit in self.visits:
            if visit.act is Act.TIP:
                trips.append(Trip(visits=tuple(current), tip=visit))
                current = []
            else:
                current.append(visit)
        if current:
            trips.append(Trip(visits=tuple(current), tip=None))
        return tuple(trips)

    @property
    def stops(self) -> tuple[str, ...]:
        """Ids of the stops in order."""
        return tuple(visit.id for visit in self.visits if visit.act is Act.STOP)


class Reason(StrEnum):
    """Why a stop is left out. The first five are proven for the stop alone; see ``docs/errors.md``."""

    UNREACHABLE = "unreachable"  # no vehicle can get there and back to a site and its depot
    TOO_LARGE = "too-large"  # no vehicle can carry it even when empty
    NO_SITE = "no-site"  # no unloading site accepts what it holds
    NO_TIME = "no-time"  # no vehicle can do it alone within its shift, window and site hours
    NO_VEHICLE = "no-vehicle"  # no vehicle may serve it
    NOT_WORTH_IT = "not-worth-it"  # optional: the detour costs more than the prize
    NO_ROOM = "no-room"  # the engine found no room in any round; not a proof


PROVEN = frozenset({Reason.UNREACHABLE, Reason.TOO_LARGE, Reason.NO_SITE, Reason.NO_TIME, Reason.NO_VEHICLE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change of the problem that was tried and that serves a stop which is left out.

    Parameters
    ----------
    kind, of
        What is changed ("overtime", "site-hours", "extra-vehicle" ...; see ``docs/reasons.md``), and whose it is.
    amount, unit
        By how much: seconds, kilograms, pieces.
    cost
        What the plan with the change costs more than the plan without it, net.
    serves
        All the stops that the plan with the change serves and the plan without it does not.
    """

    kind: str
    of: str
    amount: float
    unit: str
    cost: float
    serves: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unserved:
    """A stop that is left out, why, and what would change it.

    ``rules`` are the codes of the rules that bind (see ``check``), ``change`` the cheapest change that was found and
    verified by planning again; both empty until somebody has looked (``explain``).
    """

    stop: str
    reason: Reason
    detail: str = ""
    fix: str = ""
    rules: tuple[str, ...] = ()
    change: Change | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Rounds, and what is left out of them."""

    rounds: tuple[Round, ...]
    unserved: tuple[Unserved, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Who serves what in which order, before anybody has looked at a clock.

    Parameters
    ----------
    vehicle
        Id of the vehicle.
    visits
        Ids of stops and tip sites in order.
    tips
        ``"listed"``: tip exactly where a tip site stands in ``visits``. ``"free"``: the timing pass decides where
        and at which site to tip, and any tip sites in ``visits`` are ignored.
    """

    vehicle: str
    visits: tuple[str, ...]
    tips: str = "free"


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One broken rule.

    ``code`` is kebab-case and documented; ``amount`` says by how much, in the rule's own unit.
    """

    code: str
    vehicle: str = ""
    visit: str = ""
    detail: str = ""
    amount: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What a plan costs, from first principles; money in the scenario's currency.

    ``total`` is what the planner pays: ``fixed + wages + overtime + distance + tip_costs + gate_fees``. ``prizes`` is
    what optional stops that were served bring in, ``preferences`` what the aims of the problem count in money though
    nobody pays it (by aim: "balance", "compact", "changes"). ``net = total - prizes + sum of preferences`` is what
    engines minimise.
    """

    fixed: float
    wages: float
    distance: float
    gate_fees: float
    total: float
    prizes: float
    net: float
    distance_m: float
    driving_s: float
    service_s: float
    waiting_s: float
    break_s: float
    paid_s: float
    tips: int
    unloaded: Mapping[str, Mapping[str, float]] = field(default_factory=dict)  # tip site -> dimension -> amount
    overtime: float = 0.0
    tip_costs: float = 0.0
    overtime_s: float = 0.0
    preferences: Mapping[str, float] = field(default_factory=dict)
