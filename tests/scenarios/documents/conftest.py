import pytest

from scenarios.outcome import Outcome
from tests.scenarios.documents import town

MAKERS = {
    "full": town.full,
    "illustration": town.illustration,
    "empty": town.empty,
    "no-plan": town.no_plan,
    "recycler": town.recycler,
}


@pytest.fixture(scope="session")
def full() -> Outcome:
    return town.full()


@pytest.fixture(scope="session")
def illustration() -> Outcome:
    return town.illustration()


@pytest.fixture(scope="session")
def recycler() -> Outcome:
    return town.recycler()


@pytest.fixture(scope="session", params=MAKERS)
def outcome(request: pytest.FixtureRequest) -> Outcome:
    """Every kind of outcome in turn."""
    return MAKERS[request.param]()
