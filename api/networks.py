"""A street file, read as a scenario would read it, and described."""

from __future__ import annotations

from pathlib import Path


def describe_file(path: Path, *, box: tuple[float, float, float, float] | None = None) -> str:
    """Return what a street file holds, as a page of text.

    Parameters
    ----------
    box
        West, south, east, north in degrees: what is outside is cut off while reading.

    Raises
    ------
    InputError
        When there is no such file, or it is of a kind that is not read.
    SourceError
        When its content cannot be read.
    """
    from network.describe import describe
    from scenarios.scenario import Scenario, StreetsRef
    from scenarios.streets import load_streets

    streets = StreetsRef(file=path.name, box=box)
    scenario = Scenario(name=path.name, country="", currency="", streams=(), streets=streets)
    network, _, _ = load_streets(scenario, path.parent)
    return str(describe(network))
