"""Files of location-routing: worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import located
from benchmarks.sets.lrp import read, recognises
from benchmarks.sets.siting import Asked
from faults import InputError

HAND = "2 2\n0 0\n30 0\n0 1\n30 4\n10\n20\n20\n3 4\n5\n6\n{vehicle} {kind}\n"


def _file(folder: Path, vehicle: float, kind: int) -> Path:
    path = folder / "hand.dat"
    path.write_text(HAND.format(vehicle=vehicle, kind=kind), encoding="ascii")
    return path


@pytest.mark.parametrize(("kind", "unit"), [(1, 1.0), (0, 100.0)])
def test_a_file_is_read_and_solved_in_its_own_money(tmp_path: Path, kind: int, unit: float) -> None:
    path = _file(tmp_path, 7, kind)
    instance = read(path)
    assert [site.opening_cost for site in instance.problem.sites] == [5.0, 6.0]
    assert [stop.loads["load"] for stop in instance.problem.rounds.stops] == [3.0, 4.0]
    said = located.run(str(path), Asked(), 1.0, 1, "auto")
    assert said["violations"] == []
    both = 5 + 6 + 2 * 7 + unit * (2 * 1 + 2 * 4)
    assert said["cost"] == both
    assert said["gap_percent"] is None
    assert said["best_known"] is None


def test_the_best_known_value_beside_it_makes_the_gap(tmp_path: Path) -> None:
    path = _file(tmp_path, 7, 1)
    (tmp_path / "bks.csv").write_text("file,bks,proven,vehicles,objective\nhand.dat,28,no,,\n", encoding="ascii")
    said = located.run(str(path), Asked(), 1.0, 1, "auto")
    assert (said["best_known"], said["gap_percent"]) == (28.0, 25.0)


def test_other_files_are_not_taken_for_it(tmp_path: Path) -> None:
    text = HAND.format(vehicle=7, kind=1)
    assert recognises(text)
    assert not recognises(text + "1")
    assert not recognises("3 2 1\n1 2 4\n2 3 5\n")
    assert not recognises("words")
    path = tmp_path / "short.dat"
    path.write_text("1 2 3", encoding="ascii")
    assert located.is_located(str(path), Asked(form="lrp"))
    assert not located.is_located(str(path), Asked())
    with pytest.raises(InputError, match="lrp"):
        read(path)
