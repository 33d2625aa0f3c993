"""What a label has on board: whether it fits, what a tip empties, what deliveries mean for earlier moments (compiled).

See ``scales.py`` for rows and classes, ``labels.py`` for peaks.
"""

from __future__ import annotations

import numpy as np

from optimiser.rounds.compiled import inner
from optimiser.rounds.flat import (
    ACCEPTS,
    BRINGS,
    BROUGHT,
    CEILING,
    CLASSES,
    FEE,
    FEES,
    GOODS,
    HEAVY,
    HELD,
    ITEMS,
    LATER,
    PARCELS,
    ROW_BREAK,
    ROWS,
    SITES,
    SUPPLIES,
    UNSOLD,
    WASTE,
)
from optimiser.rounds.labels import BREAKS, EMPTIED, FRESH, LEVEL, MONEY, PEAKS
from optimiser.rounds.ways import Floats, Ints


@inner
def row_aboard(w: Ints, x: Floats, ints: Ints, label: int, row: int, done: int) -> float:
    """Return waste and shipments on board with ``done`` items done, as a row weighs them."""
    load = x[w[PARCELS] + done * w[ROWS] + row]
    for k in range(w[CLASSES]):
        load += x[w[WASTE] + (done * w[ROWS] + row) * w[CLASSES] + k]
        load -= x[w[WASTE] + (ints[label, EMPTIED + k] * w[ROWS] + row) * w[CLASSES] + k]
    return float(load)


@inner
def fits(w: Ints, x: Floats, ints: Ints, floats: Floats, label: int, i: int) -> bool:
    """Return whether the label can serve item ``i``: what comes on board fits, and what was brought did until now."""
    for r in range(w[ROWS]):
        if w[w[ROW_BREAK] + r] < 0 and row_aboard(w, x, ints, label, r, i + 1) > x[w[CEILING] + r]:
            return False
    if not w[HEAVY]:
        return True
    rows = w[ROWS]
    peaks = floats[label, PEAKS:].copy()
    _raise(w, x, peaks, i)
    below = True
    for n in range(len(peaks)):
        below &= peaks[n] <= x[w[CEILING] + n % rows]
    return below


@inner
def _raise(w: Ints, x: Floats, peaks: Floats, i: int) -> None:
    """Count what item ``i`` is brought as on board since its goods were taken on."""
    rows = w[ROWS]
    classes = len(peaks) // rows if rows else 0
    for g in range(classes):
        for r in range(rows):
            brought = x[w[BRINGS] + (i * w[ROWS] + r) * w[GOODS] + g]
            if brought > 0:
                peak = peaks[g * rows + r]
                for h in range(classes):
                    other = peaks[h * rows + r]
                    peaks[h * rows + r] = max(other, min(other, peak) + brought)


@inner
def deliver(w: Ints, x: Floats, ints: Ints, floats: Floats, label: int, done: int) -> None:
    """Write the peaks of a label that has just served the last of ``done`` items."""
    rows = w[ROWS]
    peaks = floats[label, PEAKS:]
    _raise(w, x, peaks, done - 1)
    for n in range(len(peaks)):
        if w[w[ROW_BREAK] + n % rows] < 0:
            peaks[n] = max(peaks[n], row_aboard(w, x, ints, label, n % rows, done))


@inner
def unload(w: Ints, x: Floats, ints: Ints, floats: Floats, label: int, site: int, done: int) -> None:
    """Tip at a site: classes emptied, fees paid, goods taken on, a new trip begun."""
    floats[label, MONEY] += x[w[FEE] + site]
    for k in range(w[CLASSES]):
        if w[w[ACCEPTS] + site * w[CLASSES] + k]:
            before = ints[label, EMPTIED + k]
            floats[label, MONEY] += x[w[FEES] + (done * w[SITES] + site) * w[CLASSES] + k]
            floats[label, MONEY] -= x[w[FEES] + (before * w[SITES] + site) * w[CLASSES] + k]
            ints[label, EMPTIED + k] = done
    ints[label, LEVEL] = FRESH
    if w[HEAVY]:
        rows = w[ROWS]
        for g in range(w[GOODS]):
            for r in range(rows if w[w[SUPPLIES] + site * w[GOODS] + g] else 0):
                always = w[w[ROW_BREAK] + r] < 0
                floats[label, PEAKS + g * rows + r] = row_aboard(w, x, ints, label, r, done) if always else -np.inf


@inner
def forgone(w: Ints, x: Floats, ints: Ints, label: int, done: int) -> float:
    """Return what sites would have paid for what the label keeps on board at the end."""
    total = 0.0
    for k in range(w[CLASSES]):
        since = ints[label, EMPTIED + k]
        total += x[w[UNSOLD] + done * w[CLASSES] + k] - x[w[UNSOLD] + since * w[CLASSES] + k]
    return total


@inner
def _holds(w: Ints, ints: Ints, label: int, k: int, done: int) -> bool:
    """Return whether the label has anything of class ``k`` on board."""
    since = ints[label, EMPTIED + k]
    return bool(w[w[HELD] + done * w[CLASSES] + k] > w[w[HELD] + since * w[CLASSES] + k])


@inner
def unloads(w: Ints, ints: Ints, label: int, site: int, done: int) -> bool:
    """Return whether the label has something on board that the site accepts."""
    found = False
    for k in range(w[CLASSES]):
        found |= w[w[ACCEPTS] + site * w[CLASSES] + k] > 0 and _holds(w, ints, label, k, done)
    return found


@inner
def carries(w: Ints, ints: Ints, label: int, done: int) -> bool:
    """Return whether the label has any waste on board."""
    found = False
    for k in range(w[CLASSES]):
        found |= _holds(w, ints, label, k, done)
    return found


@inner
def worth_a_tip(w: Ints, x: Floats, ints: Ints, floats: Floats, label: int, site: int, done: int) -> bool:
    """Return whether a tip there changes anything and is not refused.

    It does if it unloads something, begins a trip that can wait for a later release, or takes on goods for what comes,
    so that they need not have been on board before.
    """
    if unloads(w, ints, label, site, done):
        return True
    if carries(w, ints, label, done):
        return False
    if ints[label, LEVEL] != FRESH and w[w[LATER] + done] > ints[label, LEVEL]:
        return True
    if not w[HEAVY]:
        return False
    rows, last = w[ROWS], w[ITEMS]
    for g in range(w[GOODS]):
        ahead = w[w[BROUGHT] + last * w[GOODS] + g] > w[w[BROUGHT] + done * w[GOODS] + g]
        if w[w[SUPPLIES] + site * w[GOODS] + g] and ahead:
            for r in range(rows):
                now = row_aboard(w, x, ints, label, r, done) if w[w[ROW_BREAK] + r] < 0 else -np.inf
                if floats[label, PEAKS + g * rows + r] > now:
                    return True
    return False


@inner
def may_rest(w: Ints, x: Floats, ints: Ints, floats: Floats, label: int, done: int) -> bool:
    """Return whether what is on board is not too much for the break that ``label`` has just taken, and note it."""
    rest, rows = ints[label, BREAKS] - 1, w[ROWS]
    for r in range(rows):
        if w[w[ROW_BREAK] + r] == rest:
            aboard = row_aboard(w, x, ints, label, r, done)
            if aboard > x[w[CEILING] + r]:
                return False
            for n in range(PEAKS + r, floats.shape[1], rows):
                floats[label, n] = max(floats[label, n], aboard)
    return True
