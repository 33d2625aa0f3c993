from collections.abc import Iterator
from pathlib import Path

import pytest

from api.jobs.store import Store
from tests.api.jobs.harness import Home, fresh_database


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    (tmp_path / "runs.sqlite").write_bytes(fresh_database())
    made = Store(f"sqlite:///{tmp_path / 'runs.sqlite'}", tmp_path / "files")
    yield made
    made.close()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = Home(tmp_path / "home")
    yield made
    made.close()
