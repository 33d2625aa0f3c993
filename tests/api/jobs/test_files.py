import io
import subprocess
import sys
from pathlib import Path

import pytest

from api.jobs.files import Files
from tests.api.jobs.harness import ROOT

HALF_WAY = """
import sys
from pathlib import Path
from api.jobs.files import Files
class Broken:
    def read(self, size):
        if not hasattr(self, "done"):
            self.done = True
            return b"x" * size
        sys.stdout.write("half\\n"); sys.stdout.flush()
        import os, signal
        os.kill(os.getpid(), signal.SIGKILL)
Files(Path(sys.argv[1])).put(Broken())
"""


def visible(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".new-")]


def test_a_file_is_named_by_its_content(tmp_path: Path) -> None:
    files = Files(tmp_path / "files")
    stored = files.put(io.BytesIO(b"hello"))
    assert stored.sha256 == "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    assert files.path(stored.sha256).read_bytes() == b"hello"
    assert files.put(io.BytesIO(b"hello")) == stored
    assert len(visible(tmp_path)) == 1


def test_a_stream_that_breaks_leaves_nothing(tmp_path: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, _size: int | None = -1) -> bytes:
            if self.tell():
                raise ConnectionResetError
            return super().read(1)

    with pytest.raises(ConnectionResetError):
        Files(tmp_path).put(Broken(b"hello"))
    assert list(tmp_path.iterdir()) == []


def test_a_process_killed_half_way_leaves_nothing_that_can_be_seen(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", HALF_WAY, str(tmp_path)], cwd=ROOT, capture_output=True, check=False)
    assert done.stdout == b"half\n"
    assert done.returncode == -9
    assert visible(tmp_path) == []


def test_a_file_cut_short_is_put_right_by_the_next_one(tmp_path: Path) -> None:
    files = Files(tmp_path)
    stored = files.put(io.BytesIO(b"hello"))
    path = files.path(stored.sha256)
    path.chmod(0o644)
    path.write_bytes(b"hel")
    files.put(io.BytesIO(b"hello"))
    assert path.read_bytes() == b"hello"
