"""The working program: one run, from its folder, in a process of its own. ``python -m api.jobs.child``.

One line of JSON comes in (``run``, ``attempt``, ``folder``, ``request``, ``incumbent``), lines of JSON go out:
``progress`` as often as there is news, then ``done`` or ``failed``. It knows no database. See ``docs/jobs.md``.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING

from api.jobs.inputs import SCENARIO
from api.jobs.kinds import CODESIGN, HUBS, ROUNDS, Kind, kind_of
from api.jobs.port import Json
from api.jobs.summary import DEFECT, codesign_summary, problem, study_summary, summary
from api.jobs.teller import Teller, read_plans
from faults import MzungukoError

if TYPE_CHECKING:
    from scenarios.documents.document import Document

    Done = tuple[Json, Sequence[Document]]  # the summary of a run, and what it wrote

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
    outcome, documents = _WORK[kind_of(task["request"])](task, teller)
    kept = [{"name": d.name, "media_type": d.media_type, "title": d.title} for d in documents]
    return {"outcome": outcome, "documents": kept}


def _rounds(task: Json, teller: Teller) -> Done:
    from scenarios.documents import write_all
    from scenarios.run import run
    from scenarios.samples import prepare

    best = task.get("incumbent")
    initial = None if best is None else read_plans(Path(best))
    outcome = run(_source(task, prepare), initial=initial, on_progress=teller, **_choices(task))
    return summary(outcome), write_all(outcome, _documents(task))


def _hubs(task: Json, teller: Teller) -> Done:
    from scenarios.hub_study.documents import write_study
    from scenarios.hub_study.run import run_study
    from scenarios.samples import prepare_study

    outcome = run_study(_source(task, prepare_study), on_progress=teller, **_choices(task))
    return study_summary(outcome), write_study(outcome, _documents(task))


def _codesign(task: Json, teller: Teller) -> Done:
    from scenarios.codesign_study.documents import write_codesign
    from scenarios.codesign_study.run import run_codesign
    from scenarios.samples import prepare_codesign

    outcome = run_codesign(_source(task, prepare_codesign), on_progress=teller, **_choices(task))
    return codesign_summary(outcome), write_codesign(outcome, _documents(task))


_WORK: Mapping[Kind, Callable[[Json, Teller], Done]] = {ROUNDS: _rounds, HUBS: _hubs, CODESIGN: _codesign}


def _choices(task: Json) -> Json:
    return {name: task["request"][name] for name in _CHOICES if task["request"].get(name) is not None}


def _source(task: Json, prepare: Callable[[str], Path]) -> Path:
    """Return what to work on: what was laid out, or a sample."""
    request = task["request"]
    return prepare(request["sample"]) if "sample" in request else Path(task["folder"]) / "inputs" / SCENARIO


def _documents(task: Json) -> Path:
    return Path(task["folder"]) / "documents"


if __name__ == "__main__":
    code = main()
    sys.stderr.flush()
    os._exit(code)  # all is said: no thread or destructor of a native library is waited for
