"""A format is known by what stands in the file, and harmless differences do not matter."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from benchmarks.sets.registry import FORMATS, read_instance, recognised
from benchmarks.sets.source import Source, read_source, stem
from faults import InputError
from tests.benchmarks.sets import small


@pytest.mark.parametrize("form", small.TEXTS)
def test_one_reader_and_no_other_recognises_a_text(form: str) -> None:
    source = Source(name="x", text=small.TEXTS[form])
    assert [name for name, reader in FORMATS.items() if reader.recognises(source)] == [form]
    assert recognised(source) == form


@pytest.mark.parametrize("form", small.TEXTS)
def test_line_ends_gzip_case_of_the_name_and_empty_lines_do_not_matter(form: str, tmp_path: Path) -> None:
    text = small.TEXTS[form]
    plain, packed = tmp_path / "Tiny.VRP", tmp_path / "other.name.GZ"
    plain.write_text(text, encoding="utf-8")
    windows = "\ufeff" + text.replace("\n", "\r\n") + "\r\n   \r\n"
    packed.write_bytes(gzip.compress(windows.encode("utf-8")))
    one, two = read_instance(plain), read_instance(packed)
    assert (one.format, one.name, two.name) == (form, "Tiny", "other.name")
    assert [part.problem.stops for part in one.parts] == [part.problem.stops for part in two.parts]
    assert [part.problem.vehicles for part in one.parts] == [part.problem.vehicles for part in two.parts]


@pytest.mark.parametrize("form", ["carp", "mcarp", "mcarptif", "vrplib", "solomon"])
def test_case_and_tabs_do_not_matter(form: str) -> None:
    text = small.TEXTS[form]
    one, two = small.posed(form, text), small.posed(form, text.lower().replace("   ", "\t "))
    assert one.parts[0].problem.stops == two.parts[0].problem.stops
    assert one.parts[0].problem.vehicles == two.parts[0].problem.vehicles


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"1 2 3\nnothing that anybody reads\n", "instance-format-unknown"),
        (b"", "instance-format-unknown"),
        (b"\x00\x01\x02", "instance-unreadable"),
        (b"\x1f\x8bbroken", "instance-unreadable"),
    ],
)
def test_what_cannot_be_read_is_said(raw: bytes, code: str, tmp_path: Path) -> None:
    file = tmp_path / "file.txt"
    file.write_bytes(raw)
    with pytest.raises(InputError) as raised:
        read_instance(file)
    assert [fault.code for fault in raised.value.faults] == [code]


def test_an_objective_that_a_set_does_not_have_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.geojson"
    file.write_text(small.PVRPIF, encoding="utf-8")
    with pytest.raises(InputError, match="objective-unknown"):
        read_instance(file, objective="vehicles")


@pytest.mark.parametrize(
    ("form", "old", "new"),
    [
        ("kim", "3 10560 0 0000", "3 10560 north 0000"),
        ("kim", "0 0 0 0400 1500 0 9999 0", "0 0 0 0400 1500 0 9999 1"),
        ("kim", "2 0 5280.5 0700 1675", "2 0 5280.5 1800 1675"),
        ("carp", "coste 5", "kosten 5"),
        ("carp", "CAPACIDAD : 3", "COMENTARIO : 3"),
        ("carp", "DEPOSITO :   1", ""),
        ("mcarp", "LIST_REQ_EDGES :", ""),
        ("rwcp", "10 0,10 10\n", "10 0\n"),
        ("rwcp", "TURN_PENALTY\t0\t5\t11\t45.5", "TURN_PENALTY\t0\t5"),
        ("vrplib", "4 0 6\n", ""),
        ("vrplib", "DEPOT_SECTION", "BACKHAUL_SECTION\n1 0\nDEPOT_SECTION"),
        ("vrplib", "EUC_2D", "GEO"),
        ("vrplib", "3 1 1", "3 1"),
        ("vrplib", "-1\nEOF", "2\n-1\nEOF"),
        ("solomon", "  2         10\n", "\n"),
        ("solomon", "20        60         10", "20        60"),
        ("cordeau", "2 1 2 2", "1 1 2 2"),
        ("cordeau", " 4 10 0 0 0 0 0\n", ""),
        ("pvrpif", '"maxDuration": 60, ', ""),
        ("pvrpif", "[8, 9, 1, 2, 0]", "[8, 9, 1, 2]"),
    ],
)
def test_a_broken_file_is_refused_with_its_name(form: str, old: str, new: str) -> None:
    text = small.TEXTS[form]
    assert old in text
    with pytest.raises(InputError) as raised:
        small.posed(form, text.replace(old, new))
    assert {fault.code for fault in raised.value.faults} == {"instance-unreadable"}


def test_names_lose_their_endings() -> None:
    assert stem("X-n101-k25.vrp.gz") == "X-n101-k25"
    assert stem("C1.5.txt") == "C1.5"
    assert stem(".gz") == ".gz"


def test_old_encodings_are_read(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(small.CVRP.replace("tiny", "S\u00f8rensen").encode("latin-1"))
    assert "S\u00f8rensen" in read_source(file).text
    assert len(read_instance(file).parts[0].problem.stops) == 3
