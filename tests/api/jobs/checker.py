"""Judges the tables after whatever was done to the processes: a pure function over a dump."""

from __future__ import annotations

from collections.abc import Iterable

from api.jobs.port import FINAL, Run, RunEvent, RunStatus
from api.jobs.store import Store

BEGINS = {"started", "resumed"}
ENDS = {"worker-lost", "attempt-failed", "released"} | {status.value for status in FINAL}


def judge(store: Store, acknowledged: Iterable[str]) -> list[str]:
    """Everything that is wrong; empty when nothing is."""
    wrong = []
    for run_id in acknowledged:
        run = store.run(run_id)
        if run is None:
            wrong.append(f"{run_id}: acknowledged and lost")
        else:
            wrong += [f"{run_id}: {fault}" for fault in _faults(run, store.events(run_id))]
            wrong += [
                f"{run_id}: {document.name} is not there"
                for document in run.documents
                if (found := store.document(run_id, document.name)) is None or not found[1].exists()
            ]
    return wrong


def _faults(run: Run, events: list[RunEvent]) -> list[str]:
    kinds = [event.kind for event in events]
    final = [kind for kind in kinds if kind in {status.value for status in FINAL}]
    wrong = []
    if [event.seq for event in events] != list(range(1, len(events) + 1)):
        wrong.append("event numbers have gaps")
    if kinds.count("accepted") != 1:
        wrong.append("not accepted once")
    if not run.status.final or final != [run.status.value]:
        wrong.append(f"stands at {run.status} with final events {final}")
    elif kinds[-1] != run.status.value:
        wrong.append("something happened after the end")
    if (run.status is RunStatus.SUCCEEDED) != (run.outcome is not None and not run.partial):
        wrong.append("a result without success, or the reverse")
    if run.status is not RunStatus.SUCCEEDED and run.partial != bool(run.documents):
        wrong.append("documents without the mark of a partial run, or the reverse")
    return wrong + _owners(run, kinds)


def _owners(run: Run, kinds: list[str]) -> list[str]:
    """No two attempts own a run at one time, and each begin is counted."""
    owned, begun, wrong = False, 0, []
    for kind in kinds:
        if kind in BEGINS:
            begun += 1
            if owned:
                wrong.append("begun while another attempt owned it")
            owned = True
        elif kind in ENDS:
            owned = False
        elif kind in {"incumbent", "progress"} and not owned:
            wrong.append("news without an owner")
    if begun != run.attempts:
        wrong.append(f"{run.attempts} attempts counted, {begun} begun")
    return wrong
