import re

from hypothesis import given
from hypothesis import strategies as st

from scenarios.documents.document import clean, save, slug, slugs


@given(st.lists(st.text(max_size=90), max_size=12))
def test_slugs_are_safe_and_all_different(names):
    found = slugs(names)
    assert set(found) == set(names)
    assert len(set(found.values())) == len(found)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text) and len(text) < 80 for text in found.values())


def test_no_name_leads_out_of_the_folder():
    assert slug("../../etc/passwd") == "etc-passwd"
    assert slug("Lkw Nr. 5 / Süd") == "lkw-nr-5-sud"
    assert slugs(["A b", "a-B", "\u09a2"]) == {"A b": "a-b", "a-B": "a-b-2", "\u09a2": "3"}


def test_control_characters_go(tmp_path):
    assert clean("a\x00b\x1fc\td\ne\ud800") == "abc\td\ne"
    document = save(tmp_path, "x.txt", "text/plain", "X", "é")
    assert document.size == 2
    assert (tmp_path / "x.txt").read_text(encoding="utf-8") == "é"
