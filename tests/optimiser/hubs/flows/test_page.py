"""The example of the page runs and says what the page says."""

import contextlib
import io
import re
from pathlib import Path

from optimiser.hubs.flows.reasons import Why

PAGE = (Path(__file__).parents[4] / "docs" / "flows.md").read_text(encoding="utf-8")


def test_the_example_says_what_the_page_says():
    code, said = (re.search(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL).group(1) for kind in ("python", "text"))
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "docs/flows.md", "exec"), {})
    number = re.compile(r"-?\d+\.\d{6,}")
    rounded = number.sub(lambda found: f"{float(found.group()):.5f}", out.getvalue())
    assert rounded == said


def test_every_reason_is_on_the_page():
    assert not [why for why in Why if f"| `{why}` |" not in PAGE]
