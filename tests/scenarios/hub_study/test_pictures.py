"""What the pictures of a study show: streets by minutes, where no site may stand, the price of equity, the groups."""

import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from optimiser.hubs.siting.fair import Point
from scenarios.hub_study.curve import MINUS, _ticks, curve_chart
from scenarios.hub_study.layers import MINUTE_LOOKS, SMALLEST, areas, walked_streets
from scenarios.hub_study.maps import base_map, reach_map, site_map
from scenarios.hub_study.outcome import StudyOutcome
from scenarios.hub_study.report import page
from scenarios.hub_study.rows import group_rows, minute_metres, totals
from scenarios.hub_study.sentences import firm_sentence, price_sentence, swap_sentence


def luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour (WCAG)."""
    part = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def test_streets_are_drawn_by_minutes_the_nearest_on_top(outcome: StudyOutcome) -> None:
    drawn = walked_streets(outcome, base_map(outcome).frame)
    colours = [re.search(r'stroke="(#\w+)"', layer).group(1) for layer in drawn]
    assert colours == [colour for colour, _ in reversed(MINUTE_LOOKS)]
    assert 'd="m' in drawn[-1]
    assert minute_metres(outcome)[0] == pytest.approx(5 / 60 * 5000)


def test_on_the_sheet_of_a_city_streets_are_thinner(outcome: StudyOutcome) -> None:
    frame = base_map(outcome).frame
    near, far = (
        float(re.search(r'stroke-width="([\d.]+)"', walked_streets(outcome, sheet)[-1]).group(1))
        for sheet in (frame, replace(frame, metres_per_point=20.0))
    )
    assert near == 10 * MINUTE_LOOKS[0][1] > 1.9 * far


def test_the_minutes_are_told_apart_in_grey_print() -> None:
    light = [luminance(colour) + 0.05 for colour, _ in MINUTE_LOOKS]
    assert all(b / a > 1.8 for a, b in pairwise(light))
    wide = [width for _, width in MINUTE_LOOKS]
    assert wide == sorted(wide, reverse=True)


def test_areas_are_drawn_as_wide_as_what_is_asked_for(outcome: StudyOutcome) -> None:
    frame = base_map(outcome).frame
    (area,) = outcome.given.areas
    drawn = areas(outcome, frame)[-1]
    width = float(re.search(r'stroke-width="([\d.]+)"', drawn).group(1))
    point = len(area.corners) == 1
    assert width == pytest.approx(max(2 * 40 / frame.metres_per_point, SMALLEST if point else 0), abs=0.06)
    x, y = frame.xy(area.corners[0, 0], area.corners[0, 1])
    assert f"M{x:.1f} {y:.1f}" in drawn


def test_a_point_far_off_is_still_seen_and_without_areas_there_is_nothing(outcome: StudyOutcome) -> None:
    frame = base_map(outcome).frame
    (area,) = outcome.given.areas
    spot = replace(area, corners=area.corners[:1], within_m=0.0)
    small = replace(outcome, given=replace(outcome.given, areas=(spot,)))
    assert f'stroke-width="{SMALLEST}"' in areas(small, frame)[-1]
    assert areas(replace(outcome, given=replace(outcome.given, areas=())), frame) == []


def test_the_map_says_where_no_site_may_stand_and_who_fell_out(outcome: StudyOutcome) -> None:
    base = base_map(outcome)
    drawn = site_map(outcome, base, title="t")
    for text in ("No site may stand here", "Candidate that fell out"):
        assert text in drawn
    reach = reach_map(outcome, base, title="t")
    for text in ("Street within 5 minutes", "Street within 15 minutes", "in the colour of their minutes"):
        assert text in reach


def points(outcome: StudyOutcome, *rows: tuple[float, float, float]) -> StudyOutcome:
    made = [
        Point(aversion=a, result=outcome.result, mean=mean, ede=mean, worst=worst, farthest=worst)
        for a, mean, worst in rows
    ]
    return replace(outcome, curve=tuple(made))


def test_the_curve_says_what_each_plan_changes(outcome: StudyOutcome) -> None:
    made = points(outcome, (0.0, 450.0, 1200.0), (0.5, 451.2, 1033.0), (1.0, 458.0, 978.0), (2.0, 458.0, 978.0))
    chart = curve_chart(made, title="t")
    for text in ("least mean walk", f"all +1 m, the worst off {MINUS}167 m", "fair, aversion 1, 2", "all +8 m"):
        assert text in chart
    assert chart.count("<circle") == 3
    assert "who are worst off 222 m shorter" in price_sentence(made)
    assert "8 m longer" in price_sentence(made)


def test_a_fair_plan_that_changes_nothing_says_so(outcome: StudyOutcome) -> None:
    same = points(outcome, (0.0, 450.0, 1200.0), (1.0, 450.0, 1200.0))
    chart = curve_chart(same, title="t")
    assert "least mean walk; fair, aversion 1" in chart
    assert "all +0" not in chart
    assert "already as good" in price_sentence(same)
    assert price_sentence(replace(outcome, curve=())) == ""


def test_the_fair_plan_names_what_it_moves(outcome: StudyOutcome, monkeypatch: pytest.MonkeyPatch) -> None:
    assert outcome.result.plan is not None
    opened = outcome.result.plan.opened
    kept = {site.site for site in opened}
    other = next(site for site in outcome.given.candidates if site.id not in kept)
    gone = next(site.name for site in outcome.given.candidates if site.id == opened[0].site)
    plan = replace(outcome.result.plan, opened=(replace(opened[0], site=other.id), *opened[1:]))
    made = replace(outcome, plain=outcome.result, fair=replace(outcome.result, plan=plan))
    assert swap_sentence(made) == f"The fair plan opens {other.name} in place of {gone}."
    assert swap_sentence(replace(outcome, plain=outcome.result, fair=outcome.result)) == ""
    assert swap_sentence(replace(outcome, fair=None)) == ""
    curve = points(made, (0.0, 450.0, 1200.0), (1.0, 458.0, 978.0)).curve
    assert firm_sentence(replace(made, curve=curve)) == ""
    curve = (curve[0], replace(curve[1], result=replace(outcome.result, plan=plan)))
    stays = next(site.name for site in outcome.given.candidates if site.id == opened[1].site)
    assert firm_sentence(replace(made, curve=curve)).endswith(f"opens them: {stays}.")
    assert firm_sentence(replace(made, curve=())) == ""
    monkeypatch.setattr("scenarios.hub_study.sentences.MOST_NAMED", 0)
    assert swap_sentence(made) == "The fair plan puts 1 of 2 sites elsewhere."
    assert firm_sentence(replace(made, curve=curve)).endswith("opens them: 1 of 2 sites.")


def test_the_axis_has_round_numbers() -> None:
    assert _ticks(485.0, 548.0) == [500, 520, 540]
    assert _ticks(0.0, 1.0) == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1.0])


def test_groups_add_up_to_the_whole(outcome: StudyOutcome) -> None:
    given = outcome.posed.everyone
    half = tuple("north" if k % 2 else "south" for k in range(len(given.demand.ids)))
    everyone = replace(given, demand=replace(given.demand, group=half))
    made = replace(outcome, posed=replace(outcome.posed, everyone=everyone))
    rows, whole = group_rows(made), totals(made)
    assert list(rows) == ["north", "south"]
    assert sum(row.people for row in rows.values()) == whole.people
    assert sum(row.served for row in rows.values()) == pytest.approx(whole.served)
    assert sum(row.near for row in rows.values()) == pytest.approx(whole.near)
    assert sum(row.served * (row.mean_m or 0) for row in rows.values()) == pytest.approx(whole.served * whole.mean_m)
    assert "Whom it serves, group by group" in page(made)
    assert group_rows(replace(outcome, posed=replace(outcome.posed, everyone=ungrouped(given)))) == {}


def ungrouped(given):
    return replace(given, demand=replace(given.demand, group=("",) * len(given.demand.ids)))


def test_columns_that_say_nothing_are_left_out(outcome: StudyOutcome) -> None:
    assert "Room used" not in page(outcome)
    dear = tuple(replace(site, fixed_cost=site.fixed_cost + 100.0) for site in outcome.given.candidates)
    assert "Cost, KES" in page(replace(outcome, given=replace(outcome.given, candidates=dear)))
    free = tuple(replace(site, fixed_cost=0.0) for site in outcome.given.candidates)
    assert "Cost, KES" not in page(replace(outcome, given=replace(outcome.given, candidates=free)))
