from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.trips import agreement, receive, trip
from network.geometry import metres_between
from network.lines import points_at
from network.profiles import PROFILES
from network.restrictions import Restrictions
from network.sources.osm_file import read_osm
from network.states import turn_graph
from network.tracks.match import Manner, Matched, match
from network.tracks.track import Track
from network.weigh import Weights, weigh
from tests.network.drawing import column, draw, grid
from tests.network.tracks.test_observe import track
from tests.network.tracks.test_reach import weights_of

TRUCK = PROFILES["refuse-truck"]
CORNERS = {"a": (0, 0), "b": (400, 0), "c": (800, 0), "d": (800, 400), "e": (400, 400), "f": (0, 400)}
AROUND = [("a", "b"), ("b", "c"), ("c", "d"), ("d", "e"), ("e", "f"), ("f", "a")]
BLOCKS = weights_of(draw(CORNERS, [*AROUND, ("b", "e")]))


def one(weights: Weights, *points: tuple[float, float, float], **manner: float) -> Matched:
    """Match points given as seconds, metres east and metres north."""
    time, x, y = np.array(points, float).T
    return match(weights, [track(x, y, time)], Manner(**manner))[0]


def test_the_way_driven_with_its_metres_and_times() -> None:
    found = one(BLOCKS, (0, 100, 3), (10, 200, -4), (20, 300, 2), (30, 397, 100), (40, 403, 200))
    assert found.driven.directed.tolist() == [0, 12]  # a to b, then b to e
    assert found.driven.from_m == pytest.approx([100, 0], abs=0.5)
    assert found.driven.to_m == pytest.approx([400, 200], abs=0.5)
    assert found.driven.from_s == pytest.approx([0, 25], abs=0.1)
    assert found.driven.to_s == pytest.approx([25, 40], abs=0.1)
    assert found.driven.still_s.tolist() == [0, 0]
    assert found.directed.tolist() == [0, 0, 0, 12, 12]
    assert found.along_m == pytest.approx([100, 200, 300, 100, 200], abs=0.5)
    assert found.off_m == pytest.approx([3, 4, 2, 3, 3], abs=0.1)
    assert (found.sure > 0.99).all()
    assert set(found.reason) == {""}
    assert found.breaks == ()


def test_against_the_mapped_direction() -> None:
    found = one(BLOCKS, (0, 300, 3), (10, 200, -4), (20, 100, 2))
    assert found.driven.directed.tolist() == [1]
    assert (found.driven.from_m[0], found.driven.to_m[0]) == pytest.approx((100, 300), abs=0.5)


def test_standing_is_neither_driving_to_and_fro_nor_time_on_the_move() -> None:
    random = np.random.default_rng(1)
    wander = [(20 + 10 * k, 200 + x, y) for k, (x, y) in enumerate(random.normal(0, 8, (12, 2)))]
    found = one(BLOCKS, (0, 100, 0), (10, 150, 0), *wander, (140, 250, 0), (150, 300, 0))
    assert found.driven.directed.tolist() == [0]
    assert found.driven.still_s == pytest.approx([110])
    assert (found.driven.from_s[0], found.driven.to_s[0]) == (0, 150)
    assert found.stay.tolist() == [False] * 2 + [True] * 12 + [False] * 2


def test_a_stray_point_is_left_out_with_its_reason() -> None:
    found = one(BLOCKS, (0, 100, 0), (10, 200, 0), (11, 200, 398), (20, 300, 0), (30, 390, 0))
    assert found.reason == ("", "", "outlier", "", "")
    assert found.driven.directed.tolist() == [0]
    far = one(BLOCKS, (0, 100, 0), (10, 200, 90), (20, 300, 0))
    assert far.reason == ("", "no-street", "")
    assert far.directed[1] == -1
    assert np.isnan(far.along_m[1])
    assert far.sure[1] == 0


def test_a_silence_breaks_the_track_and_its_pieces_are_told_apart() -> None:
    found = one(BLOCKS, (0, 100, 0), (10, 200, 0), (500, 600, 400), (510, 500, 400))
    assert found.breaks == ((2, "gap"),)
    assert found.driven.piece.tolist() == [0, 1]
    assert found.driven.directed.tolist() == [0, 6]
    assert one(BLOCKS, (0, 100, 0), (500, 200, 0)).breaks == ()  # it has hardly moved


def test_where_no_way_leads_on_the_track_is_broken() -> None:
    network = draw(
        {**CORNERS, "p": (0, -60), "q": (800, -60)}, [*AROUND, ("p", "q")]
    )  # a street apart, which nobody can come to
    found = one(weights_of(network), (0, 100, 0), (10, 200, 0), *((20 + 10 * k, 300 + 50 * k, -60) for k in range(7)))
    assert found.breaks == ((2, "no-way"),)
    assert found.driven.directed.tolist() == [0, 12]
    assert set(found.reason) == {""}


def test_a_point_alone_between_two_breaks_has_no_street() -> None:
    found = one(BLOCKS, (0, 100, 0), (10, 200, 0), (400, 800, 200), (900, 200, 400), (910, 100, 400))
    assert found.reason == ("", "", "alone", "", "")
    assert [why for _, why in found.breaks] == ["gap", "gap"]


def test_a_tunnel_without_any_signal_is_driven_through() -> None:
    network = draw(
        {"a": (0, 0), "b": (300, 0), "c": (1500, 0), "d": (1800, 0), "x": (300, 900), "y": (1500, 900)},
        [
            ("a", "b"),
            ("b", "c", {"tunnel": "yes", "highway": "primary"}),
            ("c", "d"),
            ("b", "x"),
            ("x", "y"),
            ("y", "c"),
        ],
    )
    found = one(weights_of(network), (0, 100, 0), (10, 200, 0), (110, 1600, 3), (120, 1700, 0))
    assert found.driven.directed.tolist() == [0, 2, 4]
    assert found.breaks == ()


def test_a_one_way_street_is_not_driven_the_wrong_way() -> None:
    network = draw(CORNERS, [("a", "b", {"oneway": "yes"}), *AROUND[1:], ("b", "e")])
    points = [(10 * k, 380 - 40 * k, 0) for k in range(9)]
    found = one(weights_of(network), *points)
    assert 1 not in found.driven.directed
    assert (found.driven.to_m - found.driven.from_m).sum() < 100


def test_it_turns_round_where_a_vehicle_can() -> None:
    network = draw({"a": (0, 0), "b": (500, 0), "c": (500, 100)}, [("a", "b"), ("b", "c")])
    out = [(10 * k, 50 + 60 * k, 0) for k in range(8)]
    back = [(110 + 10 * k, 470 - 60 * k, 0) for k in range(7)]
    found = one(weights_of(network), *out, (80, 500, 50), (90, 500, 97), (100, 500, 50), *back)
    assert found.driven.directed.tolist() == [0, 2, 3, 1]
    assert found.driven.to_m[1] == pytest.approx(100, abs=1)


def test_who_serves_a_private_street_drives_through_it() -> None:
    network = draw(CORNERS, [*AROUND, ("b", "e", {"access": "private", "highway": "service"})])
    found = one(
        weights_of(network), (0, 300, 0), (10, 390, 5), (20, 400, 100), (30, 400, 200), (40, 400, 300), (50, 330, 400)
    )
    assert found.driven.directed.tolist() == [0, 12, 8]
    assert found.breaks == ()


def test_a_restriction_through_streets_is_kept() -> None:
    network = draw(CORNERS, [*AROUND, ("b", "e")])
    path = np.array([0, 12, 8], np.int32)  # a to b, b to e, e to f
    rule = Restrictions(
        start=np.array([0, 3]), path=path, kind=column(["no_left_turn"]), key=column(["restriction"]),
        when=column([""]), exempt=column([""]), relation_id=np.array([1]),
    )  # fmt: skip
    points = [(0, 300, 0), (10, 390, 5), (20, 400, 100), (30, 400, 200), (40, 400, 300), (50, 330, 400), (60, 250, 400)]
    assert one(weights_of(network), *points).driven.directed.tolist() == [0, 12, 8]
    kept = one(weights_of(replace(network, restrictions=rule)), *points).driven
    whole = kept.directed[kept.piece == 0].tolist()
    assert whole[:3] != [0, 12, 8]
    turned = one(weights_of(replace(network, restrictions=rule)), *points[:4], (40, 400, 300), (50, 470, 400)).driven
    assert turned.directed.tolist() == [0, 12, 7]  # the other way it may go


def test_points_left_out_on_the_move_have_their_own_place() -> None:
    found = one(BLOCKS, *((k, 5 * k, 0) for k in range(1, 120)))
    assert found.directed.tolist() == [0] * 80 + [2] * 39 or found.directed.tolist() == [0] * 79 + [2] * 40
    on = found.directed == 0
    assert found.along_m[on] == pytest.approx(found.track.time_s[on] * 5, abs=0.01)


def test_nothing_near_and_a_single_point() -> None:
    found = one(BLOCKS, (0, 9000, 9000), (10, 9100, 9000))
    assert found.reason == ("no-street", "no-street")
    assert len(found.driven) == 0
    assert one(BLOCKS, (0, 100, 0)).reason == ("alone",)
    closed = weights_of(draw(CORNERS, [("a", "b", {"highway": "steps"})]))
    assert one(closed, (0, 100, 0), (9, 200, 0)).reason == ("no-street",) * 2
    assert match(BLOCKS, []) == ()


def test_numbers_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        Manner(sigma_m=0)
    with pytest.raises(ValueError, match="rise"):
        track([0, 1], [0, 0], [5, 5])


def consistent(found: Matched, weights: Weights) -> None:
    """What holds for every match."""
    driven, network = found.driven, weights.graph.network
    length = network.length_m[driven.directed >> 1]
    assert (driven.from_m >= 0).all()
    assert (driven.to_m >= driven.from_m - 1e-9).all()
    assert (driven.to_m <= length + 1e-6).all()
    assert (driven.to_s >= driven.from_s).all()
    assert ((driven.still_s >= 0) & (driven.still_s <= driven.to_s - driven.from_s + 1e-6)).all()
    same = driven.piece[1:] == driven.piece[:-1]
    assert driven.to_s[:-1][same] == pytest.approx(driven.from_s[1:][same])
    assert driven.to_m[:-1][same] == pytest.approx(length[:-1][same])  # driven to the end
    assert driven.from_m[1:][same] == pytest.approx(0)
    ends = np.stack([network.tail, network.head], axis=-1).ravel()
    assert (ends[driven.directed[:-1][same] ^ 1] == ends[driven.directed[1:][same]]).all()
    usable = np.zeros(2 * network.segments, bool)
    usable[weights.graph.directed[weights.usable]] = True
    assert usable[driven.directed].all()
    on = found.directed >= 0
    assert [why == "" for why in found.reason] == on.tolist()
    along = np.where(found.directed & 1, network.length_m[found.directed >> 1] - found.along_m, found.along_m)
    at = points_at(network, (found.directed[on] >> 1).astype(np.int64), along[on])
    off = metres_between(*at.T, found.track.lon[on], found.track.lat[on])
    assert found.off_m[on] == pytest.approx(off, abs=0.2)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), noise=st.sampled_from([0.5, 10.0, 40.0]), every=st.sampled_from([1.0, 10.0, 40.0]))
def test_whatever_was_received_the_match_holds_together(seed: int, noise: float, every: float) -> None:
    random = np.random.default_rng(seed)
    weights = weights_of(grid(6, 6, seed=seed % 50))
    received, _ = receive(weights, trip(weights, random, least_m=300), random, every_s=every, noise_m=noise)
    (found,) = match(weights, [received])
    consistent(found, weights)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_with_a_good_receiver_the_way_is_the_one_driven(seed: int) -> None:
    random = np.random.default_rng(seed)
    weights = weights_of(grid(6, 6, seed=seed % 50, spacing=300.0))
    driven = trip(weights, random, least_m=1000)
    received, _ = receive(weights, driven, random, every_s=4.0, noise_m=2.0)
    (found,) = match(weights, [received], Manner(sigma_m=4.0))
    recall, precision = agreement(driven, found.driven)
    assert recall > 0.95  # the last point may be received 4 s before the end
    assert precision > 0.97


def test_out_of_a_dead_end_it_does_not_drive_backwards() -> None:
    network = draw({"a": (0, 0), "b": (500, 0), "c": (500, 300), "d": (800, 0)}, [("a", "b"), ("b", "c"), ("b", "d")])
    into = [(5 * k, 400 - 25 * k, 0) for k in range(16)]
    out = [(85 + 5 * k, 25 * k, 0) for k in range(20)]
    found = one(weights_of(network), *into, *out, (190, 550, 0), (200, 600, 0), sigma_m=4)
    assert found.driven.directed.tolist() == [1, 0, 4]
    assert found.driven.from_m[0] == pytest.approx(100, abs=1)


def test_a_track_shifted_in_time_is_driven_the_same() -> None:
    weights, random = weights_of(grid(6, 6, seed=2)), np.random.default_rng(5)
    received, _ = receive(weights, trip(weights, random, least_m=400), random, every_s=10, noise_m=10)
    later = replace(received, time_s=received.time_s + 1.7e9)
    one_, other = match(weights, [received, later])
    assert np.array_equal(one_.driven.directed, other.driven.directed)
    assert other.driven.to_s == pytest.approx(one_.driven.to_s + 1.7e9)


@pytest.mark.parametrize(("extract", "least_m"), [("monaco", 3000), ("porto-alegre", 5000)])
def test_on_real_streets_at_10_m_noise_and_10_s_the_way_is_the_one_driven(
    data_dir: Path, extract: str, least_m: float
) -> None:
    network = read_osm(data_dir / "osm" / f"{extract}.osm.pbf")
    weights = weigh(turn_graph(network, [TRUCK]), TRUCK)
    random = np.random.default_rng(11)
    trips = [trip(weights, random, least_m=least_m) for _ in range(20)]
    tracks: list[Track] = [receive(weights, driven, random, every_s=10, noise_m=10)[0] for driven in trips]
    found = match(weights, tracks)
    metres = np.array([driven.metres for driven in trips])
    shares = np.array([agreement(driven, one_.driven) for driven, one_ in zip(trips, found, strict=True)])
    recall, precision = (shares * metres[:, None]).sum(axis=0) / metres.sum()
    assert recall >= 0.98
    assert precision >= 0.97
    for one_ in found:
        consistent(one_, weights)
