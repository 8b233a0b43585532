"""Chooses how camera images are rendered without a screen, before MuJoCo chooses for itself.

MuJoCo reads ``MUJOCO_GL`` while it is imported: unset, it wants a screen; set to a back end whose
library is missing, ``import mujoco`` dies with an `AttributeError` that names neither. The probes
here load the libraries themselves, cost about 20 ms, and leave no thread behind, so that a process
may still fork.
"""

import ctypes
import importlib
import os
import sys
from typing import Literal, Protocol, TypeAlias

Backend: TypeAlias = Literal["egl", "osmesa", "glfw", "cgl"]

_PLATFORM_ALIASES: dict[str, dict[str, Backend]] = {
    "linux": {"egl": "egl", "osmesa": "osmesa", "glx": "glfw"},
    "darwin": {"cgl": "cgl"},
    "win32": {"wgl": "glfw"},
}
_ALIASES: dict[str, Backend] = {
    **_PLATFORM_ALIASES.get(sys.platform, {}),
    **dict.fromkeys(("glfw", "enable", "enabled", "on", "true", "1"), "glfw"),
}
"""What ``MUJOCO_GL`` may be: ``import mujoco`` fails for anything else."""
_OFF = frozenset(("disable", "disabled", "off", "false", "0"))

_EGL_VENDOR = 0x3053
_EGL_PLATFORM_DEVICE_EXT = 0x313F
_MAX_DEVICES = 16

_REMEDY = """\
Install one of them:
  Debian, Ubuntu: apt-get install libegl1 libegl-mesa0 libgl1-mesa-dri libopengl0
                  (or, for OSMesa: apt-get install libosmesa6)
  Fedora:         dnf install mesa-libEGL mesa-dri-drivers libglvnd-opengl
  Arch:           pacman -S mesa libglvnd
or go without images: cameras=() needs no graphics library."""


class GraphicsUnavailable(RuntimeError):
    """Camera images cannot be rendered here; the message says what is missing and what to do."""


class GLContext(Protocol):
    """An OpenGL context without a window."""

    def make_current(self) -> None:
        """Make later OpenGL calls of this thread use the context."""
        ...

    def free(self) -> None:
        """Release the context."""
        ...


def select_backend() -> Backend:
    """Choose the rendering back end of this process and of those it starts.

    Sets ``MUJOCO_GL``, or keeps to it where the user has set it, and unless the user has set it
    ``LP_NUM_THREADS=0``, with which Mesa's software renderer draws in the calling thread: the
    pixels are the same, the processor time no more, and worker processes may be forked even after
    an image has been rendered. Call it before the first ``import mujoco`` where possible.

    Raises:
        GraphicsUnavailable: if no back end works, or not the one that ``MUJOCO_GL`` asks for.
    """
    os.environ.setdefault("LP_NUM_THREADS", "0")
    faults: dict[Backend, str] = {}
    for backend in _candidates():
        fault = _fault(backend)
        if fault is None:
            os.environ["MUJOCO_GL"] = backend
            return backend
        faults[backend] = fault
    raise GraphicsUnavailable(_explain(faults))


def check_requested_backend() -> None:
    """Check what ``MUJOCO_GL`` asks for, if anything; for whoever is about to import mujoco.

    Raises:
        GraphicsUnavailable: if ``import mujoco`` would fail for it.
    """
    asked = _asked()
    if not asked or asked in _OFF:
        return
    backend = _ALIASES.get(asked)
    if backend is None or (backend in ("egl", "osmesa") and _fault(backend) is not None):
        select_backend()


def import_mujoco_without_graphics() -> None:
    """Import mujoco where no image is wanted: a ``MUJOCO_GL`` that cannot work does not matter."""
    try:
        check_requested_backend()
    except GraphicsUnavailable:
        asked = os.environ["MUJOCO_GL"]
        os.environ["MUJOCO_GL"] = "disable"
        try:
            importlib.import_module("mujoco")
        finally:
            os.environ["MUJOCO_GL"] = asked


def create_context(width: int, height: int) -> GLContext:
    """Create an OpenGL context with the selected back end, whenever mujoco was imported.

    Args:
        width: of the largest image [pixels].
        height: of the largest image [pixels].

    Raises:
        GraphicsUnavailable: as `select_backend`.
    """
    match select_backend():
        case "egl":
            from mujoco.egl import GLContext as Context
        case "osmesa":
            from mujoco.osmesa import GLContext as Context
        case "cgl":
            from mujoco.cgl import GLContext as Context
        case "glfw":
            from mujoco.glfw import GLContext as Context
    return Context(width, height)


def _asked() -> str:
    return os.environ.get("MUJOCO_GL", "").lower().strip()


def _candidates() -> tuple[Backend, ...]:
    asked = _asked()
    if asked in _OFF:
        raise GraphicsUnavailable(
            f"MUJOCO_GL={asked} switches rendering off; unset it, or go without images: cameras=()."
        )
    if asked:
        if asked not in _ALIASES:
            valid = ", ".join(sorted(set(_ALIASES.values())))
            raise GraphicsUnavailable(
                f"MUJOCO_GL={asked!r} is unknown; unset it, or choose one of {valid}."
            )
        return (_ALIASES[asked],)
    if sys.platform == "linux":
        return ("egl", "osmesa", "glfw")
    return ("cgl",) if sys.platform == "darwin" else ("glfw",)


def _fault(backend: Backend) -> str | None:
    """Return why a back end cannot work here, or None if it can."""
    platform = os.environ.get("PYOPENGL_PLATFORM") or backend
    if backend in ("egl", "osmesa") and platform.lower() != backend:
        return f"PYOPENGL_PLATFORM={platform} reserves PyOpenGL for another back end; unset it"
    match backend:
        case "egl":
            return _egl_fault()
        case "osmesa":
            return None if _load("libOSMesa.so.8", "libOSMesa.so") else "libOSMesa.so.8 is missing"
        case "glfw" if sys.platform == "linux":
            screen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
            return None if screen else "no screen: neither DISPLAY nor WAYLAND_DISPLAY is set"
        case _:
            return None


def _egl_fault() -> str | None:
    egl = _load("libEGL.so.1")
    if egl is None:
        return "libEGL.so.1 is missing"
    if _load("libOpenGL.so.0", "libGL.so.1") is None:
        return "libOpenGL.so.0 is missing"
    egl.eglGetProcAddress.restype = ctypes.c_void_p
    egl.eglGetProcAddress.argtypes = [ctypes.c_char_p]
    query_devices = egl.eglGetProcAddress(b"eglQueryDevicesEXT")
    get_display = egl.eglGetProcAddress(b"eglGetPlatformDisplayEXT")
    if not (query_devices and get_display):
        return "libEGL.so.1 cannot render without a screen (no EGL_EXT_platform_device)"

    devices = (ctypes.c_void_p * _MAX_DEVICES)()
    count = ctypes.c_int(0)
    query = ctypes.CFUNCTYPE(ctypes.c_uint, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
    query(query_devices)(_MAX_DEVICES, devices, ctypes.byref(count))
    open_display = ctypes.CFUNCTYPE(
        ctypes.c_void_p, ctypes.c_uint, ctypes.c_void_p, ctypes.c_void_p
    )(get_display)
    for device in devices[: count.value]:
        if _initializes(egl, open_display(_EGL_PLATFORM_DEVICE_EXT, device, None)):
            return None
    return "libEGL.so.1 finds no driver (libEGL_mesa.so.0, swrast_dri.so)"


def _initializes(egl: ctypes.CDLL, display: int | None) -> bool:
    """Try a display, leaving it as it was: whoever uses it already must be able to go on."""
    if not display:
        return False
    egl.eglQueryString.restype = ctypes.c_char_p
    egl.eglQueryString.argtypes = [ctypes.c_void_p, ctypes.c_int]
    egl.eglInitialize.argtypes = [ctypes.c_void_p] * 3
    egl.eglTerminate.argtypes = [ctypes.c_void_p]
    if egl.eglQueryString(display, _EGL_VENDOR):
        return True
    if not egl.eglInitialize(display, None, None):
        return False
    egl.eglTerminate(display)
    return True


def _load(*names: str) -> ctypes.CDLL | None:
    """Load the first of some shared libraries that is installed."""
    for name in names:
        try:
            return ctypes.CDLL(name)
        except OSError:
            continue
    return None


def _explain(faults: dict[Backend, str]) -> str:
    asked = os.environ.get("MUJOCO_GL")
    why = f" as MUJOCO_GL={asked} asks" if asked else ""
    lines = [f"Camera images cannot be rendered here{why}:"]
    lines += [f"  {backend}: {fault}" for backend, fault in faults.items()]
    if asked:
        lines.append("Unset MUJOCO_GL to use whatever works.")
    return "\n".join([*lines, _REMEDY])
