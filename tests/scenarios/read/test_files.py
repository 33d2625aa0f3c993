from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from scenarios.read.files import MIB, kind_of, path_fault, resolve
from tests.scenarios.read.kit import the_fault


@pytest.mark.parametrize(
    "name",
    ["", " ", "/etc/passwd", "../x.csv", "a/../../x", "C:\\x.csv", "C:x.csv", "a\\b.csv", "~/x", "~root/x", ".."],
)
def test_names_that_lead_outside(tmp_path: Path, name: str) -> None:
    fault = path_fault(name, "tables.points.file")
    assert fault is not None
    assert fault.code == "path-outside"
    assert the_fault(resolve, tmp_path, name, "tables.points.file").code == "path-outside"


@pytest.mark.parametrize("name", ["x.csv", "tables/x.csv", "a b.csv", "..x.csv", "ä.csv"])
def test_names_within(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("id\n1\n")
    assert resolve(tmp_path, name, "p") == path.resolve()


def test_a_link_that_leads_outside(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret.csv").write_text("id\n1\n")
    (inside / "x.csv").symlink_to(tmp_path / "secret.csv")
    assert the_fault(resolve, inside, "x.csv", "p").code == "path-outside"
    (inside / "folder").symlink_to(tmp_path)
    assert the_fault(resolve, inside, "folder/secret.csv", "p").code == "path-outside"
    (inside / "own.csv").write_text("id\n1\n")
    (inside / "link.csv").symlink_to(inside / "own.csv")
    assert resolve(inside, "link.csv", "p").name == "own.csv"


def test_a_missing_file_with_a_likely_name(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("id\n1\n")
    fault = the_fault(resolve, tmp_path, "point.csv", "p")
    assert fault.code == "file-missing"
    assert "points.csv" in fault.action
    assert the_fault(resolve, tmp_path, "nowhere/x.csv", "p").code == "file-missing"
    (tmp_path / "folder.csv").mkdir()
    assert the_fault(resolve, tmp_path, "folder.csv", "p").code == "file-missing"


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"id,kg\n1,2\n", "delimited"),
        (b"", "delimited"),
        (b' \n{"type": "FeatureCollection"}', "geojson"),
        (b'\xef\xbb\xbf{"type": "FeatureCollection"}', "geojson"),
        (b"\xff\xfei\x00d\x00\n\x00", "delimited"),
    ],
)
def test_content_decides_not_the_name(tmp_path: Path, raw: bytes, kind: str) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(raw)
    assert kind_of(path, "x.xlsx") == kind


@pytest.mark.parametrize(
    "raw",
    [
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"%PDF-1.7",
        b"<!DOCTYPE html><table>",
        b"<?xml version='1.0'?>",
        b"\x1f\x8b\x08\x00",
        b"SQLite format 3\x00",
        b"PAR1",
    ],
)
def test_what_is_no_table(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(raw)
    assert the_fault(kind_of, path, "x.csv").code == "file-kind"


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    with path.open("wb") as stream:
        stream.truncate(33 * MIB)
    assert the_fault(kind_of, path, "x.csv").code == "file-too-large"


def archive(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
    return path


def test_archives_that_are_no_workbook(tmp_path: Path) -> None:
    path = archive(tmp_path / "x.xlsx", {"content.xml": b"<x/>"})
    assert "no workbook" in the_fault(kind_of, path, "x.xlsx").cause
    path.write_bytes(b"PK\x03\x04 and nothing more")
    assert the_fault(kind_of, path, "x.xlsx").code == "archive"


def test_a_bomb_is_refused_before_it_is_inflated(tmp_path: Path) -> None:
    path = archive(tmp_path / "x.xlsx", {"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": bytes(20 * MIB)})
    assert path.stat().st_size < MIB
    fault = the_fault(kind_of, path, "x.xlsx")
    assert fault.code == "archive"
    assert "20 MiB" in fault.cause


def test_a_part_locked_with_a_password(tmp_path: Path) -> None:
    path = archive(tmp_path / "x.xlsx", {"xl/workbook.xml": b"<x/>"})
    raw = bytearray(path.read_bytes())
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(raw)
    assert "password" in the_fault(kind_of, path, "x.xlsx").cause


def test_an_archive_with_very_many_parts(tmp_path: Path) -> None:
    parts = {"xl/workbook.xml": b"<x/>", **{f"xl/{k}.xml": b"" for k in range(300)}}
    assert "301 parts" in the_fault(kind_of, archive(tmp_path / "x.xlsx", parts), "x.xlsx").cause


def test_a_lying_directory_does_not_help_the_bomb(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("xl/workbook.xml", b"<x/>")
        out.writestr("xl/worksheets/sheet1.xml", bytes(MIB))
    raw = packed.getvalue().replace((MIB).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    path = tmp_path / "x.xlsx"
    path.write_bytes(raw)
    from scenarios.read.workbook import read_workbook

    assert kind_of(path, "x.xlsx") == "workbook"
    assert the_fault(read_workbook, path, file="x.xlsx").code == "archive"
