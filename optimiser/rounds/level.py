"""Rounds that are too uneven for the bounds of a balance are levelled: work moves from the fullest to the emptiest.

While a spread is larger than it may be, one part of the fullest round goes to another round, or is left out, or the
emptiest round is given up and its work brought in elsewhere: whatever stands best, with less unevenness.
"""

from __future__ import annotations

from collections.abc import Iterator

from optimiser.rounds.aims import Balance
from optimiser.rounds.bonds import Part
from optimiser.rounds.deadline import Deadline
from optimiser.rounds.draft import FULL, Draft, Memento, candidate, drop, put, remember, restore, standing
from optimiser.rounds.measures import measured, spread
from optimiser.rounds.repair import cheapest

MOST_TRIED = 12  # parts of the fullest round for each step


def level(draft: Draft, deadline: Deadline) -> None:
    """Change the draft until no spread is larger than it may be.

    Past the deadline it only leaves work out, which ends at an empty plan at the latest.
    """
    bounds = [balance for balance in draft.problem.aims.balance if balance.at_most is not None]
    for balance in bounds:
        while _over(draft, balance) > 0.0:
            _step(draft, balance, in_time=not deadline.passed)
    if any(_over(draft, balance) > 0.0 for balance in bounds):
        for vehicle in list(draft.entries)[1:]:  # a single round is even
            drop(draft, vehicle)


def _over(draft: Draft, balance: Balance) -> float:
    at_most = balance.at_most or 0.0
    amount = spread(balance, [one.measure for one in draft.entries.values()])
    return amount - at_most - FULL * max(1.0, at_most)


def _step(draft: Draft, balance: Balance, *, in_time: bool) -> None:
    """Take the change that stands best of those that make the spread smaller; one always does."""
    before, over = remember(draft), _over(draft, balance)
    amounts = {vehicle: measured(balance, one.measure) for vehicle, one in draft.entries.items()}
    fullest, emptiest = max(amounts, key=amounts.__getitem__), min(amounts, key=amounts.__getitem__)
    best: tuple[tuple[float, ...], Memento] | None = None
    for _ in _changes(draft, fullest, emptiest, in_time=in_time):
        if _over(draft, balance) < over - 1e-9:
            key = (standing(draft)[0], _over(draft, balance), standing(draft)[2])
            if best is None or key < best[0]:
                best = key, remember(draft)
        restore(draft, before)
    if best is None:
        drop(draft, emptiest)
    else:
        restore(draft, best[1])


def _changes(draft: Draft, fullest: str, emptiest: str, *, in_time: bool) -> Iterator[None]:
    """Make one change after the other; whoever asks takes each back."""
    stops, ends = draft.entries[fullest].tour.stops, draft.bonds.ends
    parts = [(stop, ends[stop]) if stop in ends else (stop,) for stop in stops if stop not in draft.bonds.begins]
    for part in parts[: MOST_TRIED if in_time else 1]:
        rest = [stop for stop in stops if stop not in part]
        without = candidate(draft, fullest, rest) if rest else None
        if rest and without is None:
            continue
        drop(draft, fullest)
        if without is not None:
            put(draft, without)
        if in_time:
            _elsewhere(draft, part, fullest)
        yield
    drop(draft, emptiest)
    yield


def _elsewhere(draft: Draft, part: Part, but: str) -> None:
    """Bring a part into the round of another vehicle, if there is room."""
    found, _ = cheapest(draft, part)
    if found is not None and found.tour.vehicle != but:
        put(draft, found)
