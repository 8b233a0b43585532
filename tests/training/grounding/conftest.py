from pathlib import Path

import pytest
from learned_pointing import Learned, learned
from written_scenes import QUICK, write_scenes


@pytest.fixture(scope="session")
def squares(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two hundred scenes; read only."""
    return write_scenes(tmp_path_factory.mktemp("scenes") / "squares.hdf5", 200)


@pytest.fixture(scope="session")
def pointing(squares: Path) -> Learned:
    """A network that points at the named one of two squares; read only."""
    return learned(squares, QUICK)
