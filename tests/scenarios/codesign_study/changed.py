"""Small changes to the sample."""

from __future__ import annotations

from pathlib import Path


def site(folder: Path, id_: str, row: str | None) -> None:
    """Replace a row of the table of sites, or take it out."""
    table = folder / "sites.csv"
    kept = [line for line in table.read_text("utf-8").splitlines() if not line.startswith(f"{id_},")]
    table.write_text("\n".join([*kept, *([row] if row else [])]) + "\n", "utf-8")


def only(folder: Path, *ids: str) -> None:
    """Keep these sites alone."""
    table = folder / "sites.csv"
    head, *rows = table.read_text("utf-8").splitlines()
    table.write_text("\n".join([head, *(row for row in rows if row.split(",")[0] in ids)]) + "\n", "utf-8")


def told(folder: Path, old: str, new: str) -> None:
    """Change ``codesign.toml``."""
    file = folder / "codesign.toml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")
