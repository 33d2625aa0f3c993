from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.api.service import Service, serve


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    made = serve(tmp_path / "home")
    yield made
    made.store.close()


@pytest.fixture
def client(service: Service) -> FlaskClient:
    return service.client()
