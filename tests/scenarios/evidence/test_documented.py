"""Every figure has a row in docs/figures.md, and every row a figure."""

import re
import tomllib
from importlib.resources import files
from pathlib import Path

from scenarios.evidence import measure
from tests.scenarios.evidence.on_paper import case
from tests.scenarios.evidence.test_measure import CASES

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/figures.md").read_text(encoding="utf-8")
DOCUMENTED = set(re.findall(r"^\| `([a-z0-9-]+)` \|", PAGE, re.MULTILINE))
WRITTEN = {
    name
    for module in (ROOT / "scenarios/evidence").glob("*.py")
    for name in re.findall(r'\b(?:figure|unknown)\(\s*"([a-z0-9-]+)"', module.read_text(encoding="utf-8"))
}


def test_every_figure_measured_is_documented():
    measured = {figure.id for made in (*CASES.values(), case()) for figure in measure(made)}
    assert len(measured) > 30
    assert measured <= DOCUMENTED


def test_every_figure_named_in_the_code_is_documented():
    assert len(WRITTEN) > 20
    assert WRITTEN <= DOCUMENTED


def test_every_figure_with_a_name_for_people_is_documented_and_the_other_way_round():
    catalogue = tomllib.loads(files("scenarios.messages").joinpath("en.toml").read_text(encoding="utf-8"))
    assert set(catalogue["figure"]) == DOCUMENTED
