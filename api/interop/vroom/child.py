"""A solver process: everything is imported before the first request, then one request after the other is answered."""

from __future__ import annotations

import os
import signal
import threading
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait

READY = "ready"


def main(line: Connection) -> None:
    """Answer what comes in on a line until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal tells the whole group; the server ends its processes
    threading.Thread(target=_end_with_parent, daemon=True).start()
    from api.interop.refusal import Refusal
    from api.interop.vroom.solver import warm, work

    warm()
    line.send(READY)
    while True:
        try:
            task = line.recv()
        except EOFError:
            return
        try:
            line.send(work(task))
        except Refusal as refusal:
            line.send(refusal)
        except Exception as error:  # noqa: BLE001 - told to the server, which logs it; this process is replaced
            line.send(_crash(error))
            return


def _end_with_parent() -> None:
    """End at once when the server is gone, however busy a solver is."""
    parent = parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(0)


def _crash(error: Exception) -> RuntimeError:
    """Return what went wrong in a form that surely travels."""
    import traceback

    return RuntimeError("".join(traceback.format_exception(error)))
