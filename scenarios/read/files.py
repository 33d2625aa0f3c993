"""Files that came from somebody: inside the scenario's folder, not too large, and what they really are."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Literal

from faults import Fault, InputError, MzungukoError
from scenarios.read.words import closest

MIB = 1024 * 1024
MAX_BYTES = {"delimited": 32 * MIB, "workbook": 32 * MIB, "geojson": 64 * MIB}
MAX_ENTRIES = 200
MAX_INFLATED = 256 * MIB  # of a workbook; a general archive may hold 1 GiB
MAX_RATIO = 100
SMALL = 4 * MIB  # an archive that inflates to less than this harms nobody, whatever its ratio

Kind = Literal["delimited", "workbook", "geojson"]
DRIVE = re.compile(r"^[A-Za-z]:")


def path_fault(file: str, place: str, pointer: str = "") -> Fault | None:
    """Return what is wrong with the name of a file in a scenario, without looking at the disk."""
    steps = PurePosixPath(file).parts
    if not file.strip():
        cause = "the name of the file is empty"
    elif file.startswith(("/", "~")) or DRIVE.match(file) or "\\" in file:
        cause = f"{file!r} is not a name relative to the scenario file"
    elif ".." in steps:
        cause = f"{file!r} leads out of the scenario's folder"
    else:
        return None
    return Fault(
        code="path-outside",
        place=place,
        cause=cause,
        action="put the file beside the scenario file and write its name, with / between folders",
        pointer=pointer,
    )


def resolve(folder: Path, file: str, place: str) -> Path:
    """Return the path of a file of a scenario.

    Raises
    ------
    InputError
        ``path-outside`` if it is, or leads through a link, outside the folder; ``file-missing`` if it is not there.
    """
    if fault := path_fault(file, place):
        raise InputError(fault)
    root = folder.resolve()
    path = (root / file).resolve()
    if not path.is_relative_to(root):
        raise InputError(
            Fault(
                code="path-outside",
                place=place,
                cause=f"{file!r} is a link that leads out of the scenario's folder",
                action="copy the file itself into the folder",
            )
        )
    if not path.is_file():
        likely = closest(path.name, [p.name for p in path.parent.iterdir()]) if path.parent.is_dir() else ""
        raise InputError(
            Fault(
                code="file-missing",
                place=place,
                cause=f"there is no file {file!r} in the scenario's folder",
                action=f"did you mean {likely!r}?" if likely else "put it there, or correct the name",
            )
        )
    return path


def kind_of(path: Path, file: str) -> Kind:
    """Return what a table really is, by its content and not by its name.

    Raises
    ------
    InputError
        ``file-kind`` for what is no table, ``file-too-large``, ``archive`` for a workbook that is not to be trusted.
    """
    with path.open("rb") as stream:
        head = stream.read(4096)
    if head.startswith(b"PK"):
        kind: Kind = "workbook"
        _check_size(path, file, kind)
        _check_archive(path, file)
        return kind
    if reason := _not_a_table(head):
        raise InputError(Fault(code="file-kind", place=file, cause=reason, action="save it as .xlsx, .csv or .geojson"))
    kind = "geojson" if head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{" else "delimited"
    _check_size(path, file, kind)
    return kind


def _not_a_table(head: bytes) -> str:
    starts = {
        b"\xd0\xcf\x11\xe0": "it is an old workbook (.xls), or one locked with a password",
        b"%PDF": "it is a PDF",
        b"<": "it is XML or a web page",
        b"\x1f\x8b": "it is compressed (.gz)",
        b"SQLite format 3": "it is a database (GeoPackage or SQLite)",
        b"PAR1": "it is a Parquet file",
        b"7z\xbc\xaf": "it is compressed (.7z)",
    }
    return next((reason for start, reason in starts.items() if head.lstrip().startswith(start)), "")


def _check_size(path: Path, file: str, kind: Kind) -> None:
    if path.stat().st_size > MAX_BYTES[kind]:
        raise InputError(
            Fault(
                code="file-too-large",
                place=file,
                cause=f"it has {path.stat().st_size / MIB:.0f} MiB; at most {MAX_BYTES[kind] // MIB} MiB are read",
                action="leave out columns and rows that are not needed",
            )
        )


def _check_archive(path: Path, file: str) -> None:
    """Judge a workbook by what its directory declares, before anything is inflated."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise _archive_error(file, "it is damaged, or no workbook") from None
    inflated = sum(entry.file_size for entry in entries)
    packed = max(sum(entry.compress_size for entry in entries), 1)
    if "xl/workbook.xml" not in {entry.filename for entry in entries}:
        raise _archive_error(file, "it is an archive, but no workbook (.xlsx)")
    if len(entries) > MAX_ENTRIES:
        raise _archive_error(file, f"it has {len(entries)} parts; at most {MAX_ENTRIES} are read")
    if inflated > MAX_INFLATED or (inflated > SMALL and inflated > MAX_RATIO * packed):
        raise _archive_error(file, f"it inflates to {inflated / MIB:.0f} MiB from {packed / MIB:.1f} MiB")
    if any(entry.flag_bits & 1 for entry in entries):
        raise _archive_error(file, "it is locked with a password")


def _archive_error(file: str, cause: str) -> InputError:
    return InputError(
        Fault(
            code="archive", place=file, cause=cause, action="open it in a spreadsheet program and save it anew as .xlsx"
        )
    )


@contextmanager
def as_written(path: Path, file: str) -> Iterator[None]:
    """Let faults name a file as the scenario does: where it lies on the machine is nobody's business."""
    try:
        yield
    except MzungukoError as error:
        said = (
            replace(fault, place=fault.place.replace(str(path), file), cause=fault.cause.replace(str(path), file))
            for fault in error.faults
        )
        raise type(error)(said) from error
