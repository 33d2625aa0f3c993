"""Random problems in VROOM's JSON, with its rules in all mixtures."""

from __future__ import annotations

import math
import random
from typing import Any

Json = dict[str, Any]
DAY, EPOCH = 28_800, 1_700_000_000
SIZES = (10, 12, 15, 20, 25, 30, 40, 50, 70, 100)
CHANCES = {
    "windows": 0.5,
    "several": 0.3,
    "capacity": 0.7,
    "pickups": 0.4,
    "skills": 0.35,
    "breaks": 0.35,
    "shipments": 0.35,
    "priorities": 0.4,
    "open": 0.2,
    "tasks": 0.15,
    "setup": 0.3,
    "types": 0.15,
    "speed": 0.15,
    "kilometres": 0.3,
    "fixed": 0.15,
    "epoch": 0.15,
}


def problem(seed: int, size: int | None = None) -> tuple[Json, list[str]]:
    """A problem, and which rules it has."""
    made = Maker(seed)
    return made.problem(size or made.random.choice(SIZES)), sorted(made.rules)


class Maker:
    """Makes one problem."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.rules = {rule for rule, chance in CHANCES.items() if self.random.random() < chance}
        self.start = EPOCH if "epoch" in self.rules else 0
        self.components = self.random.choice([1, 1, 2])

    def problem(self, size: int) -> Json:
        places = [(self.random.uniform(0, 3000), self.random.uniform(0, 3000)) for _ in range(size + 1)]
        durations = [[self.leg(a, b) for b in places] for a in places]
        matrices = {"durations": durations}
        if "kilometres" in self.rules:
            matrices["distances"] = [[8 * leg for leg in row] for row in durations]
        jobs: list[Json] = []
        shipments: list[Json] = []
        k = 1
        while k <= size:
            if "shipments" in self.rules and k < size and self.random.random() < 0.4:
                shipments.append(
                    self.shared() | {"pickup": self.task(k), "delivery": self.task(k + 1)} | self.amount("amount")
                )
                k += 2
            else:
                way = "pickup" if "pickups" in self.rules and self.random.random() < 0.6 else "delivery"
                jobs.append(self.task(k) | self.shared() | self.amount(way))
                k += 1
        vehicles = [self.vehicle(k + 1) for k in range(max(1, round(size / self.random.choice([6, 8, 10, 12]))))]
        return {"vehicles": vehicles, "jobs": jobs, "shipments": shipments, "matrices": {"car": matrices}}

    def leg(self, a: tuple[float, float], b: tuple[float, float]) -> int:
        return 0 if a == b else 1 + int(math.dist(a, b) * self.random.uniform(0.95, 1.15))

    def window(self, width: int, since: int = 0, until: int = DAY) -> list[int]:
        opens = self.start + self.random.randrange(since, until - width)
        return [opens, opens + width]

    def task(self, k: int) -> Json:
        made: Json = {"id": k, "location_index": k, "service": self.random.choice([60, 120, 300, 600])}
        if "setup" in self.rules:
            made["setup"] = self.random.choice([0, 60, 180])
        if "types" in self.rules and self.random.random() < 0.5:
            made["service_per_type"] = {"big": self.random.choice([30, 400])}
        if "windows" in self.rules and self.random.random() < 0.7:
            if "several" in self.rules and self.random.random() < 0.4:
                made["time_windows"] = [self.window(2400, 0, DAY // 2 - 1), self.window(2400, DAY // 2, DAY)]
            else:
                made["time_windows"] = [self.window(self.random.choice([1800, 3600, 7200, 14_400]))]
        return made

    def shared(self) -> Json:
        made: Json = {}
        if "skills" in self.rules and self.random.random() < 0.3:
            made["skills"] = [self.random.choice([1, 2])]
        if "priorities" in self.rules and self.random.random() < 0.4:
            made["priority"] = self.random.randrange(0, 101)
        return made

    def amount(self, key: str) -> Json:
        if "capacity" not in self.rules:
            return {}
        return {key: [self.random.randrange(1, 5) for _ in range(self.components)]}

    def vehicle(self, k: int) -> Json:
        made: Json = {"id": k, "start_index": 0, "end_index": 0}
        made["time_window"] = [
            self.start + self.random.choice([0, 3600]),
            self.start + DAY - self.random.choice([0, 7200]),
        ]
        if "open" in self.rules and self.random.random() < 0.5:
            made.pop(self.random.choice(["start_index", "end_index"]))
        if "capacity" in self.rules:
            made["capacity"] = [self.random.choice([15, 20, 30]) for _ in range(self.components)]
        if "skills" in self.rules:
            made["skills"] = self.random.choice([[1], [2], [1, 2], []])
        if "breaks" in self.rules and self.random.random() < 0.7:
            made["breaks"] = [{"id": 1, "time_windows": [self.window(3600, 7200, 18_000)], "service": 1800}]
        if "tasks" in self.rules:
            made["max_tasks"] = self.random.choice([6, 10])
        if "speed" in self.rules:
            made["speed_factor"] = self.random.choice([0.5, 0.83, 1.3])
        if "types" in self.rules and self.random.random() < 0.5:
            made["type"] = "big"
        costs = {"fixed": self.random.choice([0, 500, 2000])} if "fixed" in self.rules else {}
        costs |= {"per_km": self.random.choice([0, 100, 500])} if "kilometres" in self.rules else {}
        return made | ({"costs": costs} if costs else {})
