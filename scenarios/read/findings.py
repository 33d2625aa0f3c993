"""What reading found out: faults stop the run once all are known, doubts go along with the answer."""

from __future__ import annotations

from dataclasses import dataclass, field

from faults import Fault, InputError
from scenarios.read.gather import gathered


@dataclass(frozen=True, slots=True)
class Findings:
    """A notebook that is handed from reader to reader."""

    faults: list[Fault] = field(default_factory=list)
    doubts: list[Fault] = field(default_factory=list)

    def fault(self, code: str, place: str, cause: str, action: str, *, pointer: str = "") -> None:
        """Note what is wrong."""
        self.faults.append(Fault(code=code, place=place, cause=cause, action=action, pointer=pointer))

    def doubt(self, code: str, place: str, cause: str, action: str) -> None:
        """Note what was accepted, and why somebody should look at it."""
        self.doubts.append(Fault(code=code, place=place, cause=cause, action=action))

    def settle(self) -> tuple[Fault, ...]:
        """Return the doubts.

        Raises
        ------
        InputError
            With all faults, if there are any.
        """
        if self.faults:
            raise InputError(gathered(self.faults))
        return gathered(self.doubts)
