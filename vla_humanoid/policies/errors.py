"""What goes wrong when a model is composed."""

from collections.abc import Mapping
from typing import TypeVar

Maker = TypeVar("Maker")


class ModelError(ValueError):
    """A model cannot be composed or used so; the message says why and what to do."""


class MissingPackageError(ModelError):
    """A module needs a package that is not installed; the message says how to install it.

    Args:
        module: that needs it.
        package: its name.
        options: of ``pip install``.
    """

    def __init__(self, module: str, package: str, options: str) -> None:
        super().__init__(f"{module} needs {package}, which is not installed: pip install {options}")


class InputError(ModelError):
    """A model cannot make anything of what it is given; the message says what it takes."""


def require_sizes(where: str, sizes: Mapping[str, int], least: int = 1) -> None:
    """Check sizes.

    Args:
        where: that they are of, for the message.
        sizes: by name.
        least: that each is to be.

    Raises:
        ModelError: naming those that are less.
    """
    if wrong := [f"{name} is {size}" for name, size in sizes.items() if size < least]:
        raise ModelError(f"Of the {where}, {', '.join(wrong)}; it is to be at least {least}.")


def chosen(kind: str, makers: Mapping[str, Maker], name: str, also: str = "") -> Maker:
    """Return what makes the modules of a name.

    Args:
        kind: of module, for the message.
        makers: by name.
        name: asked for.
        also: names that are understood besides, for the message.

    Raises:
        ModelError: if there is none of this name; the message lists those that there are.
    """
    if name not in makers:
        listed = ", ".join([*makers, *([also] if also else [])])
        raise ModelError(f"There is no {kind} {name!r}. There are: {listed}.")
    return makers[name]
