"""Sign in with the token, and out."""

from __future__ import annotations

from flask import redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from api import auth
from api.errors import Refused, retry_after
from api.pages.blueprint import pages
from api.problem_types import PROBLEMS as P
from api.services import services

HOME = "pages.runs"


@pages.get("/sign-in")
def sign_in() -> str | Response:
    """Show the form, or go on where there is nothing to sign in to."""
    target = local_path(request.args.get("next", ""))
    if services().config.token is None or session.get("signed_in") is True:
        return redirect(target, 303)
    return render_template("sign_in.html", next=target, wrong=False)


@pages.post("/sign-in")
def enter() -> tuple[str, int] | Response:
    """Let in whoever knows the token."""
    auth.check_form()
    token = services().config.token
    target = local_path(request.form.get("next", ""))
    if token is None:
        return redirect(target, 303)
    wait_s = services().sign_ins.wait_s(request.remote_addr or "")
    if wait_s:
        raise Refused(P["too-many-attempts"], headers=retry_after(wait_s))
    if not auth.same(request.form.get("token", "").strip(), token):
        services().sign_ins.count(request.remote_addr or "")
        return render_template("sign_in.html", next=target, wrong=True), 401
    auth.sign_in()
    return redirect(target, 303)


@pages.post("/sign-out")
def sign_out() -> Response:
    """Forget this browser."""
    auth.check_form()
    session.clear()
    return redirect(url_for(HOME), 303)


def local_path(target: str) -> str:
    """Return the path to go on to, only ever within this service."""
    plain = target.startswith("/") and not target.startswith(("//", "/\\"))
    return target if plain and target.isprintable() else url_for(HOME)
