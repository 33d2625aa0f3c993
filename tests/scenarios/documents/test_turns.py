from __future__ import annotations

import numpy as np
import pytest

from network.instructions import Step
from scenarios.documents.turns import listed, told, turns
from scenarios.outcome import Leg


def step(kind: str, modifier: str = "", name: str = "Moi Avenue", **more: object) -> Step:
    plain = {
        "kind": kind,
        "modifier": modifier,
        "name": name,
        "ref": "",
        "distance_m": 120.0,
        "duration_s": 20.0,
        "first_point": 0,
        "last_point": 1,
        "bearing_before": 0,
        "bearing_after": 90,
        "lon": 36.8,
        "lat": -1.3,
        "exit": None,
        "left_hand": True,
        "intersections": (),
    }
    return Step(**plain | more)


def leg(*steps: Step) -> Leg:
    return Leg(to="a", line=np.zeros((2, 2)), distance_m=1.0, duration_s=1.0, streets=(), steps=steps)


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (step("depart"), "Drive east on Moi Avenue"),
        (step("depart", bearing_after=338, name=""), "Drive north"),
        (step("turn", "left"), "Turn left into Moi Avenue"),
        (step("turn", "slight right", name=""), "Turn half right"),
        (step("continue", "straight"), "Keep straight on along Moi Avenue"),
        (step("continue", "uturn"), "Turn round in Moi Avenue"),
        (step("continue", "sharp right"), "Turn sharp right to stay on Moi Avenue"),
        (step("turn", "straight"), "Go straight on into Moi Avenue"),
        (step("new name", "straight"), "Go on along Moi Avenue"),
        (step("new name", "slight left"), "Go on along Moi Avenue"),
        (step("new name", "left"), "Turn left into Moi Avenue"),
        (step("end of road", "right"), "At the end turn right into Moi Avenue"),
        (step("roundabout", "right", exit=2), "At the roundabout take exit 2 into Moi Avenue"),
        (step("roundabout", "right", name=""), "Turn right"),
        (step("on ramp", "slight left", name="", ref="A104"), "Take the ramp half left to A104"),
    ],
)
def test_each_step_has_its_words(said: Step, text: str) -> None:
    assert told(said, "en") == text


def test_what_is_not_said_lengthens_what_was_said_before() -> None:
    way = leg(
        step("depart", distance_m=100.0),
        step("roundabout", "right", exit=1, distance_m=30.0),
        step("exit roundabout", "right", distance_m=970.0),
        step("turn", "left", distance_m=44.0),
        step("arrive", distance_m=0.0),
    )
    assert [turn.distance_m for turn in turns(way, "en")] == [100.0, 1000.0, 44.0]
    assert [line.rsplit(", ", 1)[1].replace("\u202f", " ").replace("\xa0", " ") for line in listed(way, "en")] == [
        "100 m",
        "1.0 km",
        "40 m",
    ]
    assert turns(leg(), "en") == ()
