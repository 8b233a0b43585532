"""Whether the wheels that write USD are here and get along."""

import importlib.metadata

EXTRA = "pip install 'vla-humanoid[physx]'"
NEEDED = ("usd-exchange", "mujoco-usd-converter")
"""Distributions that writing USD needs; both come with the extra ``physx``."""


class UsdExportError(Exception):
    """An export that cannot be carried out; the message says what to do about it."""


class UsdUnavailable(UsdExportError):
    """The wheels that write USD are missing or break each other."""


def require_usd() -> None:
    """Check the installed wheels by name, before any of them is imported.

    Raises:
        UsdUnavailable: if one is missing, or usd-core lies beside usd-exchange.
    """
    missing = [name for name in NEEDED if not is_installed(name)]
    if missing:
        raise UsdUnavailable(f"USD export needs {' and '.join(missing)}; run: {EXTRA}")
    if is_installed("usd-core"):
        # Both install the same pxr modules, so removing one leaves holes in the other.
        raise UsdUnavailable(
            "usd-core is installed beside usd-exchange, and they break each other; run: "
            "pip uninstall -y usd-core && pip install --force-reinstall --no-deps usd-exchange"
        )


def is_installed(distribution: str) -> bool:
    """Tell whether a distribution is installed."""
    try:
        importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True
