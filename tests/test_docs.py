"""The documentation knows every code and figure that a user can meet, and its links lead somewhere."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from optimiser.rounds.plan import Reason
from tests.test_house import PYTHON, ROOT

DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])
ERRORS = (DOCS / "errors.md").read_text(encoding="utf-8")
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


@pytest.mark.parametrize("file", [file for file in PYTHON if codes(file)], ids=lambda f: str(f.relative_to(ROOT)))
def test_every_code_is_explained(file: Path) -> None:
    missing = sorted(code for code in codes(file) if f"`{code}`" not in ERRORS)
    assert not missing, f"docs/errors.md does not explain {missing}"


def test_every_reason_is_explained() -> None:
    assert not [reason for reason in Reason if f"`{reason}`" not in ERRORS]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?://|#|mailto:)([^)#\s]+)", text)
    assert not [target for target in targets if not (page.parent / target).exists()]
