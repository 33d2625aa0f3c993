"""A plan is changed by hand, judged as it stands, and mended round what is kept."""

from __future__ import annotations

import csv
import shutil
from io import StringIO
from pathlib import Path

import pytest

from faults import InputError
from optimiser.result import Status
from optimiser.rounds.plan import Act
from scenarios.documents.editable import rounds_csv
from scenarios.outcome import Outcome
from scenarios.run import run
from tests.scenarios.given import SAMPLES

START = '\n[tables.start]\nfile = "rounds.csv"\n\n[start]\nkeep = "{keep}"\n'


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Outcome]:
    """Return the folder of a copy of the town, and its first plan."""
    folder = tmp_path_factory.mktemp("town") / "town"
    shutil.copytree(SAMPLES / "town", folder)
    return folder, run(folder / "scenario.toml", seconds=2.0, engine="nearest")


def again(first: tuple[Path, Outcome], rows: list[dict[str, str]], keep: str, engine: str = "nearest") -> Outcome:
    folder = first[0].parent / f"again-{keep}-{len(list(first[0].parent.iterdir()))}"
    shutil.copytree(first[0], folder)
    stream = StringIO()
    writer = csv.DictWriter(stream, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    (folder / "rounds.csv").write_text(stream.getvalue(), encoding="utf-8")
    with (folder / "scenario.toml").open("a", encoding="utf-8") as file:
        file.write(START.format(keep=keep))
    return run(folder / "scenario.toml", seconds=2.0, engine=engine)


def table(outcome: Outcome) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(rounds_csv(outcome))))


def stops(outcome: Outcome) -> dict[tuple[str, str], tuple[str, ...]]:
    return {(day.day, tour.vehicle): tour.stops for day in outcome.days for tour in day.result.plan.rounds}  # type: ignore[union-attr]


def test_a_plan_given_back_unchanged_is_judged_as_it_was(first: tuple[Path, Outcome]) -> None:
    outcome = again(first, table(first[1]), "everything")
    assert stops(outcome) == stops(first[1])
    for before, after in zip(first[1].days, outcome.days, strict=True):
        assert after.result.engine == "by hand"
        assert after.violations == ()
        assert after.result.price is not None
        assert before.result.price is not None
        assert after.result.price.total <= before.result.price.total + 1e-6  # the exact timing may be better
        assert after.result.price.distance_m <= before.result.price.distance_m + 1e-6


def test_what_a_change_breaks_is_named_and_nothing_is_mended(first: tuple[Path, Outcome]) -> None:
    rows = [row for row in table(first[1]) if row["visit"] not in {f.id for f in first[1].system.facilities}]
    one = rows[0]["vehicle"]
    crowded = [{**row, "vehicle": one, "seq": str(k)} for k, row in enumerate(rows) if row["day"] == rows[0]["day"]]
    outcome = again(first, crowded, "everything")
    day = next(day for day in outcome.days if day.day == rows[0]["day"])
    assert day.result.plan is not None
    assert day.result.status is Status.BROKEN
    assert day.violations
    assert len(day.result.plan.rounds[0].stops) == len(crowded)


@pytest.mark.parametrize("keep", ["order", "vehicles"])
def test_what_is_kept_stays_and_the_rest_is_planned_round_it(first: tuple[Path, Outcome], keep: str) -> None:
    day = first[1].days[0]
    assert day.result.plan is not None
    tour = max(day.result.plan.rounds, key=lambda tour: len(tour.stops))
    fixed = [visit.id for visit in tour.visits if visit.act is Act.STOP][:2][::-1]
    rows = [{"vehicle": tour.vehicle, "day": day.day, "seq": str(k), "visit": id_} for k, id_ in enumerate(fixed)]
    outcome = again(first, rows, keep, engine="ruin")
    mended = next(one for one in outcome.days if one.day == day.day)
    assert mended.result.plan is not None
    assert mended.violations == ()
    mine = next(one.stops for one in mended.result.plan.rounds if one.vehicle == tour.vehicle)
    assert set(fixed) <= set(mine)
    assert len(stops(outcome)[day.day, tour.vehicle]) >= len(fixed)
    if keep == "order":
        assert [stop for stop in mine if stop in fixed] == fixed


def test_visits_that_are_nowhere_are_refused(first: tuple[Path, Outcome]) -> None:
    rows = [{**table(first[1])[0], "visit": "nowhere"}]
    with pytest.raises(InputError) as caught:
        again(first, rows, "order")
    assert [fault.code for fault in caught.value.faults] == ["reference-unknown"]
