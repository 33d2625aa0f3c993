"""Pages from templates: everything in them is escaped unless it is SVG we drew ourselves."""

from __future__ import annotations

from functools import cache, partial

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from scenarios.documents import charts, numbers
from scenarios.documents.document import clean
from scenarios.messages import say


@cache
def environment() -> Environment:
    """Return the template environment: escaping on, unknown names are errors, numbers as people read them."""
    found = Environment(
        loader=PackageLoader("scenarios.documents", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    found.globals["numbers"] = numbers
    found.globals["charts"] = charts
    found.filters["css"] = css_text
    return found


def css_text(text: str) -> Markup:
    """Return text as a quoted CSS string; anything but letters, digits and spaces is written as its code point."""
    safe = (c if c.isalnum() or c == " " else f"\\{ord(c):x} " for c in text)
    return Markup('"{}"').format(Markup("").join(safe))


def render(template: str, language: str, **values: object) -> str:
    """Return a page in a language.

    Parameters
    ----------
    template
        File in ``templates/``.
    values
        What the template shows.
    """
    page = environment().get_template(template)
    return clean(page.render(language=language, say=partial(say, language=language), **values))
