"""Nothing is said that is not in the catalogue, and nothing stands in the catalogue that is never said."""

import ast
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from faults import InputError, SolverError
from optimiser.result import Status
from optimiser.rounds.plan import Act, Reason
from scenarios.documents.itinerary import Side
from scenarios.loads import SINGLE_DAY, WEEK
from scenarios.messages import catalogue, known, languages, placeholders, say

ROOT = Path(__file__).parents[3]
PAGES = ROOT / "api" / "pages" / "templates"  # `say` in these puts "pages." before the key
CODE = sorted(chain(ROOT.glob("scenarios/**/*.py"), ROOT.glob("api/**/*.py")))
TEMPLATES = sorted(chain(ROOT.glob("scenarios/documents/templates/*.html"), PAGES.glob("*.html")))

Used = tuple[str, str, frozenset[str] | None]  # where, key or prefix ending in ".", names given (None: not known)


def code_uses(path: Path) -> Iterator[Used]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say" and node.args:
            given = None if any(item.arg is None for item in node.keywords) else {str(k.arg) for k in node.keywords}
            for key in code_keys(node.args[0]):
                yield f"{path.name}:{node.lineno}", key, None if given is None else frozenset(given)


def code_keys(node: ast.expr) -> list[str]:
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]):
            return [text]
        case ast.IfExp(body=body, orelse=orelse):
            return code_keys(body) + code_keys(orelse)
    return []


def template_uses(path: Path) -> Iterator[Used]:
    prefix = "pages." if path.parent == PAGES else ""
    tree = Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "say" and call.args:
            for key in template_keys(call.args[0]):
                given = None if call.dyn_kwargs else frozenset(item.key for item in call.kwargs)
                yield f"{path.name}:{call.lineno}", prefix + key, given


def template_keys(node: nodes.Expr) -> list[str]:
    match node:
        case nodes.Const(value=str(text)):
            return [text]
        case nodes.Concat(nodes=[nodes.Const(value=str(text)), *_]) | nodes.Add(left=nodes.Const(value=str(text))):
            return [text]
        case nodes.CondExpr(expr1=first, expr2=second):
            return [*template_keys(first), *(template_keys(second) if second is not None else [])]
    return []


USES = [*chain.from_iterable(map(code_uses, CODE)), *chain.from_iterable(map(template_uses, TEMPLATES))]


def texts() -> set[str]:
    """Every piece of text in the code, among them keys that are handed on as values."""
    found: set[str] = set()
    for path in CODE:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found |= {
            node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
    for path in TEMPLATES:
        tree = Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
        prefix = "pages." if path.parent == PAGES else ""
        found |= {prefix + node.value for node in tree.find_all(nodes.Const) if isinstance(node.value, str)}
    return found


def test_the_scan_sees_code_and_templates():
    wheres = {where.split(":")[0] for where, _, _ in USES}
    assert {"report.py", "driver_sheet.html", "report_day.html"} <= wheres


def test_every_key_that_is_said_exists():
    keys = catalogue("en")
    missing = [
        f"{where} {key}"
        for where, key, _ in USES
        if not (key in keys or (key.endswith((".", "-")) and any(name.startswith(key) for name in keys)))
    ]
    assert not missing


def test_every_message_is_said():
    said = texts()
    rooms = ("pages.", "cli.")  # a whole room is no family of messages: the rest of the key must stand somewhere, too
    prefixes = tuple(t for t in said if t.endswith(".") and len(t) > 1 and " " not in t and t not in rooms)
    said |= {room + text for room in rooms for text in said}
    unused = [key for key in catalogue("en") if key not in said and not key.startswith(prefixes)]
    assert not unused


def test_every_message_gets_the_values_it_needs():
    keys = catalogue("en")
    lacking = [
        f"{where} {key} lacks {sorted(wanted)}"
        for where, key, given in USES
        if given is not None and key in keys and (wanted := placeholders(keys[key]) - given - {"language"})
    ]
    assert not lacking


@pytest.mark.parametrize(
    ("prefix", "names"),
    [
        ("status.", Status),
        ("reason.", [*Reason, "out-of-reach", "not-chosen", "full"]),
        ("act.", Act),
        ("day.", [*WEEK, SINGLE_DAY]),
        ("side.", [side for side in Side if side is not Side.NONE]),
        ("month.", range(1, 13)),
    ],
)
def test_every_name_that_can_occur_has_a_message(prefix, names):
    assert [name for name in names if not known(f"{prefix}{name}")] == []


def test_every_rule_that_can_be_broken_has_a_name():
    rules = ROOT.glob("optimiser/rounds/rules/*.py")
    codes = {code for path in rules for code in re.findall(r'"([a-z]+(?:-[a-z]+)+)"', path.read_text(encoding="utf-8"))}
    named = {key.removeprefix("violation.") for key in catalogue("en") if key.startswith("violation.")}
    assert codes
    assert codes == named


def test_say_fills_in_values_and_chooses_the_plural():
    assert say("count.stops", count=1) == "1 stop"
    assert say("count.stops", "en", count="1 200") == "1 200 stops"
    assert say("list.and", first="a, b", last="c") == "a, b and c"


def test_braces_in_a_value_are_text():
    assert say("balance.why", stream="{0} {x}", reason="%s") == "Left of {0} {x}: %s"


def test_an_unknown_key_is_a_defect():
    with pytest.raises(SolverError) as caught:
        say("report.no_such_thing")
    assert caught.value.faults[0].code == "message-unknown"


def test_a_missing_value_is_a_defect():
    with pytest.raises(SolverError) as caught:
        say("list.and", first="a")
    assert caught.value.faults[0].code == "message-value-missing"


def test_an_unknown_language_names_those_there_are():
    with pytest.raises(InputError) as caught:
        say("map.north", "xx")
    assert caught.value.faults[0].code == "language-unknown"
    assert "en" in caught.value.faults[0].action


def test_plurals_have_both_forms_and_every_language_the_same_keys():
    for language in languages():
        for key, entry in catalogue(language).items():
            assert isinstance(entry, str) or set(entry) == {"one", "other"}, key
        assert set(catalogue(language)) == set(catalogue("en"))
