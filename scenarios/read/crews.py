"""What a vehicle's row says beside plain numbers: compartments, compaction, split shifts, rests, overtime, how many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from scenarios.model.fleet import Compartment
from scenarios.model.work import Stream
from scenarios.read.amounts import number
from scenarios.read.context import Context
from scenarios.read.rows import Rows
from scenarios.read.words import bare, closest, listed

MOST_COMPARTMENTS = 4  # with any stream in each, every way to divide them up is looked at
HALVES = (("pause_from_s", "pause_until_s"), ("rest_after_hours", "rest_s"), ("overtime_hours", "overtime_per_hour"))


class Share(NamedTuple):
    """A number with the stream that it is for; ``None``: for any."""

    stream: str | None
    amount: float


def check_halves(rows: Rows) -> None:
    """Refuse rows that say one half of what only makes sense with the other, and pauses that end before they begin."""
    for k in rows.good():
        for first, second in HALVES:
            given = [rows.values[name][k] for name in (first, second)]
            if bool(given[0]) and given[1] is None:
                rows.refuse(k, second, "missing", f"{second} is empty, and there is {first}", "fill in both")
            elif given[0] is None and given[1]:
                rows.refuse(k, first, "missing", f"{first} is empty, and there is {second}", "fill in both")
        start, end = rows.values["pause_from_s"][k], rows.values["pause_until_s"][k]
        if start is not None and end is not None and k not in rows.bad:
            inside = rows.values["shift_start_s"][k] <= start < end <= rows.values["shift_end_s"][k]
            if not inside:
                cause = "the pause is not inside the shift, or ends before it begins"
                rows.refuse(k, "pause_from_s", "hours-reversed", cause, "write both times of day, in order")


def overtime_surcharge(rows: Rows, k: int) -> float:
    """Return what an hour of overtime costs beyond the wage; one that costs less than the wage is a doubt."""
    price, wage = rows.values["overtime_per_hour"][k], rows.values["wage_per_hour"][k]
    if price is not None and price < wage:
        cause = f"an hour of overtime ({price:g}) costs less than an hour of the shift ({wage:g})"
        action = "write the whole price of the hour, not what comes on top"
        rows.found.doubt("overtime-cheap", rows.place(k, "overtime_per_hour"), cause, action)
    return 0.0 if price is None else float(max(price - wage, 0.0))


def compartments(rows: Rows, k: int, streams: Sequence[Stream]) -> tuple[Compartment, ...]:
    """Return the parts of the body; all of them name their stream, or none does."""
    shares = _shares(rows, k, "compartments", streams)
    named = [share for share in shares if share.stream is not None]
    if named and len(named) < len(shares):
        cause = "some compartments are for a stream, others for any"
        rows.refuse(k, "compartments", "compartments", cause, "name the stream of each, or of none")
    elif not named and len(shares) > MOST_COMPARTMENTS:
        cause = f"there are {len(shares)} compartments for any stream"
        rows.refuse(k, "compartments", "compartments", cause, f"name their streams, or make it {MOST_COMPARTMENTS}")
    return tuple(Compartment(stream=share.stream, at_most_kg=share.amount) for share in shares)


def compaction(rows: Rows, k: int, streams: Sequence[Stream]) -> Mapping[str, float]:
    """Return stream -> how many times denser it lies on the vehicle."""
    factors: dict[str, float] = {}
    for share in _shares(rows, k, "compaction", streams):
        factors |= dict.fromkeys([share.stream] if share.stream else [s.id for s in streams], share.amount)
    return factors


def _shares(rows: Rows, k: int, column: str, streams: Sequence[Stream]) -> list[Share]:
    """Read ``"residual 3000"`` or ``"3000"``, item by item."""
    shares: list[Share] = []
    for item in rows.values[column][k] or ():
        word, _, last = item.rpartition(" ")
        amount = number(last, "point")
        stream = _stream(word, streams) if word else None
        if amount is None or amount <= 0:
            cause = f"{item!r} does not end in a number above 0"
            rows.refuse(k, column, "not-a-number", cause, "write a stream and a number, or a number alone")
        elif stream == "":
            likely = closest(word, [name for s in streams for name in (s.id, s.name)])
            cause = f"there is no stream {word!r}; there are {listed([s.id for s in streams])}"
            rows.refuse(k, column, "stream-unknown", cause, f"did you mean {likely!r}?" if likely else "name a stream")
        else:
            shares.append(Share(stream, amount))
    return shares


def _stream(word: str, streams: Sequence[Stream]) -> str:
    return next((s.id for s in streams if bare(word) in {bare(s.id), bare(s.name)}), "")


def numbered(context: Context, rows: Rows, k: int) -> list[str]:
    """Return the ids of the vehicles of a row: its own, or with numbers where there are several alike."""
    own: str = rows.values["id"][k]
    count: int = rows.values["count"][k] or 1
    if count == 1:
        return [own]
    known: dict[str, str] = context.ids["vehicles"]
    ids = [f"{own}-{n}" for n in range(1, count + 1)]
    for id_ in ids:
        if id_ in known:
            cause = f"the {count} vehicles {own!r} would be called {ids[0]!r} and so on, and {id_!r} is in {known[id_]}"
            rows.refuse(k, "id", "id-twice", cause, "give one of them another id")
            break
    known.update(dict.fromkeys(ids, rows.place(k)))
    return ids
