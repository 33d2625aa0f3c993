import pytest

from network.relations import Rule, rules_of


def rules(**tags: str) -> list[tuple[str, str, str]]:
    found, _ = rules_of({key.replace("__", ":"): value for key, value in tags.items()})
    return [(rule.kind, rule.key, rule.when) for rule in found]


def test_plain_rules() -> None:
    assert rules(restriction="no_left_turn", type="restriction") == [("no_left_turn", "restriction", "")]
    assert rules(restriction="no_left_turn; no_u_turn") == [
        ("no_left_turn", "restriction", ""),
        ("no_u_turn", "restriction", ""),
    ]
    assert rules(restriction__hgv="only_straight_on") == [("only_straight_on", "restriction:hgv", "")]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("no_left_turn @ (Mo-Fr 07:00-09:00)", [("no_left_turn", "Mo-Fr 07:00-09:00")]),
        ("no_left_turn @ Mo-Fr 07:00-09:00", [("no_left_turn", "Mo-Fr 07:00-09:00")]),
        ("no_left_turn @ (Mo-Fr 07:00-09:00; PH off)", [("no_left_turn", "Mo-Fr 07:00-09:00; PH off")]),
        (
            "no_left_turn @ (07:00-09:00);no_u_turn @ (weight>7.5)",
            [("no_left_turn", "07:00-09:00"), ("no_u_turn", "weight>7.5")],
        ),
        ("no_u_turn @ (sunset-(sunrise+01:00))", [("no_u_turn", "sunset-(sunrise+01:00)")]),
        ("no_left_turn @ Mo-Fr 07:00-09:00; Sa 08:00-12:00", [("no_left_turn", "Mo-Fr 07:00-09:00; Sa 08:00-12:00")]),
        ("no_left_turn @ (Mo-Fr) AND (weight>7.5)", [("no_left_turn", "(Mo-Fr) AND (weight>7.5)")]),
        ("no_left_turn @ ((Mo-Fr) AND (weight>7.5))", [("no_left_turn", "(Mo-Fr) AND (weight>7.5)")]),
        ("no_left_turn @ (Mo-Fr", [("no_left_turn", "(Mo-Fr")]),
        ("no_left_turn @ (07:00-09:00 AND weight>7.5)", [("no_left_turn", "07:00-09:00 AND weight>7.5")]),
    ],
)
def test_conditions(value: str, expected: list[tuple[str, str]]) -> None:
    found, unknown = rules_of({"restriction:conditional": value})
    assert [(rule.kind, rule.when) for rule in found] == expected
    assert all(rule.key == "restriction" for rule in found)
    assert unknown == 0


@pytest.mark.parametrize(
    ("tags", "unknown"),
    [
        ({"restriction": "no_way"}, 1),
        ({"restriction": "no_right_turn_on_red"}, 1),
        ({"restriction": ""}, 1),
        ({"restriction:conditional": "no_left_turn"}, 1),
        ({"restriction:conditional": "no_left_turn @ ()"}, 1),
        ({"restriction:conditional": "none @ (22:00-06:00)"}, 1),
        ({"restrictions": "no_left_turn"}, 0),
        ({}, 0),
    ],
)
def test_what_is_no_rule(tags: dict[str, str], unknown: int) -> None:
    assert rules_of(tags) == ((), unknown)


def test_one_good_rule_beside_a_bad_one() -> None:
    found, unknown = rules_of({"restriction": "no_left_turn", "restriction:conditional": "none @ (22:00-06:00)"})
    assert found == (Rule(kind="no_left_turn", key="restriction"),)
    assert unknown == 1


def test_days_and_hours_in_tags_of_their_own() -> None:
    always = {"restriction": "no_left_turn"}
    days, hours = {"day_on": "Monday", "day_off": "Saturday"}, {"hour_on": "07:00", "hour_off": "19:00"}
    assert rules(**always, **days, **hours) == [("no_left_turn", "restriction", "Mo-Sa 07:00-19:00")]
    assert rules(**always, **hours) == [("no_left_turn", "restriction", "07:00-19:00")]
    assert rules(**always, day_on="Monday") == [("no_left_turn", "restriction", "")]
