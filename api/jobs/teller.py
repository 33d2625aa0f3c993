"""Turns a run's news into lines of JSON: no more of them than anybody can read, but every stage and the best plans."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING

from pydantic import TypeAdapter

from api.jobs.port import Json
from api.jobs.summary import plain
from optimiser.rounds.plan import Plan

if TYPE_CHECKING:
    from scenarios.progress import RunProgress

_PAUSE_S = 0.25  # between two lines that bring no new stage
_SAVE_S = 1.0  # between two plans kept
_PLANS = TypeAdapter(dict[str, Plan])  # day -> plan


class Teller:
    """Hears of progress, writes lines to ``news``, and best plans as files into ``folder``."""

    def __init__(self, news: IO[str], folder: Path) -> None:
        self._news = news
        self._folder = folder
        self._seq = 0
        self._stage = ""
        self._fraction: float | None = None
        self._best: dict[str, tuple[Plan, float | None]] = {}
        self._unsaved = False
        self._said = self._saved = -math.inf

    def __call__(self, progress: RunProgress) -> None:
        """Tell one line of news, or leave it for later."""
        if progress.plan is not None:
            self._best[progress.day] = progress.plan, progress.cost
            self._unsaved = True
        if progress.fraction is not None:
            self._fraction = max(progress.fraction, self._fraction or 0.0)
        now = time.monotonic()
        stage = f"{progress.stage} {progress.day}".strip()
        fresh = stage != self._stage
        save = self._unsaved and (fresh or now - self._saved >= _SAVE_S)
        if not (fresh or save or now - self._said >= _PAUSE_S):
            return
        self._said, self._stage, self._seq = now, stage, self._seq + 1
        line: Json = {
            "kind": "progress",
            "seq": self._seq,
            "stage": stage,
            "t_s": round(progress.runtime_s, 3),
            "cost": progress.cost,
            "gap": progress.gap,
            "fraction": self._fraction,
        }
        self.say(line | self._save(now) if save else line)

    def say(self, line: Json) -> None:
        """Write one line at once."""
        self._news.write(json.dumps(plain(line), allow_nan=False) + "\n")
        self._news.flush()

    def _save(self, now: float) -> Json:
        """Write the best plan of each day into a file of its own, then name it."""
        name = f"incumbent-{self._seq}.json"
        plans = {day: plan for day, (plan, _) in self._best.items()}
        (self._folder / name).write_bytes(_PLANS.dump_json(plans))
        self._saved, self._unsaved = now, False
        days = [{"day": day, "cost": cost} for day, (_, cost) in self._best.items()]
        return {"incumbent": name, "summary": {"days": days}}


def read_plans(path: Path) -> Mapping[str, Plan]:
    """Best plans that an earlier attempt left, by day: the solve begins from them."""
    return _PLANS.validate_json(path.read_bytes())
