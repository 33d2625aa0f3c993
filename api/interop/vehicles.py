"""Which of our profiles a word of another router means.

A real OSRM server ignores the word, and its clients send whatever they like; so a word that nobody knows means the
usual vehicle. openrouteservice refuses what it does not know.
"""

from __future__ import annotations

from collections.abc import Mapping

from network.profiles import PROFILES, VehicleProfile

USUAL = "small-truck"
WORDS: Mapping[str, str] = {
    "driving": USUAL,
    "car": USUAL,
    "driving-car": USUAL,
    "driving-traffic": USUAL,
    "hgv": "refuse-truck",
    "truck": "refuse-truck",
    "driving-hgv": "refuse-truck",
    "foot": "foot",
    "walking": "foot",
    "foot-walking": "foot",
    "foot-hiking": "foot",
    "pedestrian": "foot",
}


def known(word: str) -> VehicleProfile | None:
    """Return the profile that a word means, if it is one of ours or of theirs."""
    return PROFILES.get(word) or PROFILES.get(WORDS.get(word, ""))


def usual(word: str) -> VehicleProfile:
    """Return the profile that a word means, the usual vehicle if nobody knows it."""
    return known(word) or PROFILES[USUAL]


def mode(profile: VehicleProfile) -> str:
    """Return OSRM's word for how one moves."""
    return "walking" if profile.movement == "foot" else "driving"
