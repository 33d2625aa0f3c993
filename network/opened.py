"""Which turns are open to a vehicle at a moment.

A turn is open where both its states are usable, no restriction forbids it that binds this vehicle now, nothing stands
at the junction that it cannot pass, and it does not lead through a street that is to be entered to serve only. The
vehicle turns round

* at turning circles, turning loops and mini-roundabouts, and at every junction if it can turn anywhere;
* where there is no way on and there is room: where the extract ends (the street goes on), in a street not
  known to be narrower than it needs, and where it may go backwards as far as to the next junction, or to room.

A way on into streets from which the vehicle could not get back is none; nor is one into a street that it may enter to
serve only, if it does not come from one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from network.profiles import VehicleProfile
from network.states import ARRIVING, END, TurnGraph
from network.tags import Usability
from network.turns import backed_out, clipped_ends, turning_places, wide

Bools = NDArray[np.bool_]


class Rules(NamedTuple):
    """What the map allows a vehicle at a moment.

    In segments; past junctions; which turn restrictions bind it; and which public streets lie behind streets to serve
    only (:func:`network.component.behind`), so that they are come to and left as those are.
    """

    use: Usability
    passable: Bools
    binding: Bools
    behind: Bools


def check(graph: TurnGraph, profile: VehicleProfile, use: Usability) -> None:
    """Refuse a profile for which the graph was not built.

    Raises
    ------
    ValueError
        If it moves otherwise, or may use what no profile of the graph may use.
    """
    used = use.forward | use.backward
    there = graph.leaving.reshape(-1, 2) >= 0
    lacks = (use.forward & ~there[:, 0]) | (use.backward & ~there[:, 1])
    lacks |= used & np.where(use.serve_only, ~graph.serve, ~graph.public)
    if profile.movement != graph.movement or lacks.any():
        raise ValueError(f"the turn graph was not built for what profile {profile.id} may use")


def opened(graph: TurnGraph, profile: VehicleProfile, rules: Rules, open_: Bools) -> Bools:
    """Return which turns are open, and steps without length.

    Parameters
    ----------
    open_
        Which directed segments can be driven at all.
    """
    usable = open_[graph.directed]
    may = usable[graph.turn_from] & usable[graph.turn_to]
    may[graph.banned_turn[rules.binding[graph.banned]]] = False
    _keep_to_copies(graph, rules.use.serve_only | (rules.behind & graph.serve), may)
    ahead = may & graph.real & ~graph.u_turn
    if not rules.passable.all():
        ahead &= rules.passable[graph.junction]
    back = np.flatnonzero(may & graph.u_turn)
    from_ = graph.turn_from[back]
    free = turning_places(graph.network)[graph.junction[back]] | (profile.u_turns == "anywhere")
    room = _room(graph, profile, open_)[graph.directed[from_]]
    dead = _dead_ends(graph, usable, ahead, from_[free | room])
    ahead |= may & ~graph.real
    ahead[back[free | (room & dead[from_])]] = True
    return ahead


def _keep_to_copies(graph: TurnGraph, serve_only: Bools, may: Bools) -> None:
    """Close the turns that lead from copy to copy as this vehicle may not go."""
    row = graph.copied_turns
    from_, to = graph.turn_from[row], graph.turn_to[row]
    serve_from, serve_to = serve_only[graph.segment[from_]], serve_only[graph.segment[to]]
    entering = ~serve_from & serve_to
    arriving = graph.kind & ARRIVING > 0
    may[row] &= np.where(arriving[from_], serve_from & serve_to, arriving[to] == entering)


def _room(graph: TurnGraph, profile: VehicleProfile, open_: Bools) -> Bools:
    """Return at the ends of which directed segments the vehicle has room to turn round, or a way to do without."""
    network = graph.network
    broad = wide(network, profile)
    room = np.repeat(broad, 2)
    ends = np.stack([network.head, network.tail], axis=-1).ravel()
    room |= clipped_ends(network)[ends]
    if profile.reverse_m > 0:
        used = open_[0::2] | open_[1::2]
        row = np.flatnonzero(~room & open_)
        spare = turning_places(network), broad
        room[row] = backed_out(network, row, used, spare, profile.reverse_m)
    return room


def _dead_ends(graph: TurnGraph, usable: Bools, ahead: Bools, able: NDArray[np.int32]) -> Bools:
    """Return the states without a way on; ``able`` are the states in which the vehicle could turn round."""
    arriving = graph.kind & ARRIVING > 0
    row = np.flatnonzero(ahead & ~arriving[graph.turn_from] & ~arriving[graph.turn_to])
    from_, to = graph.turn_from[row], graph.turn_to[row]
    ways = np.bincount(from_, minlength=graph.states)
    caught = usable & ~arriving & (graph.kind != END)
    caught[able] = False
    fresh = caught & (ways == 0)
    while fresh.any():
        caught &= ~fresh
        ways -= np.bincount(from_[fresh[to]], minlength=graph.states)
        fresh = caught & (ways == 0)
    dead: Bools = ways == 0
    copy = np.flatnonzero(arriving)
    dead[copy] = dead[copy - 1]  # the leaving copy, in which the streets beyond are the same
    return dead
