"""Readers of published siting instances: p-median and p-centre, covering, warehouses, single source, plain location.

Each format is recognised by how many numbers are in a file and by its head; what a file does not say (number of sites,
model, radius, capacity) is asked for.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.orlib import read_pmedian
from faults import Fault, InputError
from optimiser.hubs.siting.arcs import from_matrix
from optimiser.hubs.siting.problem import Aim, Candidate, Demand, SitingProblem, Size

Floats = NDArray[np.float64]
FEWEST = 6  # numbers in a file
UNLIKE = 10  # different demands that warehouses have at least
MODELS = {
    "median": Aim.MEDIAN,
    "centre": Aim.CENTRE,
    "lscp": Aim.COVER,
    "mclp": Aim.MAX_COVER,
    "cflp": Aim.COST,
    "sscflp": Aim.COST,
    "uflp": Aim.COST,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a file may leave open: see the options of the command line."""

    p: int | None = None
    model: str | None = None
    radius: float | None = None
    capacity: float | None = None
    form: str | None = None  # by what is in the file, unless given


@dataclass(frozen=True, slots=True, kw_only=True)
class Sited:
    """A published instance as a siting problem; the objective is the set's own cost."""

    name: str
    format: str
    model: str
    problem: SitingProblem


def read(path: Path, asked: Asked) -> Sited:
    """Read an instance of any of the formats; its name is the file's, what was asked for is not part of it.

    Raises
    ------
    InputError
        When none fits, or something that the file leaves open was not given.
    """
    text = _text(path)
    form = asked.form or recognised(text)
    if form not in READERS:
        cause = f"the format {form} is none of siting" if form else "what stands in the file fits none of the formats"
        action = f"Check the file, or name one with --format: {', '.join(READERS)}."
        raise InputError(_fault(path, code="instance-format-unknown", cause=cause, action=action))
    try:
        posed, model = READERS[form](path, text, asked)
    except (ValueError, IndexError) as error:
        cause = f"it does not read as {form}: {error}"
        raise InputError(
            _fault(path, code="instance-unreadable", cause=cause, action="Check the file, or the format.")
        ) from error
    return Sited(name=path.name.split(".")[0], format=form, model=model, problem=posed)


def _text(path: Path) -> str:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="ascii", errors="replace") as stream:
        return stream.read()


def recognised(text: str) -> str:  # noqa: PLR0911 - a line a format
    """Return the name of the format, empty if none fits."""
    words = text.split()
    if "NODE_COORD_SECTION" in text:
        return "tsplib"
    if len(words) < FEWEST or not all(
        word == "capacity" or _number(word) for word in words[:40] if word not in ("p", "S")
    ):
        return ""
    many = len(words)
    if "p" in words[:4] and (many - 4) % 3 == 0:
        return "covering"
    if "capacity" in words:
        return "orlib-cap"
    a, b, c = (float(word) if _number(word) else 0.0 for word in words[:3])
    if float(words[2]) >= 2 and many == 5 + 4 * int(float(words[2])):
        return "pmedcap"
    if many == 3 + 3 * int(b) and float(words[3]) >= 1 and c <= a:
        return "pmedian"
    m, n = int(a), int(b)
    return _by_lines(text, words, m, n) if many == 2 + 2 * m + n + n * m else ""


def _by_lines(text: str, words: list[str], m: int, n: int) -> str:
    """Tell three formats apart that have as many numbers: by the line after the first, and by demand."""
    second = text.splitlines()[1].split()
    if len(second) != 2 or m == 2:
        return "sscflp"
    demand = words[2 + 2 * m :: m + 1][:n]
    return "uflp-m" if len(set(demand)) < min(n, UNLIKE) else "orlib-cap"


def _number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def _fault(path: Path, *, code: str, cause: str, action: str) -> Fault:
    return Fault(code=code, place=path.name, cause=cause, action=action)


def _need(path: Path, value: float | None, option: str) -> float:
    if value is None:
        raise InputError(
            _fault(
                path,
                code="instance-option-missing",
                cause=f"the file does not say {option}",
                action=f"Give --{option}.",
            )
        )
    return value


def _model(path: Path, asked: Asked, known: tuple[str, ...]) -> str:
    model = asked.model or known[0]
    if model not in known:
        raise InputError(
            _fault(path, code="objective-unknown", cause=f"no model {model!r} here", action=f"Use: {', '.join(known)}.")
        )
    return model


def _euclid(place: Floats) -> Floats:
    way = place[:, None, :] - place[None, :, :]
    return np.asarray(np.floor(np.sqrt(np.sum(way**2, axis=2))))


def _everywhere(distance: Floats, aim: Aim, p: int) -> SitingProblem:
    """Return a problem in which every node is demand of weight 1 and a candidate."""
    n = len(distance)
    return SitingProblem(
        demand=Demand(ids=tuple(f"d{i}" for i in range(n)), weight=np.ones(n)),
        candidates=tuple(Candidate(id=f"c{j}") for j in range(n)),
        arcs=from_matrix(distance),
        aim=aim,
        at_most=p,
    )


def _pmedian(path: Path, _text: str, asked: Asked) -> tuple[SitingProblem, str]:
    model, found = _model(path, asked, ("median", "centre")), read_pmedian(path)
    return _everywhere(found.distance, MODELS[model], asked.p or found.p), model


def _tsplib(path: Path, text: str, asked: Asked) -> tuple[SitingProblem, str]:
    model, p = _model(path, asked, ("median", "centre")), int(_need(path, asked.p, "p"))
    body = text.split("NODE_COORD_SECTION")[1].split("EOF", maxsplit=1)[0]
    place = np.array(body.split(), dtype=np.float64).reshape(-1, 3)[:, 1:]
    return _everywhere(_euclid(place), MODELS[model], p), model


def _covering(path: Path, text: str, asked: Asked) -> tuple[SitingProblem, str]:
    model, radius = _model(path, asked, ("mclp", "lscp")), _need(path, asked.radius, "radius")
    rows = np.array(text.split()[4:], dtype=np.float64).reshape(-1, 3)
    way = rows[:, None, :2] - rows[None, :, :2]
    n = len(rows)
    return SitingProblem(
        demand=Demand(ids=tuple(f"d{i}" for i in range(n)), weight=rows[:, 2].copy()),
        candidates=tuple(Candidate(id=f"c{j}") for j in range(n)),
        arcs=from_matrix(np.sqrt(np.sum(way**2, axis=2)), radius),
        aim=MODELS[model],
        at_most=int(_need(path, asked.p, "p")) if model == "mclp" else None,
    ), model


def _money(capacity: Floats, fixed: Floats, demand: Floats, cost: Floats, model: str) -> SitingProblem:
    """Return a fixed-charge problem; ``cost`` is for the whole demand of a client (row) from a site (column)."""
    n, m = cost.shape
    limit = np.full(m, np.inf) if model == "uflp" else capacity
    return SitingProblem(
        demand=Demand(ids=tuple(f"d{i}" for i in range(n)), weight=demand),
        candidates=tuple(
            Candidate(id=f"c{j}", sizes=(Size(capacity=float(limit[j]), fixed_cost=float(fixed[j])),)) for j in range(m)
        ),
        arcs=from_matrix(cost, cost=cost),
        aim=Aim.COST,
        single_source=model == "sscflp",
    )


def _cap(path: Path, text: str, asked: Asked) -> tuple[SitingProblem, str]:
    model = _model(path, asked, ("cflp", "sscflp", "uflp"))
    if "capacity" in text and model != "uflp":
        _need(path, asked.capacity, "capacity")
    words = text.replace("capacity", f"{asked.capacity or 0:g}").split()
    return _by_site(np.array(words, dtype=np.float64), model), model


def _uflp(path: Path, text: str, asked: Asked) -> tuple[SitingProblem, str]:
    return _by_site(np.array(text.split(), dtype=np.float64), _model(path, asked, ("uflp",))), "uflp"


def _by_site(numbers: Floats, model: str) -> SitingProblem:
    m, n = numbers[:2].astype(int)
    site = numbers[2 : 2 + 2 * m].reshape(m, 2)
    client = numbers[2 + 2 * m :].reshape(n, m + 1)
    return _money(site[:, 0].copy(), site[:, 1].copy(), client[:, 0].copy(), client[:, 1:].copy(), model)


def _sscflp(path: Path, text: str, asked: Asked) -> tuple[SitingProblem, str]:
    model = _model(path, asked, ("sscflp", "cflp", "uflp"))
    numbers = np.array(text.split(), dtype=np.float64)
    m, n = numbers[:2].astype(int)
    rest = numbers[2 + 2 * m + n :].reshape(n, m)
    capacity, fixed, demand = np.split(numbers[2 : 2 + 2 * m + n], (m, 2 * m))
    return _money(capacity.copy(), fixed.copy(), demand.copy(), rest.copy(), model), model


def _pmedcap(path: Path, text: str, asked: Asked) -> tuple[SitingProblem, str]:
    model = _model(path, asked, ("median",))
    numbers = np.array(text.split(), dtype=np.float64)
    n, p, capacity = numbers[2:5].astype(int)
    rows = numbers[5:].reshape(n, 4)
    return SitingProblem(
        demand=Demand(ids=tuple(f"d{i}" for i in range(n)), weight=np.ones(n), load=rows[:, 3].copy()),
        candidates=tuple(Candidate(id=f"c{j}", sizes=(Size(capacity=float(capacity)),)) for j in range(n)),
        arcs=from_matrix(_euclid(rows[:, 1:3])),
        aim=Aim.MEDIAN,
        at_most=asked.p or int(p),
        single_source=True,
    ), model


READERS: Mapping[str, Callable[[Path, str, Asked], tuple[SitingProblem, str]]] = {
    "pmedian": _pmedian,
    "tsplib": _tsplib,
    "covering": _covering,
    "orlib-cap": _cap,
    "uflp-m": _uflp,
    "sscflp": _sscflp,
    "pmedcap": _pmedcap,
}
