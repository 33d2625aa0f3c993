"""A small scenario on a patch of Nairobi, and its tables, for tests that break one thing at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from faults import Fault, InputError
from network.features import MapFeatures
from network.streets import StreetNetwork
from scenarios.model.system import WasteSystem
from scenarios.model.work import Stream
from scenarios.read.tables import read_tables
from scenarios.scenario import Scenario, StreetsRef, TableRef

RESIDUAL = Stream(id="residual", name="Residual waste", density_kg_m3=334)
ORGANIC = Stream(id="organic", name="Organic waste", density_kg_m3=400)

POINTS = "id,lat,lon,stream,kg_per_day\np1,-1.2841,36.8233,residual,40\np2,-1.2852,36.8241,residual,55\n"
DEPOTS = "id,lat,lon\nyard,-1.2900,36.8300\n"
FACILITIES = "id,lat,lon,kind,accepts,gate_fee_per_tonne\ntip,-1.2800,36.8400,landfill,all,500\n"
VEHICLES = (
    "id,profile,start_depot,streams,payload_kg,shift_start_s,shift_end_s,wage_per_hour,fixed_per_day,cost_per_km\n"
    "t1,refuse-truck,yard,all,7000,06:00,14:00,500,6000,230\n"
)
GOOD: Mapping[str, str] = {"points": POINTS, "depots": DEPOTS, "facilities": FACILITIES, "vehicles": VEHICLES}


def scenario(**changes: Any) -> Scenario:
    plain = Scenario(
        name="patch",
        country="KE",
        currency="KES",
        streams=(RESIDUAL,),
        streets=StreetsRef(town="twelve-junctions"),
        tables={name: TableRef(file=f"{name}.csv") for name in GOOD},
    )
    return replace(plain, **changes)


def with_ref(plain: Scenario, table: str, **changes: Any) -> Scenario:
    ref = plain.tables.get(table, TableRef(file=f"{table}.csv"))  # type: ignore[call-overload]
    return replace(plain, tables={**plain.tables, table: replace(ref, **changes)})


def lay(folder: Path, **tables: str | bytes) -> Path:
    """Write the tables, the good ones where none is given."""
    for name, content in {**GOOD, **tables}.items():
        raw = content if isinstance(content, bytes) else content.encode()
        (folder / f"{name}.csv").write_bytes(raw)
    return folder


def read(
    folder: Path,
    plain: Scenario | None = None,
    *,
    network: StreetNetwork | None = None,
    features: MapFeatures | None = None,
    **tables: str | bytes,
) -> tuple[WasteSystem, tuple[Fault, ...]]:
    plain = plain or scenario()
    for name in tables:
        if name not in plain.tables:
            plain = with_ref(plain, name)
    return read_tables(plain, lay(folder, **tables), network=network, features=features)


def faults(call: Callable[..., object], *args: Any, **options: Any) -> tuple[Fault, ...]:
    with pytest.raises(InputError) as caught:
        call(*args, **options)
    for fault in caught.value.faults:
        assert fault.code
        assert fault.place
        assert fault.cause
        assert fault.action, fault
    return caught.value.faults


def the_fault(call: Callable[..., object], *args: Any, **options: Any) -> Fault:
    found = faults(call, *args, **options)
    assert len(found) == 1, found
    return found[0]


def codes(found: tuple[Fault, ...]) -> list[str]:
    return [fault.code for fault in found]
