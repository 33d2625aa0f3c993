"""Draw the pictures of ``docs/nairobi-hubs.md`` from a study.

python docs/nairobi-hubs/make_pictures.py my-hubs docs/pictures
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from scenarios.hub_study.curve import curve_chart
from scenarios.hub_study.maps import base_map, reach_map, site_map
from scenarios.hub_study.run import run_study


def main(study: Path, out: Path) -> None:
    """Write two maps and the price of equity as SVG."""
    outcome = run_study(study)
    base = replace(base_map(outcome), name="")  # the streets stand in each picture
    drawn = {
        "sites": site_map(outcome, base, title="Who goes to which site (illustration)"),
        "minutes": reach_map(outcome, base, title="Minutes to the nearest site (illustration)"),
        "equity": curve_chart(outcome, title="The price of equity (illustration)"),
    }
    for name, picture in drawn.items():
        (out / f"nairobi-hubs-{name}.svg").write_text(f"{picture}\n", encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
