from pathlib import Path

import pytest

from scenarios.codesign_study.outcome import CodesignOutcome
from scenarios.codesign_study.run import run_codesign
from scenarios.samples import prepare_codesign


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The sample, in a folder of its own, to be changed at will."""
    return prepare_codesign("town-codesign", cache=tmp_path)


@pytest.fixture(scope="package")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> CodesignOutcome:
    return run_codesign(prepare_codesign("town-codesign", cache=tmp_path_factory.mktemp("cache")), seconds=12)
