"""Server-rendered pages: usable on a phone, without a script, with no other host. Every word is in the catalogue."""

from __future__ import annotations

import secrets
from functools import cache
from importlib.metadata import version
from typing import Any

from flask import Flask, render_template, request, session
from markupsafe import Markup, escape

from api.auth import csrf_token, is_page
from api.errors import Problem
from api.pages.blueprint import pages
from api.pages.routes import ROUTES
from api.problem_types import ProblemType
from api.services import services
from scenarios.messages import say

LANGUAGE = "en"
OPEN = frozenset({"static", "pages.sign_in", "pages.enter"})


def install(app: Flask) -> None:
    """Add the pages and what their templates use."""
    assert ROUTES
    app.register_blueprint(pages)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["coded"] = coded

    @app.context_processor
    def words() -> dict[str, Any]:
        signed_in = session.get("signed_in") is True
        return {
            "t": _say,
            "language": LANGUAGE,
            "version": _version(),
            "csrf_token": csrf_token,
            "fresh_key": _fresh_key,
            "signed_in": signed_in,
            "allowed": signed_in or services().config.token is None,
        }


def wanted() -> bool:
    """Whether the current request is a person's."""
    return is_page(request)


def problem_page(problem: Problem, kind: ProblemType) -> str:
    """Show a refusal to a person."""
    return render_template("problem.html", problem=problem, kind=kind)


def coded(text: str) -> Markup:
    """Set what stands in backticks as code."""
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if at % 2 else escape(part) for at, part in enumerate(text.split("`"))
    )


def _say(key: str, **values: object) -> str:
    return say(f"pages.{key}", LANGUAGE, **values)


def _fresh_key() -> str:
    """Key of a form: sent twice, it asks once."""
    return f"form-{secrets.token_urlsafe(18)}"


@cache
def _version() -> str:
    return version("mzunguko")
