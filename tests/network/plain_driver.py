"""A driver who remembers every street driven: turns, restrictions and copies in the plainest words there are.

Nothing here is quick or clever. It judges the states, turns and weights of small networks.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from network.opened import Rules
from network.profiles import VehicleProfile
from network.streets import StreetNetwork

History = tuple[int, ...]  # directed segments driven, the last one is where the driver is


@dataclass(frozen=True, kw_only=True)
class Driver:
    """Who drives where, under which rules; ``cost[a, b]`` is what a turn takes beside the driving, in ms."""

    network: StreetNetwork
    profile: VehicleProfile
    rules: Rules
    ms: list[int]  # by directed segment
    open: list[bool]  # by directed segment
    cost: dict[tuple[int, int], int]

    @cached_property
    def memory(self) -> int:
        sizes = (self.network.restrictions.start[1:] - self.network.restrictions.start[:-1]).tolist()
        return max([2, *sizes]) - 1

    @cached_property
    def paths(self) -> list[tuple[bool, History]]:
        """Whether it is an only_ rule, and its path."""
        r = self.network.restrictions
        every = range(len(r))
        return [
            (
                r.kind.values[r.kind.codes[k]].startswith("only_"),
                tuple(r.path[r.start[k] : r.start[k + 1]].tolist()),
            )
            for k in every
            if self.rules.binding[k]
        ]

    def start(self, d: int) -> int:
        return int((self.network.head if d & 1 else self.network.tail)[d >> 1])

    def end(self, d: int) -> int:
        return self.start(d ^ 1)

    def serve(self, d: int) -> bool:
        return bool(self.rules.use.serve_only[d >> 1])

    def driven(self, history: History, onto: int) -> History:
        return (*history, onto)[-self.memory :]

    def forbidden(self, history: History, onto: int) -> bool:
        for only, path in self.paths:
            for k in range(1, len(path)):
                if history[-k:] == path[:k]:
                    if only and onto != path[k]:
                        return True
                    if not only and k == len(path) - 1 and onto == path[k]:
                        return True
        return False

    def next(self, history: History) -> Iterator[int]:
        """Streets that begin where the driver is and that no sign forbids, the one he came from among them."""
        at = self.end(history[-1])
        for onto in range(2 * self.network.segments):
            if self.open[onto] and self.start(onto) == at and not self.forbidden(history, onto):
                yield onto

    def ways_on(self, history: History) -> Iterator[int]:
        if self.rules.passable[self.end(history[-1])]:
            yield from (onto for onto in self.next(history) if onto != history[-1] ^ 1)

    def turning_place(self, junction: int) -> bool:
        column = self.network.junction_tag("highway")
        return column.values[column.codes[junction]] in {"turning_circle", "turning_loop", "mini_roundabout"}

    def wide(self, segment: int) -> bool:
        column = self.network.tag("width")
        return float(column.values[column.codes[segment]] or "inf") >= self.profile.turning_m

    def arms(self, junction: int) -> list[int]:
        """Ends of streets that the driver may use there: a loop has two."""
        used = [s for s in range(self.network.segments) if self.open[2 * s] or self.open[2 * s + 1]]
        return [s for s in used for end in (self.network.tail[s], self.network.head[s]) if end == junction]

    def backs_out(self, d: int) -> bool:
        metres = float(self.network.length_m[d >> 1])
        at = self.start(d)
        while metres <= self.profile.reverse_m:
            arms = self.arms(at)
            others = [s for s in arms if s != d >> 1]
            if len(arms) > 2 or self.turning_place(at) or (len(others) == 1 and self.wide(others[0])):
                return True
            if len(others) != 1:
                return False
            d = next(e for e in (2 * others[0], 2 * others[0] + 1) if self.end(e) == at)
            at = self.start(d)
            metres += float(self.network.length_m[d >> 1])
        return False

    def free_to_turn(self, d: int) -> bool:
        return self.profile.u_turns == "anywhere" or self.turning_place(self.end(d))

    def room(self, d: int) -> bool:
        return self.wide(d >> 1) or self.backs_out(d)

    @cached_property
    def histories(self) -> set[History]:
        found: set[History] = set()
        todo: list[History] = [(d,) for d in range(2 * self.network.segments) if self.open[d]]
        while todo:
            history = todo.pop()
            if history not in found:
                found.add(history)
                todo += [self.driven(history, onto) for onto in self.next(history)]
        return found

    def through(self, history: History) -> list[History]:
        """Ways on that do not lead off a public street into one to serve only."""
        return [
            self.driven(history, onto)
            for onto in self.ways_on(history)
            if self.serve(history[-1]) or not self.serve(onto)
        ]

    @cached_property
    def traps(self) -> set[History]:
        """Where one cannot get out again: no way on but into other traps, and no turning round."""
        able = {
            h for h in self.histories if h[-1] ^ 1 in self.next(h) and (self.free_to_turn(h[-1]) or self.room(h[-1]))
        }
        traps: set[History] = set()
        while True:
            left = self.histories - able - traps
            more = {history for history in left if all(onward in traps for onward in self.through(history))}
            if not more:
                return traps
            traps |= more

    def turns(self, history: History) -> Iterator[int]:
        """Every street the driver may turn into, turning round included."""
        yield from self.ways_on(history)
        here = history[-1]
        if here ^ 1 in self.next(history):
            stuck = all(onward in self.traps for onward in self.through(history))
            if self.free_to_turn(here) or (stuck and self.room(here)):
                yield here ^ 1

    def times(self, first: int) -> dict[int, int]:
        """Milliseconds from the start of a directed segment to the start of every other one (Dijkstra).

        Phases: 0 out of streets to serve only, 1 on public streets, 2 into streets to serve only.
        """
        best: dict[int, int] = {}
        done: set[tuple[History, int]] = set()
        heap = [(0, (first,), 0 if self.serve(first) else 1)]
        while heap:
            ms, history, phase = heapq.heappop(heap)
            if (history, phase) in done:
                continue
            done.add((history, phase))
            here = history[-1]
            best.setdefault(here, ms)
            for onto in self.turns(history):
                if self.serve(onto):
                    then = 0 if phase == 0 else 2
                elif phase == 2:
                    continue
                else:
                    then = 1
                heapq.heappush(heap, (ms + self.ms[here] + self.cost[here, onto], self.driven(history, onto), then))
        return best
