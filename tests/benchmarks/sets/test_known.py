"""Best known values are found in the list beside or above a file, for the objective asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.sets.known import best_known

LIST = """family,instance,n,bks,proven,source,objective,vehicles,file
a,x,9,12.5,yes,s,distance only,,sets/x.txt
b,x,9,13,no,s,"1st vehicles, 2nd distance",4,sets/x.txt
c,y,9,,no,s,distance only,,sets/y.txt
"""


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    (tmp_path / "bks.csv").write_text(LIST, encoding="utf-8")
    (tmp_path / "sets").mkdir()
    for name in ("x", "y", "z"):
        (tmp_path / "sets" / f"{name}.txt").write_text("", encoding="utf-8")
    return tmp_path / "sets"


def test_the_objective_chooses_between_values(folder: Path) -> None:
    short, few = best_known(folder / "x.txt", "distance"), best_known(folder / "x.txt", "vehicles")
    assert short is not None
    assert few is not None
    assert (short.value, short.proven, short.vehicles) == (12.5, True, None)
    assert (few.value, few.proven, few.vehicles) == (13.0, False, 4)


@pytest.mark.parametrize("name", ["y.txt", "z.txt"])
def test_no_value_is_none(name: str, folder: Path) -> None:
    assert best_known(folder / name, "distance") is None


def test_without_a_list_there_is_none(tmp_path: Path) -> None:
    assert best_known(tmp_path / "x.txt", "distance") is None
