"""Tags on their way from a file into arrays: every distinct tag becomes a number when it is first met."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable
from dataclasses import InitVar, dataclass, field

import numpy as np
from numpy.typing import NDArray

Ints32 = NDArray[np.int32]


def _any(_key: str, _value: str) -> bool:
    return True


@dataclass(slots=True)
class Vocabulary:
    """Keys and the values met for each of them, in the order they came.

    Parameters
    ----------
    keys
        What is read.
    wanted
        Which values of those keys are read.
    others
        Whether tags of other keys are told by their key, with the value 0.
    """

    keys: InitVar[Iterable[str]]
    wanted: Callable[[str, str], bool] = _any
    others: bool = False
    values: dict[str, dict[str, int]] = field(init=False)  # key that is read -> value -> code from 1
    position: dict[str, int] = field(init=False)  # of each key, those that are not read at the end
    numbers: dict[tuple[str, str], int] = field(init=False, default_factory=dict)
    _unread: dict[str, int] = field(init=False, default_factory=dict)
    key: array[int] = field(init=False, default_factory=lambda: array("i", [-1]))  # of each number
    value: array[int] = field(init=False, default_factory=lambda: array("i", [0]))

    def __post_init__(self, keys: Iterable[str]) -> None:
        self.values = {key: {} for key in keys}
        self.position = {key: at for at, key in enumerate(self.values)}

    @property
    def unread(self) -> list[str]:
        """The other keys met, in the order of their positions."""
        return list(self.position)[len(self.values) :]

    def learn(self, tag: tuple[str, str]) -> int:
        """Return the number of a tag, 0 for one that is to be passed over; known ones are found in ``numbers``."""
        key, value = tag
        codes = self.values.get(key)
        if not value or not (self.others if codes is None else self.wanted(key, value)):
            return 0
        if key in self._unread:
            return self._unread[key]
        number = len(self.key)
        if codes is None:
            self._unread[key] = number
        else:
            self.numbers[tag] = number
        self.key.append(self.position.setdefault(key, len(self.position)))
        self.value.append(0 if codes is None else codes.setdefault(value, len(codes) + 1))
        return number

    def rows(self, numbers: array[int], sizes: array[int]) -> tuple[Ints32, Ints32, Ints32]:
        """Return thing, key and value of tags given as numbers, ``sizes`` of them for each thing."""
        number = np.array(numbers, np.int32)
        thing = np.repeat(np.arange(len(sizes), dtype=np.int32), np.array(sizes, np.int32))
        kept = number > 0
        number = number[kept]
        return thing[kept], np.array(self.key, np.int32)[number], np.array(self.value, np.int32)[number]
