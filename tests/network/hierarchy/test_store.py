from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from faults import SourceError
from network.hierarchy import store
from network.hierarchy.store import load, save
from network.hierarchy.topology import Topology
from tests.network.hierarchy.graphs import Graph, graphs, turns


def same(a: Topology, b: Topology) -> bool:
    mine, theirs = ((t.rank, *t.shape) for t in (a, b))
    return all(x.dtype == y.dtype and np.array_equal(x, y) for x, y in zip(mine, theirs, strict=True))


@settings(max_examples=20, deadline=None)
@given(graphs)
def test_what_is_saved_is_loaded(tmp_path_factory: pytest.TempPathFactory, graph: Graph) -> None:
    file = tmp_path_factory.mktemp("store") / "streets.npz"
    topology = graph.metric().topology
    save(topology, file)
    assert same(load(file), topology)


def test_saving_leaves_one_file_and_replaces_the_old(tmp_path: Path) -> None:
    file = tmp_path / "streets.hierarchy"
    save(turns(1, 3, 3).metric().topology, file)
    second = turns(2, 4, 4).metric().topology
    save(second, str(file))
    assert [found.name for found in tmp_path.iterdir()] == ["streets.hierarchy"]
    assert same(load(str(file)), second)


def test_a_failed_save_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "streets.npz"
    first = turns(1, 3, 3).metric().topology
    save(first, file)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store.np, "savez", full)
    with pytest.raises(OSError, match="No space"):
        save(turns(2, 4, 4).metric().topology, file)
    assert [found.name for found in tmp_path.iterdir()] == ["streets.npz"]
    assert same(load(file), first)


def code(file: Path) -> str:
    with pytest.raises(SourceError) as error:
        load(file)
    (fault,) = error.value.faults
    assert fault.place == str(file)
    return fault.code


def test_broken_files_say_so(tmp_path: Path) -> None:
    file = tmp_path / "streets.npz"
    assert code(file) == "hierarchy-broken"
    file.write_bytes(b"")
    assert code(file) == "hierarchy-broken"
    file.write_bytes(b"not a hierarchy")
    assert code(file) == "hierarchy-broken"
    save(turns(1, 4, 4).metric().topology, file)
    whole = file.read_bytes()
    for cut in range(0, len(whole), max(len(whole) // 40, 1)):
        file.write_bytes(whole[:cut])
        assert code(file) == "hierarchy-broken"


def test_a_changed_file_says_so(tmp_path: Path) -> None:
    file = tmp_path / "streets.npz"
    save(turns(1, 4, 4).metric().topology, file)
    with np.load(file) as stored:
        parts = dict(stored)
    parts["head"] = parts["head"][::-1]
    np.savez(file, **parts)
    assert code(file) == "hierarchy-broken"
    parts["head"] = parts["head"].astype(np.int64)
    np.savez(file, **parts)
    assert code(file) == "hierarchy-broken"


def test_another_version_says_so(tmp_path: Path) -> None:
    file = tmp_path / "streets.npz"
    np.savez(file, version=np.int64(store.VERSION + 1), sha256=np.array(""))
    assert code(file) == "hierarchy-version"
