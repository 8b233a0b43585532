"""A simulation in which nothing moves, for the real `DirectRLEnv` of Isaac Lab 2.3 to step."""

from contextlib import nullcontext
from enum import IntEnum
from types import SimpleNamespace

import mujoco
import numpy as np
import pytest
import torch
from isaaclab.assets import RigidObjectCollectionCfg
from isaaclab.envs import direct_rl_env
from isaaclab.scene import InteractiveScene, InteractiveSceneCfg
from isaaclab.sim import SimulationCfg
from packaging.version import Version
from physx_views import bodies_view, make_articulation, make_collection, robot_view

from vla_humanoid.assets.figures import JOINT_NAMES
from vla_humanoid.assets.postures import READY
from vla_humanoid.assets.scene import Scene
from vla_humanoid.assets.world import build_world
from vla_humanoid.schema import REPORTED_LINKS

LINKS = list(dict.fromkeys(["pelvis", "torso_link", *REPORTED_LINKS]))


class StillSimulation:
    """What `DirectRLEnv` asks of Isaac Lab's `SimulationContext`."""

    class RenderMode(IntEnum):
        """How much is drawn."""

        NO_RENDERING = 0
        PARTIAL_RENDERING = 1

    render_mode = RenderMode.NO_RENDERING

    def __init__(self, cfg: SimulationCfg) -> None:
        self.cfg = cfg
        self.device = "cpu"
        self.steps = 0

    @classmethod
    def instance(cls) -> None:
        """Have none that runs already."""

    def get_initial_stage(self) -> None: ...

    def reset(self) -> None: ...

    def forward(self) -> None: ...

    def clear_all_callbacks(self) -> None: ...

    def clear_instance(self) -> None: ...

    def has_gui(self) -> bool:
        return False

    def has_rtx_sensors(self) -> bool:
        return False

    def is_playing(self) -> bool:
        return True

    def step(self, render: bool) -> None:
        assert not render
        self.steps += 1


class StillScene(InteractiveScene):
    """Isaac Lab's scene around assets that need no stage."""

    def __init__(self, cfg: InteractiveSceneCfg) -> None:
        self.cfg = cfg
        count = cfg.num_envs
        self._terrain = None
        robot = robot_view(count, [*reversed(JOINT_NAMES)], LINKS)
        robot.link_offsets = _ready_offsets()
        self._articulations = {"robot": make_articulation(robot)}
        self._rigid_object_collections = {
            name: make_collection(
                bodies_view(count, len(entity.rigid_objects)), [*entity.rigid_objects]
            )
            for name, entity in vars(cfg).items()
            if isinstance(entity, RigidObjectCollectionCfg)
        }
        self._deformable_objects, self._rigid_objects, self._sensors = {}, {}, {}
        self._surface_grippers, self._extras = {}, {}
        self._default_env_origins = cfg.env_spacing * torch.arange(3.0 * count).reshape(count, 3)
        self._default_env_origins[:, 2] = 0.0

    @property
    def device(self) -> str:
        return "cpu"

    def __str__(self) -> str:
        return "a scene in which nothing moves"


def _ready_offsets() -> torch.Tensor:
    """Return the poses of `LINKS` in the pelvis's frame, as the robot stands when it is ready."""
    model = build_world(Scene()).compile()
    data = mujoco.MjData(model)
    for name, angle in READY.items():
        data.joint(name).qpos[0] = angle
    mujoco.mj_kinematics(model, data)
    origin = data.body("pelvis").xpos
    rows = [
        [*(data.body(link).xpos - origin), *np.roll(data.body(link).xquat, -1)] for link in LINKS
    ]
    return torch.tensor(np.array(rows), dtype=torch.float32)


def stand_in_for_simulation(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let environments be made; `physx_views.stand_in_for_physx` is needed as well."""
    for name, value in (
        ("SimulationContext", StillSimulation),
        ("InteractiveScene", StillScene),
        ("use_stage", lambda stage: nullcontext()),
        ("attach_stage_to_usd_context", lambda: None),
        ("get_isaac_sim_version", lambda: Version("5.1.0")),
        ("SimulationManager", SimpleNamespace(assets_loading=lambda: False)),
    ):
        monkeypatch.setattr(direct_rl_env, name, value)
