from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from api.interop import close
from tests.api.interop.town import write_town
from tests.api.service import Service, serve


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service of the made-up town, prepared once for all tests of a file."""
    folder = tmp_path_factory.mktemp("town")
    made = serve(folder / "home", streets={"town": write_town(folder / "town.osm")})
    yield made
    close(made.app)
    made.store.close()


@pytest.fixture
def asked(town: Service) -> FlaskClient:
    return town.client()
