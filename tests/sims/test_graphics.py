import ctypes
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from vla_humanoid.sims.graphics import (
    GraphicsUnavailable,
    check_requested_backend,
    select_backend,
)

RENDER = """
import mujoco
import numpy as np
from vla_humanoid.sims.graphics import create_context
model = mujoco.MjModel.from_xml_string(
    "<mujoco><worldbody><light pos='0 0 3'/><geom size='1'/>"
    "<camera name='c' pos='0 -3 0' xyaxes='1 0 0 0 0 1'/></worldbody></mujoco>"
)
data = mujoco.MjData(model)
mujoco.mj_forward(model, data)

def picture():
    gl = create_context(64, 64)
    gl.make_current()
    context = mujoco.MjrContext(model, int(mujoco.mjtFontScale.mjFONTSCALE_100))
    mujoco.mjr_setBuffer(int(mujoco.mjtFramebuffer.mjFB_OFFSCREEN), context)
    scene = mujoco.MjvScene(model, 10)
    camera = mujoco.MjvCamera()
    camera.type, camera.fixedcamid = int(mujoco.mjtCamera.mjCAMERA_FIXED), 0
    everything = int(mujoco.mjtCatBit.mjCAT_ALL)
    mujoco.mjv_updateScene(model, data, mujoco.MjvOption(), None, camera, everything, scene)
    image = np.zeros((64, 64, 3), np.uint8)
    viewport = mujoco.MjrRect(0, 0, 64, 64)
    mujoco.mjr_render(viewport, scene, context)
    mujoco.mjr_readPixels(image, None, viewport, context)
    context.free()
    gl.free()
    assert len(np.unique(image)) > 20
    return image
"""


@pytest.fixture
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("MUJOCO_GL", "PYOPENGL_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY", "LP_NUM_THREADS"):
        # Set first, so that what the test itself sets is undone as well.
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    return monkeypatch


def install_libraries(
    monkeypatch: pytest.MonkeyPatch, missing: tuple[str, ...], present: tuple[str, ...] = ()
) -> None:
    """Pretend that libraries, by the start of their names, are missing or present."""
    load: Callable[[str | None], ctypes.CDLL] = ctypes.CDLL

    def pretend(name: str) -> ctypes.CDLL:
        if name.startswith(present):
            return load(None)
        if name.startswith(missing):
            raise OSError(f"{name}: cannot open shared object file")
        return load(name)

    monkeypatch.setattr(ctypes, "CDLL", pretend)


def run_python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if k not in ("MUJOCO_GL", "PYOPENGL_PLATFORM")}
    return subprocess.run(
        [sys.executable, "-c", code],
        env=kept | environment,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_selection_is_quick_and_reaches_mujoco_and_child_processes(
    clean_environment: pytest.MonkeyPatch,
) -> None:
    start = time.perf_counter()
    backend = select_backend()
    assert time.perf_counter() - start < 0.5
    assert backend in ("egl", "osmesa")
    assert os.environ["MUJOCO_GL"] == backend
    assert select_backend() == backend


def test_osmesa_stands_in_for_egl(clean_environment: pytest.MonkeyPatch) -> None:
    install_libraries(clean_environment, missing=("libEGL",), present=("libOSMesa",))
    assert select_backend() == "osmesa"


def test_no_library_at_all_names_them_and_the_packages(
    clean_environment: pytest.MonkeyPatch,
) -> None:
    install_libraries(clean_environment, missing=("libEGL", "libOSMesa"))
    with pytest.raises(GraphicsUnavailable) as error:
        select_backend()
    for word in ("libEGL.so.1", "libOSMesa", "libegl1", "libosmesa6", "dnf", "cameras=()"):
        assert word in str(error.value)
    assert "MUJOCO_GL" not in os.environ


def test_a_screen_is_the_last_resort(clean_environment: pytest.MonkeyPatch) -> None:
    install_libraries(clean_environment, missing=("libEGL", "libOSMesa"))
    clean_environment.setenv("DISPLAY", ":0")
    assert select_backend() == "glfw"


@pytest.mark.parametrize("asked", ["osmesa", "OSMesa "])
def test_the_users_choice_is_not_replaced(
    clean_environment: pytest.MonkeyPatch, asked: str
) -> None:
    install_libraries(clean_environment, missing=("libOSMesa",))
    clean_environment.setenv("MUJOCO_GL", asked)
    with pytest.raises(GraphicsUnavailable, match="Unset MUJOCO_GL"):
        select_backend()
    with pytest.raises(GraphicsUnavailable, match="Unset MUJOCO_GL"):
        check_requested_backend()


@pytest.mark.parametrize("asked", ["", "off"])
def test_without_a_request_nothing_is_checked(
    clean_environment: pytest.MonkeyPatch, asked: str
) -> None:
    install_libraries(clean_environment, missing=("lib",))
    clean_environment.setenv("MUJOCO_GL", asked)
    check_requested_backend()


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("MUJOCO_GL", "off", "switches rendering off"),
        ("MUJOCO_GL", "vulkan", "choose one of egl, glfw, osmesa"),
        ("MUJOCO_GL", "cgl", "choose one of egl, glfw, osmesa"),
        ("MUJOCO_GL", "glfw", "no screen"),
        ("PYOPENGL_PLATFORM", "glx", "PYOPENGL_PLATFORM=glx"),
    ],
)
def test_settings_that_cannot_work_are_explained(
    clean_environment: pytest.MonkeyPatch, variable: str, value: str, message: str
) -> None:
    clean_environment.setenv(variable, value)
    with pytest.raises(GraphicsUnavailable, match=message):
        select_backend()


@pytest.mark.parametrize("asked", ["vulkan", "cgl"])
def test_what_mujoco_does_not_know_is_told_before_it_is_imported(
    clean_environment: pytest.MonkeyPatch, asked: str
) -> None:
    clean_environment.setenv("MUJOCO_GL", asked)
    with pytest.raises(GraphicsUnavailable, match="choose one of egl, glfw, osmesa"):
        check_requested_backend()


BLIND = """
import os
import gymnasium
env = gymnasium.make("vla_humanoid:VLAHumanoid-PickPlace-v0", cameras=())
env.reset(seed=0)
assert os.environ["MUJOCO_GL"] == "{asked}"
try:
    gymnasium.make("VLAHumanoid-PickPlace-v0", cameras=("head",))
except RuntimeError as error:
    print(error)
"""


@pytest.mark.parametrize("asked", ["vulkan", "egl"])
def test_without_images_an_unusable_request_does_not_matter(asked: str) -> None:
    # PyOpenGL has been reserved for another back end, so EGL cannot work.
    result = run_python(BLIND.format(asked=asked), MUJOCO_GL=asked, PYOPENGL_PLATFORM="osmesa")
    assert result.returncode == 0, result.stderr
    assert "MUJOCO_GL" in result.stdout


def test_renders_even_if_mujoco_was_imported_first() -> None:
    result = run_python(RENDER + "picture()")
    assert result.returncode == 0, result.stderr


def test_a_forked_worker_renders_the_same_after_its_parent_has() -> None:
    code = """
image = picture()
worker = os.fork()
if worker == 0:
    signal.alarm(20)
    os._exit(int((picture() != image).any()))
assert os.waitpid(worker, 0)[1] == 0
"""
    result = run_python("import os, signal\n" + RENDER + code, LP_NUM_THREADS="0")
    assert result.returncode == 0, result.stderr
