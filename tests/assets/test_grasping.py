"""A thumb against two fingers, spaced as those of a Dex3 hand, lifts every object by friction."""

from typing import get_args

import mujoco
import numpy as np
import pytest
from things import on_table, thing, with_options

from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import GraspableObject, Shape
from vla_humanoid.assets.scenery import add_scene

SHAPES: tuple[Shape, ...] = get_args(Shape)
FINGERS = {"thumb": (-1.0, 0.0), "index": (1.0, -0.0285), "middle": (1.0, 0.0285)}
"""On which side of the object each is, and how far to the side [m]."""
PAD_RADIUS, OPENING = 0.0105, 0.055
FORCE = 4.0
"""Of each finger [N]."""
LIFT = 0.1


def gripper_world(item: GraspableObject, yaw: float) -> mujoco.MjModel:
    """Return a world in which a gripper on a lift stands around an object."""
    spec = with_options(mujoco.MjSpec())
    add_scene(spec, on_table(item))
    pinch = np.add(item.position, (0.0, 0.0, item.scale * OBJECTS[item.shape].grasp_height))
    hand = spec.worldbody.add_body(
        name="hand", pos=pinch.tolist(), quat=(np.cos(yaw / 2), 0, 0, np.sin(yaw / 2)), gravcomp=1
    )
    slide = mujoco.mjtJoint.mjJNT_SLIDE
    hand.add_joint(name="lift", type=slide, axis=(0, 0, 1), armature=2.0)
    hand.add_geom(type=mujoco.mjtGeom.mjGEOM_SPHERE, size=(0.01, 0, 0), pos=(0, 0, 0.3), mass=0.5)
    for name, (side, sideways) in FINGERS.items():
        finger = hand.add_body(name=name, pos=(side * OPENING, sideways, 0.012), gravcomp=1)
        finger.add_joint(name=name, type=slide, axis=(-side, 0, 0), armature=0.05)
        finger.add_geom(
            type=mujoco.mjtGeom.mjGEOM_CAPSULE,
            size=(PAD_RADIUS, 0.02, 0.0),
            mass=0.05,
            contype=2,
            conaffinity=1,
        )
    for name in ("lift", *FINGERS):
        motor = spec.add_actuator(
            name=name, target=name, trntype=mujoco.mjtTrn.mjTRN_JOINT, forcelimited=True
        )
        is_finger = name in ("index", "middle")
        motor.set_to_position(kp=600.0 if is_finger else 3000.0, kv=30.0 if is_finger else 200.0)
        limit = FORCE if is_finger else 100.0
        motor.forcerange[:] = (-limit, limit)
    return spec.compile()


def deepest(model: mujoco.MjModel, data: mujoco.MjData) -> float:
    """Return how deep fingers sink into what they hold [m]."""
    is_finger = model.geom_contype[data.contact.geom].max(axis=1) == 2
    return float(-data.contact.dist[is_finger].min(initial=0.0))


@pytest.mark.parametrize("scale", [0.9, 1.1])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_slippery_object_is_lifted_and_held(shape: Shape, scale: float) -> None:
    item = thing(shape, scale=scale, friction=0.7)
    yaw = (OBJECTS[shape].grasp_yaws or (0.0,))[0]
    model = gripper_world(item, yaw + 0.4)
    data = mujoco.MjData(model)
    thumb_at_rest = OPENING - scale * OBJECTS[shape].grasp_width / 2 - PAD_RADIUS
    held: list[np.ndarray] = []
    sunk = 0.0
    while data.time < 3.0:
        closing = min(data.time / 0.4, 1.0)
        data.actuator("thumb").ctrl = closing * thumb_at_rest
        data.actuator("index").ctrl = data.actuator("middle").ctrl = closing * OPENING
        data.actuator("lift").ctrl = LIFT * min(max(data.time - 0.6, 0.0), 1.0)
        mujoco.mj_step(model, data, nstep=5)
        if data.time > 0.6:
            sunk = max(sunk, deepest(model, data))
        if data.time > 2.0:
            held.append(data.body(item.name).xpos - data.body("hand").xpos)
    assert data.body(item.name).xpos[2] - item.position[2] > 0.9 * LIFT
    assert np.ptp(held, axis=0).max() < 1e-3
    assert sunk < 1e-3
