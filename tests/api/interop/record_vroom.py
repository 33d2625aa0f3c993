"""Ask a real VROOM what is recorded, and record its answers anew: ``python -m tests.api.interop.record_vroom PROGRAM``.

The wheel ``pyvroom`` (1.15.2) carries the program as ``bin/vroom``.
"""

from __future__ import annotations

import json
import subprocess
import sys

from tests.api.interop.recorded_answers import FOLDER, Json, rows


def main(program: str) -> None:
    """Ask every recorded request again."""
    for name in ("vroom-refusals", "vroom-answers"):
        listed = [row | {"answer": asked(program, row)} for row in rows(name)]
        lines = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in listed)
        (FOLDER / f"{name}.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def asked(program: str, row: Json) -> Json:
    """VROOM's answer, without the milliseconds it took."""
    options = row["body"].get("options", {})
    words = [program, *(["-c"] if options.get("c") else []), *(["-g"] if options.get("g") else [])]
    done = subprocess.run(words, input=json.dumps(row["body"]), capture_output=True, text=True, check=False)
    answer: Json = json.loads(done.stdout)
    answer.get("summary", {}).pop("computing_times", None)
    return answer


if __name__ == "__main__":
    main(sys.argv[1])
