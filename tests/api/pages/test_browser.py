"""The pages in a real browser, on a desk and on a phone; and the whole way: a sample, its progress, its report."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from api.jobs.port import ProgressNote
from tests.api.service import Service, command, listening, serve
from tests.api.test_auth import TOKEN
from tests.api.test_resources import begun, finished, made

pytestmark = pytest.mark.browser
DESK, PHONE = {"width": 1200, "height": 900}, {"width": 390, "height": 844}
REPORT = b"""<!doctype html><html lang=en><title>r</title><style>p{color:red}</style><p>The report</p>
<script>document.title = "ran"</script>"""
# What a reader of the screen needs: a name for every control, one main heading, headings in order, no doubled id.
AUDIT = """() => {
  const bad = [];
  const named = (e) => e.labels?.length || e.getAttribute("aria-label") || e.textContent.trim() || e.title;
  for (const e of document.querySelectorAll("input:not([type=hidden]),select,textarea,button,a,iframe,progress"))
    if (!e.closest("[aria-hidden=true]") && !named(e)) bad.push("no name: " + e.outerHTML.slice(0, 120));
  if (document.querySelectorAll("h1").length !== 1) bad.push("not one h1");
  const levels = [...document.querySelectorAll("h1,h2,h3,h4")].map((e) => +e.tagName[1]);
  levels.forEach((l, i) => { if (i && l > levels[i - 1] + 1) bad.push("heading skipped at " + i); });
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  ids.forEach((id, i) => { if (ids.indexOf(id) !== i) bad.push("doubled id " + id); });
  if (!document.documentElement.lang || !document.title) bad.push("no language or title");
  const luminance = (c) => {
    const [r, g, b] = c.match(/[\\d.]+/g).map((v) => v / 255)
      .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (e) => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
    if (!/, 0\\)$|transparent|\\/ /.test(c) && !/rgba/.test(c)) return c; } return "rgb(255, 255, 255)"; };
  for (const e of document.querySelectorAll("main *, footer *")) {
    if (![...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()) || !e.offsetParent) continue;
    const [a, b] = [luminance(getComputedStyle(e).color), luminance(ground(e))].sort((x, y) => y - x);
    const contrast = (a + 0.05) / (b + 0.05);
    if (contrast < 4.5) bad.push("contrast " + contrast.toFixed(2) + ": " + e.outerHTML.slice(0, 120));
  }
  return bad;
}"""


@contextmanager
def watched(browser: Browser, address: str, size: dict[str, int], **options: object) -> Iterator[Page]:
    """A page on which every error counts, and which may ask nobody else."""
    context = browser.new_context(viewport=size, base_url=address, **options)
    page = context.new_page()
    trouble: list[str] = []
    page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("request", lambda r: None if r.url.startswith((address, "data:")) else trouble.append(f"asked {r.url}"))
    try:
        yield page
    finally:
        context.close()
    assert not trouble


def look(page: Page) -> None:
    """Nothing hangs over the side, and everything has a name and can be read."""
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.evaluate(AUDIT) == []


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_page_fits_and_can_be_read(chromium: Browser, service: Service, size: dict[str, int]) -> None:
    done = finished(service, made(service, "report.html", "text/html", b"<p>Report</p>"))
    running, ledger, attempt = begun(service)
    ledger.note(attempt, ProgressNote(stage="solve mon", fraction=0.4, cost=1234.5))
    failed, ledger, attempt = begun(service)
    fault = {"code": "c", "place": "points.csv, row 3", "cause": "no number " * 9, "action": "write one"}
    ledger.fail(attempt, {"code": "invalid-input", "title": "Cannot be used", "detail": "", "faults": [fault]})
    paths = ("/", "/new", "/today", "/today?example=1", f"/runs/{done}", f"/runs/{running}", f"/runs/{failed}")
    with listening(service.app) as address, watched(chromium, address, size) as page:
        for path in (*paths, "/problems/queue-full"):
            page.goto(path)
            look(page)


def test_the_page_of_a_run_follows_it(chromium: Browser, service: Service) -> None:
    run_id, ledger, attempt = begun(service)
    with listening(service.app) as address, watched(chromium, address, PHONE) as page:
        page.goto(f"/runs/{run_id}")
        ledger.note(attempt, ProgressNote(stage="solve mon", fraction=0.25, cost=987.0))
        expect(page.get_by_text("Searching for better rounds (Monday)")).to_be_visible()
        expect(page.get_by_text("987")).to_be_visible()
        ledger.finish(attempt, {"days": []}, [made(service, "report.html", "text/html", b"<p>Report</p>")])
        expect(page.get_by_role("link", name="Open the report")).to_be_visible()
        look(page)


def test_without_a_script_the_page_of_a_run_follows_it_too(chromium: Browser, service: Service) -> None:
    run_id, ledger, attempt = begun(service)
    with listening(service.app) as address, watched(chromium, address, PHONE, java_script_enabled=False) as page:
        page.goto(f"/runs/{run_id}")
        ledger.finish(attempt, {"days": []}, [made(service, "report.html", "text/html", b"<p>Report</p>")])
        expect(page.get_by_role("link", name="Open the report")).to_be_visible(timeout=15_000)


def test_a_report_is_shown_and_its_scripts_are_not_run(chromium: Browser, service: Service) -> None:
    run_id = finished(service, made(service, "report.html", "text/html", REPORT))
    with listening(service.app) as address:
        page = chromium.new_page(viewport=DESK, base_url=address)
        page.goto(f"/runs/{run_id}")
        shown = page.frame_locator("iframe").get_by_text("The report")
        shown.scroll_into_view_if_needed()
        expect(shown).to_have_css("color", "rgb(255, 0, 0)")
        page.goto(f"/v1/runs/{run_id}/documents/report.html")
        expect(page.get_by_text("The report")).to_be_visible()
        assert page.title() == "r"
        page.close()


def test_cancelling_is_one_press(chromium: Browser, service: Service) -> None:
    run_id = service.client().post("/v1/runs", json={"sample": "town"}).json["id"]
    with listening(service.app) as address, watched(chromium, address, PHONE) as page:
        page.goto(f"/runs/{run_id}")
        page.get_by_role("button", name="Cancel the run").click()
        expect(page.get_by_text("The run was cancelled")).to_be_visible()


def test_a_double_click_asks_once(chromium: Browser, service: Service) -> None:
    with listening(service.app) as address, watched(chromium, address, DESK) as page:
        page.goto("/new")
        page.get_by_label("Twelve Junctions").check()
        page.get_by_role("button", name="Plan the sample").dblclick()
        page.wait_for_url(re.compile("/runs/[0-9a-f]{32}$"))
    assert len(service.store.runs()[0]) == 1


def test_signing_in_and_out(chromium: Browser, tmp_path: Path) -> None:
    service = serve(tmp_path / "home", token=TOKEN)
    with listening(service.app) as address:
        page = chromium.new_page(viewport=PHONE, base_url=address)
        page.goto("/new")
        look(page)
        page.get_by_label("Token").fill("wrong-wrong-wrong-wrong")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_be_visible()
        page.get_by_label("Token").fill(TOKEN)
        page.get_by_role("button", name="Sign in").click()
        expect(page).to_have_url(re.compile("/new$"))
        page.get_by_role("button", name="Sign out").click()
        expect(page).to_have_url(re.compile("/sign-in"))
        page.close()


@pytest.fixture
def working(tmp_path: Path) -> Iterator[str]:
    """The address of a service whose runs are worked on."""
    with command(tmp_path / "home") as (_, address):
        yield address


def test_the_whole_way_from_a_sample_to_its_report(chromium: Browser, working: str) -> None:
    with watched(chromium, working, DESK) as page:
        page.goto("/new")
        page.get_by_label("Twelve Junctions").check()
        page.locator("#sample-seconds").fill("2")
        page.get_by_role("button", name="Plan the sample").click()
        expect(page.get_by_role("link", name="Open the report")).to_be_visible(timeout=120_000)
        expect(page.get_by_text("Done").first).to_be_visible()
        look(page)
        with page.expect_popup() as opened:
            page.get_by_role("link", name="Open the report").click()
        report = opened.value
        expect(report.get_by_role("heading", level=1)).to_contain_text("Twelve Junctions")
        expect(report.get_by_text("OpenStreetMap").or_(report.get_by_text("made up")).first).to_be_attached()


def test_the_recycler_fills_in_a_form_and_rides(chromium: Browser, working: str) -> None:
    with watched(chromium, working, PHONE) as page:
        page.goto("/today?example=1")
        page.get_by_role("button", name="Plan my run").click()
        text = page.locator("pre.run-text")
        expect(text).to_be_visible(timeout=120_000)
        expect(text).to_contain_text(re.compile(r"1 08:0\d"))
        expect(text).to_contain_text("an hour")
        expect(page.get_by_text("Stop 5: The detour costs more")).to_be_visible()  # 24 paid for what sells at 25
        expect(page.locator("#stop-0-kg")).to_have_value("14")
        look(page)
