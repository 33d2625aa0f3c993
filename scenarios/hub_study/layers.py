"""What lies under the people on the maps of a study: streets by the minutes to a site, and where no site may stand."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup

from network.lines import along_lines
from network.profiles import PROFILES
from network.reached import Band, bands
from network.snap import snap
from scenarios.documents.frame import Floats, Frame
from scenarios.documents.lines import path_data, pieces
from scenarios.documents.marks import MUTED
from scenarios.hub_study.outcome import StudyOutcome
from scenarios.hub_study.rows import minute_metres

# One hue from dark to light, and wide to narrow: told apart in grey print and with any colour vision. The lightest is
# darker than every street of the map below.
MINUTE_LOOKS = (("#08306b", 4.4), ("#2f7fbf", 3.4), ("#79b4dc", 2.4))
FULL_WIDTH_M = 6.0  # metres a point; on a sheet of a whole city streets are drawn thinner, or they would run together
AREA = "#7d5a8c"
SMALLEST = 7.0  # points across: a school of one point is to be seen on a large map, too


def walked_streets(outcome: StudyOutcome, frame: Frame) -> list[Markup]:
    """Draw each piece of street by the minutes from it to the nearest open site, the nearest pieces on top."""
    spots = {row.id: row for row in outcome.given.candidates}
    sites = [spots[step.site] for step in outcome.order]
    profile, limit_m = PROFILES[outcome.study.sites.profile], outcome.study.snap_limit_m
    lonlat = [row.lon for row in sites], [row.lat for row in sites]
    places = snap(outcome.network, profile, *lonlat, limit_m=limit_m)
    found = bands(outcome.network, profile, places, minute_metres(outcome))
    return [_lines(outcome, frame, band, *look) for band, look in reversed(list(zip(found, MINUTE_LOOKS, strict=True)))]


def walked_sign(band: int) -> Markup:
    """Return the sign of a band for the legend."""
    colour, width = MINUTE_LOOKS[band]
    return Markup('<path d="M-10 0H10" stroke="{}" stroke-width="{}" stroke-linecap="round"/>').format(colour, width)


def _lines(outcome: StudyOutcome, frame: Frame, band: Band, colour: str, width: float) -> Markup:
    points, start = along_lines(outcome.network, band.segment, band.from_m, band.to_m)
    x, y = frame.xy(points[:, 0], points[:, 1])
    data = path_data(x, y, pieces(np.diff(start)), tolerance=0.4)
    return Markup(
        '<g class="walk" transform="scale(.1)" fill="none" stroke-linejoin="round" stroke-linecap="round">'
        '<path d="{}" stroke="{}" stroke-width="{:.0f}"/></g>'
    ).format(data, colour, 10 * width * min(1.0, float((FULL_WIDTH_M / frame.metres_per_point) ** 0.6)))


def areas(outcome: StudyOutcome, frame: Frame) -> list[Markup]:
    """Draw where no site may stand, with the metres asked for around it, hatched."""
    drawn = [_area(area.corners, area.within_m, frame) for area in outcome.given.areas]
    if not drawn:
        return []
    return [_HATCH, Markup('<g class="areas" stroke-linejoin="round" stroke-linecap="round">{}</g>').format(
        Markup("").join(drawn)
    )]  # fmt: skip


def area_sign() -> Markup:
    """Return the sign of an area for the legend."""
    return Markup('<rect x="-9" y="-6" width="18" height="12" fill="url(#no-site)" stroke="{}"/>').format(AREA)


def fell_out(x: float, y: float) -> Markup:
    """Draw a candidate that fell out: a small hexagon, struck through."""
    corners = " ".join(f"{5.5 * np.sin(turn):.1f},{-5.5 * np.cos(turn):.1f}" for turn in np.arange(6) * np.pi / 3)
    return Markup(
        '<g transform="translate({:.1f} {:.1f})"><polygon points="{}" fill="#fff" stroke="{c}" stroke-width="1.5"/>'
        '<path d="M-6 6 6-6" stroke="{c}" stroke-width="1.8"/></g>'
    ).format(x, y, corners, c=MUTED)


_HATCH = Markup(
    '<defs><pattern id="no-site" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="5" height="5" fill="{c}" fill-opacity=".16"/>'
    '<path d="M0 0V5" stroke="{c}" stroke-width="1.6" stroke-opacity=".75"/></pattern></defs>'
).format(c=AREA)


def _area(corners: Floats, within_m: float, frame: Frame) -> Markup:
    """Draw a ring or a point; a line twice as wide as the metres asked for is the land around it."""
    x, y = frame.xy(corners[:, 0], corners[:, 1])
    wide = 2 * within_m / frame.metres_per_point
    points = "L".join(f"{a:.1f} {b:.1f}" for a, b in zip(x.tolist(), y.tolist(), strict=True))
    if len(corners) == 1:
        points, wide = f"{points}h0", max(wide, SMALLEST)
    return Markup('<path d="M{}Z" fill="url(#no-site)" stroke="url(#no-site)" stroke-width="{:.1f}"/>').format(
        points, wide
    )
