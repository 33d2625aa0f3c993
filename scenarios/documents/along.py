"""What a driver does along a kerbside street: how far, towards where, on which side."""

from __future__ import annotations

import math

import numpy as np

from scenarios.documents.itinerary import Side, Step
from scenarios.messages import say
from scenarios.outcome import Line

EIGHTHS = ("n", "ne", "e", "se", "s", "sw", "w", "nw")
METRES_PER_DEGREE = 111_195.0


def along(step: Step, language: str) -> str:
    """Return "collect along 85 m towards the north-east, on both sides"; empty for what stands at one place."""
    line = step.leg.served if step.leg is not None else None
    if line is None or len(line) < 2:
        return ""
    moves = _metres(line)
    metres = float(np.hypot(*moves.T).sum())
    back = bool(np.allclose(line[0], line[-1]))
    ahead = moves[: len(moves) // 2].sum(axis=0) if back else moves.sum(axis=0)
    side = say(f"side.{step.side}", language) if step.side is not Side.NONE else say("driver.both_sides", language)
    key = "driver.along_and_back" if back else "driver.along"
    towards = say(f"heading.{_eighth(float(ahead[0]), float(ahead[1]))}", language)
    return say(key, language, metres=round(metres / 2 if back else metres), towards=towards, side=side)


def _metres(line: Line) -> np.ndarray:
    """Return the moves of a line, east and north."""
    scale = np.array([METRES_PER_DEGREE * math.cos(math.radians(float(line[0, 1]))), METRES_PER_DEGREE])
    return np.asarray(np.diff(line, axis=0) * scale)


def _eighth(east: float, north: float) -> str:
    return EIGHTHS[round(math.atan2(east, north) / (math.pi / 4)) % 8]
