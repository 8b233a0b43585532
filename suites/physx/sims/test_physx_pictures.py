"""Images of a PhysX world are MuJoCo's of the same state."""

import numpy as np
import pytest
from engine_worlds import MUG, SCENE, command, ready

from vla_humanoid.assets.world import build_world
from vla_humanoid.sims.mujoco_simulation import MujocoSimulation
from vla_humanoid.sims.physx.simulation import PhysxSimulation

CAMERAS = ("head", "external")


def test_what_moves_is_drawn_where_physx_has_it() -> None:
    physx = PhysxSimulation(build_world(SCENE), cameras=CAMERAS, image_size=48)
    mujoco = MujocoSimulation(build_world(SCENE), cameras=CAMERAS, image_size=48)
    before = physx.reset(ready(SCENE))
    first = physx.render("external")
    physx.step(command(position=before.robot.joint_positions + 0.2, kp=60.0, kd=2.0), 100)
    state = physx.state()
    fell = np.linalg.norm(state.robot.joint_positions - before.robot.joint_positions)
    assert fell > 0.2
    mujoco.reset(state)
    for camera in CAMERAS:
        assert np.array_equal(physx.render(camera), mujoco.render(camera))
        assert np.array_equal(physx.render_depth(camera), mujoco.render_depth(camera))
        segments = physx.render_segmentation(camera)
        assert np.array_equal(segments, mujoco.render_segmentation(camera))
    assert not np.array_equal(first, physx.render("external"))
    assert set(physx.segments) >= {"robot", "table", MUG.name}
    for simulation in (physx, mujoco):
        simulation.close()
    with pytest.raises(RuntimeError, match="closed"):
        physx.render("head")
