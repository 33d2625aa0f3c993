"""The documentation knows every code and figure that a user can meet, and its links lead somewhere."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from network.profiles import PROFILES
from network.soft import ASSUMPTIONS
from optimiser.rounds.plan import Reason
from tests.test_house import PYTHON, ROOT

DOCS = ROOT / "docs"
BENCHMARKS = sorted((ROOT / "benchmarks").rglob("*.py"))
PAGES = sorted([*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])
ERRORS = (DOCS / "errors.md").read_text(encoding="utf-8")
STREETS = (DOCS / "streets.md").read_text(encoding="utf-8")
MAKERS = {"Fault", "Violation", "HubViolation", "fault", "_fault", "doubt"}


def codes(file: Path) -> set[str]:
    """Return every constant given as ``code=`` in a call."""
    return {
        word.value.value
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        for word in node.keywords
        if word.arg == "code" and isinstance(word.value, ast.Constant) and isinstance(word.value.value, str)
    }


@pytest.mark.parametrize(
    "file", [file for file in (*PYTHON, *BENCHMARKS) if codes(file)], ids=lambda f: str(f.relative_to(ROOT))
)
def test_every_code_is_explained(file: Path) -> None:
    missing = sorted(code for code in codes(file) if f"`{code}`" not in ERRORS)
    assert not missing, f"docs/errors.md does not explain {missing}"


def test_every_reason_is_explained() -> None:
    assert not [reason for reason in Reason if f"`{reason}`" not in ERRORS]


def test_every_assumption_on_streets_is_explained() -> None:
    assert not [code for code in ASSUMPTIONS if f"| `{code}` |" not in STREETS]


def test_the_figures_of_vehicles_are_those_that_are_used() -> None:
    table = {row.split("`")[1]: row for row in STREETS.splitlines() if re.match(r"\| `\w+` \|( [\d.]+ \|){5}", row)}
    told = {name: [float(cell) for cell in row.split("|")[2:7]] for name, row in table.items()}
    assert {"width_m", "turning_m", "u_turn_s", "serve_factor"} <= set(told)
    assert told == {name: [getattr(profile, name) for profile in PROFILES.values()] for name in told}


def test_the_figures_of_soft_rules_are_those_that_are_used() -> None:
    table = (ROOT / "network" / "data" / "soft.csv").read_text(encoding="utf-8").splitlines()
    for rule, name, value in (line.split(",")[:3] for line in table[1:]):
        assert f"| {rule} | `{name}` | {value} |" in STREETS or f"`{name}` {value}" in STREETS, (rule, name)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?://|#|mailto:)([^)#\s]+)", text)
    assert not [target for target in targets if not (page.parent / target).exists()]
