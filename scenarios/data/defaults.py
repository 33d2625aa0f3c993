"""Default figures: physical quantities for which a scenario gives no number of its own.

A figure is looked up by name for a country: first the country's own row, then that of its World Bank income
group, then the one for everywhere (``"*"``). Wages and prices have no defaults: they never cross a border.
The tables are ``defaults.csv`` (chosen one by one), ``national.csv`` (one figure per country from published
statistics, see ``docs/data.md``) and ``countries.csv`` (income groups).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from types import MappingProxyType

EVERYWHERE = "*"
INCOME_GROUPS = ("HIC", "UMC", "LMC", "LIC")
_GROUP_NAMES = {
    "HIC": "high income",
    "UMC": "upper middle income",
    "LMC": "lower middle income",
    "LIC": "low income",
    EVERYWHERE: "everywhere",
}


class DefaultStatus(StrEnum):
    """How far a default figure can be trusted."""

    VERIFIED = "verified"  # read in the named source
    SECONDARY = "secondary"  # read in a copy of the named source
    DERIVED = "derived"  # computed from figures that were read; the source says how
    UNVERIFIED = "unverified"  # attributed to the named source, which was not re-read
    EXPERT = "expert"  # our judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class Default:
    """A default figure with its range and where it comes from.

    Parameters
    ----------
    name
        Kebab-case, listed in ``docs/data.md``.
    country
        What the row holds for: ISO 3166-1 alpha-2, an income group, or ``"*"``.
    value, unit
        The figure.
    low, high
        Plausible range; contains ``value``.
    source, year
        Where it was read; ``None`` when the source carries no year.
    status
        See :class:`DefaultStatus`.
    """

    name: str
    country: str
    value: float
    unit: str
    low: float
    high: float
    source: str
    year: int | None
    status: DefaultStatus

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.value <= self.high:
            raise ValueError(f"default {self.name} for {self.country}: {self.value} not in {self.low}-{self.high}")
        if not self.unit or not self.source:
            raise ValueError(f"default {self.name} for {self.country} has no unit or no source")


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """A country or territory with its World Bank income group and the side of the road it drives on."""

    alpha2: str
    alpha3: str
    name: str
    income_group: str
    drives: str  # "left" or "right"

    def __post_init__(self) -> None:
        if self.income_group not in INCOME_GROUPS:
            raise ValueError(f"country {self.alpha2} is in no income group: {self.income_group}")
        if self.drives not in ("left", "right"):
            raise ValueError(f"country {self.alpha2} drives neither left nor right: {self.drives}")


def lookup(name: str, country: str) -> Default:
    """Return a default figure for a country: its own, else its income group's, else the one for everywhere.

    Parameters
    ----------
    name
        A name of ``docs/data.md``, for example ``"loose-density"``.
    country
        ISO 3166-1 alpha-2; a country we do not know gets the figure for everywhere.

    Raises
    ------
    KeyError
        When there is no default of that name.
    """
    if name not in DEFAULTS:
        raise KeyError(f"no default is called {name}; known: {', '.join(sorted(DEFAULTS))}")
    rows = DEFAULTS[name]
    known = COUNTRIES.get(country.upper())
    group = known.income_group if known else EVERYWHERE
    return rows.get(country.upper()) or rows.get(group) or rows[EVERYWHERE]


def cite(default: Default) -> str:
    """Say a default in one line, for lists of sources."""
    own = COUNTRIES.get(default.country)
    where = own.name if own else _GROUP_NAMES.get(default.country, default.country)
    figure = f"{default.value:g} {default.unit} ({default.low:g}-{default.high:g})"
    year = f", {default.year}" if default.year else ""
    return f"{default.name} {figure}, {where}: {default.source}{year} [{default.status}]"


def _rows(table: str) -> Iterator[dict[str, str]]:
    text = files("scenarios.data").joinpath(table).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


def _read_countries() -> Mapping[str, Country]:
    return MappingProxyType({row["alpha2"]: Country(**row) for row in _rows("countries.csv")})


def _read_defaults() -> Mapping[str, Mapping[str, Default]]:
    found: dict[str, dict[str, Default]] = {}
    for table in ("defaults.csv", "national.csv"):
        for row in _rows(table):
            default = _default(row)
            if default.country in found.setdefault(default.name, {}):
                raise ValueError(f"default {default.name} for {default.country} is given twice")
            found[default.name][default.country] = default
    if lost := [name for name, rows in found.items() if EVERYWHERE not in rows]:
        raise ValueError(f"defaults without a figure for everywhere: {lost}")
    return MappingProxyType({name: MappingProxyType(rows) for name, rows in found.items()})


def _default(row: Mapping[str, str]) -> Default:
    return Default(
        name=row["name"],
        country=row["country"],
        value=float(row["value"]),
        unit=row["unit"],
        low=float(row["low"]),
        high=float(row["high"]),
        source=row["source"],
        year=int(row["year"]) if row["year"] else None,
        status=DefaultStatus(row["status"]),
    )


COUNTRIES: Mapping[str, Country] = _read_countries()
DEFAULTS: Mapping[str, Mapping[str, Default]] = _read_defaults()
