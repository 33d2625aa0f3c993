from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from faults import InputError
from network.tracks.read import read_tracks

GPX = """<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="a tracker" xmlns="http://www.topografix.com/GPX/1/1" xmlns:x="urn:x">
 <wpt lat="1" lon="2"><time>2024-03-05T07:00:00Z</time></wpt>
 <trk><name>T 7</name>
  <trkseg>
   <trkpt lat="-1.2833" lon="36.8219"><ele>1660</ele><time>2024-03-05T07:00:00Z</time><extensions><x:time>9</x:time></extensions></trkpt>
   <trkpt lat="-1.2840" lon="36.8219"><time>2024-03-05T07:00:10.500Z</time></trkpt>
  </trkseg>
  <trkseg><trkpt lat="-1.2850" lon="36.8219"><time>2024-03-05T10:00:20+03:00</time></trkpt></trkseg>
 </trk>
 <trk><trkseg><trkpt lat="-1.2" lon="36.8"><time>2024-03-05T08:00:00</time></trkpt></trkseg></trk>
</gpx>"""  # noqa: E501
SEVEN = 1_709_622_000.0  # 2024-03-05T07:00:00Z


def read(folder: Path, text: str | bytes, **options):
    path = folder / "day.dat"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_tracks(path, file="day", **options)


def faults(folder: Path, text: str | bytes, **options) -> list[tuple[str, str]]:
    with pytest.raises(InputError) as refused:
        read(folder, text, **options)
    assert all(fault.cause and fault.action for fault in refused.value.faults)
    return [(fault.code, fault.place) for fault in refused.value.faults]


def test_gpx_gives_a_track_for_each_name_and_leaves_out_what_is_none(tmp_path: Path) -> None:
    tracks, doubts = read(tmp_path, GPX)
    assert [track.id for track in tracks] == ["T 7", "track 2"]
    assert tracks[0].time_s.tolist() == [SEVEN, SEVEN + 10.5, SEVEN + 20]
    assert tracks[0].lon.tolist() == [36.8219] * 3
    assert tracks[0].lat.tolist() == [-1.2833, -1.284, -1.285]
    assert tracks[0].row.tolist() == [6, 7, 9]
    assert tracks[1].time_s.tolist() == [SEVEN + 3600]
    assert doubts == ()


def test_gpx_of_version_1_0_in_utf_16_with_the_name_after_the_points(tmp_path: Path) -> None:
    text = (
        '<?xml version="1.0" encoding="UTF-16"?><gpx version="1.0"><trk><trkseg><trkpt lat="1" lon="2">'
        "<time>2024-03-05T07:00:00Z</time></trkpt></trkseg><name>Ngong Súd</name></trk></gpx>"
    )
    assert read(tmp_path, text.encode("utf-16"))[0][0].id == "Ngong Súd"


@pytest.mark.parametrize(
    "declared",
    ['<!DOCTYPE gpx [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>', '<!DOCTYPE gpx SYSTEM "file:///etc/passwd">'],
)
def test_a_document_type_is_refused(tmp_path: Path, declared: str) -> None:
    assert faults(tmp_path, GPX.replace("?>\n", f"?>\n{declared}", 1)) == [("track-dtd", "day, line 2")]


@pytest.mark.parametrize("cut", [0.3, 0.9])
def test_broken_xml_is_refused(tmp_path: Path, cut: float) -> None:
    assert faults(tmp_path, GPX[: int(len(GPX) * cut)])[0][0] == "track-xml"


def test_every_bad_point_of_a_gpx_is_named(tmp_path: Path) -> None:
    text = GPX.replace("2024-03-05T07:00:10.500Z", "ten past").replace('lon="36.8"', 'lon="368"')
    text = text.replace('lat="-1.2850"', 'lat="nan"')
    assert faults(tmp_path, text) == [
        ("track-time", "day, line 7"), ("track-coordinates", "day, line 9"), ("track-coordinates", "day, line 11")
    ]  # fmt: skip


def test_other_xml_has_no_points(tmp_path: Path) -> None:
    assert faults(tmp_path, "<kml><Placemark/></kml>") == [("track-empty", "day")]


TABLE = (
    "Vehicle ID;Time Stamp;Latitude (deg);LNG\n"
    "T7;2024-03-05 10:00:00;-1,2833;36,8219\nT8;2024-03-05 10:00:05;-1,3;36,8\n"
)


def test_a_table_with_headers_of_all_kinds(tmp_path: Path) -> None:
    tracks, doubts = read(tmp_path, TABLE, zone="Africa/Nairobi")
    assert [track.id for track in tracks] == ["T7", "T8"]
    assert tracks[0].time_s.tolist() == [SEVEN]
    assert (tracks[0].lon[0], tracks[0].lat[0], tracks[0].row[0]) == (36.8219, -1.2833, 2)
    assert doubts == ()


@pytest.mark.parametrize(
    "time",
    [
        "2024-03-05T07:00:00Z", "2024-03-05 07:00:00 UTC", "20240305T070000Z", "2024/03/05 10:00:00+03:00",
        "2024-03-05T07:00:00.000000+00:00", "1709622000", "1709622000.0", "1709622000000",
    ],
)  # fmt: skip
def test_times_that_need_no_zone(tmp_path: Path, time: str) -> None:
    assert read(tmp_path, f"t,lat,lon\n{time},1,2")[0][0].time_s.tolist() == [SEVEN]


@pytest.mark.parametrize("time", ["5.3.2024 07:00", "2024-03-05", "07:00:00", "noon", "", "12345", "2024-13-05T07:00Z"])
def test_times_that_are_none(tmp_path: Path, time: str) -> None:
    assert faults(tmp_path, f"t,lat,lon\n{time},1,2") == [("track-time", "day, row 2")]


def test_day_and_hour_may_stand_in_two_columns(tmp_path: Path) -> None:
    table = "Datum\tUhrzeit\tBreite\tLänge\n2024-03-05\t8:00:00\t1\t2\n2024-03-05\t08:00:10\t1\t2\n"
    for raw in (table.encode(), table.encode("utf-16"), table.encode("cp1252"), b"\xef\xbb\xbf" + table.encode()):
        tracks, _ = read(tmp_path, raw.replace(b"L\xe4nge", b"lon"), zone="Europe/Berlin")
        assert tracks[0].time_s.tolist() == [SEVEN, SEVEN + 10]


def test_the_column_of_a_whole_time_is_not_put_together_with_the_day(tmp_path: Path) -> None:
    table = "date,timestamp,lat,lon\n2024-03-05,2024-03-05T07:00:00Z,1,2\n"
    assert read(tmp_path, table)[0][0].time_s.tolist() == [SEVEN]


def test_every_bad_row_is_named(tmp_path: Path) -> None:
    table = (
        "time,lat,lon\n2024-03-05T07:00:00Z,1,2\n2024-03-05 07:00:10,1,2\nsoon,1,2\n2024-03-05T07:00:20Z,91,2\n"
        "2024-03-05T07:00:30Z,1,east\n\n2024-03-05T07:00:40Z,1,2,3\n,91,\n"
    )
    assert faults(tmp_path, table) == [
        ("track-zone", "day, row 3"),
        ("track-time", "day, row 4"),
        ("track-coordinates", "day, row 5"),
        ("track-coordinates", "day, row 6"),
        ("ragged-row", "day, row 8"),
        ("track-time", "day, row 9"),
        ("track-coordinates", "day, row 9"),
    ]


def test_of_very_many_bad_rows_some_are_named(tmp_path: Path) -> None:
    found = faults(tmp_path, "time,lat,lon\n" + "soon,1,2\n" * 1000)
    assert len(found) == 201
    assert found[-1] == ("track-more", "day")


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "track-column"),
        (b"lat,lon\n1,2\n", "track-column"),
        (b"time,lat,lon\n", "track-empty"),
        (b'time,lat,lon\n"2024', "quotes"),
        (b"time,lat,lon\n\x00,1,2\n", "encoding"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "encoding"),
    ],
)
def test_files_that_hold_no_tracks(tmp_path: Path, raw: bytes, code: str) -> None:
    assert faults(tmp_path, raw)[0][0] == code


def test_a_file_that_is_not_there_and_a_zone_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="track-missing"):
        read_tracks(tmp_path / "none.csv")
    with pytest.raises(InputError, match="track-missing"):
        read_tracks(tmp_path)
    assert faults(tmp_path, TABLE, zone="Nairobi") == [("track-zone", "zone")]
    assert faults(tmp_path, TABLE, zone="../../etc/passwd") == [("track-zone", "zone")]


def test_what_is_odd_is_told_and_mended(tmp_path: Path) -> None:
    rows = [(0, 1.0, 2.0), (20, 1.0, 2.0), (10, 1.0, 2.0), (20, 1.1, 2.0), (30, 0, 0), (40, 1.0, 2.0), (50, 1.0, 2.1)]
    table = "time,lat,lon\n" + "".join(f"{SEVEN + t},{lat},{lon}\n" for t, lat, lon in rows) + f"{SEVEN + 60},,\n"
    (track,), doubts = read(tmp_path, table)
    assert (track.time_s - SEVEN).tolist() == [0, 10, 20, 40, 50]
    assert track.row.tolist() == [2, 4, 3, 7, 8]
    assert [(doubt.code, doubt.place) for doubt in doubts] == [
        ("track-no-fix", "day, track track"),
        ("track-backwards", "day, track track"),
        ("track-double", "day, track track"),
        ("track-jump", "day, track track"),
    ]
    assert "rows 6, 9" in doubts[0].cause
    assert "row 4" in doubts[1].cause
    assert "row 5" in doubts[2].cause
    assert "row 8" in doubts[3].cause


def test_many_points_are_read_as_they_are(tmp_path: Path) -> None:
    time = SEVEN + np.arange(5000)
    lat = np.round(np.random.default_rng(1).uniform(-1.3, -1.2, 5000), 6)
    table = "id,time,lat,lon\n" + "".join(
        f"{k % 7},{t},{y},36.8\n" for k, (t, y) in enumerate(zip(time, lat, strict=True))
    )
    tracks, doubts = read(tmp_path, table)
    assert [track.id for track in tracks] == list("0123456")
    assert np.array_equal(tracks[3].lat, lat[3::7])
    assert {doubt.code for doubt in doubts} <= {"track-jump"}


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    whole=st.sampled_from([GPX.encode(), TABLE.encode(), GPX.encode("utf-16"), TABLE.encode("utf-16")]),
    changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 3), st.binary(max_size=6)), max_size=6),
)
def test_whatever_is_in_the_file_it_is_read_or_refused_with_reasons(
    tmp_path: Path, whole: bytes, changes: list[tuple[float, int, bytes]]
) -> None:
    for at, gone, new in changes:
        place = int(at * len(whole))
        whole = whole[:place] + new + whole[place + gone :]
    try:
        tracks, doubts = read(tmp_path, whole, zone="Africa/Nairobi")
    except InputError as refused:
        told = refused.faults
    else:
        assert tracks
        told = doubts
    assert all(fault.place.startswith("day") and fault.cause and fault.action for fault in told)
