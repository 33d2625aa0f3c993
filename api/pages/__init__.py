"""Server-rendered pages."""

from __future__ import annotations

from flask import Blueprint, Flask, render_template, request

from api.auth import is_page
from api.errors import Problem
from api.problem_types import ProblemType

OPEN = frozenset({"static", "pages.sign_in"})
pages = Blueprint("pages", __name__)


def wanted() -> bool:
    return is_page(request)


def problem_page(problem: Problem, kind: ProblemType) -> str:
    return render_template("problem.html", problem=problem, kind=kind)


def install(app: Flask) -> None:
    app.register_blueprint(pages)
