"""The working program: one run, from its folder, in a process of its own. ``python -m api.jobs.child``.

One line of JSON comes in (``run``, ``attempt``, ``folder``, ``request``, ``incumbent``), lines of JSON go out:
``progress`` as often as there is news, then ``done`` or ``failed``. It knows no database. See ``docs/jobs.md``.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path
from typing import IO

from api.jobs.inputs import SCENARIO
from api.jobs.port import Json
from api.jobs.summary import DEFECT, problem, summary
from api.jobs.teller import Teller, read_plans
from faults import MzungukoError

_CHOICES = ("seconds", "seed", "engine")


def main() -> int:
    """Work on the run that the input names."""
    news = _own_output()
    task: Json = json.loads(sys.stdin.readline())
    teller = Teller(news, Path(task["folder"]))
    try:
        last = {"kind": "done", **_work(task, teller)}
    except MzungukoError as error:
        last = {"kind": "failed", "error": problem(error)}
    except Exception:  # noqa: BLE001 - the last line of defence; the particulars go to the worker's log
        traceback.print_exc()
        last = {"kind": "failed", "error": DEFECT}
    teller.say(last)
    return 0


def _own_output() -> IO[str]:
    """Keep standard output for the news alone: what libraries print goes to standard error."""
    news = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return news


def _work(task: Json, teller: Teller) -> Json:
    from scenarios.documents import write_all
    from scenarios.run import run

    request, folder = task["request"], Path(task["folder"])
    choices = {name: request[name] for name in _CHOICES if request.get(name) is not None}
    best = task.get("incumbent")
    initial = None if best is None else read_plans(Path(best))
    outcome = run(_source(request, folder), initial=initial, on_progress=teller, **choices)
    documents = write_all(outcome, folder / "documents")
    kept = [{"name": d.name, "media_type": d.media_type, "title": d.title} for d in documents]
    return {"outcome": summary(outcome), "documents": kept}


def _source(request: Json, folder: Path) -> Path:
    if "sample" not in request:
        return folder / "inputs" / SCENARIO
    from scenarios.samples import prepare

    return prepare(request["sample"])


if __name__ == "__main__":
    code = main()
    sys.stderr.flush()
    os._exit(code)  # all is said: no thread or destructor of a native library is waited for
