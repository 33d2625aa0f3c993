import io
import json
from pathlib import Path

import pytest

from api.jobs import teller as module
from api.jobs.summary import plain, problem
from api.jobs.teller import Teller, read_plans
from faults import Fault, InputError, SolverError, SourceError
from optimiser.rounds.plan import Act, Plan, Reason, Round, Unserved, Visit
from scenarios.progress import RunProgress

VISIT = Visit(act=Act.STOP, id="p1", arrive_s=1.0, start_s=2.5, end_s=3.0)
ROUND = Round(vehicle="v1", start_s=0.0, end_s=9.0, visits=(VISIT,))
PLAN = Plan(rounds=(ROUND,), unserved=(Unserved(stop="p2", reason=Reason.NO_TIME),))


class Clock:
    now = 0.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(module, "time", made)
    return made


def said(news: io.StringIO) -> list[dict]:
    return [json.loads(line) for line in news.getvalue().splitlines()]


def test_every_stage_is_told_and_the_rest_not_too_often(clock: Clock, tmp_path: Path) -> None:
    news = io.StringIO()
    tell = Teller(news, tmp_path)
    for k in range(100):
        clock.now = k * 0.01
        tell(RunProgress(stage="solve", day="mon", cost=100.0 - k, runtime_s=clock.now))
    tell(RunProgress(stage="measure"))
    lines = said(news)
    assert [line["seq"] for line in lines] == list(range(1, len(lines) + 1))
    assert 4 <= len(lines) <= 6
    assert lines[-1]["stage"] == "measure"


def test_a_plan_is_on_disk_before_it_is_announced_and_comes_back_whole(clock: Clock, tmp_path: Path) -> None:
    class Checking(io.StringIO):
        def write(self, text: str) -> int:
            if name := json.loads(text).get("incumbent"):
                assert (tmp_path / name).exists()
            return super().write(text)

    news = Checking()
    tell = Teller(news, tmp_path)
    tell(RunProgress(stage="solve", day="mon", cost=5.0, plan=PLAN))
    tell(RunProgress(stage="solve", day="mon", cost=4.0, plan=Plan(rounds=())))  # too soon to keep again
    tell(RunProgress(stage="solve", day="thu", cost=7.0))  # a new stage keeps what was left
    first, second = (line["incumbent"] for line in said(news))
    assert read_plans(tmp_path / first) == {"mon": PLAN}
    assert read_plans(tmp_path / second) == {"mon": Plan(rounds=())}
    assert said(news)[1]["summary"] == {"days": [{"day": "mon", "cost": 4.0}]}


def test_the_fraction_never_goes_back_or_away(clock: Clock, tmp_path: Path) -> None:
    news = io.StringIO()
    tell = Teller(news, tmp_path)
    for k, fraction in enumerate([None, 0.2, None, 0.1, 0.6]):
        tell(RunProgress(stage=f"stage {k}", fraction=fraction))
    assert [line["fraction"] for line in said(news)] == [None, 0.2, 0.2, 0.2, 0.6]


def test_numbers_that_json_does_not_have_become_null(clock: Clock, tmp_path: Path) -> None:
    news = io.StringIO()
    Teller(news, tmp_path)(RunProgress(stage="solve", cost=float("inf"), gap=float("nan")))
    assert (said(news)[0]["cost"], said(news)[0]["gap"]) == (None, None)
    assert plain({"a": (1.5, float("-inf"), {"b": "c"})}) == {"a": [1.5, None, {"b": "c"}]}


@pytest.mark.parametrize(
    ("error", "code"), [(InputError, "invalid-input"), (SourceError, "source"), (SolverError, "solver")]
)
def test_an_error_says_its_kind_and_every_fault(error: type, code: str) -> None:
    faults = [Fault(code="c", place=f"row {k}", cause=f"cause {k}", action="a") for k in range(5)]
    told = problem(error(faults))
    assert (told["code"], len(told["faults"])) == (code, 5)
    assert told["detail"] == "cause 0; cause 1; cause 2; and 2 more"
    json.dumps(told)
