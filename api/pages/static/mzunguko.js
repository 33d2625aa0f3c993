// Comfort only: every page works without it. No word for people stands here; all of them come from the server.
"use strict";

// What is live asks for itself again, and the page reloads when the run has ended.
for (const live of document.querySelectorAll("[data-live]")) {
  const look = async () => {
    let wait = 1000;
    try {
      const answer = await fetch(live.dataset.live, { headers: { Accept: "text/html" } });
      if (answer.ok) {
        live.innerHTML = await answer.text();
        if (answer.headers.get("X-Run-Ended") === "true") {
          location.reload();
          return;
        }
      }
    } catch {
      wait = 4000; // the server is away; the run goes on when it is back
    }
    setTimeout(look, document.hidden ? 5000 : wait);
  };
  setTimeout(look, 700);
}

// A second press of a button does not ask twice.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    event.submitter?.setAttribute("aria-disabled", "true");
  });
}
addEventListener("pageshow", (event) => {
  if (event.persisted) {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      form.querySelector("[aria-disabled]")?.removeAttribute("aria-disabled");
    }
  }
});

// Times as this place writes them.
for (const time of document.querySelectorAll("time[datetime]")) {
  const moment = new Date(time.dateTime);
  if (!Number.isNaN(moment.valueOf())) {
    const form = time.dataset.form === "clock" ? { timeStyle: "medium" } : { dateStyle: "medium", timeStyle: "short" };
    time.textContent = new Intl.DateTimeFormat(document.documentElement.lang, form).format(moment);
  }
}

// The part of a form that belongs to another choice is put away.
for (const select of document.querySelectorAll("select[data-shows]")) {
  const part = document.getElementById(select.dataset.shows);
  const show = () => { part.hidden = select.value !== select.dataset.when; };
  select.addEventListener("change", show);
  show();
}
