"""What a kilogram still costs from each node, given prices of what is short; and the dual bound that this makes.

Relax every capacity with a price ``pi >= 0`` (of a site, of a process, of an offer). What is left falls apart into
cheapest ways: from a node, the cheapest process with the cheapest ways for what it makes; from a source, the cheapest
lane, or leaving the stream. With room ``b`` and fixed costs ``F`` of what is open,

    L(pi) = F - pi b + sum_items kg [ least t + (1 - least) min(t, left) ]

is never above the cost of the best flows (Lagrangian duality; Geoffrion 1974, Math. Prog. Study 2), and its
supergradient is what the cheapest ways use, less the room. There are as many prices as capacities, however many lanes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimiser.hubs.compiled import inner, kernel
from optimiser.hubs.flows.scene import Flags, Scene, rooms
from optimiser.hubs.flows.transport import Floats, Positions

STEPS = 60
KEEP = 0.7  # of the last direction in the next
SHRINK = 0.6
PATIENCE = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What ways cost: lanes into nodes, lanes that leave sites, runs, leaving out; each in the order of the scene."""

    into: Floats
    out: Floats
    run: Floats
    left: Floats
    constant: float
    forced: float  # by kg: what must be taken and cannot


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """The cheapest ways at some prices.

    Parameters
    ----------
    value
        ``L``.
    use
        By slot.
    inward
        What a kilogram costs from each node on.
    item
        What it costs from each item on, ``inf`` without a way.
    """

    value: float
    use: Floats
    inward: Floats
    item: Floats


def ways(of: Scene, costs: Costs, opened: Positions, price: Floats) -> Ways:
    """Return the cheapest ways at given prices."""
    use, inward, item = np.zeros(len(price)), np.full(len(of.node_slot), np.inf), np.empty(len(of.kg))
    total = _ways(
        opened >= 0, price, of.sites, of.wide, of.order, of.in_first, of.in_item, costs.into, of.out_first,
        of.out_node, costs.out, of.run_first, of.run_slot, costs.run, of.made_first, of.made_node, of.made_share,
        of.node_slot, of.kg, of.least, costs.left, costs.forced, use, inward, item,
    )  # fmt: skip
    fixed = float(of.fixed[opened[opened >= 0]].sum())
    value = costs.constant + fixed + total - float(price @ rooms(of, opened))
    return Ways(value=value, use=use, inward=inward, item=item)


def climb(
    of: Scene, costs: Costs, opened: Positions, price: Floats, *, target: float, steps: int = STEPS
) -> tuple[Ways, Floats]:
    """Raise the bound by subgradient steps (Polyak) towards ``target``; return the best ways and prices.

    Stops as soon as the bound is above ``target``: such a set of sites is not worth a linear program.
    """
    room = rooms(of, opened)
    scale = np.where(room > 0, 1.0 / np.sqrt(np.maximum(room, 1.0)), 0.0)
    price = np.where(room > 0, price, 0.0)
    best, kept = ways(of, costs, opened, price), price
    now, length, waited = best, 1.0, 0
    move = np.zeros(len(price))
    for _ in range(steps):
        slack = now.use - room
        slack[(price <= 0) & (slack < 0)] = 0.0
        move = slack * scale + KEEP * move
        norm = float((move * move / np.maximum(scale, 1e-300))[scale > 0].sum())
        if norm <= 0.0:
            break
        ahead = max(target - now.value, 1e-4 * abs(target))
        price = np.maximum(price + length * ahead / norm * move, 0.0)
        now = ways(of, costs, opened, price)
        if now.value > best.value:
            best, kept, waited = now, price, 0
        else:
            waited += 1
        if best.value >= target:
            break
        if waited >= PATIENCE:
            length, waited, now, price = length * SHRINK, 0, best, kept
            move = np.zeros(len(price))
    return best, kept


@kernel
def _ways(  # noqa: C901, PLR0912 one pass there and one back, compiled
    is_open: Flags,
    price: Floats,
    sites: int,
    wide: int,
    order: Positions,
    in_first: Positions,
    in_item: Positions,
    in_cost: Floats,
    out_first: Positions,
    out_node: Positions,
    out_cost: Floats,
    run_first: Positions,
    run_slot: Positions,
    run_cost: Floats,
    made_first: Positions,
    made_node: Positions,
    made_share: Floats,
    node_slot: Positions,
    kg: Floats,
    least: Floats,
    left: Floats,
    forced: float,
    use: Floats,
    inward: Floats,
    item: Floats,
) -> float:
    nodes = len(node_slot)
    for n in range(sites * wide, nodes):
        inward[n] = price[node_slot[n]] if node_slot[n] >= 0 else 0.0
    outward = np.full(sites * wide, np.inf)
    best_out = np.full(sites * wide, -1)
    best_run = np.full(sites * wide, -1)
    for k in range(sites - 1, -1, -1):
        h = order[k]
        if not is_open[h]:
            continue
        for n in range(h * wide, (h + 1) * wide):
            for a in range(out_first[n], out_first[n + 1]):
                cost = out_cost[a] + inward[out_node[a]]
                if cost < outward[n]:
                    outward[n], best_out[n] = cost, a
        for n in range(h * wide, (h + 1) * wide):
            for r in range(run_first[n], run_first[n + 1]):
                cost = run_cost[r] + price[h] + (price[run_slot[r]] if run_slot[r] >= 0 else 0.0)
                for m in range(made_first[r], made_first[r + 1]):
                    cost += made_share[m] * outward[made_node[m]]
                if cost < inward[n]:
                    inward[n], best_run[n] = cost, r
    item[:] = np.inf
    place = np.full(len(kg), -1)
    for n in range(nodes):
        if inward[n] == np.inf:
            continue
        for a in range(in_first[n], in_first[n + 1]):
            cost = in_cost[a] + inward[n]
            if cost < item[in_item[a]]:
                item[in_item[a]], place[in_item[a]] = cost, n
    total = 0.0
    flow = np.zeros(nodes)
    for i in range(len(kg)):
        cheapest, where = item[i], place[i]
        must = least[i] * kg[i]
        taken = 0.0
        if cheapest < forced:
            total += must * cheapest
            taken = must
        else:
            total += must * forced
        if cheapest < left[i]:
            total += (kg[i] - must) * cheapest
            taken += kg[i] - must
        else:
            total += (kg[i] - must) * left[i]
        if taken > 0.0 and where >= 0:
            flow[where] += taken
    _used(flow, best_run, best_out, sites, wide, order, out_node, run_slot, made_first, made_node, made_share,
          node_slot, use)  # fmt: skip
    return total


@inner
def _used(
    flow: Floats,
    best_run: Positions,
    best_out: Positions,
    sites: int,
    wide: int,
    order: Positions,
    out_node: Positions,
    run_slot: Positions,
    made_first: Positions,
    made_node: Positions,
    made_share: Floats,
    node_slot: Positions,
    use: Floats,
) -> None:
    """Follow what comes in along the cheapest ways, and note what it uses."""
    made = np.zeros(sites * wide)
    for k in range(sites):
        h = order[k]
        for n in range(h * wide, (h + 1) * wide):
            if flow[n] > 0.0:
                r = best_run[n]
                use[h] += flow[n]
                if run_slot[r] >= 0:
                    use[run_slot[r]] += flow[n]
                for m in range(made_first[r], made_first[r + 1]):
                    made[made_node[m]] += made_share[m] * flow[n]
        for n in range(h * wide, (h + 1) * wide):
            if made[n] > 0.0:
                flow[out_node[best_out[n]]] += made[n]
    for n in range(sites * wide, len(node_slot)):
        if flow[n] > 0.0 and node_slot[n] >= 0:
            use[node_slot[n]] += flow[n]
