"""The way to a stop in a driver's words: turn by turn, only where there is something to decide."""

from __future__ import annotations

from dataclasses import dataclass

from network.instructions import Step
from scenarios.documents.numbers import metres
from scenarios.messages import known, say
from scenarios.outcome import Leg

ROUND = frozenset({"roundabout", "rotary"})
AHEAD = frozenset({"straight", "slight left", "slight right"})
SILENT = frozenset({"arrive", "exit roundabout", "exit rotary"})  # the stop itself, and the end of what was just said


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What to do, and how far it is to the next thing to do."""

    text: str
    distance_m: float


def turns(leg: Leg, language: str) -> tuple[Turn, ...]:
    """Return the turns of a leg in order; the metres of what is not worth a word belong to the turn before."""
    found: list[Turn] = []
    for step in leg.steps:
        if step.kind not in SILENT:
            found.append(Turn(text=told(step, language), distance_m=step.distance_m))
        elif found:
            found[-1] = Turn(text=found[-1].text, distance_m=found[-1].distance_m + step.distance_m)
    return tuple(found)


def told(step: Step, language: str) -> str:
    """Say one step; what the catalogue has no own words for is said as a plain turn."""
    street = step.name or step.ref
    values: dict[str, object]
    kind = step.kind.replace(" ", "_")
    if kind in ROUND and step.exit is not None:
        key, values = "turn.roundabout", {"exit": step.exit}
    elif kind == "depart":
        key, values = "turn.depart", {"heading": say(f"heading.{_heading(step.bearing_after)}", language)}
    else:
        way = say(f"direction.{(step.modifier or 'straight').replace(' ', '_')}", language)
        key, values = _words(kind, step.modifier, language), {"way": way}
    if step.modifier == "uturn":
        key = "turn.uturn"
    return say(f"{key}.{'named' if street else 'bare'}", language, street=street, **values)


def _words(kind: str, modifier: str, language: str) -> str:
    """Return whose words say a step: a corner is a turn even where nothing else is open, and straight on is none."""
    if kind == "turn" and modifier == "straight":
        return "turn.straight"
    if kind in ("continue", "new_name") and modifier not in AHEAD:
        return "turn.stay" if kind == "continue" else "turn.turn"
    own = kind not in ROUND and known(f"turn.{kind}.named", language)
    return f"turn.{kind}" if own else "turn.turn"


def listed(leg: Leg, language: str) -> tuple[str, ...]:
    """Return the turns as lines with their metres."""
    return tuple(
        say("turn.line", language, text=turn.text, metres=metres(turn.distance_m)) for turn in turns(leg, language)
    )


def _heading(bearing_deg: float) -> str:
    return ("n", "ne", "e", "se", "s", "sw", "w", "nw")[round(bearing_deg / 45) % 8]
