from __future__ import annotations

import pytest

from scenarios.read.words import bare, closest, flag, in_order, letters, listed, nearest_few, slug, split


def test_words_are_compared_without_case_accents_and_space() -> None:
    assert bare("  Straße\u00a0 DER  Öfen ") == "strasse der ofen"
    assert letters("kg per_Day (ca.)") == "kgperdayca"
    assert slug("Transfer Station, Süd") == "transfer-station-sud"


@pytest.mark.parametrize("word", ["yes", "Y", "TRUE", "1", "x", "ja", "oui", "sí", "sim", "Ndiyo"])
def test_yes(word: str) -> None:
    assert flag(word) is True


@pytest.mark.parametrize("word", ["no", "N", "false", "0", "nein", "non", "não", "hapana"])
def test_no(word: str) -> None:
    assert flag(word) is False


@pytest.mark.parametrize("word", ["", "maybe", "2", "yes please"])
def test_neither(word: str) -> None:
    assert flag(word) is None


def test_the_closest_word_is_suggested_and_nothing_when_nothing_is_near() -> None:
    assert closest("residal", ["organic", "residual"]) == "residual"
    assert closest("RESIDUAL", ["organic", "residual"]) == "residual"
    assert closest("zzz", ["organic", "residual"]) == ""
    assert closest("x", []) == ""
    assert nearest_few("moi avenu", ["Moi Avenue", "Moi Road", "Tom Mboya Street"], 2)[0] == "Moi Avenue"


def test_lists_in_one_cell() -> None:
    assert split("a, b;c|d/e + f\ng") == list("abcdefg")
    assert split(" ,; ") == []
    assert in_order("A/12 -> B+3, C") == ["A/12", "B+3", "C"]


def test_names_for_a_message_are_cut() -> None:
    assert listed(["a", "b"]) == "a, b"
    assert listed([str(k) for k in range(20)], 3) == "0, 1, 2 and 17 more"
    assert len(listed(["x" * 100])) == 40
