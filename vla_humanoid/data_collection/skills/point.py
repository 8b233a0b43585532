"""Point with a hand at a thing."""

import numpy as np

from vla_humanoid.assets.scene import Scene
from vla_humanoid.control.rotations import (
    matrix_to_quat,
    quat_multiply,
    rotation_error,
    rotvec_to_quat,
)
from vla_humanoid.data_collection.skills.body import Body, Motion
from vla_humanoid.schema import POLICY_RATE, SIDES, FloatArray, Pose
from vla_humanoid.tasks.core.kinds import named
from vla_humanoid.tasks.core.pointing import POINTING_WRIST, centre, pointed_at

GAIN, LIMIT = 0.15, 0.35
"""Share of the remaining turn added to the command at each step, and the bound of it all [rad]."""


def point(body: Body, scene: Scene, name: str, seconds: float, side: str) -> Motion:
    """Stretch out a hand, aim it at an object or a landmark, and keep it so for a time [s].

    Feedback turns the hand by what it is off.
    """
    x, y, z = POINTING_WRIST
    place = np.array([x, y if side == "left" else -y, z])
    yield from body.move(side, Pose(place, _aimed(target_of(body, scene, name) - place)))
    correction = np.zeros(3)
    for _ in range(round(seconds * POLICY_RATE)):
        wrist = body.wrist(side)
        wanted = _aimed(target_of(body, scene, name) - wrist.position)
        correction += GAIN * rotation_error(wanted, wrist.quat_wxyz)
        correction = np.clip(correction, -LIMIT, LIMIT)
        held = body.target.wrists[side].position
        body.set_wrist(side, Pose(held, quat_multiply(rotvec_to_quat(correction), wanted)))
        yield


def target_of(body: Body, scene: Scene, name: str) -> FloatArray:
    """Return the middle of an object or a landmark, stance frame, shape (3,)."""
    thing = named((*scene.objects, *scene.landmarks), name)
    middle = centre(thing, body.world_state)
    return body.stance.from_world(Pose(middle, np.array([1.0, 0.0, 0.0, 0.0]))).position


def is_pointing(body: Body, scene: Scene, name: str) -> bool:
    """Tell whether a hand points at a thing."""
    state = body.world_state
    things = {it.name: centre(it, state) for it in (*scene.objects, *scene.landmarks)}
    return name in pointed_at(state.robot, things)


def nearer_hands(body: Body, scene: Scene, name: str) -> tuple[str, ...]:
    """Return the hand on the side of a thing."""
    return (SIDES[0] if target_of(body, scene, name)[1] > 0.0 else SIDES[1],)


def _aimed(direction: FloatArray) -> FloatArray:
    """Return the orientation (w, x, y, z) of a hand along a direction, its thumb's side up."""
    ahead = direction / np.linalg.norm(direction)
    left = np.cross([0.0, 0.0, 1.0], ahead)
    left /= np.linalg.norm(left)
    return matrix_to_quat(np.column_stack([ahead, left, np.cross(ahead, left)]))
