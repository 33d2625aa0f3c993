"""The rounds problem as PyVRP can state it: a relaxation, whose plans the exact timing pass puts right.

What is stated exactly: costs of distance, driving, work, tips and time, fixed costs, prizes, load limits (each distinct
set of weights is a load dimension) for waste, goods and shipments, windows (a stop with several windows or modes is a
group of alternatives), releases, shifts, who may serve what (a load dimension that others have no room in), asymmetric
travel by profile, work that takes unlike vehicles unlike times, queues, choices between single stops.

What is relaxed (PyVRP 0.14 has no breaks, no tip before the garage, and empties and supplies everything at every
reload depot); ``pyvrp_notes.py`` says it to the planner:

- A tip site is a reload depot; ``service_duration`` is charged when leaving it. It empties all dimensions, also those
  that the site does not accept (a vehicle is offered the sites that take all it may have on board, or, if there are
  none, those that take some of it); of several opening hours only the hull counts.
- The last tip is folded into the way home: from a stop to the depot the arc leads over the cheapest site, unloading
  and fees included, opening hours not.
- Breaks are cut out of the clock if the fleet has them in common, else they shorten the shift.
- Overtime is what a round lasts beyond the shift, wherever it begins.
- Gate fees: the cheapest fee per unit is paid in any case and is left out (taken off the prize of an optional stop);
  what a dearer site costs more is charged per tip for an average load.
- Of alternatives of limits a vehicle has the one that suits its work; of choices between several stops the model
  states one option (``pyvrp_choices.py``); both ends of a shipment lie between the same two tips.
- The order of locked stops, what goes together or apart, daily caps, periods of the day and preferences are not seen
  at all.

Costs are whole numbers so fine that the typical leg counts a million; times are tenths of a second, rounded up; loads
are scaled to a mean of about a thousand per stop, rounded up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyvrp

from optimiser.rounds.engines.carrying import who_may
from optimiser.rounds.engines.cut_clock import cut_clock
from optimiser.rounds.engines.pyvrp_arcs import arcs
from optimiser.rounds.engines.pyvrp_choices import stated
from optimiser.rounds.engines.pyvrp_clients import Alternative, work
from optimiser.rounds.engines.pyvrp_fleet import SiteDepots, Team, depots, teams, vehicle_type
from optimiser.rounds.engines.pyvrp_loads import loads
from optimiser.rounds.engines.pyvrp_parts import Parts
from optimiser.rounds.engines.pyvrp_places import places
from optimiser.rounds.tables import Tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxation:
    """The model and the way back.

    Parameters
    ----------
    alternatives, pairs
        What each client stands for; the stops that each shipment joins.
    teams
        Which vehicles each vehicle type has.
    site_depots
        The depot number of each way of each site.
    """

    known: Tables
    data: pyvrp.ProblemData
    alternatives: tuple[Alternative, ...]
    pairs: tuple[tuple[int, int], ...]
    teams: tuple[Team, ...]
    site_depots: SiteDepots


def relax(known: Tables) -> Relaxation:
    """Return the problem as PyVRP can state it."""
    spots = places(known, stated(known, who_may(known, locks=False)))
    parts = Parts(
        known=known,
        spots=spots,
        ways=arcs(known, spots),
        dimensions=loads(known, spots.stops),
        common=cut_clock(known.kinds),
    )
    visited = work(parts)
    stations, site_depots = depots(parts)
    crews = teams(parts)
    data = pyvrp.ProblemData(
        [pyvrp.Location(0, 0) for _ in range(len(spots))],
        visited.clients,
        stations,
        [vehicle_type(parts, team, site_depots) for team in crews],
        list[Any](parts.ways.cost),  # the stubs of 0.14 name a type of matrix that does not exist
        list[Any](parts.ways.time),
        visited.groups,
        visited.shipments,
    )
    return Relaxation(
        known=known,
        data=data,
        alternatives=visited.alternatives,
        pairs=visited.pairs,
        teams=tuple(crews),
        site_depots=site_depots,
    )
