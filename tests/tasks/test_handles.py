import math
from dataclasses import replace

import mujoco
import numpy as np
import pytest

from vla_humanoid.assets.fixtures import FIXTURES
from vla_humanoid.assets.scene import Fixture, FixtureKind, Scene
from vla_humanoid.assets.world import build_world
from vla_humanoid.tasks.core.handles import handle_at

KINDS: tuple[FixtureKind, ...] = tuple(FIXTURES)
TURNED = Fixture("thing", "drawer", "red", (1.0, 0.0, 0.0), (0.6, 0.1, 0.7), yaw=0.4, scale=1.1)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_the_handle_is_where_the_engine_has_it(kind: FixtureKind, share: float) -> None:
    fixture = replace(TURNED, kind=kind)
    model = build_world(Scene(fixtures=(fixture,))).compile()
    data = mujoco.MjData(model)
    low, high = model.joint("thing_joint").range
    position = float(low + share * (high - low))
    data.joint("thing_joint").qpos = position
    mujoco.mj_kinematics(model, data)
    part = data.body("thing_part")
    turned = part.xmat.reshape(3, 3)
    expected = part.xpos + turned @ (fixture.scale * np.array(FIXTURES[kind].handle))
    point, heading = handle_at(fixture, position)
    np.testing.assert_allclose(point, expected, atol=1e-9)
    assert heading == pytest.approx(math.atan2(turned[1, 0], turned[0, 0]))
