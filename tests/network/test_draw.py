import io
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from faults import InputError
from network.draw import ONE_WAY, STYLES, draw, picture
from network.keys import CLASSES
from network.paint import LARGEST, Lines, Marks, Picture, Words, png, svg
from network.sources.made_up import twelve_junctions
from network.sources.osm_file import read_osm
from network.values import column
from tests.network.drawing import draw as drawn
from tests.network.test_exchange import rich_town

SVG = "{http://www.w3.org/2000/svg}"


def words_of(made: Picture) -> list[str]:
    return [words.text for words in made.words]


def test_every_class_that_is_read_is_drawn_in_one_style() -> None:
    classes = [name for _, _, names in STYLES.values() for name in names]
    assert sorted(classes) == sorted(CLASSES)


def test_the_town_fills_the_picture_and_keeps_its_shape() -> None:
    made = picture(twelve_junctions(), width=1000)
    streets = np.concatenate([lines.points for lines in made.lines[: len(STYLES)]])
    (west, north), (east, south) = streets.min(axis=0), streets.max(axis=0)
    assert (west, north) == pytest.approx((20, 20), abs=1)
    assert (east - west) / (south - north) == pytest.approx(700 / 350, rel=0.01)
    assert east <= 1000 - 250 - 20 + 1
    assert made.height >= south


def test_north_is_up_and_west_is_left() -> None:
    town = drawn({"a": (0, 0), "b": (100, 1000)}, [("a", "b")])
    (line,) = [lines for lines in picture(town).lines[: len(STYLES)] if len(lines.points)]
    (x1, y1), (x2, y2) = line.points
    assert (x1 < x2, y1 > y2) == (True, True)


def test_arrows_point_where_traffic_goes() -> None:
    made = picture(twelve_junctions())
    arrows = next(marks for marks in made.marks if marks.name == ONE_WAY)
    degrees = np.degrees(arrows.angle).round().astype(int)
    assert sorted(degrees.tolist()) == [0, 0, 0, 90, 90]  # Market Street to the east, Third Avenue to the south (down)


def test_what_stands_at_junctions_is_marked_and_counted() -> None:
    town = rich_town()
    highway = column(["traffic_signals", "", "", "turning_circle", "mini_roundabout", *[""] * 7])
    made = picture(replace(town, junction_tags={**town.junction_tags, "highway": highway}))
    found = {marks.name: len(marks.points) for marks in made.marks if marks.name not in ("", ONE_WAY)}
    assert found == {"signals": 1, "room to turn": 2, "barrier": 2, "forbidden turn": 2}
    assert {"barrier: 2", "signals: 1", "residential: 3.0 km", "3.0 km; traffic keeps left"} <= set(words_of(made))


def test_the_bar_is_as_long_as_it_says() -> None:
    made = picture(twelve_junctions(), width=1000)
    bar = made.lines[-1].points
    streets = np.concatenate([lines.points for lines in made.lines[: len(STYLES)]])
    metre = np.ptp(streets[:, 0]) / 700
    said = float(re.match(r"(\d+) m", next(text for text in words_of(made) if "north is up" in text))[1])
    assert np.ptp(bar[:, 0]) == pytest.approx(said * metre, rel=0.01)


@pytest.mark.parametrize("name", ["town.svg", "town.png", "TOWN.SVG"])
def test_files(tmp_path: Path, name: str) -> None:
    draw(rich_town(), tmp_path / name, width=800)
    if name.endswith("png"):
        with Image.open(tmp_path / name) as image:
            assert image.width == 800
            assert len(image.getcolors(maxcolors=1 << 20)) > 10
    else:
        root = ET.parse(tmp_path / name).getroot()
        assert (root.tag, root.get("width")) == (f"{SVG}svg", "800")
        assert len(root.findall(f"{SVG}path")) >= len(STYLES)


UNWRITABLE = {
    "town.jpg": "drawing-format",
    "town": "drawing-format",
    "none/a.svg": "drawing-not-written",
    "": "drawing-not-written",
}


@pytest.mark.parametrize(("name", "code"), UNWRITABLE.items())
def test_a_file_that_cannot_be_written(tmp_path: Path, name: str, code: str) -> None:
    with pytest.raises(InputError) as refused:
        draw(twelve_junctions(), tmp_path / name)
    assert [fault.code for fault in refused.value.faults] == [code]
    assert list(tmp_path.iterdir()) == []


def test_names_are_text_and_nothing_else() -> None:
    network = replace(twelve_junctions(), source='<script>x</script>&"\x07', attribution="©\u202e<b>")
    text = svg(picture(network))
    root = ET.fromstring(text)
    assert "<script" not in text
    assert '<script>x</script>&"' in [node.text for node in root.iter(f"{SVG}text")]
    png(picture(network, width=500))


def test_a_street_without_extent_and_a_network_of_one_point() -> None:
    dot = drawn({"a": (0, 0), "b": (0, 0.001)}, [("a", "b")])
    root = ET.fromstring(svg(picture(dot)))
    assert root.get("viewBox")


def test_a_png_stays_within_bounds() -> None:
    tall = Picture(width=100, height=3 * LARGEST, lines=(), marks=(), words=())
    with Image.open(io.BytesIO(png(tall))) as image:
        assert image.height == LARGEST


def test_both_writers_paint_the_same() -> None:
    line = Lines(colour="#ff0000", width=4, points=np.array([(10.0, 50), (90, 50)]), start=np.array([0, 2]))
    square = Marks(name="", shape="square", colour="#0000ff", size=8, points=np.array([(50.0, 20)]), angle=np.zeros(1))
    words = Words(x=2, y=12, size=10, colour="#000000", text="hi")
    made = Picture(width=100, height=60, lines=(line,), marks=(square,), words=(words,))
    with Image.open(io.BytesIO(png(made))) as image:
        pixels = image.convert("RGB")
        assert pixels.getpixel((50, 50)) == pytest.approx((255, 0, 0), abs=40)
        assert pixels.getpixel((50, 20)) == pytest.approx((0, 0, 255), abs=40)
        assert pixels.getpixel((95, 5)) == (255, 255, 255)
    root = ET.fromstring(svg(made))
    assert [path.get("d") for path in root.findall(f"{SVG}path")] == [
        "M10 50L90 50",
        "M42.8 12.8L57.2 12.8L57.2 27.2L42.8 27.2Z",
    ]
    assert root.find(f"{SVG}text").text == "hi"


def test_a_real_town(data_dir: Path) -> None:
    network = read_osm(data_dir / "osm" / "nairobi-central.osm.pbf")
    made = picture(network)
    assert sum(len(lines.start) - 1 for lines in made.lines[: len(STYLES)]) > 0.9 * network.segments
    assert "barrier: 70" in words_of(made)
    assert len(svg(made)) < 400_000
