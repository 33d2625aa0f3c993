"""What must be remembered of the streets driven last, so that forbidden ways through several streets can be told.

A restriction that hangs on one junction looks at two directed segments: the one driven and the next. One that runs
along streets (``via`` ways) looks at more, and a state must remember how it was come to. As in the string matching of
Aho and Corasick (1975, Communications of the ACM 18 (6), 333-340) a *memory* stands for each beginning of such a path
of two or more segments, and of all memories that fit the segments driven last the longest is held; it implies the
shorter ones.

A *node* is a directed segment with nothing remembered (its own number), or a memory (numbers after those).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from network.restrictions import Restrictions

Ints = NDArray[np.int64]
Path = tuple[int, ...]


class Marks(NamedTuple):
    """Something said of turns: coming from a node, onto a directed segment."""

    node: Ints
    onto: Ints
    what: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What restrictions ask to be remembered and forbid.

    Parameters
    ----------
    last
        The directed segment each memory stands on; memory ``k`` is node ``directed + k``.
    into
        Turns that lead into a memory: its node.
    forbidden
        Turns that are forbidden: the position of the restriction.
    only
        Turns beside which every other one from that node is forbidden: the position of the restriction.
    """

    last: Ints
    into: Marks
    forbidden: Marks
    only: Marks


def memory(restrictions: Restrictions, binding: NDArray[np.bool_], known: NDArray[np.bool_]) -> Memory:
    """Return what these restrictions ask for.

    Parameters
    ----------
    binding
        Which restrictions count at all.
    known
        Which directed segments can be driven: ways through others cannot be driven and need no memory.
    """
    sizes = np.diff(restrictions.start)
    is_only = np.array([kind.startswith("only_") for kind in restrictions.kind.values], bool)[restrictions.kind.codes]
    first = restrictions.path[restrictions.start[:-1]] if len(sizes) else np.zeros(0, np.int32)
    binding = binding & known[first]
    short, long = np.flatnonzero(binding & (sizes == 2)), np.flatnonzero(binding & (sizes > 2))
    begin = restrictions.start[short]
    pairs = Marks(restrictions.path[begin].astype(np.int64), restrictions.path[begin + 1].astype(np.int64), short)
    trie = _Trie(len(known))
    for rule in long.tolist():
        path = restrictions.path[restrictions.start[rule] : restrictions.start[rule + 1]].tolist()
        trie.add(tuple(path), rule, known, only=bool(is_only[rule]))
    forbidden, only = (
        _also_remembering(_joined(Marks(*(column[chosen] for column in pairs)), _marks(said)), trie)
        for chosen, said in ((~is_only[short], trie.forbidden), (is_only[short], trie.only))
    )
    return Memory(
        last=np.array([path[-1] for path in trie.paths], np.int64), into=trie.into(), forbidden=forbidden, only=only
    )


class _Trie:
    """The beginnings of the long paths."""

    def __init__(self, directed: int) -> None:
        self.directed = directed
        self.paths: list[Path] = []
        self.node: dict[Path, int] = {}
        self.next: defaultdict[Path, set[int]] = defaultdict(set)
        self.forbidden: list[tuple[int, int, int]] = []
        self.only: list[tuple[int, int, int]] = []

    def add(self, path: Path, rule: int, known: NDArray[np.bool_], *, only: bool) -> None:
        """Take in a path as far as it can be driven, and what the rule says of each turn on it."""
        blocked = np.flatnonzero(~known[list(path)])
        reach = int(blocked[0]) if len(blocked) else len(path)
        if not only and reach < len(path):
            return
        for size in range(1, min(reach + 1, len(path))):
            at = self._remember(path[:size])
            if only:
                self.only.append((at, path[size], rule))
            elif size == len(path) - 1:
                self.forbidden.append((at, path[size], rule))

    def _remember(self, beginning: Path) -> int:
        """Return the node of a beginning."""
        if len(beginning) == 1:
            return beginning[0]
        if beginning not in self.node:
            self.node[beginning] = self.directed + len(self.paths)
            self.paths.append(beginning)
            self.next[beginning[:-1]].add(beginning[-1])
        return self.node[beginning]

    def held(self, driven: Path) -> int:
        """Return the longest memory that fits the end of what was driven."""
        for first in range(len(driven) - 1):
            if driven[first:] in self.node:
                return self.node[driven[first:]]
        return driven[-1]

    def into(self) -> Marks:
        """Return the turns that lead into memories."""
        found = []
        alone = {(beginning[0],) for beginning in self.next if len(beginning) == 1}
        for path in [*sorted(alone), *self.paths]:
            at = self.node.get(path, path[-1])
            onto = set().union(*(self.next[path[k:]] for k in range(len(path)) if path[k:] in self.next))
            found += [(at, step, self.held((*path, step))) for step in sorted(onto)]
        return _marks(found)

    def shorter(self, path: Path) -> list[int]:
        """Return the nodes of all shorter endings of a memory's path: what it implies."""
        return [self.node[path[k:]] for k in range(1, len(path) - 1) if path[k:] in self.node] + [path[-1]]


def _also_remembering(said: Marks, trie: _Trie) -> Marks:
    """Say the same of every memory that implies the node of which it is said."""
    if not trie.paths:
        return said
    pairs = [(trie.node[path], implied) for path in trie.paths for implied in trie.shorter(path)]
    holder, implied = np.array(pairs, np.int64).T
    order = np.argsort(said.node, kind="stable")
    low = np.searchsorted(said.node[order], implied, side="left")
    many = np.searchsorted(said.node[order], implied, side="right") - low
    row = order[np.repeat(low - np.cumsum(many) + many, many) + np.arange(many.sum())]
    return _joined(said, Marks(np.repeat(holder, many), said.onto[row], said.what[row]))


def _marks(rows: list[tuple[int, int, int]]) -> Marks:
    return Marks(*np.array(rows, np.int64).reshape(-1, 3).T)


def _joined(one: Marks, other: Marks) -> Marks:
    return Marks(*(np.concatenate(columns) for columns in zip(one, other, strict=True)))
