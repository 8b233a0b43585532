import math
from collections.abc import Iterator
from dataclasses import replace
from typing import cast

import numpy as np
import pytest
from events_heard import QUICK

from vla_humanoid.assets.figures import g1
from vla_humanoid.control.balance_state import BalanceState
from vla_humanoid.control.footsteps import Footstep
from vla_humanoid.control.support_polygon import SupportPolygon
from vla_humanoid.envs.humanoid_env import HumanoidEnv
from vla_humanoid.schema import Pose
from vla_humanoid.viewer.live_episode import planned_footsteps
from vla_humanoid.viewer.overlay import AXIS, COLORS, LIFT, draw
from vla_humanoid.viewer.primitives import Drawing, Points, Polyline
from vla_humanoid.viewer.session import Session

SQUARE = np.array([[0.1, 0.1], [-0.1, 0.1], [-0.1, -0.1], [0.1, -0.1]])
UPRIGHT = np.array([1.0, 0.0, 0.0, 0.0])
BALANCE = BalanceState(
    com=np.array([0.02, 0.01, 0.7]),
    com_velocity=np.zeros(3),
    omega=3.7,
    dcm=np.array([0.03, 0.0]),
    zmp=np.array([0.04, 0.05]),
    zmp_dynamics=np.zeros(2),
    support=SupportPolygon(SQUARE),
    support_margin=0.07,
)


def named(drawings: tuple[Drawing, ...], name: str) -> list[Drawing]:
    return [drawing for drawing in drawings if drawing.name == name]


def test_balance_is_drawn_where_it_is() -> None:
    drawings = draw(BALANCE, (), {})
    (zmp,), (dcm,) = named(drawings, "ZMP"), named(drawings, "DCM")
    assert isinstance(zmp, Points)
    assert isinstance(dcm, Points)
    np.testing.assert_allclose(zmp.positions, [[0.04, 0.05, LIFT]])
    np.testing.assert_allclose(dcm.positions, [[0.03, 0.0, LIFT]])
    line, dot = named(drawings, "CoM")
    assert isinstance(line, Polyline)
    assert isinstance(dot, Points)
    np.testing.assert_allclose(line.points, [[0.02, 0.01, 0.7], [0.02, 0.01, LIFT]])
    np.testing.assert_allclose(dot.positions, [[0.02, 0.01, 0.7]])
    (support,) = named(drawings, "support polygon")
    assert isinstance(support, Polyline)
    assert support.closed
    corners = {tuple(np.round(point, 6)) for point in support.points}
    assert corners == {(x, y, LIFT) for x, y in np.round(SQUARE, 6)}


def test_drawings_lie_on_a_floor_that_slopes() -> None:
    slope = (math.radians(3.0), 0.0)
    (zmp,) = named(draw(BALANCE, (), {}, slope), "ZMP")
    assert isinstance(zmp, Points)
    assert zmp.positions[0, 2] == pytest.approx(0.04 * math.tan(slope[0]) + LIFT)


def test_a_footstep_has_the_outline_of_a_sole() -> None:
    step = Footstep("left", np.array([1.0, 2.0, 0.05]), math.pi / 2)
    (outline,) = named(draw(BALANCE, (step,), {}), "footsteps")
    assert isinstance(outline, Polyline)
    assert outline.closed
    extent = np.ptp(outline.points, axis=0)
    corners = np.array(g1().sole_corners)
    length, width = np.ptp(corners[:, 0]), np.ptp(corners[:, 1])
    np.testing.assert_allclose(extent, [width, length, 0.0], atol=1e-9)  # Turned by 90 degrees.
    assert outline.points[:, 2] == pytest.approx(0.05 + LIFT)
    # Its corners go around: no two edges cross, so the area is that of the hull.
    x, y = outline.points[:, 0], outline.points[:, 1]
    area = 0.5 * abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))
    hull = SupportPolygon(corners[:, :2]).vertices
    hx, hy = hull[:, 0], hull[:, 1]
    expected = 0.5 * abs(np.dot(hx, np.roll(hy, -1)) - np.dot(hy, np.roll(hx, -1)))
    assert area == pytest.approx(expected)


def test_a_wrist_target_is_drawn_as_a_frame() -> None:
    quarter = np.array([math.sqrt(0.5), 0.0, 0.0, math.sqrt(0.5)])  # About z.
    pose = Pose(np.array([0.3, 0.2, 0.9]), quarter)
    *axes, dot = named(draw(BALANCE, (), {"left": pose}), "left wrist target")
    ends = [axis.points[1] - axis.points[0] for axis in axes if isinstance(axis, Polyline)]
    np.testing.assert_allclose(ends, AXIS * np.array([[0, 1, 0], [-1, 0, 0], [0, 0, 1]]), atol=1e-9)
    assert isinstance(dot, Points)
    np.testing.assert_allclose(dot.positions, [pose.position])


def test_the_legend_names_all_that_is_drawn() -> None:
    pose = Pose(np.zeros(3), UPRIGHT)
    step = Footstep("left", np.zeros(3), 0.0)
    drawings = draw(BALANCE, (step,), {"left": pose, "right": pose})
    names = {drawing.name for drawing in drawings}
    wrists = {"left wrist target", "right wrist target"}
    assert names - wrists == set(COLORS) - {"wrist targets"}
    assert wrists <= names


@pytest.fixture(scope="module")
def walking() -> Iterator[Session]:
    """A session whose robot is in the middle of a walk."""
    session = Session(replace(QUICK, task="WalkToTarget", seed=1))
    session.reset()
    for _ in range(30):
        session.step()
    yield session
    session.close()


def test_a_walking_robot_shows_its_next_steps(walking: Session) -> None:
    assert walking._env is not None
    controller = cast(HumanoidEnv, walking._env.unwrapped).controller
    steps = planned_footsteps(controller)
    assert len(steps) == 3
    sides = [step.side for step in steps]
    assert sides in (["left", "right", "left"], ["right", "left", "right"])
    assert walking.reading is not None
    assert len(named(walking.reading.drawings, "footsteps")) == 3
