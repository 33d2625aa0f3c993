"""The house keeps its own rules: small files, short functions, no toys, nothing that names a machine."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("faults", "network", "optimiser", "scenarios", "api")
PYTHON = sorted(
    file
    for room in ROOMS
    for file in (ROOT / room).rglob("*.py")
    if "versions" not in file.parts  # migrations: history
)
FILE_WALL, FUNCTION_WALL = 400, 60
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK|raise NotImplementedError|placeholder)\b")
OUTSIDE = re.compile(r"/home/|/root/|/work/|\.\./shared")


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.splitlines()]


@pytest.mark.parametrize("file", PYTHON, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_file_holds_one_idea(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= FILE_WALL, f"{len(lines)} lines: split it"


@pytest.mark.parametrize("file", PYTHON, ids=lambda file: str(file.relative_to(ROOT)))
def test_functions_are_short(file: Path) -> None:
    long = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            documented = isinstance(node.body[0], ast.Expr) and isinstance(node.body[0].value, ast.Constant)
            first = node.body[1] if documented and len(node.body) > 1 else node.body[0]
            size = (node.end_lineno or 0) - first.lineno + 1
            if size > FUNCTION_WALL:
                long.append(f"{node.name}: {size} lines")
    assert not long


@pytest.mark.parametrize("file", PYTHON, ids=lambda file: str(file.relative_to(ROOT)))
def test_nothing_is_left_unfinished(file: Path) -> None:
    assert not UNFINISHED.findall(file.read_text(encoding="utf-8"))


def test_every_module_says_what_it_is() -> None:
    silent = [
        str(file.relative_to(ROOT))
        for file in PYTHON
        if file.read_text(encoding="utf-8").strip()
        and not ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))
    ]
    assert not silent


def test_no_path_of_a_machine_is_written_down() -> None:
    named = [
        str(file.relative_to(ROOT))
        for file in tracked()
        if file.suffix in {".py", ".md", ".toml", ".cfg", ".html", ".css", ".csv", ""}
        and file.is_file()
        and file.name not in {"test_house.py", "run"}
        and OUTSIDE.search(file.read_text(encoding="utf-8", errors="ignore"))
    ]
    assert not named


def test_every_package_is_installed_and_every_test_folder_is_a_package() -> None:
    listed = (ROOT / "setup.cfg").read_text(encoding="utf-8")
    packages = {".".join(file.parent.relative_to(ROOT).parts) for file in PYTHON if file.name == "__init__.py"}
    missing = {name for name in packages if f"\n    {name}\n" not in listed and "migrations" not in name}
    assert not missing
    folders = {file.parent for file in (ROOT / "tests").rglob("test_*.py")}
    assert not [folder for folder in folders if not (folder / "__init__.py").exists()]
