from __future__ import annotations

import gzip
from pathlib import Path

from benchmarks.orlib import published, read_pmedian, read_warehouses

WAREHOUSES = "2 3\n 10 100.5\n 20 50.\n 4\n 8. 40.\n 6\n 12. 6.\n 5\n 5. 50.\n"


def test_p_median_the_last_cost_of_a_repeated_edge_counts(tmp_path: Path) -> None:
    (tmp_path / "p.txt").write_text(" 4 5 2 \n 1 2 9\n 2 3 1\n 2 1 3\n 3 4 2\n 1 4 7\n")
    instance = read_pmedian(tmp_path / "p.txt")
    assert instance.p == 2
    assert instance.distance.tolist() == [[0, 3, 4, 6], [3, 0, 1, 3], [4, 1, 0, 2], [6, 3, 2, 0]]


def test_warehouses_plain_or_gzipped_with_the_capacity_given(tmp_path: Path) -> None:
    (tmp_path / "c.txt").write_text(WAREHOUSES)
    with gzip.open(tmp_path / "c.txt.gz", "wt") as stream:
        stream.write(WAREHOUSES.replace(" 10 ", " capacity ").replace(" 20 ", " capacity "))
    plain, packed = read_warehouses(tmp_path / "c.txt"), read_warehouses(tmp_path / "c.txt.gz", capacity=17)
    assert plain.capacity.tolist() == [10, 20]
    assert packed.capacity.tolist() == [17, 17]
    for instance in (plain, packed):
        assert instance.fixed.tolist() == [100.5, 50]
        assert instance.demand.tolist() == [4, 6, 5]
        assert instance.cost.tolist() == [[8, 40], [12, 6], [5, 50]]


def test_the_published_lists_are_read(data_dir: Path) -> None:
    folder = data_dir / "benchmarks"
    assert len(published(folder, "pmedian")) == 24
    assert len(published(folder, "cflp_orlib")) == 22
