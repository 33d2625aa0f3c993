"""A street file, read as a scenario would read it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from network.streets import Box, StreetNetwork


def read_file(path: Path, *, box: Box | None = None) -> StreetNetwork:
    """Read a street file of any kind that a scenario may name.

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
    from scenarios.scenario import Scenario, StreetsRef
    from scenarios.streets import load_streets

    streets = StreetsRef(file=path.name, box=box)
    scenario = Scenario(name=path.name, country="", currency="", streams=(), streets=streets)
    network, _, _ = load_streets(scenario, path.parent)
    return network


def describe_file(path: Path, *, box: Box | None = None, drawing: Path | None = None) -> str:
    """Return what a street file holds, as a page of text; parameters and errors as :func:`read_file`.

    Parameters
    ----------
    drawing
        Where to draw it: a file that ends in ``.svg`` or ``.png``.

    Raises
    ------
    InputError
        Also ``drawing-format`` and ``drawing-not-written``, before anything is read.
    """
    from network.describe import describe
    from network.draw import check_target, draw

    if drawing is not None:
        check_target(drawing)
    network = read_file(path, box=box)
    if drawing is not None:
        draw(network, drawing)
    return str(describe(network))
