"""The list of runs, and one run: live, then its result."""

from __future__ import annotations

from flask import Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from api import auth
from api.errors import Refused
from api.jobs.port import BadCursor
from api.pages import result, show
from api.pages.blueprint import pages
from api.problem_types import PROBLEMS as P
from api.resources.runs import cancel as cancel_run
from api.resources.runs import existing
from api.services import services


@pages.get("/")
def runs() -> str:
    """List the runs, newest first."""
    after = request.args.get("after")
    try:
        found, following = services().store.runs(limit=services().config.limits.page_size, after=after)
    except BadCursor:
        raise Refused(P["bad-cursor"]) from None
    return render_template("runs.html", rows=[show.row(run) for run in found], next=following, after=after)


@pages.get("/runs/<run_id>")
def run(run_id: str) -> str:
    """Show a run: its progress, then its result, report and documents."""
    found = existing(run_id)
    documents = show.documents(found)
    return render_template(
        "run.html",
        run=found,
        ended=found.status.final,
        took=show.took(found),
        report=next((document for document in documents if document.is_report), None),
        documents=documents,
        text=show.plain_text(services().store, found),
        days=result.days(found),
        study=result.study(found),
        sites=result.sites(found),
        more_sites=result.more_sites(found),
        candidates=result.candidates(found),
        figures=result.figures(found),
        invented=result.invented(found),
        doubts=(found.outcome or {}).get("doubts", []),
        events=show.events(services().store.events(run_id)),
        today="form" in found.request,
        **show.progress(found),
    )


@pages.get("/runs/<run_id>/live")
def live(run_id: str) -> Response:
    """Give the part of the page that changes while a run is worked on."""
    found = existing(run_id)
    response = make_response(render_template("live.html", run=found, **show.progress(found)))
    response.headers["X-Run-Ended"] = "true" if found.status.final else "false"
    return response


@pages.post("/runs/<run_id>/cancel")
def cancel(run_id: str) -> AnyResponse:
    """Cancel a run; one that has just ended is simply shown."""
    auth.check_form()
    try:
        cancel_run(run_id)
    except Refused as refused:
        if refused.problem.status != 409:
            raise
    back = request.form.get("back", "")
    if back == "today":
        return redirect(url_for("pages.today", run=run_id), 303)
    return redirect(url_for("pages.run", run_id=run_id), 303)
