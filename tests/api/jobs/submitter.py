"""Accepts runs and hands them over as the service does, and acknowledges each; for the tests that kill the service.

``python -m tests.api.jobs.submitter FOLDER PREFIX FROM COUNT``: keys ``PREFIX-FROM`` and on, one line for each.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from api.jobs.engine import Engine
from api.jobs.settings import JobSettings
from api.jobs.store import Store


def main(folder: Path, prefix: str, first: int, count: int) -> None:
    store = Store(f"sqlite:///{folder / 'mzunguko.sqlite'}", folder / "files")
    store.upgrade()
    engine = Engine(store, JobSettings(home=folder))
    request = {"burn": {"seconds": 0.02}}
    for k in range(first, first + count):
        accepted = store.accept(
            key=f"{prefix}-{k}", scope="kill", fingerprint="same", request=request, name="burn", now=datetime.now(UTC)
        )
        engine.submit(accepted.run.id)
        line = {"k": k, "run": accepted.run.id, "replayed": accepted.replayed}
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
