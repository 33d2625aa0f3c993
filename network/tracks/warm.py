"""Compile the kernels of places and tracks once, by matching a few points in a made-up town."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from network.profiles import PROFILES
from network.snap import nearest_k, snap
from network.sources.made_up import twelve_junctions
from network.states import turn_graph
from network.tracks.match import match
from network.tracks.track import Track
from network.weigh import weigh


def warm(on_progress: Callable[[str, int, int], None] | None = None) -> None:
    """Compile every kernel that is not compiled yet, and keep it for later runs.

    Parameters
    ----------
    on_progress
        Called with what comes next, how many steps are done, and how many there are.
    """
    streets, profile = twelve_junctions(), PROFILES["refuse-truck"]
    west, south, east, north = streets.box
    lon, lat = np.linspace(west, east, 5), np.linspace(south, north, 5)

    def places() -> None:
        snap(streets, profile, [*lon, 0.0], [*lat, 89.0])  # the last one is far from every street
        nearest_k(streets, np.ones(streets.segments, bool), lon, lat)

    def tracks() -> None:
        weights = weigh(turn_graph(streets, [profile]), profile)
        match(weights, [Track(id="", time_s=np.arange(5.0) * 20, lon=lon, lat=np.full(5, south), row=np.arange(5))])

    steps = {"places on streets": places, "tracks": tracks}
    for done, (name, step) in enumerate(steps.items()):
        if on_progress:
            on_progress(name, done, len(steps))
        step()
    if on_progress:
        on_progress("", len(steps), len(steps))
