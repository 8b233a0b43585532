"""One thing that was looked at."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Status: TypeAlias = Literal["ok", "missing", "optional"]


@dataclass(frozen=True)
class Check:
    """One thing that was looked at.

    Args:
        name: what was looked at.
        status: "ok"; "missing" where the package needs it and it does not work; "optional" where
            it does not work and only some uses need it.
        detail: what was found.
        remedy: what to do about it; empty where nothing needs doing.
    """

    name: str
    status: Status
    detail: str
    remedy: str = ""
