import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def pip(*arguments: str | Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", *map(str, arguments)],
        check=True,
        capture_output=True,
        timeout=300,
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-deps", "--wheel-dir", folder, ROOT)
    (path,) = folder.glob("vla_humanoid-*.whl")
    return path


@pytest.mark.slow
def test_the_wheel_holds_the_package_with_its_data_and_nothing_else(wheel: Path) -> None:
    files = set(zipfile.ZipFile(wheel).namelist())
    assert "vla_humanoid/py.typed" in files
    assert "vla_humanoid/assets/data/g1_dex3.json" in files
    sources = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("vla_humanoid/**/*.py")}
    assert sources <= files
    assert {name.partition("/")[0].partition("-")[0] for name in files} == {"vla_humanoid"}


@pytest.mark.slow
def test_the_installed_wheel_works_away_from_the_repository(wheel: Path, tmp_path: Path) -> None:
    target = tmp_path / "site"
    pip("install", "--no-deps", "--target", target, wheel)
    code = (
        f"import sys; sys.path.insert(0, {str(target)!r}); "
        "import gymnasium, vla_humanoid; "
        f"assert vla_humanoid.__file__.startswith({str(target)!r}); "
        "env = gymnasium.make('VLAHumanoid-PickPlace-v0', cameras=()); env.reset(seed=0)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, timeout=120)
    assert (target / "bin" / "vla-humanoid").is_file()
