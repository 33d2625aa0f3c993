"""Kerbside streets of a day as stops: their modes on the ground, and the choice between both sides at once or apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from optimiser.rounds.problem import Choice, Mode, Stop, Window
from scenarios.kerbside.ref import KerbsideRef
from scenarios.kerbside.stands import Stands, directions
from scenarios.kerbside.times import Times, times
from scenarios.model.kerbside import KerbsideStreet, Side
from scenarios.scenario import Scenario

Types = Mapping[str, tuple[str, float]]  # service type -> profile, and factor on its times


@dataclass(frozen=True, kw_only=True)
class KerbsideBook:
    """What the kerbside stops of a day are posed from.

    Parameters
    ----------
    types
        Service type of each vehicle -> its profile, and the factor on its times at stops.
    service_factor
        Calibration of all service times.
    windows
        When a street may be served.
    at
        Where a street lies, x and y in metres.
    """

    scenario: Scenario
    ref: KerbsideRef
    stands: Stands
    types: Types
    service_factor: float
    windows: Callable[[KerbsideStreet], tuple[Window, ...]]
    at: Callable[[KerbsideStreet], tuple[float, float]]


def kerbside_work(
    book: KerbsideBook, streets: Iterable[KerbsideStreet], loads_kg: Mapping[str, float]
) -> tuple[tuple[Stop, ...], tuple[Choice, ...]]:
    """Pose the kerbside streets of a day.

    Parameters
    ----------
    loads_kg
        Street id -> kg to collect that day, of all its streams; streets without an entry or with nothing are left out.

    Returns
    -------
    tuple
        A stop for each side (or both, where the street is served in one go), and one more for both sides together where
        that is a choice; the choices, with the sides apart as their first option.
    """
    taken = times(book.scenario, book.ref, book.stands)
    due = [street for street in streets if loads_kg.get(street.id, 0.0) > 0.0]
    stops = {street.id: _stop(book, taken, street, loads_kg[street.id]) for street in due}
    choices = []
    for left, right in _pairs(due):
        k = book.stands.position[left.stretch]
        if book.ref.at_once == "choose" and taken.narrow[k] and (both := _both(book, taken, left, right, stops)):
            stops[both.id] = both
            choices.append(Choice(id=both.id, options=((left.id, right.id), (both.id,))))
    return tuple(stops.values()), tuple(choices)


def both_id(street: KerbsideStreet) -> str:
    """Return the id of the stop at which both sides of a street are served at once."""
    return street.id.replace(f":{street.side}:", f":{Side.BOTH}:", 1)


def served_at(streets: Iterable[KerbsideStreet]) -> dict[str, tuple[str, ...]]:
    """Return what is served at each stop: the street itself, or both sides where these are served at once."""
    known = tuple(streets)
    found: dict[str, tuple[str, ...]] = {street.id: (street.id,) for street in known}
    return {**found, **{both_id(left): (left.id, right.id) for left, right in _pairs(known)}}


def _pairs(streets: Iterable[KerbsideStreet]) -> Iterator[tuple[KerbsideStreet, KerbsideStreet]]:
    """Yield the two sides of each stretch (of one stream) that has both."""
    left = {both_id(street): street for street in streets if street.side is Side.LEFT}
    for street in streets:
        if street.side is Side.RIGHT and (other := left.get(both_id(street))):
            yield other, street


def _stop(book: KerbsideBook, taken: Times, street: KerbsideStreet, kg: float) -> Stop:
    modes = tuple(_modes(book, taken, street)) or (_nowhere(book, street),)
    total = street.total_kg_per_day
    return Stop(
        id=street.id,
        modes=modes,
        loads={stream: kg * rate / total for stream, rate in street.kg_per_day.items()},
        windows=book.windows(street),
        weight=max(kg, 1.0),
        at=book.at(street),
    )


def _both(
    book: KerbsideBook, taken: Times, left: KerbsideStreet, right: KerbsideStreet, stops: Mapping[str, Stop]
) -> Stop | None:
    """Return the stop for both sides at once; ``None`` where no profile can."""
    a, b = stops[left.id], stops[right.id]
    whole = replace(
        left,
        id=both_id(left),
        side=Side.BOTH,
        doors=left.doors + right.doors,
        bins=left.bins + right.bins,
    )
    modes = tuple(_modes(book, taken, whole))
    streams = dict.fromkeys((*a.loads, *b.loads))
    loads = {stream: a.loads.get(stream, 0.0) + b.loads.get(stream, 0.0) for stream in streams}
    weight = a.weight + b.weight
    return replace(a, id=whole.id, modes=modes, loads=loads, weight=weight) if modes else None


def _modes(book: KerbsideBook, taken: Times, street: KerbsideStreet) -> Iterator[Mode]:
    """Yield the ways to serve a street, those of a dead end in and out."""
    stands, k = book.stands, book.stands.position[street.stretch]
    if street.blind:
        inward = 0 if street.blind == "last" else 1
        if stands.plain[k].min() >= 0:
            yield _in_and_out(book, taken, street, k, inward)
            return
    for back, far, way in directions(stands, street):
        id_ = stands.ids[way]
        service = {
            name: taken.moving[name][k, back]
            + taken.work(name, street.doors, street.bins) * _factor(taken, street.side, name, k, back, far=far)
            for name in stands.runs
        }
        yield _mode(book, (id_, id_), service, float(stands.length_m[k]))


def _factor(taken: Times, side: Side, profile: str, k: int, back: int, *, far: bool) -> float:
    if side is Side.BOTH:
        return taken.at_once[profile] if taken.far[profile][k, back] > 1.0 else 1.0
    return float(taken.far[profile][k, back]) if far else 1.0


def _in_and_out(book: KerbsideBook, taken: Times, street: KerbsideStreet, k: int, inward: int) -> Mode:
    """Return the mode of a dead end: one side on the way in and the other on the way out, or both on the way in."""
    stands, service = book.stands, {}
    for name, run in stands.runs.items():
        into, out = taken.moving[name][k, inward], taken.moving[name][k, 1 - inward]
        work, turn = taken.work(name, street.doors, street.bins), taken.round[name][k, inward]
        apart = into + turn + out + work
        at_once = into + turn + run.ms[k, 1 - inward] / 1000.0 + work * taken.at_once[name]
        service[name] = min(apart, at_once) if taken.narrow[k] or taken.at_once[name] == 1.0 else apart
    ids = stands.ids[stands.plain[k, inward]], stands.ids[stands.plain[k, 1 - inward]]
    return _mode(book, ids, service, 2.0 * float(stands.length_m[k]))


def _nowhere(book: KerbsideBook, street: KerbsideStreet) -> Mode:
    """Return the mode of a street that no vehicle of the fleet can serve: it leads nowhere."""
    stands, k = book.stands, book.stands.position[street.stretch]
    id_ = stands.ids[stands.plain[k].max()]
    return Mode(arrive=id_, leave=id_, service_s=0.0, distance_m=float(stands.length_m[k]))


def _mode(book: KerbsideBook, ids: tuple[str, str], service: Mapping[str, float], distance_m: float) -> Mode:
    """Return a mode with its time for each kind of crew."""
    by = {
        name: float(service[profile]) * factor * book.service_factor for name, (profile, factor) in book.types.items()
    }
    usual = next(iter(by.values()), 0.0)
    others = {name: seconds for name, seconds in by.items() if seconds != usual}
    return Mode(arrive=ids[0], leave=ids[1], service_s=usual, service_by=others, distance_m=distance_m)
