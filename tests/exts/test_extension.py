"""The extension's files, and what Kit does with them."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
EXTENSION = ROOT / "exts" / "vla_humanoid.isaac"


@pytest.fixture(scope="module")
def manifest() -> dict[str, dict[str, str]]:
    return tomllib.loads((EXTENSION / "config" / "extension.toml").read_text())


def test_every_file_that_the_manifest_names_is_there(
    manifest: dict[str, dict[str, str]],
) -> None:
    package = manifest["package"]
    pages = manifest["documentation"]["pages"]
    for name in (package["readme"], package["changelog"], package["icon"], *pages):
        assert (EXTENSION / name).is_file(), name
    for module in cast("list[dict[str, str]]", manifest["python"]["module"]):
        assert (EXTENSION / module["name"] / "__init__.py").is_file()


def test_the_version_is_the_latest_of_the_changelog(manifest: dict[str, dict[str, str]]) -> None:
    changelog = (EXTENSION / "docs" / "CHANGELOG.md").read_text()
    latest = re.search(r"## \[(\d+\.\d+\.\d+)\]", changelog)
    assert latest is not None
    assert manifest["package"]["version"] == latest[1]


def test_the_icon_is_what_its_script_draws() -> None:
    draw = cast(
        "Callable[[], Image.Image]", runpy.run_path(str(EXTENSION / "data/make_icon.py"))["icon"]
    )
    with Image.open(EXTENSION / "data" / "icon.png") as stored:
        assert stored.size == (256, 256)
        difference = np.abs(np.asarray(stored, float) - np.asarray(draw(), float))
    assert difference.max() <= 8.0  # Another Pillow may round a pixel of an edge differently.


def test_the_package_knows_nothing_of_kit() -> None:
    pattern = re.compile(r"^\s*(from|import) (omni|carb|isaacsim)\b", re.MULTILINE)
    for path in (ROOT / "vla_humanoid" / "viewer").rglob("*.py"):
        assert not pattern.search(path.read_text()), path


def test_a_missing_package_is_answered_with_the_command_that_installs_it(
    kit: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ISAAC_PATH", raising=False)
    import omni.ui as ui
    from vla_humanoid_isaac import VlaHumanoidExtension

    monkeypatch.setitem(sys.modules, "vla_humanoid.viewer.events", None)
    extension = VlaHumanoidExtension()
    extension.on_startup("vla_humanoid.isaac-0.1.0")
    (window,) = ui.windows_
    texts = [widget.text for widget in window.frame.all_() if isinstance(widget, ui.Label)]
    assert "vla_humanoid.viewer.events" in texts[0]
    (field,) = [widget for widget in window.frame.all_() if isinstance(widget, ui.StringField)]
    command = field.model.get_value_as_string()
    python = Path(sys.prefix) / "bin" / "python3"
    assert command == f'"{python}" -m pip install --editable "{ROOT}"'
    extension.on_shutdown()
    assert ui.windows_ == []


def test_inside_kit_the_command_starts_a_python_that_has_kits_packages(
    kit: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from vla_humanoid_isaac.missing_package import install_command

    prefix, unpacked = tmp_path / "kit" / "python", tmp_path / "isaac-sim"
    monkeypatch.setattr(sys, "executable", str(tmp_path / "kit" / "kit"))
    monkeypatch.setattr(sys, "prefix", str(prefix))
    monkeypatch.setenv("ISAAC_PATH", str(unpacked))
    assert install_command().startswith(f'"{sys.executable}" -m pip')  # There is no other.
    (prefix / "bin").mkdir(parents=True)
    (prefix / "bin" / "python3").touch()
    assert install_command().startswith(f'"{prefix / "bin" / "python3"}" -m pip')
    unpacked.mkdir()
    (unpacked / "python.sh").touch()
    assert install_command().startswith(f'"{unpacked / "python.sh"}" -m pip')


def test_nothing_of_the_package_is_needed_to_load_the_extension(kit: None) -> None:
    paths = [str(EXTENSION), str(ROOT / "tests" / "exts" / "stand_in")]
    code = (
        f"import sys; sys.path[:0] = {paths!r}; import vla_humanoid_isaac; "
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    loaded = subprocess.run(
        [sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"vla_humanoid", "mujoco", "gymnasium", "pxr"} & set(loaded)
