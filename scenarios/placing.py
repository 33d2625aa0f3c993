"""What is said about places that could not be put on the streets, were moved far, or are cut off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from faults import Fault
from network.cutoff import CutOff
from network.snap import Snapped
from scenarios.kerbside.stands import Stands, directions
from scenarios.model.kerbside import KerbsideStreet
from scenarios.model.origin import Origin
from scenarios.model.sites import Depot, Facility
from scenarios.read.words import listed

FAR_M = 40.0  # a place snapped farther than this is reported as a doubt (ours: about one street's width and a yard)


class Located(Protocol):
    """Anything with an id that came from a row of a table."""

    @property
    def id(self) -> str:
        """Its id."""
        ...

    @property
    def origin(self) -> Origin:
        """Where it was read."""
        ...


def snap_doubts(items: Sequence[Located], snapped: Mapping[str, Snapped], limit_m: float) -> Iterator[Fault]:
    """Report what could not be placed on the streets of its profiles, and what was moved far; each place once a kind.

    Parameters
    ----------
    snapped
        Profile -> positions, aligned with the items.
    """
    for k in _weighty_first(items):
        item, place = items[k], f"{items[k].origin} ({items[k].id})"
        for problem in ("too-far", "cut-off"):
            who = [name for name, found in snapped.items() if found.problem[k] == problem]
            if who:
                yield Fault(
                    code=f"place-{problem}",
                    place=place,
                    cause=f"no street that {_names(who)} can use lies within {limit_m:.0f} m{_nobody(item)}"
                    if problem == "too-far"
                    else f"the nearest street is cut off from the rest for {_names(who)}{_nobody(item)}",
                    action="check the coordinates, give another vehicle, or raise snap_limit_m",
                )
        moved = {name: float(f.distance_m[k]) for name, f in snapped.items() if not f.problem[k]}
        far = [name for name, metres in moved.items() if metres > FAR_M]
        if far:
            metres = max(moved[name] for name in far)
            yield Fault(
                code="place-moved",
                place=place,
                cause=f"moved {metres:.0f} m to the nearest street that {_names(far)} can use",
                action="check that this is where it stands",
            )


def cut_off_doubts(items: Sequence[Located], lost: Mapping[str, Sequence[CutOff]]) -> Iterator[Fault]:
    """Report places that closures or the hour of the day cut off, by name.

    Parameters
    ----------
    lost
        Profile -> the places it cannot reach and leave again.
    """
    known = {items[k].id: items[k] for k in _weighty_first(items)}
    rank = {id_: k for k, id_ in enumerate(known)}
    for name, cuts in lost.items():
        for cut in sorted(cuts, key=lambda cut: rank[cut.id]):
            by = listed([repr(one) for one in cut.by], 5) if cut.by else "what the map closes at that hour"
            yield Fault(
                code="place-closed-off",
                place=f"{known[cut.id].origin} ({cut.id})",
                cause=f"{by} {'closes its street' if cut.closed_here else 'closes the way there'} for a {name}"
                f"{_nobody(known[cut.id])}",
                action="serve it on another day or with another vehicle, or move what is collected there",
            )


def kerbside_doubts(streets: Sequence[KerbsideStreet], kerb: Stands) -> Iterator[Fault]:
    """Report the sides of streets that no vehicle of the fleet can serve: they are left, and said by name."""
    lost = [street for street in streets if not any(directions(kerb, street)) and not _in_and_out(street, kerb)]
    if not lost:
        return
    names = list(dict.fromkeys(street.name or street.stretch for street in lost))
    yield Fault(
        code="kerbside-cut-off",
        place="kerbside",
        cause=f"{len(lost)} sides of streets, {sum(street.people for street in lost):.0f} people, cannot be served by "
        f"any vehicle of the fleet as the streets are: {listed(names, 5)}",
        action="place bring points or containers for them, plan a smaller vehicle, or another day",
    )


def _in_and_out(street: KerbsideStreet, kerb: Stands) -> bool:
    """Return whether a street is a dead end that some vehicle comes out of again."""
    return bool(street.blind) and bool(kerb.can[kerb.position[street.stretch]].all())


def _weighty_first(items: Sequence[Located]) -> list[int]:
    """Return positions: depots, then facilities, then the rest, for what cuts off one of the first cuts off all."""
    return sorted(
        range(len(items)), key=lambda k: (not isinstance(items[k], Depot), not isinstance(items[k], Facility))
    )


def _nobody(item: Located) -> str:
    if isinstance(item, Depot):
        return "; no vehicle that starts or ends here can serve anything"
    return "; nothing can be unloaded here" if isinstance(item, Facility) else ""


def _names(profiles: Sequence[str]) -> str:
    return " or ".join(f"a {name}" for name in profiles)
