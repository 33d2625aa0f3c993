"""Turn restrictions as they stand in an OpenStreetMap file: relations of ways and nodes, not yet of segments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from osmium.osm import Relation as Drawn

# fmt: off
KINDS = frozenset({
    "no_left_turn", "no_right_turn", "no_straight_on", "no_u_turn", "no_entry", "no_exit",
    "only_left_turn", "only_right_turn", "only_straight_on", "only_u_turn",
})
# fmt: on
KEY = "restriction"
_CONDITIONAL = ":conditional"
_DAYS = ("day_on", "day_off", "hour_on", "hour_off")  # the way conditions were written until about 2012


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of a relation: ``kind`` "no_left_turn", ``key`` "restriction:hgv", ``when`` "Mo-Fr 07:00-09:00"."""

    kind: str
    key: str
    when: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A turn restriction: ids of the ways come from, passed and gone to, of the nodes passed, and its rules."""

    id: int
    rules: tuple[Rule, ...]
    exempt: str
    leaving: tuple[int, ...]
    nodes: tuple[int, ...]
    passing: tuple[int, ...]
    entering: tuple[int, ...]

    @property
    def ways(self) -> tuple[int, ...]:
        """All ways named."""
        return *self.leaving, *self.passing, *self.entering


@dataclass(slots=True)
class Relations:
    """Turn restrictions of a file, and how many of them cannot be read, by reason."""

    kept: dict[int, Relation] = field(default_factory=dict)
    ignored: Counter[str] = field(default_factory=Counter)

    def add(self, drawn: Drawn) -> None:
        """Take in a relation of type ``restriction``."""
        members: dict[str, list[int]] = {}
        for member in drawn.members:
            members.setdefault(f"{member.type}{member.role}", []).append(member.ref)
        rules, unknown = rules_of({tag.k: tag.v for tag in drawn.tags})
        relation = Relation(
            id=drawn.id,
            rules=rules,
            exempt=drawn.tags.get("except") or "",
            leaving=tuple(members.pop("wfrom", ())),
            nodes=tuple(members.pop("nvia", ())),
            passing=tuple(members.pop("wvia", ())),
            entering=tuple(members.pop("wto", ())),
        )
        odd = any(name[1:] in {"from", "via", "to"} for name in members)  # a node to come from, an area to pass
        reason = "odd-members" if odd else _incomplete(relation)
        if reason:
            self.ignored[reason] += 1
        else:
            self.kept[relation.id] = relation
            self.ignored["unknown-kind"] += bool(unknown)


def _incomplete(relation: Relation) -> str:
    """Return why a relation is no restriction, or ``""``."""
    if not relation.rules:
        return "unknown-kind"
    if not (relation.leaving and relation.entering and (relation.nodes or relation.passing)):
        return "incomplete"
    return "odd-members" if relation.nodes and (relation.passing or len(relation.nodes) > 1) else ""


def rules_of(tags: Mapping[str, str]) -> tuple[tuple[Rule, ...], int]:
    """Return the rules that tags state, and how many more cannot be read."""
    rules: list[Rule] = []
    unknown = 0
    for key, value in tags.items():
        root = key.removesuffix(_CONDITIONAL)
        if root.partition(":")[0] != KEY:
            continue
        always = ((kind.strip(), _old_condition(tags)) for kind in value.split(";"))
        for kind, when in always if key == root else _clauses(value):
            if kind in KINDS and (when or key == root):
                rules.append(Rule(kind=kind, key=root, when=when))
            else:
                unknown += 1
    return tuple(rules), unknown


def _clauses(value: str) -> Iterator[tuple[str, str]]:
    """Give kind and condition of each part of ``no_left_turn @ (Mo-Fr 07:00-09:00); no_u_turn @ (weight>7.5)``."""
    found: list[tuple[str, str]] = []
    for piece in _pieces(value):
        kind, at, when = (part.strip() for part in piece.partition("@"))
        if at or not found:
            found.append((kind, when))
        else:  # "no_left_turn @ Mo-Fr 07:00-09:00; Sa 08:00-12:00"
            found[-1] = found[-1][0], f"{found[-1][1]}; {kind}"
    yield from ((kind, _bare(when)) for kind, when in found)


def _pieces(value: str) -> Iterator[str]:
    """Give what stands between semicolons that are not in brackets."""
    depth, piece = 0, ""
    for sign in value:
        depth += (sign == "(") - (sign == ")")
        if sign == ";" and depth <= 0:
            yield piece
            piece = ""
        else:
            piece += sign
    if piece.strip():
        yield piece


def _bare(when: str) -> str:
    """Return a condition without the brackets around all of it."""
    depth = 0
    for at, sign in enumerate(when):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return when[1:-1].strip() if sign == ")" and at == len(when) - 1 else when
    return when


def _old_condition(tags: Mapping[str, str]) -> str:
    """Return ``day_on=Monday``, ``hour_off=19:00`` as one would write them today: ``Mo-Fr 07:00-19:00``."""
    first, last, start, end = (tags.get(key, "").strip() for key in _DAYS)
    days = f"{first[:2].title()}-{last[:2].title()}" if first and last else ""
    hours = f"{start}-{end}" if start and end else ""
    return f"{days} {hours}".strip()
