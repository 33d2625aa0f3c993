"""Steps that vehicles are told to do: whose they are."""

from __future__ import annotations

from dataclasses import replace

from api.interop.vroom.fields import wrong
from api.interop.vroom.nouns import Task, Van


def ranked(van: Van, tasks: tuple[Task, ...]) -> Van:
    """Return a vehicle whose steps know the positions of their tasks and breaks.

    Raises
    ------
    Refusal
        If there is no such task or break.
    """
    if not van.steps:
        return van
    known: dict[tuple[str, int], int] = {(task.kind, task.id): rank for rank, task in enumerate(tasks)}
    known |= {("break", rest.id): rank for rank, rest in enumerate(van.breaks)}
    steps = []
    for step in van.steps:
        if step.kind in {"start", "end"}:
            steps.append(step)
            continue
        rank = known.get((step.kind, step.id))
        if rank is None:
            raise wrong(f"Invalid {step.kind} id {step.id} for vehicle {van.id}.")
        steps.append(replace(step, rank=rank))
    return replace(van, steps=tuple(steps))
