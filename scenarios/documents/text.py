"""Plain text short enough for a phone message: one for each vehicle and day, in letters every phone can show."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path

from optimiser.rounds.plan import Act
from scenarios.documents import words
from scenarios.documents.document import Document, save, slugs
from scenarios.documents.earnings import Earnings, earnings, to_pay
from scenarios.documents.itinerary import Itinerary, Step, all_itineraries
from scenarios.documents.numbers import clock
from scenarios.messages import say
from scenarios.outcome import Outcome

LONGEST = 600
LATIN = str.maketrans(
    {
        "\u00df": "ss",
        "\u00e6": "ae",
        "\u00c6": "AE",
        "\u0153": "oe",
        "\u00f8": "o",
        "\u00d8": "O",
        "\u0142": "l",
        "\u0141": "L",
        "\u0111": "d",
        "\u0110": "D",
        "\u0131": "i",
        "\u2019": "'",
        "\u2018": "'",
        "\u2013": "-",
        "\u2014": "-",
        "\u2212": "-",
    }
)  # fmt: skip -- letters that do not fall apart into a plain one and an accent
NAMES = ((24, True), (16, True), (11, True), (16, False), (11, False), (7, False), (0, False))  # letters, with times


def write(outcome: Outcome, folder: Path) -> tuple[Document, ...]:
    """Write ``message-<day>-<vehicle>.txt`` for every round."""
    language = outcome.scenario.language
    names = slugs(vehicle.id for vehicle in outcome.system.vehicles)
    return tuple(
        save(
            folder,
            f"message-{day.day}-{names[itinerary.vehicle.id]}.txt",
            "text/plain; charset=utf-8",
            words.marked(
                say(
                    "message.title",
                    language,
                    vehicle=itinerary.vehicle.name or itinerary.vehicle.id,
                    day=words.day_name(itinerary.day, language),
                ),
                outcome,
            ),
            message(outcome, itinerary),
        )
        for day, itinerary in all_itineraries(outcome)
    )


def message(outcome: Outcome, itinerary: Itinerary) -> str:
    """Return a round as text of at most ``LONGEST`` letters where possible.

    Names are cut shorter and shorter, then times go, then stops go by their ids, until all fits. A round whose stops
    do not fit even so lists the stops that do, and says how many more stand on the driver sheet.
    """
    language = outcome.scenario.language
    head, tail = _head(outcome, itinerary), _tail(itinerary, earnings(outcome, itinerary), language)
    lines: list[str] = []
    for letters, timed in NAMES:
        lines = [_line(step, letters, language, timed=timed) for step in itinerary.steps]
        text = _joined(head, lines, tail)
        if len(text) <= LONGEST:
            return text
    return _cut(head, lines, tail, language)


def plain(text: str, most: int = LONGEST) -> str:
    """Return text in printable ASCII, accents taken off, cut to a length."""
    letters = unicodedata.normalize("NFKD", text.translate(LATIN)).encode("ascii", "ignore").decode()
    return " ".join("".join(c if c.isprintable() else " " for c in letters).split())[:most].rstrip(" ,;-")


def _head(outcome: Outcome, itinerary: Itinerary) -> str:
    language = outcome.scenario.language
    head = say(
        "message.head",
        language,
        vehicle=plain(itinerary.vehicle.name, 24) or plain(itinerary.vehicle.id, 24),
        day=words.day_name(itinerary.day, language),
        start=clock(itinerary.round_.start_s),
        place=plain(itinerary.start.name, 24) or plain(itinerary.start.id, 24),
        count=len(itinerary.stops),
        kg=f"{itinerary.collected_kg:.0f}",
        km=f"{itinerary.price.distance_m / 1000:.1f}",
    )
    return plain(words.marked(head, outcome))


def _line(step: Step, letters: int, language: str, *, timed: bool) -> str:
    time = clock(step.visit.start_s)
    if step.visit.act is Act.BREAK:
        return plain(say("message.break", language, time=time, minutes=f"{_minutes(step):.0f}"))
    place = step.place
    name = "" if place is None else plain(place.name, letters or 12) or plain(place.id, letters or 12)
    if step.visit.act is Act.TIP:
        return plain(say("message.tip", language, time=time, place=name, kg=f"{step.kg:.0f}"))
    name = name if letters else plain(step.visit.id, 12)
    at = time if timed else ""
    text = say("message.stop", language, number=step.number, time=at, place=name, kg=f"{step.kg:.0f}")
    pay = to_pay(step)
    return plain(say("message.paid", language, line=text, pay=f"{pay:.0f}") if pay is not None else text)


def _minutes(step: Step) -> float:
    return (step.visit.end_s - step.visit.start_s) / 60


def _tail(itinerary: Itinerary, earned: Earnings | None, language: str) -> str:
    tail = say("message.back", language, time=clock(itinerary.round_.end_s))
    if earned is not None:
        money = say(
            "message.money",
            language,
            buy=f"{earned.bought:.0f}",
            sell=f"{earned.sold:.0f}",
            costs=f"{earned.running:.0f}",
            keep=f"{earned.left:.0f}",
            hour=f"{earned.per_hour:.0f}",
            currency=earned.currency,
        )
        tail = f"{tail}\n{money}"
    return "\n".join(plain(line) for line in tail.splitlines())


def _joined(head: str, lines: Sequence[str], tail: str) -> str:
    return "\n".join([head, *lines, tail]) + "\n"


def _cut(head: str, lines: Sequence[str], tail: str, language: str) -> str:
    for kept in range(len(lines) - 1, -1, -1):
        more = plain(say("message.more", language, count=len(lines) - kept))
        text = _joined(head, [*lines[:kept], more], tail)
        if len(text) <= LONGEST:
            return text
    return _joined(head, [plain(say("message.more", language, count=len(lines)))], tail)
