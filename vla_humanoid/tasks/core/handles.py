"""Where the handle of a fixture is, wherever its joint is."""

import math

from vla_humanoid.assets.fixtures import FIXTURES
from vla_humanoid.assets.scene import Fixture, Vec3


def handle_at(fixture: Fixture, position: float) -> tuple[Vec3, float]:
    """Return where a handle is [m] and along which heading a hand takes it [rad], world frame.

    Args:
        fixture: of the scene; its casing does not move.
        position: of its joint, [m] or [rad].
    """
    model, scale = FIXTURES[fixture.kind], fixture.scale
    x, y, z = (scale * component for component in model.handle)
    turn = 0.0
    if model.motion == "slide":
        x, y, z = (c + position * a for c, a in zip((x, y, z), model.axis, strict=True))
    else:
        if abs(model.axis[2]) != 1.0:
            raise ValueError(f"A handle that turns about {model.axis} has no heading.")
        turn = model.axis[2] * position
        x, y = _turned(x, y, turn, (scale * model.anchor[0], scale * model.anchor[1]))
    x, y = _turned(x, y, fixture.yaw, (0.0, 0.0))
    across, aside, up = fixture.position
    return (across + x, aside + y, up + z), fixture.yaw + turn


def _turned(x: float, y: float, angle: float, about: tuple[float, float]) -> tuple[float, float]:
    dx, dy = x - about[0], y - about[1]
    cosine, sine = math.cos(angle), math.sin(angle)
    return about[0] + cosine * dx - sine * dy, about[1] + sine * dx + cosine * dy
