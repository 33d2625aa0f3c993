"""Tables, faults and the progress bar as text."""

import io

import pytest

from api.terminal import Bar, best_words, faults_text, stage_words, table
from faults import Fault
from scenarios.progress import RunProgress


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_columns_line_up() -> None:
    assert table(["Vehicle", "km"], [["v1", "9.5"], ["truck 12", "112.0"]], right=frozenset({1})).splitlines() == [
        "Vehicle      km",
        "--------  -----",
        "v1          9.5",
        "truck 12  112.0",
    ]


def test_a_long_cause_is_wrapped() -> None:
    text = faults_text([Fault(code="c", place="p", cause="word " * 60, action="do")])
    assert max(map(len, text.splitlines())) <= 120
    assert text.splitlines()[0] == "p [c]"


@pytest.mark.parametrize(
    ("cost", "gap", "words"),
    [(None, None, ""), (1234.5, None, "cost 1,234.50, no bound"), (2.0, 0.081, "cost 2.00, gap 8.1%")],
)
def test_the_best_so_far(cost: float | None, gap: float | None, words: str) -> None:
    assert best_words(cost, gap) == words


def test_stages_are_said_in_words() -> None:
    assert stage_words("solve", "mon") == "Searching for better rounds (Monday)"
    assert stage_words("polish the brass") == "polish (the brass)"


def test_where_nobody_watches_each_stage_is_one_line() -> None:
    log = io.StringIO()
    bar = Bar(log)
    for stage in ("read", "read", "travel"):
        bar.tell(RunProgress(stage=stage))
    bar.close()
    assert log.getvalue().splitlines() == ["Reading the map and the tables ...", "Measuring ways and times ..."]


def test_on_a_screen_the_bar_shows_stage_share_and_cost() -> None:
    screen = Screen()
    bar = Bar(screen)
    bar.tell(RunProgress(stage="solve", day="mon", fraction=0.5, cost=1234.5, gap=0.1))
    bar.tell(RunProgress(stage="solve", day="mon", fraction=0.4, cost=1200.0, gap=0.1))  # never backwards
    shown = screen.getvalue()
    bar.close()
    assert "Searching for better round" in shown
    assert " 50%" in shown.rpartition("\r")[2]
    assert "cost 1,200.00, gap 10.0%" in shown
