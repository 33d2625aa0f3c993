"""What holds for every document of every outcome."""

import ast
import json
from pathlib import Path

import scenarios.documents
from scenarios.documents import DOCUMENTS, write_all
from tests.scenarios.documents.html import read
from tests.scenarios.documents.town import SCRIPT


def test_all_documents_of_all_outcomes_are_written(outcome, tmp_path):
    folder = tmp_path / "out" / "deep"
    documents = write_all(outcome, folder)
    assert documents[0].name == "report.html"
    names = [document.name for document in documents]
    assert len(set(names)) == len(names)
    assert sorted(path.name for path in folder.iterdir()) == sorted(names)
    for document in documents:
        assert document.size == (folder / document.name).stat().st_size > 0
        assert document.media_type.split(";")[0].count("/") == 1
        assert document.title


def test_each_round_has_a_sheet_a_track_and_a_message(outcome, tmp_path):
    names = {document.name for document in write_all(outcome, tmp_path)}
    rounds = sum(len(day.result.plan.rounds) for day in outcome.days if day.result.plan is not None)
    for start, end in (("driver-sheet-", ".html"), ("round-", ".gpx"), ("message-", ".txt")):
        assert sum(name.startswith(start) and name.endswith(end) for name in names) == rounds


def test_the_word_illustration_stands_in_every_document(illustration, tmp_path):
    for document in write_all(illustration, tmp_path):
        assert "(illustration)" in document.title
        if document.name.endswith((".html", ".gpx", ".txt", ".json", ".geojson")):
            assert "illustration" in (tmp_path / document.name).read_text(encoding="utf-8").lower()


def test_the_word_illustration_stands_nowhere_else(full, tmp_path):
    for document in write_all(full, tmp_path):
        assert "illustration" not in document.title
        if document.name.endswith((".html", ".gpx", ".txt")):
            assert "illustration" not in (tmp_path / document.name).read_text(encoding="utf-8").lower()


def test_pages_are_whole_fetch_nothing_and_run_nothing(outcome, tmp_path):
    for document in write_all(outcome, tmp_path):
        if document.name.endswith(".html"):
            page = (tmp_path / document.name).read_text(encoding="utf-8")
            reader = read(page)
            assert reader.seen.isdisjoint({"script", "link", "img", "iframe", "object", "embed", "form", "base"})
            fetching = [
                (tag, name, value)
                for tag, name, value in reader.attributes
                if name in {"src", "href", "srcset", "data", "action", "xlink:href"} and not value.startswith("#")
            ]
            assert fetching == []
            assert not any(name.startswith("on") for _, name, _ in reader.attributes)
            assert "url(" not in page
            assert "@import" not in page
            assert SCRIPT not in page
            assert len(set(reader.ids)) == len(reader.ids)
            targets = {value[1:] for _, name, value in reader.attributes if name == "href"}
            assert targets <= set(reader.ids)


def test_json_is_strict(outcome, tmp_path):
    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is not JSON")

    for document in write_all(outcome, tmp_path):
        if document.name.endswith("json"):
            json.loads((tmp_path / document.name).read_text(encoding="utf-8"), parse_constant=refuse)


def test_documents_never_import_each_other():
    plug_ins = {Path(module.__file__).stem for module in DOCUMENTS.values()}
    folder = Path(scenarios.documents.__file__).parent
    for name in plug_ins:
        tree = ast.parse((folder / f"{name}.py").read_text(encoding="utf-8"))
        imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert not {f"scenarios.documents.{other}" for other in plug_ins} & imported, name
