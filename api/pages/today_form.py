"""The recycler's form: what was typed, what is wrong with it, and the scenario it means."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scenarios.documents.document import slug
from scenarios.messages import say

STOPS, SALES = 5, 2  # rows of an empty form
MOST_STOPS, MOST_SALES = 60, 12
DENSITY_KG_M3 = 100.0  # every stream needs one; without a volume nothing rests on it
SECONDS = 5.0
PLACE = re.compile(r"\s*([+-]?\d{1,2}(?:\.\d+)?)\s*[,; ]\s*([+-]?\d{1,3}(?:\.\d+)?)\s*")
CLOCK = re.compile(r"([01]?\d|2[0-3]):[0-5]\d")
SINGLE = (
    "streets", "country", "currency", "start", "buyer",
    "payload", "volume", "hours", "leave", "minutes", "wage", "per_km",
)  # fmt: skip
STOP_PARTS = ("where", "kg", "what", "pay")
SALE_PARTS = ("material", "price", "density")
NUMBERS = {
    "payload": (1.0, 3000.0),
    "hours": (0.25, 16.0),
    "minutes": (0.0, 240.0),
    "wage": (0.0, 1e7),
    "per_km": (0.0, 1e6),
}
FIRST = {"streets": "town", "payload": "250", "hours": "6", "leave": "08:00", "minutes": "5", "per_km": "0"}
EXAMPLE: Mapping[str, Any] = {  # as the sample one-tricycle, on the made-up town
    "streets": "town",
    "country": "KE",
    "currency": "KES",
    "start": "0.00054, 0.00003",
    "buyer": "0.00270, 0.00537",
    "payload": "150",
    "volume": "1",
    "hours": "4",
    "leave": "08:00",
    "minutes": "5",
    "wage": "100",
    "per_km": "10",
    "sales": [
        {"material": "PET bottles", "price": "25", "density": "71"},
        {"material": "Cardboard", "price": "10", "density": "63"},
        {"material": "Cans", "price": "110", "density": "37"},
    ],
    "stops": [
        {"where": "0.00003, 0.00036", "kg": "14", "what": "PET bottles", "pay": "12"},
        {"where": "0.00093, 0.00297", "kg": "38", "what": "Cardboard", "pay": "4"},
        {"where": "0.00087, 0.00522", "kg": "22", "what": "PET bottles", "pay": "12"},
        {"where": "0.00087, 0.00526", "kg": "6", "what": "Cans", "pay": "70"},
        {"where": "0.00045, 0.00627", "kg": "3", "what": "PET bottles", "pay": "24"},
        {"where": "0.00222, 0.00117", "kg": "7", "what": "PET bottles", "pay": "8"},
    ],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table that the form stands for: a file name and its text."""

    name: str
    text: str


def empty() -> dict[str, Any]:
    """Return a form with nothing filled in but what is usual."""
    return {
        **dict.fromkeys(SINGLE, ""),
        **FIRST,
        "stops": [dict.fromkeys(STOP_PARTS, "")] * STOPS,
        "sales": [dict.fromkeys(SALE_PARTS, "")] * SALES,
    }


def typed(form: Mapping[str, str]) -> dict[str, Any]:
    """Return what was typed, as it was typed; rows are numbered from 0 in the names of their fields."""
    return {
        **{name: form.get(name, "").strip() for name in SINGLE},
        "stops": _rows(form, "stop", STOP_PARTS, MOST_STOPS),
        "sales": _rows(form, "sale", SALE_PARTS, MOST_SALES),
    }


def _rows(form: Mapping[str, str], kind: str, parts: Sequence[str], most: int) -> list[dict[str, str]]:
    rows = []
    for at in range(most):
        if f"{kind}-{at}-{parts[0]}" not in form:
            break
        rows.append({part: form.get(f"{kind}-{at}-{part}", "").strip() for part in parts})
    return rows


def longer(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the form with a few more empty rows."""
    stops = [*values["stops"], *([dict.fromkeys(STOP_PARTS, "")] * 3)][:MOST_STOPS]
    sales = [*values["sales"], dict.fromkeys(SALE_PARTS, "")][:MOST_SALES]
    return {**values, "stops": stops, "sales": sales}


def faults(values: Mapping[str, Any]) -> dict[str, str]:
    """Return field name -> what is wrong with it, in the words of the page; all at once."""
    wrong: dict[str, str] = {}
    for name in ("start", "buyer"):
        if not values[name]:
            wrong[name] = say("pages.today.wrong.place")
    for name, (low, high) in NUMBERS.items():
        number = decimal(values[name])
        if number is None or not low <= number <= high:
            wrong[name] = say("pages.today.wrong.number", low=f"{low:g}", high=f"{high:g}")
    if values["volume"] and _outside(decimal(values["volume"]), 0.05, 20.0):
        wrong["volume"] = say("pages.today.wrong.number", low="0.05", high="20")
    if not re.fullmatch("[A-Za-z]{2}", values["country"]):
        wrong["country"] = say("pages.today.wrong.country")
    if not re.fullmatch("[A-Za-z]{3}", values["currency"]):
        wrong["currency"] = say("pages.today.wrong.currency")
    if not CLOCK.fullmatch(values["leave"]):
        wrong["leave"] = say("pages.today.wrong.clock")
    return wrong | _sale_faults(values) | _stop_faults(values)


def _sale_faults(values: Mapping[str, Any]) -> dict[str, str]:
    wrong: dict[str, str] = {}
    seen: set[str] = set()
    for at, sale in enumerate(values["sales"]):
        if not any(sale.values()):
            continue
        if not slug(sale["material"]):
            wrong[f"sale-{at}-material"] = say("pages.today.wrong.material")
        elif slug(sale["material"]) in seen:
            wrong[f"sale-{at}-material"] = say("pages.today.wrong.twice")
        seen.add(slug(sale["material"]))
        if _outside(decimal(sale["price"]), 0.0, 1e6):
            wrong[f"sale-{at}-price"] = say("pages.today.wrong.number", low="0", high="1000000")
        if (values["volume"] or sale["density"]) and _outside(decimal(sale["density"]), 1.0, 5000.0):
            wrong[f"sale-{at}-density"] = say("pages.today.wrong.density")
    if not seen:
        wrong["sale-0-material"] = say("pages.today.wrong.material")
    return wrong


def _stop_faults(values: Mapping[str, Any]) -> dict[str, str]:
    sold = {slug(sale["material"]) for sale in values["sales"] if sale["material"]}
    wrong: dict[str, str] = {}
    filled = 0
    for at, stop in enumerate(values["stops"]):
        if not (stop["where"] or stop["kg"] or stop["pay"]):
            continue
        filled += 1
        if not stop["where"]:
            wrong[f"stop-{at}-where"] = say("pages.today.wrong.place")
        if _outside(decimal(stop["kg"]), 0.1, 5000.0):
            wrong[f"stop-{at}-kg"] = say("pages.today.wrong.number", low="0.1", high="5000")
        if slug(stop["what"]) not in sold:
            wrong[f"stop-{at}-what"] = say("pages.today.wrong.not_sold")
        if _outside(decimal(stop["pay"] or "0"), 0.0, 1e6):
            wrong[f"stop-{at}-pay"] = say("pages.today.wrong.number", low="0", high="1000000")
    if not filled:
        wrong["stop-0-where"] = say("pages.today.wrong.no_stop")
    return wrong


def _outside(number: float | None, low: float, high: float) -> bool:
    return number is None or not low <= number <= high


def decimal(text: str) -> float | None:
    """Read a number as people type it, with a decimal point or comma; ``None`` when it is none."""
    plain = text.replace(" ", "").replace("\u202f", "").replace(",", ".")
    return float(plain) if re.fullmatch(r"\d{1,12}(\.\d{1,6})?", plain) else None


def place(text: str) -> dict[str, str]:
    """Read a place: latitude and longitude, else a street or address to be looked up in the map."""
    found = PLACE.fullmatch(text)
    if found:
        return {"lat": found[1], "lon": found[2], "address": ""}
    return {"lat": "", "lon": "", "address": text}


def scenario(values: Mapping[str, Any], *, streets: Mapping[str, Any]) -> dict[str, Any]:
    """Return the scenario that a form without faults means.

    Parameters
    ----------
    streets
        Where the street map comes from, as a scenario says it.
    """
    return {
        "name": say("pages.today.name"),
        "country": values["country"].upper(),
        "currency": values["currency"].upper(),
        "streams": [
            {
                "id": slug(sale["material"]),
                "name": sale["material"],
                "density_kg_m3": decimal(sale["density"]) or DENSITY_KG_M3,
                "sale_price_per_kg": decimal(sale["price"]),
            }
            for sale in values["sales"]
            if sale["material"]
        ],
        "streets": dict(streets),
        "illustration": ["customers", "fleet", "prices"] if "town" in streets else [],
        "tables": {name: {"file": f"{name}.csv"} for name in ("points", "depots", "facilities", "vehicles")},
        "solve": {"seconds": SECONDS},
    }


def tables(values: Mapping[str, Any]) -> tuple[Table, ...]:
    """Return the tables that a form without faults stands for."""
    names = ",".join(slug(sale["material"]) for sale in values["sales"] if sale["material"])
    leave = values["leave"]
    return (
        Table(name="points.csv", text=_csv(_points(values))),
        Table(
            name="depots.csv",
            text=_csv([{"id": "start", "name": say("pages.today.start_name"), **place(values["start"])}]),
        ),
        Table(
            name="facilities.csv",
            text=_csv(
                [
                    {
                        "id": "buyer",
                        "name": say("pages.today.buyer_name"),
                        **place(values["buyer"]),
                        "kind": "buyer",
                        "accepts": names,
                        "recovers": "yes",
                    }
                ]
            ),
        ),
        Table(
            name="vehicles.csv",
            text=_csv(
                [
                    {
                        "id": "tricycle",
                        "name": say("pages.today.tricycle"),
                        "profile": "tricycle",
                        "start_depot": "start",
                        "streams": names,
                        "payload_kg": decimal(values["payload"]),
                        "volume_m3": decimal(values["volume"]),
                        "shift_start_s": leave,
                        "shift_end_s": _later(leave, decimal(values["hours"]) or 0.0),
                        "wage_per_hour": decimal(values["wage"]),
                        "fixed_per_day": 0,
                        "cost_per_km": decimal(values["per_km"]),
                    }
                ]
            ),
        ),
    )


def _points(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "id": say("pages.today.stop", n=at + 1),
            "name": stop["where"],
            **place(stop["where"]),
            "kind": "customer",
            "stream": slug(stop["what"]),
            "kg_now": decimal(stop["kg"]),
            "buying_price_per_kg": decimal(stop["pay"] or "0"),
            "service_s": (decimal(values["minutes"]) or 0.0) * 60,
            "optional": "yes",
        }
        for at, stop in enumerate(values["stops"])
        if stop["where"]
    ]


def _later(clock: str, hours: float) -> str:
    hour, _, minute = clock.partition(":")
    end = int(hour) * 60 + int(minute) + round(hours * 60)
    return f"{end // 60:02d}:{end % 60:02d}"


def _csv(rows: Sequence[Mapping[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
