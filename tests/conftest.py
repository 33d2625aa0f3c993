import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Folder of real street extracts, benchmark instances and reference tables; see CONTRIBUTING."""
    folder = os.environ.get("MZUNGUKO_DATA", "")
    if not folder:
        pytest.skip("MZUNGUKO_DATA is not set: the real data this test reads is not here")
    return Path(folder)
