from dataclasses import replace

from optimiser.rounds.plan import Violation
from scenarios.documents import report
from scenarios.documents.places import places
from scenarios.evidence.figure import Figure
from tests.scenarios.documents.html import flat, read, svgs
from tests.scenarios.documents.town import empty, no_plan, today_of


def text_of(outcome) -> str:
    return flat(read(report.page(outcome)).text)


def test_svgs_are_well_formed_and_named(outcome):
    drawings = svgs(report.page(outcome))
    assert drawings
    for drawing in drawings:
        if drawing.get("aria-hidden") != "true":
            assert drawing.get("aria-label")
            assert drawing.get("role") == "img"


def test_user_text_is_shown_as_text(full):
    text = text_of(full)
    assert "Truck <1>" in text
    assert "a longer shift <for> the truck" in text
    assert "<b> is an estimate" in text


def test_each_day_has_its_rounds_and_what_is_left_out(full):
    text = text_of(full)
    for words in ("Monday", "Thursday", "Municipal yard", "Quarry landfill", "Behind the quarry", "needs 3 h"):
        assert words in text
    assert "No vehicle can do it within its shift" in text
    assert "No room was found in any round" in text


def test_a_day_of_few_rounds_has_a_map_that_leaves_room_for_them_on_its_page(full):
    html = report.page(full)
    assert all(len(report.itineraries(full, day)) <= 3 for day in full.days)
    assert html.count('class="page short"') == len(full.days)
    assert ".short svg.map { max-height:" in html


def test_of_too_many_stops_left_out_those_with_most_waste_are_shown(full, monkeypatch):
    day = max(full.days, key=lambda day: len(day.result.plan.unserved))
    heaviest = max((item.stop for item in day.result.plan.unserved), key=lambda stop: day.loads_kg[stop])
    monkeypatch.setattr(report, "MOST_ROWS", 1)
    rows = report._left_out(day, places(full.system), "en")
    assert len(rows) > 1
    assert rows[0].place.id == heaviest
    assert f"{len(rows) - 1} more stand" in text_of(full) or "One more stands" in text_of(full)


def test_costs_add_up_over_the_rounds_of_a_day(full):
    day = full.days[0]
    rounds = report.itineraries(full, day)
    for name in ("total", "wages", "distance", "fixed", "gate_fees", "distance_m", "paid_s", "tips"):
        assert abs(sum(getattr(i.price, name) for i in rounds) - getattr(day.result.price, name)) < 1e-6


def test_a_bound_is_told_in_words_and_so_is_none(full):
    text = text_of(full)
    assert "At most 3.0 % could still be gained" in text
    assert "There is no bound" in text
    assert "It is proven that nothing better exists." in text  # the hubs


def test_hubs_tell_people_walk_and_load(full):
    text = text_of(full)
    assert "Hub at First Avenue" in text
    assert "60 people have no hub: a candidate within reach was not chosen." in text


def test_figures_have_ranges_sources_and_the_reason_for_none(full):
    page = report.page(full)
    text = flat(read(page).text)
    assert "no fuel is known for the tricycle" in text
    assert "(rests on an estimate)" in text
    for source in ("street network", "vehicles.csv", "gate fees"):
        assert source in text
    assert 'id="source-3"' in page


def test_doubts_provenance_and_licence_are_there(full):
    text = text_of(full)
    assert "moved 43 m" in text
    assert "ab" * 32 in text
    assert "made-up town, CC0, made up" in text


def test_attribution_stands_under_every_map(full):
    made = replace(full.provenance, attribution="\u00a9 OpenStreetMap contributors")
    page = report.page(replace(full, provenance=made))
    maps = [s for s in svgs(page) if s.get("class") == "map"]
    with_scale = [s for s in maps if "N" in [t.text for t in s.iter("{http://www.w3.org/2000/svg}text")]]
    credited = [s for s in with_scale if any("OpenStreetMap" in (t.text or "") for t in s.iter())]
    assert len(with_scale) == len(credited) == 4  # places, two days, hubs
    assert page.count("Map data: \u00a9 OpenStreetMap contributors") >= 5  # captions, small maps, foot
    assert "Open Database License" in page


def test_a_worse_plan_is_said_to_be_worse(full):
    assert "KES 310 more" in text_of(full)


def test_no_difference_is_shown_unless_the_model_agrees(full):
    day = full.days[0]
    text = text_of(replace(full, baseline=today_of(day, agrees=False, note="disagrees")))
    assert "no saving is claimed" in text
    assert "310" not in text
    text = text_of(replace(full, baseline=today_of(day, agrees=None, note="nothing-recorded")))
    assert "No saving is claimed" in text


def test_an_illustration_claims_no_saving_even_if_figures_are_there(illustration):
    claimed = (Figure(id="today-cost", value=5000.0, unit="KES"), Figure(id="saving-cost", value=777.0, unit="KES"))
    today = replace(illustration.baseline, note="", comparison=claimed)
    text = text_of(replace(illustration, baseline=today))
    assert "No saving is claimed" in text
    assert "777" not in text
    assert "This is an illustration." in text
    assert "the vehicles and today's rounds" in text


def test_a_share_of_nothing_is_no_tile():
    share = Figure(id="share-served", value=1.0, unit="share")
    stops = Figure(id="stops-served", value=13.0, unit="stops")
    none, some = (Figure(id="stops-required", value=value, unit="stops") for value in (0.0, 5.0))
    assert report.choose_tiles([none, share, stops]) == (stops,)
    assert report.choose_tiles([some, share, stops]) == (share, stops)


def test_tiles_never_show_a_saving(full):
    figures = (*full.figures, Figure(id="saving-cost", value=999_111.0, unit="KES"))
    tiles = report.choose_tiles(figures)
    assert "saving-cost" not in {figure.id for figure in tiles}
    assert all(figure.value is not None for figure in tiles)


def test_broken_rules_are_an_alarm(full):
    day = full.days[0]
    broken = replace(
        day, violations=(Violation(code="limit-exceeded", vehicle="truck-1", visit="b", detail="payload"),)
    )
    page = report.page(replace(full, days=(broken, full.days[1])))
    assert 'role="alert"' in page
    assert "One rule is broken" in page
    assert 'role="alert"' not in report.page(full)


def test_an_empty_plan_says_so():
    assert "There is nothing to collect" in text_of(empty())
    assert "No plan was found in the time allowed." in text_of(no_plan())


def test_css_text_cannot_leave_its_string(full):
    evil = '"; } </style><script>alert(1)</script> é\\'
    page = report.page(replace(full, scenario=replace(full.scenario, name=evil)))
    assert "script" not in read(page).seen
    assert page.count("</style>") == 1
