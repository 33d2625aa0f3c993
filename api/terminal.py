"""What the command line shows: tables, a progress bar, faults; as text, printed elsewhere."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterable, Sequence
from typing import TextIO

from tqdm import tqdm

from faults import Fault
from scenarios.messages import known, say
from scenarios.progress import RunProgress

NARROW, WIDE = 60, 120
STEPS = 1000


def width() -> int:
    """Return the width to write in, in characters."""
    return max(NARROW, min(WIDE, shutil.get_terminal_size((100, 24)).columns))


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, right: frozenset[int] = frozenset()) -> str:
    """Set rows in columns.

    Parameters
    ----------
    right
        Positions of columns whose content stands at the right: numbers.
    """
    lines = [list(heads), *map(list, rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]

    def written(line: Sequence[str]) -> str:
        cells = (
            cell.rjust(size) if column in right else cell.ljust(size)
            for column, (cell, size) in enumerate(zip(line, widths, strict=True))
        )
        return "  ".join(cells).rstrip()

    rule = "  ".join("-" * size for size in widths)
    return "\n".join([written(lines[0]), rule, *map(written, lines[1:])])


def faults_text(faults: Sequence[Fault]) -> str:
    """Write faults one below the other: where, what is wrong, what to do."""
    blocks = []
    for fault in faults:
        cause = textwrap.fill(fault.cause, width(), initial_indent="  ", subsequent_indent="  ")
        action = textwrap.fill(fault.action, width(), initial_indent="  -> ", subsequent_indent="     ")
        blocks.append(f"{fault.place} [{fault.code}]\n{cause}\n{action}")
    return "\n".join(blocks)


class Bar:
    """A progress bar with stage, best cost and gap; where no one watches, a line for each stage."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._seen = ""
        self._bar = (
            tqdm(
                total=STEPS,
                file=stream,
                bar_format="{desc:<28.28} {percentage:3.0f}% |{bar}| {elapsed} {postfix}",
                dynamic_ncols=True,
                leave=False,
            )
            if stream.isatty()
            else None
        )

    def tell(self, news: RunProgress) -> None:
        """Show one line of news."""
        stage = stage_words(news.stage, news.day)
        best = best_words(news.cost, news.gap)
        if self._bar is not None:
            self._bar.set_description_str(stage, refresh=False)
            self._bar.set_postfix_str(best, refresh=False)
            if news.fraction is not None:
                self._bar.n = max(self._bar.n, round(news.fraction * STEPS))
            self._bar.refresh()
        elif stage != self._seen:
            self._seen = stage
            self._stream.write(f"{stage} ...\n")
            self._stream.flush()

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()


def stage_words(stage: str, day: str = "") -> str:
    """Say what a run is busy with."""
    name, _, rest = stage.partition(" ")
    words = say(f"pages.stage.{name}") if known(f"pages.stage.{name}") else name
    of_day = day or rest
    of_day = say(f"day.{of_day}") if known(f"day.{of_day}") else of_day
    return f"{words} ({of_day})" if of_day else words


def best_words(cost: float | None, gap: float | None) -> str:
    """Say how good the best plan is so far; nothing while there is none."""
    if cost is None:
        return ""
    shown = "no bound" if gap is None else f"gap {gap:.1%}"
    return f"cost {cost:,.2f}, {shown}"
