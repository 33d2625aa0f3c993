import math
from pathlib import Path

import numpy as np
import pytest

from faults import InputError
from network.profiles import PROFILES
from network.snap import snap
from network.sources.aequilibrae import read_aequilibrae, read_zones
from network.sources.made_up import twelve_junctions
from network.walking import nearest
from scenarios.data.defaults import lookup
from scenarios.demand import estimate
from scenarios.demand.arisings import FEW, FULL
from tests.network.drawing import draw
from tests.scenarios.demand.ground import asking, built, square, zone

FOOT = PROFILES["foot"]
TOWN = twelve_junctions()
ZONES = (zone("south", 600, square(-50, -50, 400)), zone("north", 300, square(-50, 120, 600)))
HOUSES = built(
    *({"x": x, "y": y, "area": 80 + x / 10} for x in range(20, 700, 60) for y in (12, 88, 238)),
    {"x": 600, "y": 340, "kind": "apartments", "area": 500},
)


def zoned(**demand: object):
    return estimate(asking(from_="zones", **demand), TOWN, None, ZONES)


def housed(**demand: object):
    return estimate(asking(from_="buildings", **{"people": 5000, **demand}), TOWN, HOUSES, None)


@pytest.mark.parametrize(("answer", "people"), [(zoned(), 900), (housed(), 5000)])
def test_nobody_and_no_kilogram_is_lost(answer, people: float) -> None:
    points, residents, doubts = answer
    per_person = lookup("kg-per-person-day", "KE").value
    for rows in (points, residents):
        assert sum(row.people for row in rows) == pytest.approx(people)
        assert sum(row.kg_per_day for row in rows) == pytest.approx(people * per_person)
        assert all(row.estimated and row.people > 0 for row in rows)
        assert len({row.id for row in rows}) == len(rows)
    assert doubts == ()


def test_it_says_what_it_was_estimated_from() -> None:
    assert {str(row.origin) for rows in zoned()[:2] for row in rows} == {"estimate from zones"}
    assert {str(row.origin) for rows in housed()[:2] for row in rows} == {"estimate from buildings"}


def test_everybody_uses_the_nearest_site_on_foot() -> None:
    points, residents, _ = housed()
    home, site = (
        snap(TOWN, FOOT, [row.lon for row in rows], [row.lat for row in rows]) for rows in (residents, points)
    )
    index, metres = nearest(TOWN, FOOT, home, site, limit_m=5000)
    people = np.bincount(index, [row.people for row in residents], minlength=len(points))
    assert people == pytest.approx([point.people for point in points], rel=0.35)  # homes count from mid-piece
    assert (metres + home.distance_m).max() <= 150 + 25


def test_the_spacing_and_the_number_decide_how_many_sites() -> None:
    assert len(housed(container_spacing_m=60)[0]) > len(housed(container_spacing_m=300)[0])
    assert len(housed(containers=6)[0]) == 6
    assert len(housed(containers=1)[0]) == 1


def test_no_site_stands_for_a_handful_of_people() -> None:
    points, _, _ = housed(people=200, container_spacing_m=40)
    assert min(point.people for point in points) >= FEW
    assert sum(point.people for point in points) == pytest.approx(200)
    assert len(points) > 3
    alone, _, _ = housed(people=6, container_spacing_m=2000)
    assert sum(point.people for point in alone) == pytest.approx(6)


def test_kilograms_follow_the_scenario_then_the_country() -> None:
    assert zoned(kg_per_person_day=0.5)[0][0].kg_per_day == pytest.approx(0.5 * zoned()[0][0].people)
    assert zoned(country="FI")[0][0].kg_per_day > zoned()[0][0].kg_per_day


@pytest.mark.parametrize(
    ("week", "longest"),
    [({}, 1), ({"days_since_last": 3.0}, 3), ({"days": ("mon", "thu")}, 4), ({"days": ("wed",)}, 7)],
)
def test_containers_hold_what_gathers_in_the_longest_wait(week: dict[str, object], longest: int) -> None:
    holds_kg = 1.1 * lookup("loose-density", "KE").value * FULL
    for point in zoned(**week)[0]:
        assert point.containers == max(1, math.ceil(point.kg_per_day * longest / holds_kg))


def test_sites_carry_street_names_and_the_stream_and_stand_on_streets() -> None:
    points, _, _ = housed()
    assert {point.stream for point in points} == {"residual"}
    assert {"South Lane", "Market Street"} & {point.name for point in points}
    at = snap(TOWN, PROFILES["refuse-truck"], [p.lon for p in points], [p.lat for p in points])
    assert at.distance_m.max() < 0.01


def test_the_same_input_gives_the_same_answer() -> None:
    assert housed(containers=7) == housed(containers=7)
    assert zoned() == zoned()


def test_homes_off_the_streets_are_told_and_keep_their_people() -> None:
    houses = built({"x": 50, "y": 10}, {"x": 50, "y": 2000})
    points, residents, doubts = estimate(asking(from_="buildings", people=10), TOWN, houses, None)
    assert [doubt.code for doubt in doubts] == ["homes-off-street"]
    assert "5 people (50.0%)" in doubts[0].cause
    assert sum(point.people for point in points) == sum(row.people for row in residents) == 10


def test_homes_that_no_truck_comes_near_are_told() -> None:
    network = draw({"a": (0, 0), "b": (200, 0), "c": (200, 1000)}, [("a", "b"), ("b", "c", {"highway": "footway"})])
    houses = built({"x": 50, "y": 10}, {"x": 190, "y": 900})
    points, _, doubts = estimate(asking(from_="buildings", people=10), network, houses, None)
    assert [doubt.code for doubt in doubts] == ["containers-far"]
    assert max(point.lat for point in points) == pytest.approx(0, abs=1e-9)


def test_sites_keep_to_public_streets_where_there_are_any() -> None:
    streets = [("a", "b"), ("b", "c", {"access": "private"})]
    corners = {"a": (0, 0), "b": (200, 0), "c": (200, 200)}
    houses = built({"x": 190, "y": 180})
    points, _, _ = estimate(asking(from_="buildings", people=10), draw(corners, streets), houses, None)
    assert [point.lat for point in points] == pytest.approx([0], abs=1e-9)
    gated = [(*ends[:2], {"access": "private"}) for ends in streets]
    points, _, _ = estimate(asking(from_="buildings", people=10), draw(corners, gated), houses, None)
    assert points[0].lat > 0


@pytest.mark.parametrize(
    ("scenario", "streets", "code"),
    [
        (asking(from_="buildings"), None, "people-missing"),
        (asking(from_="buildings", people=10), "footway", "no-container-streets"),
        (asking(from_="buildings", people=10), "raceway", "no-container-streets"),
    ],
)
def test_what_cannot_be_estimated_is_refused(scenario, streets: str | None, code: str) -> None:
    network = draw({"a": (0, 0), "b": (200, 0)}, [("a", "b", {"highway": streets})]) if streets else TOWN
    with pytest.raises(InputError) as refused:
        estimate(scenario, network, HOUSES, None)
    assert [fault.code for fault in refused.value.faults] == [code]


def test_a_scenario_that_lists_its_points_is_not_estimated() -> None:
    with pytest.raises(ValueError, match="nothing is to be estimated"):
        estimate(asking(), TOWN, HOUSES, None)


@pytest.mark.slow
def test_a_city_of_450_000_with_1_500_sites(data_dir: Path) -> None:
    file = data_dir / "osm" / "coquimbo-network.zip"
    zones = read_zones(file)
    scenario = asking(from_="zones", containers=1500, country="CL")
    points, residents, _ = estimate(scenario, read_aequilibrae(file), None, zones)
    assert abs(len(points) - 1500) <= 0.03 * 1500
    total = sum(zone.population for zone in zones)
    assert sum(point.people for point in points) == pytest.approx(total)
    assert sum(row.people for row in residents) == pytest.approx(total)
