"""The sheet of a map: streets below, layers on top, scale, north, credit and legend around."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from markupsafe import Markup

from network.streets import StreetNetwork
from scenarios.documents import marks
from scenarios.documents.document import clean
from scenarios.documents.frame import Frame, frame_around
from scenarios.documents.itinerary import Itinerary
from scenarios.documents.map_streets import is_crowded, street_layers
from scenarios.documents.places import Place, hub_places, places
from scenarios.messages import say
from scenarios.outcome import Outcome, Provenance
from scenarios.scenario import Scenario

WIDTH = 760.0
PAPER = "#fbfaf6"
FACES = "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Liberation Sans', Arial, 'Noto Sans', sans-serif"


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """A frame with its streets, drawn once and used by every map of a page.

    ``name`` is the id under which :meth:`definition` puts the streets on the page; ``""`` draws them into each map.
    """

    frame: Frame
    minor: Markup
    main: Markup
    crowded: bool
    name: str = ""

    def definition(self) -> Markup:
        """Return an invisible SVG that defines the streets; put it once on the page, before the maps."""
        return Markup(
            '<svg width="0" height="0" style="position:absolute" aria-hidden="true" focusable="false"><defs>'
            '<g id="{0}-minor">{1}</g><g id="{0}-main">{2}</g></defs></svg>'
        ).format(self.name, self.minor, self.main)

    def streets(self, *, small: bool = False) -> Markup:
        """Return the streets for one map; a small map of a crowded city has the main ones only."""
        layers = (("main", self.main),) if small and self.crowded else (("minor", self.minor), ("main", self.main))
        content = (Markup('<use href="#{}-{}"/>').format(self.name, n) if self.name else m for n, m in layers)
        return Markup(
            '<g transform="scale(.1)" fill="none" stroke-linecap="round" stroke-linejoin="round">{}</g>'
        ).format(Markup("").join(content))


def base_of(outcome: Outcome, rounds: Iterable[Itinerary], *, name: str = "", width: float = WIDTH) -> Base:
    """Return the sheet that shows all places of an outcome and the rounds given."""
    known = [*places(outcome.system).values(), *(hub_places(outcome.system).values() if outcome.hubs else ())]
    return _base(outcome, known, rounds, name=name, width=width)


def round_base(outcome: Outcome, itinerary: Itinerary, *, width: float = WIDTH) -> Base:
    """Return the sheet that shows one round."""
    stops = [step.place for step in itinerary.steps if step.place is not None]
    return _base(outcome, [itinerary.start, itinerary.end, *stops], [itinerary], name="", width=width)


def trip_base(outcome: Outcome, trip: Itinerary, *, width: float = WIDTH) -> Base:
    """Return the sheet that shows the stops of a trip, however far its ends are."""
    stops = [step.place for step in trip.stops if step.place is not None]
    return _base(outcome, stops, (), name="", width=width)


def _base(outcome: Outcome, known: Sequence[Place], rounds: Iterable[Itinerary], *, name: str, width: float) -> Base:
    lines = [leg.whole for itinerary in rounds for leg in itinerary.legs]
    spots = np.array([(place.lon, place.lat) for place in known], dtype=np.float64).reshape(-1, 2)
    shown = np.concatenate([spots, *lines])
    if not len(shown) and outcome.network.segments:
        west, south, east, north = outcome.network.box
        shown = np.array([(west, south), (east, north)])
    frame = frame_around(shown[:, 0], shown[:, 1], width=width)
    minor, main = street_layers(outcome.network, frame)
    return Base(frame=frame, minor=minor, main=main, crowded=is_crowded(outcome.network, frame), name=name)


class Shown(Protocol):
    """What a sheet needs to know of what it shows."""

    @property
    def scenario(self) -> Scenario:
        """Its language."""
        ...

    @property
    def network(self) -> StreetNetwork:
        """The streets, and whose they are."""
        ...

    @property
    def provenance(self) -> Provenance:
        """Who is to be credited."""
        ...


def sheet(
    outcome: Shown,
    base: Base,
    layers: Sequence[Markup],
    items: Sequence[marks.LegendItem] = (),
    *,
    title: str,
    small: bool = False,
) -> Markup:
    """Return a whole map as one ``<svg>``; a small one has neither legend nor scale."""
    frame, language = base.frame, outcome.scenario.language
    credit = outcome.provenance.attribution or outcome.network.attribution
    around = Markup("")
    below, height = Markup(""), 0.0
    if not small:
        below, height = marks.legend(items, width=frame.width, top=frame.height + 6) if items else (below, height)
        around = Markup("").join(
            (
                marks.scale_bar(frame),
                marks.north_arrow(frame, say("map.north", language)),
                marks.credit(frame, credit),
            )
        )
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="map" viewBox="0 0 {w:.0f} {total:.0f}" role="img"'
        ' aria-label="{title}" font-family="{faces}"><title>{title}</title>'
        '<svg width="{w:.0f}" height="{h:.0f}" viewBox="0 0 {w:.0f} {h:.0f}" overflow="hidden">'
        '<rect width="100%" height="100%" fill="{paper}"/>{streets}{layers}{around}</svg>'
        '<rect x=".5" y=".5" width="{inner:.0f}" height="{tall:.0f}" fill="none" stroke="#c9cfca"/>{below}</svg>'
    ).format(
        w=frame.width,
        h=frame.height,
        total=frame.height + height + (6 if height else 0),
        inner=frame.width - 1,
        tall=frame.height - 1,
        title=clean(title),
        faces=FACES,
        paper=PAPER,
        streets=base.streets(small=small),
        layers=Markup("").join(layers),
        around=around,
        below=below,
    )
