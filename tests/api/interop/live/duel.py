"""Our plans against VROOM's on random problems: ``python duel.py ADDRESS COUNT``, where pyvroom is installed.

VROOM plans at its highest effort; we have as long as it took, two seconds at least. Its plan mode must find nothing
broken in our routes and the cost that we say. Who plans better, by VROOM's own ranking, is shown.
"""

from __future__ import annotations

import copy
import json
import math
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from problems import problem

Json = dict[str, Any]
LEAST_S = 2.0


def main(address: str, seeds: range) -> None:
    """Let both plan, and show who was better how often and by how much."""
    better, equal, worse, gaps = 0, 0, 0, []
    for seed in seeds:
        given, rules = problem(seed)
        began = time.perf_counter()
        theirs = vroom(given, "-x", "5", "-t", "2")
        spent = time.perf_counter() - began
        ours = posted(f"{address}/vroom/", given | {"options": {"x": 5, "l": max(spent, LEAST_S)}})
        judge(given, ours)
        we, they = rank(ours), rank(theirs)
        better, equal, worse = better + (we < they), equal + (we == they), worse + (we > they)
        gap = 100 * (we[2] / they[2] - 1) if we[:2] == they[:2] and they[2] else float("nan")
        gaps += [] if math.isnan(gap) else [gap]
        size = len(given["matrices"]["car"]["durations"]) - 1
        sign = "better" if we < they else "equal" if we == they else "worse"
        print(
            f"       {seed:4} {size:4} tasks {spent:6.2f} s  {we} {sign} than {they} {gap:+.2f} % {' '.join(rules)}",
            flush=True,
        )
    mean = sum(gaps) / max(len(gaps), 1)
    print(
        f"       of {len(seeds)}: {better} better, {equal} equal, {worse} worse; "
        f"cost where as much is done {mean:+.2f} %"
    )


def rank(told: Json) -> tuple[int, int, int]:
    """VROOM's ranking, less is better: priority, tasks left out, cost."""
    assert told["code"] == 0, told
    summary = told["summary"]
    return -summary["priority"], summary["unassigned"], summary["cost"]


def judge(given: Json, ours: Json) -> None:
    """Let VROOM's plan mode look at our routes."""
    again = copy.deepcopy(given)
    routes = {route["vehicle"]: route for route in ours["routes"]}
    for van in again["vehicles"]:
        if van["id"] in routes:
            done = routes[van["id"]]["steps"]
            van["steps"] = [{key: step[key] for key in ("type", "id") if key in step} for step in done]
    judged = vroom(again, "-c")
    assert judged["code"] == 0, judged
    assert judged["summary"]["violations"] == [], judged["summary"]
    assert judged["summary"]["cost"] == ours["summary"]["cost"], (judged["summary"], ours["summary"])


def vroom(given: Json, *words: str) -> Json:
    program = Path(sys.executable).parent / "vroom"
    done = subprocess.run([str(program), *words], input=json.dumps(given), capture_output=True, text=True, check=False)
    told: Json = json.loads(done.stdout)
    return told


def posted(url: str, body: object) -> Json:
    asked = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(asked) as reply:
        told: Json = json.load(reply)
        return told


if __name__ == "__main__":
    first, last = int(sys.argv[2]), int(sys.argv[3])
    main(sys.argv[1], range(first, last))
