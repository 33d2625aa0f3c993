from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from benchmarks.sets.siting import Asked, read
from benchmarks.sited import run
from faults import InputError
from optimiser.hubs.siting.problem import Aim

FILES = {
    "pmedian": "3 2 1\n1 2 4\n2 3 5\n",
    "tsplib": "NAME: x\nNODE_COORD_SECTION\n1 0 0\n2 3 4\n3 6 8\nEOF\n",
    "covering": "3\t9999\tp\tS\n0\t0\t5\n0\t9\t4\n0\t30\t3\n",
    "words": "nothing of this kind\n",
    "pmedcap": "1 99\n3 2 10\n1 0 0 4\n2 0 5 5\n3 9 0 6\n",
}
WAREHOUSES = "1 12\n50 9\n" + "".join(f"{i + 1}\n{i + 2}.5\n" for i in range(12))


def written(folder: Path, name: str) -> Path:
    path = folder / f"{name}.txt"
    path.write_text(FILES.get(name, WAREHOUSES), encoding="ascii")
    return path


def test_formats_are_told_apart(tmp_path: Path) -> None:
    asked = Asked(p=1, radius=10.0)
    for name in sorted(FILES.keys() - {"words"}):
        assert read(written(tmp_path, name), asked).format == name
    found = read(written(tmp_path, "cap"), Asked())
    assert (found.format, found.model, found.problem.aim) == ("orlib-cap", "cflp", Aim.COST)
    assert found.problem.demand.weight.tolist() == [float(i) for i in range(1, 13)]
    zipped = tmp_path / "word.txt.gz"
    zipped.write_bytes(gzip.compress(WAREHOUSES.replace("50 9", "capacity 9").encode()))
    assert read(zipped, Asked(capacity=70.0)).problem.candidates[0].sizes[0].capacity == 70.0
    with pytest.raises(InputError, match="capacity"):
        read(zipped, Asked())
    single = tmp_path / "single.txt"
    single.write_text("2 3\n9 8\n5 4\n1 2 3\n1 2\n3 4\n5 6\n", encoding="ascii")
    posed = read(single, Asked()).problem
    assert posed.single_source
    assert posed.arcs.cost is not None
    assert posed.arcs.cost.tolist() == [1, 2, 3, 4, 5, 6]


def test_what_a_file_does_not_say_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--p"):
        read(written(tmp_path, "tsplib"), Asked())
    with pytest.raises(InputError, match="--radius"):
        read(written(tmp_path, "covering"), Asked(p=1))
    with pytest.raises(InputError, match="median, centre"):
        read(written(tmp_path, "pmedian"), Asked(model="cflp"))
    with pytest.raises(InputError, match="none of the formats"):
        read(written(tmp_path, "words"), Asked())


def test_a_format_may_be_named(tmp_path: Path) -> None:
    path = written(tmp_path, "cap")
    assert read(path, Asked(form="uflp-m")).model == "uflp"
    with pytest.raises(InputError, match="does not read as pmedcap"):
        read(path, Asked(form="pmedcap"))


def test_capacities_and_one_site_each(tmp_path: Path) -> None:
    said = run(str(written(tmp_path, "pmedcap")), Asked(), 20.0, 1, "auto")
    assert (said["instance"], said["model"], said["cost"], said["bound"]) == ("pmedcap", "median", 5.0, 5.0)


def test_published_optima(data_dir: Path) -> None:
    folder = data_dir / "benchmarks"
    for file, asked, wanted in (
        ("pmedian/pmed3.txt", Asked(), 4250.0),
        ("covering/SJC324.txt", Asked(p=3, radius=800.0), 11604.0),
        ("uflp_m/MO1.txt.gz", Asked(), 1156.909),
    ):
        said = run(str(folder / file), asked, 60.0, 1, "auto")
        assert said["cost"] == pytest.approx(wanted, rel=1e-6)
        assert said["status"] == "optimal"
