"""A working program for the tests: burns processor time, brings news, breaks off, as its request says.

Speaks as ``api.jobs.child`` does (docs/jobs.md). Run by its path, isolated; needs nothing but the standard library.
Arguments: a folder where it notes each start and each end, one file for each process.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path


def main() -> None:
    task = json.loads(sys.stdin.readline())
    do = task["request"]["burn"]
    marks = Path(sys.argv[1])
    mark = {"run": task["run"], "attempt": task["attempt"], "pid": os.getpid(), "ended": False}
    mark["inherited"] = json.loads(Path(task["incumbent"]).read_text()) if task["incumbent"] else None
    _note(marks, mark)
    if do.get("grandchild"):
        subprocess.Popen([sys.executable, "-I", "-S", "-c", "import time; time.sleep(600)", str(marks)])
    if do.get("megabytes"):
        mark["memory"] = "x" * (do["megabytes"] * 2**20)
    _burn(do, Path(task["folder"]))
    if task["attempt"] <= do.get("holds", 0):
        time.sleep(600)
    if task["attempt"] <= do.get("crashes", 0):
        os.kill(os.getpid(), signal.SIGKILL)
    if task["attempt"] <= do.get("kills_worker", 0):
        os.kill(_parent(os.getppid()), signal.SIGKILL)
        time.sleep(600)
    if do.get("faults"):
        error = {"code": "invalid-input", "title": "No good", "detail": "", "faults": do["faults"]}
        _say({"kind": "failed", "error": error})
        return
    text = do.get("text", "burnt")
    (Path(task["folder"]) / "documents" / "report.txt").write_text(text)
    mark.pop("memory", None)
    _note(marks, mark | {"ended": True})
    report = {"name": "report.txt", "media_type": "text/plain", "title": "Report"}
    _say({"kind": "done", "outcome": {"text": text}, "documents": [report]})


def _burn(do: dict, folder: Path) -> None:
    """Burn the seconds asked for, in so many pieces as there is news; each brings a better plan."""
    news = do.get("news", 1)
    for k in range(1, news + 1):
        until = time.process_time() + do.get("seconds", 0.0) / news
        while time.process_time() < until:
            pass
        name = f"incumbent-{k}.json"
        (folder / name).write_text(json.dumps({"k": k}))
        line = {"kind": "progress", "seq": k, "stage": "burn", "t_s": 0.1, "cost": 100.0 - k, "fraction": k / news}
        _say(line | {"incumbent": name, "summary": {"k": k}})
    if do.get("hangs"):
        time.sleep(600)


def _note(marks: Path, mark: dict) -> None:
    (marks / f"{mark['run']}-{mark['attempt']}-{mark['pid']}.json").write_text(json.dumps(mark))


def _say(line: dict) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])


if __name__ == "__main__":
    main()
