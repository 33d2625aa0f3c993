from faults import Fault
from scenarios.read.gather import AT_MOST, gathered


def wrong(place: str, cause: str = "'market' is not known", code: str = "not-a-choice") -> Fault:
    return Fault(code=code, place=place, cause=cause, action="write another")


def places(*faults: Fault) -> list[str]:
    return [fault.place for fault in gathered(faults)]


def test_the_same_fault_in_many_rows_is_told_once_with_all_its_rows() -> None:
    found = [wrong(f"bins.xlsx, sheet A, row {k}, column Kind") for k in (2, 3, 4, 7, 9, 10)]
    assert places(*found) == ["bins.xlsx, sheet A, rows 2-4, 7 and 9-10, column Kind"]


def test_what_differs_stays_apart_and_in_its_order() -> None:
    first, second = wrong("a.csv, row 5, column Kind"), wrong("a.csv, row 6, column Kind", "'estate' is not known")
    other_file, whole_table = wrong("b.csv, row 5, column Kind"), wrong("a.csv")
    found = (first, whole_table, second, other_file, wrong("a.csv, row 8, column Kind"))
    assert places(*found) == [
        "a.csv, rows 5 and 8, column Kind",
        "a.csv",
        "a.csv, row 6, column Kind",
        "b.csv, row 5, column Kind",
    ]


def test_rows_without_a_column_and_features_are_gathered_too() -> None:
    found = [wrong(f"a.geojson, feature {k}") for k in (1, 2)]
    assert places(*found) == ["a.geojson, features 1-2"]


def test_one_row_twice_is_one_row() -> None:
    assert places(wrong("a.csv, row 5, column Kind"), wrong("a.csv, row 5, column Kind")) == [
        "a.csv, row 5, column Kind"
    ]


def test_many_runs_of_rows_are_cut_short_but_counted() -> None:
    (place,) = places(*(wrong(f"a.csv, row {k}, column Kind") for k in range(2, 42, 2)))
    assert place == "a.csv, rows 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24 and 8 more, column Kind"


def test_thousands_of_different_ones_are_cut_short_and_the_rest_is_counted() -> None:
    found = gathered(
        wrong(f"a.csv, row {k}, column kg", f"'x{k}' is not a number", "not-a-number") for k in range(1000)
    )
    assert len(found) == AT_MOST + 1
    assert found[-1].code == "not-a-number"
    assert found[-1].place == f"a.csv, rows {AT_MOST}-999, column kg"
    assert found[-1].cause == f"{1000 - AT_MOST} more rows have a fault of this kind"
