"""The made-up town of twelve junctions with kerbside collection beside its containers."""

from __future__ import annotations

from pathlib import Path

SCENARIO = """
name = "Twelve Junctions at the kerb"
country = "KE"
currency = "KES"

[[streams]]
id = "residual"
name = "Residual waste"
density_kg_m3 = 500

[streets]
town = "twelve-junctions"

[tables]
points = { file = "points.csv" }
depots = { file = "depots.csv" }
facilities = { file = "facilities.csv" }
vehicles = { file = "vehicles.csv" }
kerbside = { file = "kerbside.csv" }

[kerbside]
from = "list"
household_s = 20
longest_m = 400
shortest_m = 0

[solve]
seconds = 2
"""
TABLES = {
    "points.csv": "id,lat,lon,kg_per_day,kind\nbin,0.00225,0.0009,200,container\nglass,0.0,0.0063,100,bring-point\n",
    "depots.csv": "id,lat,lon\ndepot,0.0,0.0002\n",
    "facilities.csv": (
        "id,lat,lon,kind,accepts,unload_s,gate_fee_per_tonne,controlled\n"
        "tip,0.0009,0.0001,landfill,residual,600,10,yes\n"
    ),
    "vehicles.csv": (
        "id,profile,start_depot,streams,payload_kg,volume_m3,shift_start_s,shift_end_s,wage_per_hour,"
        "fixed_per_day,cost_per_km\ntruck,refuse-truck,depot,residual,2000,8,06:00,14:00,500,1000,50\n"
    ),
    "kerbside.csv": (
        "street,side,kg_per_day,households\nMarket Street,,300,40\nQuarry Road,,120,20\nFourth Avenue,,80,10\n"
        "North Road,left,60,8\n"
    ),
}


def write(folder: Path, scenario: str = SCENARIO, **tables: str) -> Path:
    """Write the scenario and its tables; ``tables`` by name without ending replace those given here."""
    for name, text in TABLES.items():
        (folder / name).write_text(tables.get(name.removesuffix(".csv"), text), encoding="utf-8")
    path = folder / "scenario.toml"
    path.write_text(scenario, encoding="utf-8")
    return path
