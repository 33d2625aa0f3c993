from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.figures.core import Goal, Group
from benchmarks.figures.summary import best_share, is_of, ratios, rows, seconds_until
from benchmarks.figures.verdict import Verdict, verdict
from tests.benchmarks.figures.lines import line

GROUP = Group(
    id="g",
    what="w",
    measure="better",
    must=Goal(words="m", value=3.0),
    stretch=Goal(words="s", value=0.0, on="worst"),
    instances=("a", "b"),
    seconds=10.0,
    seeds=2,
    ours="ours",
    peers=("slow", "fast"),
)
LINES = [
    line("a", "ours", 90.0), line("a", "ours", 94.0, seed=2), line("a", "fast", 100.0), line("a", "slow", 150.0),
    line("b", "ours", 101.0), line("b", "fast", 100.0), line("b", "slow", 120.0),
]  # fmt: skip


def test_ours_against_the_better_of_the_peers() -> None:
    said = verdict(GROUP, rows(GROUP, LINES))
    assert said.figures == {"mean": pytest.approx((8.0 - 1.0) / 2), "worst": pytest.approx(-1.0)}
    assert said.each == {"a": pytest.approx(8.0), "b": pytest.approx(-1.0)}
    assert said.words.startswith("+3.5 % better than fast, worst -1.0 %; mean cost 96.5; 2 of 2")
    assert said.peers == "slow 135, fast 100"
    assert said.reached(GROUP.must) is True
    assert said.reached(GROUP.stretch) is False
    assert list(said.missing(GROUP.must)) == []
    assert list(said.missing(GROUP.stretch)) == ["worst by 1.00"]
    assert ratios(GROUP, rows(GROUP, LINES), "slow")["b"] == pytest.approx(101 / 120)


def test_a_run_of_ours_that_does_not_count_spoils_the_goal() -> None:
    found = rows(GROUP, [*LINES, line("b", "ours", 50.0, seed=2, violations=["shift-end"])])
    said = verdict(GROUP, found)
    assert said.figures["mean"] == pytest.approx(3.5)
    assert said.reached(GROUP.must) is False
    assert "1 runs do not count" in said.words
    assert found[3].trouble == ("shift-end (1 of 2)",)


def test_without_anything_to_compare_there_is_no_verdict() -> None:
    none = verdict(GROUP, rows(GROUP, [line("a", "ours", None)]))
    assert none.words == "1 of 2 instances, 1 seeds, 1 runs do not count"
    assert none.reached(GROUP.must) is False
    for few in ([], LINES[2:4], LINES[:1]):
        said = verdict(GROUP, rows(GROUP, few))
        assert (said.words, said.reached(GROUP.must)) == ("", None)


def test_runs_of_other_lengths_are_not_mixed_in() -> None:
    good = line("a", "ours", 1.0)
    assert is_of(GROUP, good)
    for change in ({"seconds": 9.0}, {"seed": 3}, {"cores": 2}, {"instance": "c"}, {"objective_asked": "x"}):
        assert not is_of(GROUP, good | change)


def test_above_the_best_known() -> None:
    group = replace(GROUP, measure="above", must=Goal(words="m", value=1.0, memory_mb=300.0))
    lines = [
        line("a", "ours", 100.0, above_percent=0.0), line("a", "ours", 103.0, above_percent=3.0, seed=2),
        line("b", "ours", 100.0, above_percent=0.2), line("b", "fast", 100.0, above_percent=2.0),
    ]  # fmt: skip
    found = rows(group, lines)
    said = verdict(group, found)
    assert said.figures == {"mean": pytest.approx(0.85), "worst": pytest.approx(1.5), "best-share": 50.0}
    assert said.words.startswith("0.85 %, worst 1.50 %, best known on 50 %; 200 MB")
    assert said.peers == "fast 2.00 % (1)"
    assert said.reached(group.must) is True
    tight = Goal(words="", value=0.5, memory_mb=199.0)
    assert said.reached(tight) is False
    assert list(said.missing(tight)) == ["mean by 0.35", "memory by 1 MB"]
    assert said.reached(Goal(words="", value=50.0, on="best-share")) is True
    assert said.reached(Goal(words="", value=51.0, on="best-share")) is False
    assert best_share([]) is None


def test_a_goal_for_each_instance_with_no_more_vehicles_than_known() -> None:
    group = replace(GROUP, measure="cost", unit="miles", vehicles="as-known")
    goal = Goal(words="", each={"a": 95.0, "b": 100.0})
    lines = [line("a", "ours", 94.0, bks_vehicles=3), line("b", "ours", 90.0, bks_vehicles=None)]
    said = verdict(group, rows(group, [*lines, line("b", "fast", 99.0)]))
    assert said.peers == "fast b 99.0 with 3"
    assert said.words.startswith("a 94.0 miles with 3; b 90.0 miles with 3")
    assert said.reached(goal) is True
    assert said.reached(Goal(words="", each={"a": 93.0})) is False
    assert list(said.missing(Goal(words="", each={"a": 93.0, "b": 90.0}))) == ["a by 1.00"]
    assert said.reached(Goal(words="no figure")) is None
    below = Goal(words="", each={"a": 95.0}, others_below_peers=True)
    assert said.reached(below) is True
    assert said.reached(replace(below, each={})) is True  # no peer planned a
    worse = verdict(group, rows(group, [*lines, line("b", "fast", 90.0), line("a", "fast", 1.0)]))
    assert list(worse.missing(below)) == ["b by 0.00"]
    many = rows(group, [line("a", "ours", 94.0, bks_vehicles=2), lines[1]])
    assert many[0].trouble == ("more vehicles than the best known (1 of 1)",)
    assert verdict(group, many).reached(goal) is False
    assert list(verdict(group, many).missing(goal)) == ["not all runs count"]


def test_two_cores_are_there_sooner() -> None:
    group = replace(GROUP, measure="sooner", cores=(1, 2), peers=(), instances=("a",))
    one, two = line("a", "ours", 150.0), line("a", "ours", 100.0, cores=2)
    said = verdict(group, rows(group, [one, two]))
    assert said.figures["mean"] == 2.0  # its second plan costs 150 and is the first that leaves nothing out
    assert said.words.startswith("a 2 s on 2 cores for the cost of 1 at 10 s")
    never = verdict(group, rows(group, [one | {"cost": 99.0}, two]))
    assert never.reached(Goal(words="", value=71.0)) is False
    assert never.words.startswith("a not on 2 cores")
    assert seconds_until(two, 99.0) is None
    assert verdict(group, rows(group, [one])) == Verdict(peak_mb=200.0)
