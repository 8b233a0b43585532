import mujoco
import numpy as np
from things import HEIGHT, compiled, on_table, run

from vla_humanoid.assets.objects import COLORS, OBJECTS
from vla_humanoid.assets.scene import GraspableObject
from vla_humanoid.assets.tools import HOOK_LENGTH
from vla_humanoid.schema import SIDES
from vla_humanoid.tasks.core.hooking import hook_quat
from vla_humanoid.tasks.core.marbles import MOST, jug_of, marbles_of
from vla_humanoid.tasks.core.randomization import EpisodeRandom
from vla_humanoid.tasks.pour_into import PourInto


def full_jug() -> tuple[mujoco.MjModel, list[str]]:
    """A scene whose jug is as full as can be."""
    scenes = (PourInto().sample_scene(EpisodeRandom(seed, frozenset())) for seed in range(50))
    scene = next(it for it in scenes if len(marbles_of(it)) == MOST)
    return compiled(scene), [it.name for it in (*marbles_of(scene), jug_of(scene))]


def test_marbles_are_at_rest_in_their_jug_from_the_first() -> None:
    model, names = full_jug()
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    before = {name: data.body(name).xpos.copy() for name in names}
    run(model, data, 1.0)
    for name in names:
        assert np.abs(data.body(name).xpos - before[name]).max() < 1e-3
        assert np.abs(data.joint(f"{name}_joint").qvel).max() < 1e-3


def test_a_hook_lies_alike_on_either_side() -> None:
    half = OBJECTS["hook"].half_height
    for side in SIDES:
        lying = on_table(
            GraspableObject(
                name="hook",
                shape="hook",
                color="red",
                rgb=COLORS["red"],
                position=(0.4, 0.0, HEIGHT + half),
                quat_wxyz=hook_quat(side, 0.3),
                mass=OBJECTS["hook"].mass,
            )
        )
        model = compiled(lying)
        data = mujoco.MjData(model)
        run(model, data, 0.5)
        assert np.abs(data.body("hook").xpos - (0.4, 0.0, HEIGHT + half)).max() < 1e-3
        prong = data.geom_xpos[model.body("hook").geomadr[0] + 2] - data.body("hook").xpos
        assert np.hypot(*prong[:2]) > HOOK_LENGTH
        turned = np.cos(0.3) * prong[1] - np.sin(0.3) * prong[0]
        assert (turned < 0.0) == (side == "left")
