"""Today's paying run in one screen: pick-ups, prices and the tricycle in; the run out, beside the form."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from api import auth
from api.errors import Refused
from api.jobs.port import Run, UnknownUpload, Upload
from api.pages import result, show, today_form
from api.pages.blueprint import pages
from api.problem_types import PROBLEMS as P
from api.resources.runs import checked_key, existing
from api.resources.uploads import ENVELOPE, keep
from api.run_request import ScenarioRun
from api.services import Services, services
from api.submission import submit
from scenarios.messages import say

PARTS = 600
MAP_ENDINGS = (".pbf", ".osm", ".graphml", ".zip", ".sqlite")
Page = str | tuple[str, int]


@pages.get("/today")
def today() -> Page:
    """Show the form, filled in with an earlier run's stops or an example where asked, and that run beside it."""
    run_id = request.args.get("run", "")
    if run_id:
        run = existing(run_id)
        values = run.request.get("form") or today_form.empty()
        return _page({**today_form.empty(), **values}, run=run)
    values = today_form.EXAMPLE if request.args.get("example") == "1" else today_form.empty()
    start = {"streets": "server"} if services().network_upload and values is not today_form.EXAMPLE else {}
    return _page({**values, **start})


@pages.post("/today")
def plan_today() -> Page | Response:
    """Plan the run, or say what is missing."""
    request.max_content_length = max(services().config.limits.upload_bytes.values()) + ENVELOPE
    request.max_form_parts = PARTS
    auth.check_form()
    values = today_form.typed(request.form)
    if request.form.get("do") == "more":
        return _page(today_form.longer(values))
    wrong = today_form.faults(values)
    try:
        streets, files = _streets(values, services())
    except Refused as refused:
        wrong["streets"] = refused.items[0].detail if refused.items else refused.detail or refused.problem.meaning
        return _page(values, wrong=wrong)
    if wrong:
        return _page(values, wrong=wrong)
    return _ask(values, streets, files)


def _ask(values: Mapping[str, Any], streets: Mapping[str, Any], files: dict[str, str]) -> Page | Response:
    store = services().store
    for table in today_form.tables(values):
        files[table.name] = store.upload(table.name, BytesIO(table.text.encode()), "text/csv").id
    asked = ScenarioRun(scenario=today_form.scenario(values, streets=streets), files=files)
    try:
        kept = {**values, "map": files.get(streets.get("file", ""), "")}
        accepted = submit(services(), asked, key=checked_key(request.form.get("key") or None), form=kept)
    except Refused as refused:
        details = [item.detail for item in refused.items] or [refused.detail or refused.problem.meaning]
        return _page(values, wrong={"": " ".join(details)})
    return redirect(url_for("pages.today", run=accepted.run.id) + "#run", 303)


def _streets(values: Mapping[str, Any], serving: Services) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the scenario's words for the street map, and the upload that it needs."""
    if values["streets"] == "server" and serving.network_upload is not None:
        name, upload_id = serving.network_upload
        return {"file": name}, {name: upload_id}
    if values["streets"] == "upload":
        sent = request.files.get("map")
        kept = keep(sent) if isinstance(sent, FileStorage) and sent.filename else _map_before(serving)
        return {"file": kept.name}, {kept.name: kept.id}
    return {"town": "twelve-junctions"}, {}


def _map_before(serving: Services) -> Upload:
    """Return the map that was uploaded for the run this form was filled in from."""
    try:
        return serving.store.upload_info(request.form.get("map_before", ""))
    except UnknownUpload:
        raise Refused(P["invalid-request"], say("pages.today.wrong.map")) from None


def _page(values: Mapping[str, Any], *, wrong: Mapping[str, str] | None = None, run: Run | None = None) -> Page:
    network = services().network_upload
    page = render_template(
        "today.html",
        v=values,
        wrong=wrong or {},
        run=run,
        ended=run is None or run.status.final,
        network=None if network is None else network[0],
        endings=",".join(MAP_ENDINGS),
        text="" if run is None else show.plain_text(services().store, run),
        documents=[] if run is None else [d for d in show.documents(run) if d.shown and not d.is_text],
        faults=[] if run is None else _faults(run),
        left_out=[] if run is None else result.left_out(services().store, run),
        **({} if run is None else show.progress(run)),
    )
    return (page, 422) if wrong else page


def _faults(run: Run) -> list[dict[str, Any]]:
    """Return what was wrong with a run, in the words of the form: a row of the table is a stop."""
    return [
        {**fault, "place": show.place_of_form(str(fault.get("place", "")))}
        for fault in (run.error or {}).get("faults", [])
    ]
