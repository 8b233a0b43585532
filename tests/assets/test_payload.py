import mujoco
import numpy as np
import pytest

from vla_humanoid.assets.payload import RADIUS, Payload, add_payload
from vla_humanoid.assets.scene import Scene
from vla_humanoid.assets.world import build_world


def torso_and_all_on_it(model: mujoco.MjModel) -> tuple[float, np.ndarray]:
    """Mass and centre of mass, in the torso's frame, of the torso and what its joints carry."""
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    torso = model.body("torso_link").id
    com = data.xmat[torso].reshape(3, 3).T @ (data.subtree_com[torso] - data.xpos[torso])
    return float(model.body_subtreemass[torso]), com


def test_a_payload_adds_its_mass_where_it_is() -> None:
    place = np.array([-0.1, 0.05, 0.25])
    payload = Payload(2.0, (-0.1, 0.05, 0.25))
    bare, com = torso_and_all_on_it(build_world(Scene(), "none").compile())
    laden, shifted = torso_and_all_on_it(build_world(Scene(), "none", payload).compile())
    assert laden == pytest.approx(bare + 2.0)
    assert shifted == pytest.approx((bare * com + 2.0 * place) / (bare + 2.0))


def test_a_payload_has_the_inertia_of_a_ball_and_touches_nothing() -> None:
    model = build_world(Scene(), "none", Payload(1.5, (0.0, 0.0, 0.1))).compile()
    body = model.body("payload")
    assert body.inertia == pytest.approx(0.4 * 1.5 * RADIUS**2)
    assert int(body.geomnum[0]) == int(body.jntnum[0]) == 0


def test_no_payload_leaves_the_robot_as_it_is() -> None:
    model = build_world(Scene(), "none", Payload()).compile()
    assert model.nbody == build_world(Scene(), "none").compile().nbody


def test_a_negative_mass_is_refused() -> None:
    with pytest.raises(ValueError, match=r"negative mass, but has -0\.5 kg"):
        add_payload(mujoco.MjSpec(), Payload(-0.5))
