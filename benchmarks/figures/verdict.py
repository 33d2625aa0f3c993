"""What a group measured against its goals, in a sentence and in figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf
from statistics import fmean

from benchmarks.figures.core import Goal, Group
from benchmarks.figures.summary import Row, best_share, ratios, seconds_until


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was measured.

    Parameters
    ----------
    words
        A sentence for the table; empty: nothing was.
    peers
        What the peers measured, in words.
    figures
        Side (see :data:`benchmarks.figures.core.SIDES`) -> figure, as goals name them.
    each
        Instance -> figure.
    rivals
        Instance -> the best of the peers.
    less
        Whether less is better.
    peak_mb
        The highest memory of our runs.
    whole
        All our runs count; else no goal is reached.
    """

    words: str = ""
    peers: str = ""
    figures: Mapping[str, float] = field(default_factory=dict)
    each: Mapping[str, float] = field(default_factory=dict)
    rivals: Mapping[str, float] = field(default_factory=dict)
    less: bool = True
    peak_mb: float | None = None
    whole: bool = True

    def reached(self, goal: Goal) -> bool | None:
        """Return whether a goal is reached; ``None`` if what was measured does not say."""
        if not self.whole:
            return False
        if goal.value is not None and goal.on not in self.figures:
            return None
        asked = (
            goal.value is not None,
            goal.memory_mb is not None and self.peak_mb is not None,
            self.each.keys() & {*goal.each, *self._rivals(goal)},
        )
        return not list(self.missing(goal)) if any(asked) else None

    def _rivals(self, goal: Goal) -> dict[str, float]:
        """Return the best of the peers where the goal is to be better and gives no figure."""
        return {name: cost for name, cost in self.rivals.items() if goal.others_below_peers and name not in goal.each}

    def missing(self, goal: Goal) -> Iterator[str]:
        """Yield what keeps a goal from being reached, with by how much."""
        if not self.whole:
            yield "not all runs count"
        if goal.value is not None and goal.on in self.figures:
            more = not self.less or goal.on == "best-share"
            figure = self.figures[goal.on]
            if (figure < goal.value) if more else (figure > goal.value):
                yield f"{goal.on} by {abs(figure - goal.value):.2f}"
        rivals = self._rivals(goal)
        for name, most in {**goal.each, **rivals}.items():
            if name in self.each and (self.each[name] > most or (name in rivals and self.each[name] == most)):
                yield f"{_short(name)} by {self.each[name] - most:.2f}"
        if goal.memory_mb is not None and self.peak_mb is not None and self.peak_mb >= goal.memory_mb:
            yield f"memory by {self.peak_mb - goal.memory_mb:,.0f} MB"


def verdict(group: Group, found: Sequence[Row]) -> Verdict:
    """Return what the rows of a group say."""
    judge: Mapping[str, Callable[[Group, Sequence[Row]], Verdict]] = {
        "better": _better,
        "above": _above,
        "cost": _cost,
        "sooner": _sooner,
    }
    ours = [row for row in found if row.engine == group.ours]
    if group.measure not in judge or not ours:
        return Verdict()
    if not any(row.counted for row in ours):
        return Verdict(words=_runs(group, found), peak_mb=_peak(ours), whole=False)
    whole = all(len(row.lines) == len(row.counted) for row in ours)
    return replace(judge[group.measure](group, found), peak_mb=_peak(ours), whole=whole)


def _better(group: Group, found: Sequence[Row]) -> Verdict:
    """Per cent by which ours costs less than the best opponent: the one with which our mean ratio is highest."""
    compared = {peer: ratios(group, found, peer) for peer in group.opponents}
    compared = {peer: by for peer, by in compared.items() if by}
    if not compared:
        return Verdict()
    best = max(compared, key=lambda peer: fmean(compared[peer].values()))
    gains = {name: 100 * (1 - ratio) for name, ratio in compared[best].items()}
    mean, worst = fmean(gains.values()), min(gains.values())
    means = {engine: f"{_mean_cost(found, engine, gains):,.6g}" for engine in (group.ours, *compared)}
    words = f"{mean:+.1f} % better than {best}, worst {worst:+.1f} %; mean cost {means.pop(group.ours)}"
    return Verdict(
        words=f"{words}; {_runs(group, found)}",
        peers=", ".join(f"{engine} {cost}" for engine, cost in means.items()),
        figures={"mean": mean, "worst": worst},
        each=gains,
        less=False,
    )


def _above(group: Group, found: Sequence[Row]) -> Verdict:
    """Per cent above the best known value."""
    ours = [row for row in found if row.engine == group.ours and row.above is not None]
    if not ours:
        return Verdict()
    each = {row.instance: row.above for row in ours if row.above is not None}
    mean, worst, equal = fmean(each.values()), max(each.values()), best_share(ours) or 0.0
    peers = []
    for peer in group.peers:
        theirs = [row.above for row in found if row.engine == peer and row.above is not None]
        peers += [f"{peer} {fmean(theirs):.2f} % ({len(theirs)})"] if theirs else []
    words = "; ".join(
        [
            f"{mean:.2f} %, worst {worst:.2f} %, best known on {equal:.0f} %",
            f"{_peak(ours) or 0.0:,.0f} MB",
            _runs(group, found),
        ]
    )
    return Verdict(
        words=words,
        peers=", ".join(peers),
        figures={"mean": mean, "worst": worst, "best-share": equal},
        each=each,
    )


def _cost(group: Group, found: Sequence[Row]) -> Verdict:
    """Return the cost itself, with the vehicles."""
    ours = [row for row in found if row.engine == group.ours and row.cost is not None]
    said = [f"{_short(row.instance)} {row.cost:,.1f} {group.unit} with {row.vehicles:g}" for row in ours]
    rivals: dict[str, float] = {}
    theirs = []
    for row in found:
        if row.engine in group.peers and row.cost is not None:
            theirs.append(f"{row.engine} {_short(row.instance)} {row.cost:,.1f} with {row.vehicles:g}")
            rivals[row.instance] = min(row.cost, rivals.get(row.instance, inf))
    each = {row.instance: row.cost for row in ours if row.cost is not None}
    return Verdict(words="; ".join([*said, _runs(group, found)]), peers="; ".join(theirs), each=each, rivals=rivals)


def _sooner(group: Group, found: Sequence[Row]) -> Verdict:
    """Seconds on the most cores until the cost is had that the fewest end with, run by run of the same seed."""
    few, many = min(group.cores), max(group.cores)
    each: dict[str, float] = {}
    for instance in group.instances:
        ended = {
            line["seed"]: line["cost"]
            for row in found
            if (row.instance, row.engine, row.cores) == (instance, group.ours, few)
            for line in row.counted
        }
        times = [
            seconds_until(line, ended[line["seed"]])
            for row in found
            if (row.instance, row.engine, row.cores) == (instance, group.ours, many)
            for line in row.counted
            if line["seed"] in ended
        ]
        if times:
            each[instance] = inf if None in times else fmean(at for at in times if at is not None)
    if not each:
        return Verdict()
    said = ", ".join(f"{_short(name)} {'not' if at == inf else f'{at:.0f} s'}" for name, at in each.items())
    words = f"{said} on {many} cores for the cost of {few} at {group.seconds:g} s; {_runs(group, found)}"
    figures = {"mean": fmean(each.values()), "worst": max(each.values())}
    return Verdict(words=words, figures=figures, each=each)


def _mean_cost(found: Sequence[Row], engine: str, instances: Mapping[str, float]) -> float:
    return fmean(
        row.cost for row in found if row.engine == engine and row.instance in instances and row.cost is not None
    )


def _peak(ours: Sequence[Row]) -> float | None:
    return max((row.peak_mb for row in ours if row.peak_mb is not None), default=None)


def _runs(group: Group, found: Sequence[Row]) -> str:
    """Return how many instances and seeds there were, and how many of our runs do not count."""
    ours = [row for row in found if row.engine == group.ours]
    seeds = sorted({len(row.lines) for row in ours})
    bad = sum(len(row.lines) - len(row.counted) for row in ours)
    instances = len({row.instance for row in ours})
    words = f"{instances} of {len(group.instances)} instances, {'-'.join(str(n) for n in seeds)} seeds"
    return words + (f", {bad} runs do not count" if bad else "")


def _short(instance: str) -> str:
    """Return the name of an instance without its folder and ending."""
    return instance.rsplit("/", 1)[-1].split(".", 1)[0]
