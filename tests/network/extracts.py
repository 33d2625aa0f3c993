"""Small OpenStreetMap files written by tests."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

from network.geometry import METRES_PER_DEGREE

Node = tuple[float, float] | tuple[float, float, Mapping[str, str]]


def nodes_xml(nodes: Mapping[int, Node]) -> str:
    """Nodes at metres east and north of 0, 0, with tags."""
    return "".join(
        f'<node id="{ref}" lon="{node[0] / METRES_PER_DEGREE:.7f}" lat="{node[1] / METRES_PER_DEGREE:.7f}">'
        f"{tags_xml(node[2] if len(node) == 3 else {})}</node>"
        for ref, node in nodes.items()
    )


def tags_xml(tags: Mapping[str, str]) -> str:
    return "".join(f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags.items())


def ways_xml(ways: Mapping[int, tuple[Sequence[int], Mapping[str, str]]]) -> str:
    return "".join(
        f'<way id="{way}">{"".join(f"""<nd ref="{ref}"/>""" for ref in refs)}{tags_xml(tags)}</way>'
        for way, (refs, tags) in ways.items()
    )


def write(path: Path, *parts: str) -> Path:
    path.write_text(f'<osm version="0.6">{"".join(parts)}</osm>', encoding="utf-8")
    return path


def street(*refs: int, **tags: str) -> tuple[Sequence[int], Mapping[str, str]]:
    """A way along these nodes, residential unless said otherwise; ``_`` in a key stands for ``:``."""
    return refs, {"highway": "residential", **{key.replace("__", ":"): value for key, value in tags.items()}}


Member = tuple[str, int, str]  # node or way or relation, its id, its role


def relations_xml(relations: Mapping[int, tuple[Sequence[Member], Mapping[str, str]]]) -> str:
    return "".join(
        f'<relation id="{relation}">{"".join(map(_member_xml, members))}{tags_xml(tags)}</relation>'
        for relation, (members, tags) in relations.items()
    )


def _member_xml(member: Member) -> str:
    kind, ref, role = member
    return f'<member type="{kind}" ref="{ref}" role="{role}"/>'
