from pathlib import Path

import pytest

from scenarios.hub_study.outcome import StudyOutcome
from scenarios.hub_study.run import run_study
from scenarios.samples import prepare_study


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The sample, in a folder of its own, to be changed at will."""
    return prepare_study("town-hubs", cache=tmp_path)


@pytest.fixture(scope="package")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> StudyOutcome:
    return run_study(prepare_study("town-hubs", cache=tmp_path_factory.mktemp("cache")), seconds=20)
