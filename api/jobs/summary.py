"""What is told of a run at a glance, as plain JSON: its result, its best plan so far, what went wrong."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from api.jobs.port import Json
from faults import InputError, MzungukoError, SourceError

if TYPE_CHECKING:
    from optimiser.result import Result
    from scenarios.codesign_study.outcome import CodesignOutcome
    from scenarios.hub_study.outcome import StudyOutcome
    from scenarios.outcome import DayPlan, HubOutcome, Outcome

DEFECT: Json = {
    "code": "internal",
    "title": "A defect of the program",
    "detail": "The run broke off for a reason that is not its input. The worker's log holds the particulars.",
    "faults": [],
}
_TITLES = {
    "invalid-input": "What was given cannot be used",
    "source": "Data could not be had",
    "solver": "A solver broke off",
}


SITES = 50  # of a study, the first ones to be built; its documents name all
_OF_STUDY = (
    "name", "status", "gap", "engine", "runtime_s", "objective", "unit", "seed", "notes", "totals",
    "people_within_minutes", "left_out", "doubts",
)  # fmt: skip


_OF_CODESIGN = (
    "name", "currency", "lead", "certainty", "status", "engine", "runtime_s", "seed", "notes", "day", "calendar_days",
    "together", "hubs_first", "saved", "sets_estimated", "sets_judged", "all_sets_judged", "left_out", "doubts",
)  # fmt: skip


def summary(outcome: Outcome) -> Json:
    """Summarise a finished run; the documents hold the rest."""
    return {
        "name": outcome.scenario.name,
        "currency": outcome.scenario.currency,
        "seed": outcome.provenance.seed,
        "inputs_sha256": outcome.provenance.inputs_sha256,
        "days": [_day(day) for day in outcome.days],
        "hubs": None if outcome.hubs is None else _hubs(outcome.hubs),
        "figures": [plain(asdict(figure)) for figure in outcome.figures],
        "doubts": [asdict(fault) for fault in outcome.doubts],
    }


def study_summary(outcome: StudyOutcome) -> Json:
    """Summarise a finished hub study; ``lead`` is how its report begins, ``certainty`` how it ends."""
    from scenarios.hub_study.sentences import certainty, lead
    from scenarios.hub_study.summary import summary as whole

    told = whole(outcome)
    return {
        "lead": lead(outcome),
        "certainty": certainty(outcome),
        "currency": outcome.study.currency,
        "inputs_sha256": outcome.provenance.inputs_sha256,
        "sites": told["sites"][:SITES],
        "sites_open": len(told["sites"]),
        **{name: told[name] for name in _OF_STUDY},
    }


def codesign_summary(outcome: CodesignOutcome) -> Json:
    """Summarise a finished co-design study; ``lead`` is how its report begins, ``certainty`` how it ends."""
    from scenarios.codesign_study.data import summary as whole

    told = whole(outcome)
    return {
        "inputs_sha256": outcome.together.outcome.provenance.inputs_sha256,
        "sites": told["sites"][:SITES],
        "sites_open": len(outcome.together.open),
        **{name: told[name] for name in _OF_CODESIGN},
    }


def _day(day: DayPlan) -> Json:
    plan, price = day.result.plan, day.result.price
    return {
        "day": day.day,
        **_result(day.result),
        "cost": None if price is None else price.total,
        "rounds": 0 if plan is None else len(plan.rounds),
        "unserved": 0 if plan is None else len(plan.unserved),
        "violations": len(day.violations),
    }


def _hubs(hubs: HubOutcome) -> Json:
    price = hubs.result.price
    worth: Json = {"objective": None, "unit": ""}
    if price is not None:
        worth = {"objective": price.objective, "unit": price.unit}
    return {**_result(hubs.result), **worth}


def _result(result: Result[Any, Any]) -> Json:
    return {
        "status": result.status.value,
        "gap": result.gap,
        "engine": result.engine,
        "runtime_s": result.runtime_s,
    }


def problem(error: MzungukoError) -> Json:
    """Describe an error, with every fault that was found."""
    code = "invalid-input" if isinstance(error, InputError) else "solver"
    code = "source" if isinstance(error, SourceError) else code
    faults = [asdict(fault) for fault in error.faults]
    detail = "; ".join(fault.cause for fault in error.faults[:3])
    more = f"; and {len(faults) - 3} more" if len(faults) > 3 else ""
    return {"code": code, "title": _TITLES[code], "detail": detail + more, "faults": faults}


def plain(value: Any) -> Any:
    """Return the same data with ``null`` for numbers that JSON does not have."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [plain(inner) for inner in value]
    return value
