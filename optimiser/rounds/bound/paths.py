"""Cheapest trips under prices: the compiled heart of the bound.

A trip leaves a source (the depot or an unloading site), serves stops and ends at a sink (a site or the depot). Its
cost is a sum over the legs of a matrix whose rows are stops, then sources, and whose columns are stops, then sinks;
the price of a stop is already taken off its column. Two relaxations:

- :func:`completion`: routes that only keep the load and do not turn back to the stop they come from (Christofides,
  Mingozzi, Toth 1981, Mathematical Programming 20). A lower limit for all others, for each place and load left.
- :func:`trips`: ng-routes (Baldacci, Mingozzi, Roberti 2011, Operations Research 59): a stop may come again only after
  one that does not remember it. With windows, and with subset-row cuts of limited memory (Pecin, Pessoa, Poggi, Uchoa
  2017, Mathematical Programming Computation 9). A label that cannot come below a limit by ``completion`` is dropped.

Every stop uses at least one unit of load, so that labels are settled load by load.
"""

from __future__ import annotations

import numpy as np

from optimiser.rounds.bound.compiled import inner, kernel
from optimiser.rounds.bound.labels import Cuts, Floats, Found, Ints, Labels, Net, Rest, Shelves, Small, Words

TINY = 1e-9
COARSE = 48  # classes of load in which labels are compared


@kernel
def completion(reduced: Floats, stop_of: Small, use: Small, cap: int) -> Rest:
    """Return the least cost to end a trip, by load left and last row.

    Parameters
    ----------
    reduced
        Cost of every leg under prices, ``inf`` where there is none.
    stop_of, use, cap
        As in :class:`Net`.
    """
    n = len(use)
    first = np.full((cap + 1, n), np.inf)
    second = np.full((cap + 1, n), np.inf)
    follows = np.full((cap + 1, n), -1, dtype=np.int32)
    end = np.full(n, np.inf)
    for j in range(n):
        for t in range(n, reduced.shape[1]):
            end[j] = min(end[j], reduced[j, t])
    for left in range(cap + 1):
        for j in range(n):
            best, other, follow = end[j], end[j], -1
            for i in range(n):
                if use[i] > left or reduced[j, i] == np.inf:
                    continue
                after = left - use[i]
                turned = follows[after, i] == stop_of[j]
                value = reduced[j, i] + (second[after, i] if turned else first[after, i])
                if value < best:
                    if follow != stop_of[i]:
                        other = best
                    best, follow = value, stop_of[i]
                elif value < other and stop_of[i] != follow:
                    other = value
            first[left, j], second[left, j], follows[left, j] = best, other, follow
    return Rest(first, second, follows)


@kernel
def least(reduced: Floats, use: Small, cap: int, first: Floats) -> float:
    """Return the least cost of a trip with a stop, by :func:`completion`."""
    n = len(use)
    best = np.inf
    for s in range(n, reduced.shape[0]):
        for j in range(n):
            if use[j] <= cap:
                best = min(best, reduced[s, j] + first[cap - use[j], j])
    return best


@inner
def _opening(arrival: int, opens: Ints, closes: Ints) -> int:
    """Return when work begins that is reached at ``arrival``; -1 if never."""
    for w in range(len(opens)):
        if arrival <= closes[w]:
            return int(max(arrival, opens[w]))
    return -1


@inner
def _beats(a: int, b: int, labels: Labels, cuts: Cuts, rough: bool) -> bool:
    """Return whether label ``a`` can do all that ``b`` can, for no more."""
    if labels.cost[a] > labels.cost[b] + TINY or labels.load[a] > labels.load[b] or labels.clock[a] > labels.clock[b]:
        return False
    if rough:
        return True
    for w in range(labels.seen.shape[1]):
        if labels.seen[a, w] & ~labels.seen[b, w]:
            return False
    more = labels.state[a] & ~labels.state[b]
    if not more:
        return True
    dear = labels.cost[a]
    for q in range(len(cuts.sigma)):
        if more & cuts.bits[q]:
            dear += cuts.sigma[q]
    return bool(dear <= labels.cost[b] + TINY)


@inner
def _shelved(k: int, labels: Labels, shelves: Shelves, cuts: Cuts, width: int, rough: bool) -> bool:
    """Put label ``k`` in its place and drop what it beats; return whether it was not beaten itself."""
    j, shelf = labels.row[k], labels.load[k] // width
    for b in range(shelf, -1, -1):
        if shelves.lowest[j, b] > labels.cost[k] + TINY:
            continue
        other = shelves.chain[j, b]
        while other >= 0:
            shelves.work[0] += 1
            if _beats(other, k, labels, cuts, rough):
                return False
            other = labels.chained[other]
    previous, other = -1, shelves.chain[j, shelf]
    while other >= 0:
        shelves.work[0] += 1
        following = labels.chained[other]
        if _beats(k, other, labels, cuts, rough):
            labels.alive[other] = False
            if previous < 0:
                shelves.chain[j, shelf] = following
            else:
                labels.chained[previous] = following
        else:
            previous = other
        other = following
    labels.alive[k] = True
    labels.chained[k] = shelves.chain[j, shelf]
    shelves.chain[j, shelf] = k
    shelves.lowest[j, shelf] = min(shelves.lowest[j, shelf], labels.cost[k])
    labels.queued[k] = shelves.queue[labels.load[k]]
    shelves.queue[labels.load[k]] = k
    return True


@inner
def _meet(a: Words, b: Words) -> bool:
    """Return whether two sets have a member in common."""
    for w in range(len(a)):  # noqa: SIM110 - compiled
        if a[w] & b[w]:
            return True
    return False


@inner
def _dear(hit: np.uint64, cuts: Cuts) -> float:
    """Return what a visit costs that is the second of these cuts."""
    money = 0.0
    if hit:
        for q in range(len(cuts.sigma)):
            if hit & cuts.bits[q]:
                money += cuts.sigma[q]
    return money


@inner
def _sets_out(source: int, net: Net) -> int:
    return int(net.depart[source]) if net.duration.shape[0] > 0 else 0


@inner
def _begins(then: int, here: int, there: int, net: Net) -> int:
    """Return when work begins ``there`` after work ``here``; -1 if never, 0 if nobody looks at the clock."""
    if net.duration.shape[0] == 0:
        return 0
    return _opening(then + net.duration[here, there], net.opens[there], net.closes[there])


@inner
def _write(k: int, label: int, j: int, net: Net, labels: Labels) -> None:
    """Write row ``j`` as label ``k``, and what it remembers of ``label`` (-1: nothing)."""
    labels.row[k] = j
    for w in range(net.own.shape[1]):
        kept = (labels.seen[label, w] & net.near[j, w]) if label >= 0 else np.uint64(0)
        labels.seen[k, w] = kept | net.marks[j, w]


@inner
def _grown(
    label: int,
    here: int,
    count: int,
    reduced: Floats,
    net: Net,
    rest: Rest,
    cuts: Cuts,
    labels: Labels,
    shelves: Shelves,
    after: Small,
    rough: bool,
    limit: float,
) -> int:
    """Add every label that follows ``label`` (-1: source ``here``) and may come below ``limit``; return the count."""
    started, n = label >= 0, len(net.use)
    used = labels.load[label] if started else 0
    spent = labels.cost[label] if started else 0.0
    past = labels.state[label] if started else np.uint64(0)
    then = labels.clock[label] if started else _sets_out(here - n, net)
    for q in range(after.shape[1] if started else n):
        j = after[here, q] if started else q
        left, money = net.cap - used - net.use[j], spent + reduced[here, j]
        if left < 0 or money + rest.first[left, j] >= limit or money >= shelves.cell[j, left]:
            continue
        if started and _meet(labels.seen[label], net.own[j]):
            continue
        state = past & cuts.memory[j]
        money += _dear(state & cuts.inside[j], cuts)
        turned = started and rest.follows[left, j] == net.stop_of[here] and _meet(net.near[j], net.own[here])
        if money + (rest.second[left, j] if turned else rest.first[left, j]) >= limit:
            continue
        now = _begins(then, here, j, net)
        if now < 0:
            continue
        _write(count, label, j, net, labels)
        labels.cost[count], labels.load[count], labels.clock[count] = money, net.cap - left, now
        labels.state[count] = state ^ cuts.inside[j]
        labels.before[count] = label if started else -1 - (here - n)
        if _shelved(count, labels, shelves, cuts, net.cap // COARSE + 1, rough):
            if rough and net.duration.shape[0] == 0:
                shelves.cell[j, left] = money
            count += 1
        if count >= len(labels.cost) - 1:
            break
    return count


@inner
def _ended(label: int, reduced: Floats, net: Net, labels: Labels, cost: Floats, sink: Small) -> None:
    """Note the cheapest end of a trip after a label."""
    n, here = len(net.use), labels.row[label]
    home = reduced.shape[1] - 1
    for t in range(n, home + 1):
        total = labels.cost[label] + reduced[here, t]
        if total >= cost[label] or (t == home and labels.seen[label, -1] & net.waste_bit):
            continue
        if _begins(labels.clock[label], here, t, net) < 0:
            continue
        cost[label], sink[label] = total, t - n


@inner
def _room(most: int, words: int) -> Labels:
    return Labels(
        np.empty(most),
        np.empty(most, dtype=np.int32),
        np.empty(most, dtype=np.int64),
        np.empty((most, words), dtype=np.uint64),
        np.empty(most, dtype=np.uint64),
        np.empty(most, dtype=np.int32),
        np.empty(most, dtype=np.int32),
        np.empty(most, dtype=np.bool_),
        np.empty(most, dtype=np.int32),
        np.empty(most, dtype=np.int32),
    )


@kernel
def trips(
    reduced: Floats, net: Net, rest: Rest, cuts: Cuts, after: Small, rough: bool, limit: float, most: int, effort: int
) -> Found:
    """Return trips below ``limit``, the cheapest among them.

    Parameters
    ----------
    after
        Rows that are tried after each row.
    rough
        Compare labels by cost, load and clock only: fast, and may miss trips.
    most, effort
        Labels, and comparisons of labels, at most; with more the search is not complete.
    """
    n = len(net.use)
    labels = _room(most + 1, net.own.shape[1])
    shelves = Shelves(
        np.full((n, COARSE + 1), -1, dtype=np.int32),
        np.full((n, COARSE + 1), np.inf),
        np.full(net.cap + 1, -1, dtype=np.int32),
        np.full((n, net.cap + 1), np.inf),
        np.zeros(1, dtype=np.int64),
    )
    cost, sink = np.full(most + 1, limit), np.full(most + 1, -1, dtype=np.int32)
    count = 0
    for here in range(n, reduced.shape[0]):
        count = _grown(-1, here, count, reduced, net, rest, cuts, labels, shelves, after, rough, limit)
    for load in range(net.cap + 1):
        label = shelves.queue[load]
        while label >= 0 and count < most and shelves.work[0] < effort:
            if labels.alive[label]:
                _ended(label, reduced, net, labels, cost, sink)
                here = labels.row[label]
                count = _grown(label, here, count, reduced, net, rest, cuts, labels, shelves, after, rough, limit)
            label = labels.queued[label]
    kept = slice(0, count)
    return Found(
        count < most and shelves.work[0] < effort,
        cost[kept].copy(),
        sink[kept].copy(),
        labels.row[kept].copy(),
        labels.before[kept].copy(),
    )


@kernel
def varied(found: Found, order: Ints, stop_of: Small, most: int, often: int) -> Ints:
    """Return labels in ``order`` whose trips have a stop that fewer than ``often`` of those before have."""
    times = np.zeros(stop_of.max() + 1, dtype=np.int64)
    chosen = np.empty(min(most, len(order)), dtype=np.int64)
    count = 0
    for first in order:
        fresh, label = False, first
        while label >= 0:
            fresh |= times[stop_of[found.row[label]]] < often
            label = found.before[label]
        if not fresh:
            continue
        label = first
        while label >= 0:
            times[stop_of[found.row[label]]] += 1
            label = found.before[label]
        chosen[count] = first
        count += 1
        if count == len(chosen):
            break
    return chosen[:count].copy()
