"""Who may ask, and from where."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from api.config import Config, Limits, from_environment, is_loopback
from api.resources import OPERATIONS
from faults import InputError
from tests.api.service import Service, serve
from tests.api.test_contract import problem

TOKEN = "a-token-of-24-characters"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def guarded(tmp_path: Path) -> Service:
    return serve(tmp_path / "home", token=TOKEN)


def csrf(client: FlaskClient, path: str = "/sign-in") -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', client.get(path).text)
    assert found
    return found[1]


def sign_in(client: FlaskClient, token: str = TOKEN, target: str = "/"):
    return client.post("/sign-in", data={"csrf": csrf(client), "token": token, "next": target})


def filled(path: str) -> str:
    return re.sub(r"\{[a-z_]*id\}", "0" * 32, path).replace("{name}", "report.html").replace("{code}", "not-found")


@pytest.mark.parametrize("op", [op for op in OPERATIONS if not op.open], ids=lambda op: op.id)
@pytest.mark.parametrize(
    "header", [None, "Bearer wrong", f"Basic {TOKEN}", "Bearer", f"Bearer {TOKEN}x", "Bearer schlüssel"]
)
def test_every_guarded_operation_wants_the_token(guarded: Service, op, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    answer = guarded.client().open(filled(op.path), method=op.method, headers=headers)
    problem(answer, 401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("op", [op for op in OPERATIONS if op.open], ids=lambda op: op.id)
def test_open_operations_do_not(guarded: Service, op) -> None:
    assert guarded.client().open(filled(op.path), method=op.method).status_code == 200


def test_the_token_opens_the_api(guarded: Service) -> None:
    client = guarded.client()
    assert client.get("/v1/runs", headers=BEARER).status_code == 200
    assert client.post("/v1/runs", json={"sample": "helsinki"}, headers=BEARER).status_code == 202


def test_an_unknown_address_tells_strangers_nothing(guarded: Service) -> None:
    problem(guarded.client().get("/v1/nothing"), 401, "unauthenticated")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "example.org", "127.0.0.1.example.org"])
def test_another_address_without_a_token_is_refused_at_the_start(tmp_path: Path, host: str) -> None:
    with pytest.raises(InputError) as refused:
        Config(home=tmp_path, host=host)
    assert [fault.code for fault in refused.value.faults] == ["open-without-token"]
    assert Config(home=tmp_path, host=host, token=TOKEN).host == host


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]", "127.8.8.8", "LOCALHOST"])
def test_this_machine_needs_none(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("token", ["short", "x" * 15, "schlüssel-schlüssel", "with\nnewline-and-more"])
def test_a_weak_token_is_refused_at_the_start(tmp_path: Path, token: str) -> None:
    with pytest.raises(InputError) as refused:
        Config(home=tmp_path, token=token)
    assert [fault.code for fault in refused.value.faults] == ["weak-token"]


def test_the_environment_is_read(tmp_path: Path) -> None:
    config = from_environment({"MZUNGUKO_HOME": str(tmp_path), "MZUNGUKO_PORT": "9001", "MZUNGUKO_TOKEN": TOKEN})
    assert (config.home, config.port, config.token) == (tmp_path, 9001, TOKEN)
    assert TOKEN not in repr(config)
    with pytest.raises(InputError, match="bad-port"):
        from_environment({"MZUNGUKO_PORT": "eighty"})


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "192.168.1.4:8000"])
def test_without_a_token_only_names_of_this_machine_are_answered(client: FlaskClient, host: str) -> None:
    problem(client.get("/v1/runs", headers={"Host": host}), 421, "wrong-host")


def test_with_a_token_any_name_is(guarded: Service) -> None:
    assert guarded.client().get("/v1/runs", headers=BEARER | {"Host": "plans.example"}).status_code == 200


@pytest.mark.parametrize(
    "header", [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_another_web_site_cannot_send_a_browser(client: FlaskClient, service: Service, header: dict[str, str]) -> None:
    problem(client.post("/v1/runs", json={"sample": "helsinki"}, headers=header), 403, "cross-site")
    assert service.engine.submitted == []


def test_the_site_itself_can(client: FlaskClient) -> None:
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert client.post("/v1/runs", json={"sample": "helsinki"}, headers=headers).status_code == 202


def test_a_page_leads_to_the_sign_in_and_back(guarded: Service) -> None:
    client = guarded.client()
    turned = client.get("/new?x=1")
    assert turned.status_code == 303
    assert turned.headers["Location"] == "/sign-in?next=/new?x%3D1"
    done = sign_in(client, target="/new?x=1")
    assert (done.status_code, done.headers["Location"]) == (303, "/new?x=1")
    assert client.get("/today").status_code == 200
    assert client.get("/v1/runs").status_code == 200  # a signed-in browser may read


def test_a_signed_in_browser_changes_nothing_through_the_api(guarded: Service) -> None:
    client = guarded.client()
    sign_in(client)
    problem(client.post("/v1/runs", json={"sample": "helsinki"}), 401, "unauthenticated")


def test_the_cookie_is_kept_from_scripts_and_other_sites(tmp_path: Path) -> None:
    for https in (False, True):
        client = serve(tmp_path / f"home-{https}", token=TOKEN, https=https).client()
        cookie = client.get("/sign-in", base_url="https://localhost" if https else None).headers.get("Set-Cookie", "")
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert ("Secure" in cookie) is https


def test_the_wrong_token_lets_nobody_in(guarded: Service) -> None:
    client = guarded.client()
    assert sign_in(client, "not-the-token").status_code == 401
    assert client.get("/").status_code == 303


def test_guessing_is_slowed_down(tmp_path: Path) -> None:
    client = serve(tmp_path / "home", token=TOKEN, limits=Limits(sign_ins=3)).client()
    assert [sign_in(client, "not-the-token").status_code for _ in range(3)] == [401, 401, 401]
    stopped = sign_in(client)
    assert stopped.status_code == 429
    assert int(stopped.headers["Retry-After"]) > 0


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_leads_nowhere_else(guarded: Service, target: str) -> None:
    assert sign_in(guarded.client(), target=target).headers["Location"] == "/"


def test_a_new_token_signs_everybody_out(tmp_path: Path) -> None:
    before = serve(tmp_path / "home", token=TOKEN)
    client = before.client()
    sign_in(client)
    cookie = client.get_cookie(before.app.config["SESSION_COOKIE_NAME"])
    assert cookie
    after = serve(tmp_path / "home", token="another-token-of-24-char").client()
    after.set_cookie(cookie.key, cookie.value)
    assert after.get("/").status_code == 303
    same = serve(tmp_path / "home", token=TOKEN).client()
    same.set_cookie(cookie.key, cookie.value)
    assert same.get("/").status_code == 200


def test_signing_out_forgets(guarded: Service) -> None:
    client = guarded.client()
    sign_in(client)
    client.post("/sign-out", data={"csrf": csrf(client, "/new")})
    assert client.get("/").status_code == 303


@pytest.mark.parametrize(
    "path", ["/sign-in", "/sign-out", "/new/sample", "/new/files", "/today", f"/runs/{'0' * 32}/cancel"]
)
def test_a_form_that_is_not_ours_does_nothing(client: FlaskClient, service: Service, path: str) -> None:
    assert client.post(path, data={"sample": "helsinki", "csrf": "made-up"}).status_code == 403
    assert service.engine.submitted == []


@pytest.mark.parametrize("path", ["/", "/v1/runs", "/v1/nothing", "/healthz", "/static/mzunguko.css"])
def test_every_answer_carries_the_security_headers(client: FlaskClient, path: str) -> None:
    headers = client.get(path, buffered=True).headers
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_the_secret_of_the_cookies_is_for_its_owner_alone(service: Service) -> None:
    secret = service.config.home / "cookie-secret"
    assert len(secret.read_bytes()) == 32
    assert secret.stat().st_mode & 0o077 == 0
