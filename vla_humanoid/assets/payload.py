"""An extra mass on the robot's torso."""

from dataclasses import dataclass

import mujoco

from vla_humanoid.assets.scene import Vec3

RADIUS = 0.05
"""Of the solid sphere that a payload's inertia is that of [m]."""


@dataclass(frozen=True)
class Payload:
    """A mass fixed to the torso; it is neither seen nor touched.

    Args:
        mass: [kg], 0 for none.
        position: of its centre in the frame of ``torso_link`` [m].
    """

    mass: float = 0.0
    position: Vec3 = (0.0, 0.0, 0.0)


def add_payload(spec: mujoco.MjSpec, payload: Payload) -> None:
    """Fix a payload to the torso of a robot spec, as a body ``payload`` unless it weighs nothing.

    Raises:
        ValueError: if the mass is negative.
    """
    if payload.mass < 0.0:
        raise ValueError(f"A payload must not have a negative mass, but has {payload.mass} kg.")
    if payload.mass == 0.0:
        return
    body = spec.body("torso_link").add_body(name="payload", pos=payload.position)
    body.explicitinertial = True
    body.mass = payload.mass
    body.ipos[:] = 0.0  # MuJoCo would otherwise take the position once more.
    body.inertia[:] = 0.4 * payload.mass * RADIUS**2
