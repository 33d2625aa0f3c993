"""Who may ask: the right host name, no other web site, and the token where one is set.

On this machine alone no token is needed; then only names of this machine are answered, so that a web site
cannot reach the service through a name of its own (DNS rebinding). Browsers say with ``Origin`` and
``Sec-Fetch-Site`` on whose behalf they send; whatever changes something is refused when that is another site.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, Request, Response, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from api.config import Config, is_loopback
from api.errors import Refused, request_id
from api.problem_types import PROBLEMS as P

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
SIGN_IN = "pages.sign_in"
FOR_ALL_SITES = frozenset({"osrm", "ors", "vroom"})  # interfaces of others: they change nothing and heed no cookie
CHALLENGE = (("WWW-Authenticate", 'Bearer realm="mzunguko"'),)
POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


def install(app: Flask, config: Config, *, open_endpoints: frozenset[str]) -> None:
    """Guard every request of the app.

    Parameters
    ----------
    open_endpoints
        What can be had without a token: health, the description, problem pages, the sign-in page and its
        style.
    """
    app.secret_key = signing_key(config)
    app.config.update(
        SESSION_COOKIE_NAME=f"mzunguko-{config.port}",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.https,
    )

    @app.before_request
    def guard() -> AnyResponse | None:
        right_host(request, config)
        same_site(request)
        if config.token is None or request.endpoint in open_endpoints or may(request, config.token):
            return None
        if is_page(request) and request.method in SAFE:
            return redirect(url_for(SIGN_IN, next=request.full_path.rstrip("?")), 303)
        raise Refused(P["unauthenticated"], headers=CHALLENGE)

    @app.after_request
    def headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers["X-Request-Id"] = request_id()
        return response


def right_host(req: Request, config: Config) -> None:
    """Without a token, answer only under names of this machine."""
    if config.token is None and not is_loopback(urlsplit(f"//{req.host}").hostname or ""):
        raise Refused(P["wrong-host"])


def same_site(req: Request) -> None:
    """Refuse what a browser sends on behalf of another web site and what would change something."""
    if req.method in SAFE or req.blueprint in FOR_ALL_SITES:
        return
    site, origin = req.headers.get("Sec-Fetch-Site"), req.headers.get("Origin")
    foreign = site in {"cross-site", "same-site"} or (
        origin is not None and urlsplit(origin).netloc.lower() != req.host.lower()
    )
    if foreign:
        raise Refused(P["cross-site"])


def may(req: Request, token: str) -> bool:
    """Whether the request shows the token, or a browser signed in with it reads something."""
    given = req.headers.get("Authorization", "")
    kind, _, shown = given.partition(" ")
    if req.blueprint in FOR_ALL_SITES:
        return same(shown.strip() if kind.lower() == "bearer" else given.strip(), token)
    if kind.lower() == "bearer":
        return same(shown.strip(), token)
    return session.get("signed_in") is True and (is_page(req) or req.method in SAFE)


def same(shown: str, token: str) -> bool:
    """Compare in a time that says nothing about where two texts differ."""
    return hmac.compare_digest(_digest(shown), _digest(token))


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def is_page(req: Request) -> bool:
    """Whether a person's browser asks for a page, not a program for the API."""
    return req.blueprint == "pages" or (
        req.endpoint is None and not req.path.startswith("/v1") and "text/html" in req.headers.get("Accept", "")
    )


def csrf_token() -> str:
    """Return the secret that every form of this browser carries."""
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(24)
    return str(session["csrf"])


def check_form() -> None:
    """Refuse a form that was not made by a page of ours for this browser."""
    known = session.get("csrf")
    if not isinstance(known, str) or not same(request.form.get("csrf", ""), known):
        raise Refused(P["cross-site"])


def sign_in() -> None:
    """Remember that this browser showed the token; what it knew before is forgotten."""
    session.clear()
    session["signed_in"] = True
    session.permanent = True


def signing_key(config: Config) -> bytes:
    """Return the key of the cookies, made of the home folder's secret and the token: a new token signs all out."""
    secret = _secret(config.home / "cookie-secret")
    return hmac.new(secret, (config.token or "").encode(), hashlib.sha256).digest()


def _secret(path: Path) -> bytes:
    """Read the secret, or make it; two processes that start at once end up with the same one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as target:
            target.write(secrets.token_bytes(32))
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_bytes()
