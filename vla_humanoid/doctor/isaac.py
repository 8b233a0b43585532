"""The pieces of NVIDIA's Isaac that are here, and what each allows.

Nothing of them is imported: some take minutes, some exclude each other in one process.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from vla_humanoid.assets.usd.requirements import (
    RELEASES,
    WITHOUT_USD_CORE,
    elsewhere,
    fits,
    install_command,
    installed,
    unmet,
)
from vla_humanoid.doctor.check import Check
from vla_humanoid.sims.cuda import NoGpu, first_gpu
from vla_humanoid.sims.isaaclab.release import IsaacLabUnavailable, installed_release
from vla_humanoid.sims.kit import kit_is_running

ISAAC_LAB_PYTHON = (3, 12)
ISAAC_SIM_PYTHONS: Mapping[str, tuple[int, int]] = {"5": (3, 11), "6": (3, 12)}
"""Major version of Isaac Sim to the one Python that it runs."""
_ISAAC_SIM = (
    "In Python 3.12, with an RTX GPU: pip install 'isaacsim[all,extscache]==6.2.0.0' "
    "--extra-index-url https://pypi.nvidia.com; see docs/isaac.md."
)


def isaac_checks() -> tuple[Check, ...]:
    """Look for every piece; takes milliseconds and changes nothing."""
    return (
        *_usd(),
        _ovphysx(),
        _isaac_lab(),
        _warp(),
        _isaac_sim(),
        _kit(),
        _cuda(),
    )


def _usd() -> Iterator[Check]:
    """Yield what writing USD needs, and whether two packages break each other."""
    for name in ("usd-exchange", "mujoco-usd-converter"):
        found = installed(name)
        if found is None:
            detail = "is not installed; vla-humanoid export-usd and engine='physx' need it"
            yield Check(name, "optional", detail, install_command())
        elif not fits(name, found):
            detail = f"{found} is not {RELEASES[name]}, as export-usd and engine='physx' want"
            yield Check(name, "optional", detail, install_command())
        else:
            yield Check(name, "ok", f"{found}, for vla-humanoid export-usd and engine='physx'")
    if installed("usd-core") is None:
        yield Check("usd-core", "ok", "is not installed, as it should not be beside usd-exchange")
    elif installed("usd-exchange") is None:
        yield Check("usd-core", "ok", f"{installed('usd-core')}; usd-exchange is not beside it")
    else:
        # Both bring pxr, so removing one leaves holes in the other.
        detail = f"{installed('usd-core')} breaks usd-exchange, beside which it is installed"
        yield Check("usd-core", "optional", detail, WITHOUT_USD_CORE)


def _ovphysx() -> Check:
    found, schemas = installed("ovphysx"), installed("physx-usd-schemas")
    if found is None:
        detail = "is not installed; engine='physx' needs it"
    elif found.startswith("0.6."):
        detail = f"{found} is Isaac Lab's; engine='physx' wants 0.7 in an environment of its own"
    elif not fits("ovphysx", found):
        detail = f"{found} is not {RELEASES['ovphysx']}, which engine='physx' is made for"
    elif schemas is None or not fits("physx-usd-schemas", schemas):
        wanted = RELEASES["physx-usd-schemas"]
        detail = f"{found} needs physx-usd-schemas {wanted}, and {schemas or 'none'} is installed"
    elif faults := unmet("ovphysx"):
        detail = f"{found} needs {'; '.join(faults)}"
    else:
        return Check("ovphysx", "ok", f"{found}, for engine='physx', on a CPU as well")
    return Check("ovphysx", "optional", detail, install_command())


def _isaac_lab_remedy() -> str:
    return elsewhere(".venv-isaac", "isaac")


def _isaac_lab() -> Check:
    found = installed("isaaclab")
    try:
        release = installed_release()
    except IsaacLabUnavailable as error:
        what, _, command = str(error).partition(" Run there: ")
        return Check("isaaclab", "optional", what, command)
    if found is None or release is None:
        needs = "" if sys.version_info[:2] == ISAAC_LAB_PYTHON else " and Python 3.12"
        detail = f"is not installed; engine='isaaclab' needs it{needs}"
        return Check("isaaclab", "optional", detail, _isaac_lab_remedy())
    detail = f"{found}, for engine='isaaclab' with physics {', '.join(release.physics)}"
    return Check("isaaclab", "ok", detail)


def _warp() -> Check:
    found = installed("warp-lang")
    if found is None:
        detail = "is not installed; engine='isaaclab' renders and runs Newton with it"
        return Check("warp-lang", "optional", detail, _isaac_lab_remedy())
    return Check("warp-lang", "ok", f"{found}, for Newton and for images without Kit")


def _isaac_sim() -> Check:
    """Look for Isaac Sim's wheels, or for an unpacked one whose Python this is."""
    found = installed("isaacsim") or installed("isaacsim-kernel") or _unpacked_version()
    if found is None:
        detail = "is not installed here; the extension vla_humanoid.isaac runs in it"
        return Check("isaacsim", "optional", detail, _ISAAC_SIM)
    wanted = ISAAC_SIM_PYTHONS.get(found.partition(".")[0])
    if wanted is None:
        detail = f"{found} is untested; the extension is written for 5.1 and 6"
        return Check("isaacsim", "optional", detail, _ISAAC_SIM)
    if sys.version_info[:2] != wanted:
        detail = f"{found} runs Python {wanted[0]}.{wanted[1]}, and this is {_python()}"
        remedy = f"Run this in Isaac Sim's Python {wanted[0]}.{wanted[1]}; see docs/isaac.md."
        return Check("isaacsim", "optional", detail, remedy)
    return Check("isaacsim", "ok", f"{found}: start it with --enable vla_humanoid.isaac")


def _unpacked_version() -> str | None:
    """Return the version of the Isaac Sim whose ``python.sh`` runs this, or None."""
    folder = os.environ.get("ISAAC_PATH", "")
    file = Path(folder) / "VERSION"
    return file.read_text().strip() if folder and file.is_file() else None


def _kit() -> Check:
    if kit_is_running():
        return Check(
            "Kit",
            "optional",
            "runs in this process, so engine='physx' and kit-less Isaac Lab cannot",
            "Run vla-humanoid in a terminal for those; engine='mujoco' works beside Kit.",
        )
    return Check("Kit", "ok", "does not run in this process")


def _cuda() -> Check:
    try:
        gpu = first_gpu()
    except NoGpu as error:
        detail = f"{error}; PhysX, Newton and Isaac Lab run on the CPU, Isaac Sim does not"
        return Check("CUDA", "optional", detail, "For Isaac Sim: an RTX GPU and its driver.")
    if gpu.traces_rays:
        return Check("CUDA", "ok", f"{gpu.name}, CUDA {gpu.cuda}")
    detail = f"{gpu.name}, CUDA {gpu.cuda}: it computes, but has no RT cores"
    return Check("CUDA", "optional", detail, "For Isaac Sim's renderer: a GPU with RT cores.")


def _python() -> str:
    return ".".join(map(str, sys.version_info[:2]))
