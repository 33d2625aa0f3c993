"""How often better plans are told of."""

from __future__ import annotations

import pytest

from optimiser.rounds.deadline import Deadline
from optimiser.rounds.strings.news import SHARE, News


def test_news_takes_a_share_of_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    told: list[tuple[str, float]] = []
    monkeypatch.setattr("optimiser.rounds.strings.news.time.monotonic", lambda: clock[0])

    def tell() -> None:
        told.append(("told", clock[0]))
        clock[0] += 2.0

    news = News(tell=tell, deadline=Deadline(seconds=1e6), told=50)
    news.of(50)
    assert told == []
    news.of(49, lambda: told.append(("ready", clock[0])))
    assert told == [("ready", 100.0), ("told", 100.0)]
    for _ in range(100):
        clock[0] += 1.0
        news.of(48)
    assert [when for _, when in told[2:]] == [102.0 + 2.0 / SHARE]


def test_quick_news_comes_once_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    told: list[float] = []
    monkeypatch.setattr("optimiser.rounds.strings.news.time.monotonic", lambda: clock[0])
    news = News(tell=lambda: told.append(clock[0]), deadline=Deadline(seconds=1e6), told=1_000)
    for step in range(40):
        clock[0] = step / 8
        news.of(900 - step)
    assert told == [0.0, 1.0, 2.0, 3.0, 4.0]


def test_nothing_is_told_after_the_deadline() -> None:
    told: list[int] = []
    News(tell=lambda: told.append(1), deadline=Deadline(seconds=-1.0), told=5).of(1)
    assert told == []
