"""All labels ever kept in a search, to read a round back from its last label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from optimiser.rounds.chart import HOME, Chart
from optimiser.rounds.clock import to_s
from optimiser.rounds.labels import STAY, Action, Labels
from optimiser.rounds.plan import Act, Round, Visit
from optimiser.rounds.tables import Ints


@dataclass(slots=True)
class Diary:
    """What each label grew from and did; ``cut`` is true once labels were given up without proof."""

    parents: list[Ints] = field(default_factory=list)
    actions: list[Ints] = field(default_factory=list)
    known: list[Action] = field(default_factory=list)
    size: int = 0
    cut: bool = False

    def number(self, action: Action) -> int:
        """Remember an action and return its number."""
        self.known.append(action)
        return len(self.known) - 1

    def keep(self, labels: Labels) -> Labels:
        """Remember labels and give them their numbers."""
        ids = np.arange(self.size, self.size + len(labels), dtype=np.int64)
        self.size += len(labels)
        self.parents.append(labels.parent)
        self.actions.append(labels.action)
        return replace(labels, id=ids)

    def read(self, last: int) -> tuple[Action, ...]:
        """Return the actions that led to a label, in order."""
        parents, actions = np.concatenate(self.parents), np.concatenate(self.actions)
        story: list[Action] = []
        while last >= 0:
            if actions[last] >= 0:
                story.append(self.known[actions[last]])
            last = int(parents[last])
        return tuple(story[::-1])


def told(world: Chart, vehicle: str, start_ms: int, story: Sequence[Action]) -> Round:
    """Return the round that does these actions from ``start_ms`` on, each as early as it can be done."""
    now, place = start_ms, HOME
    visits = []
    for action in story:
        if action.place != STAY:
            now += int(world.duration[place, action.place])
            place = action.place
        begin = max(now, action.opens)
        visits.append(
            Visit(
                act=Act(action.act),
                id=action.id,
                mode=action.mode,
                arrive_s=to_s(now),
                start_s=to_s(begin),
                end_s=to_s(begin + action.service_ms),
            )
        )
        now = begin + action.service_ms
    now += int(world.duration[place, HOME])
    return Round(vehicle=vehicle, start_s=to_s(start_ms), end_s=to_s(now), visits=tuple(visits))
