import math

import mujoco
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_frames import UP, frame
from standing_robot import StandingRobot

from vla_humanoid.control.balance_state import BalanceState, support_polygon
from vla_humanoid.control.measured_support import measured_balance
from vla_humanoid.control.robot_model import FrameMotion
from vla_humanoid.schema import SIDES, FloatArray

TOE, HEEL = 0.12, -0.05
"""How far ahead of its origin a sole ends [m]."""
AIR = np.zeros(6)
sides = st.sampled_from([SIDES, ("left",), ("right",)])
angles = st.floats(-0.3, 0.3)


def tilted(angle: float) -> FloatArray:
    """Return the upward normal of a sole whose toes point down by an angle [rad]."""
    return np.array([math.sin(angle), 0.0, math.cos(angle)])


def feet(angle: float = 0.0) -> dict[str, FrameMotion]:
    return {
        side: frame(np.array([0.0, y, 0.0]), normal=tilted(angle))
        for side, y in zip(SIDES, (0.12, -0.12), strict=True)
    }


def wrench(sole: FrameMotion, ahead: float = 0.03, load: float = 170.0) -> FloatArray:
    """Return that of a force normal to a sole, at a point ahead of its origin."""
    force = sole.rotation @ np.array([0.0, 0.0, load])
    return np.array([*force, *np.cross(sole.rotation @ np.array([ahead, 0.0, 0.0]), force)])


def balance(dcm: tuple[float, float] = (0.035, 0.0)) -> BalanceState:
    counted = support_polygon(feet())
    point = np.array(dcm)
    return BalanceState(
        np.zeros(3), np.zeros(3), 3.7, point, point, point, counted, counted.margin(point)
    )


def test_soles_that_lie_flat_and_bear_load_support_with_all_their_corners() -> None:
    soles = feet()
    wrenches = {side: wrench(sole) for side, sole in soles.items()}
    measured = measured_balance(balance(), soles, wrenches, UP)
    assert measured.support.vertices == pytest.approx(balance().support.vertices)
    assert measured.support_margin == pytest.approx(balance().support_margin)


@pytest.mark.parametrize("side", SIDES)
def test_a_sole_that_bears_nothing_is_no_support(side: str) -> None:
    soles = feet()
    wrenches = {s: wrench(sole) if s == side else AIR for s, sole in soles.items()}
    measured = measured_balance(balance(), soles, wrenches, UP)
    assert measured.support.vertices == pytest.approx(support_polygon({side: soles[side]}).vertices)
    assert measured.support_margin < 0.0 < balance().support_margin


@pytest.mark.parametrize(("angle", "edge"), [(0.1, TOE), (-0.1, HEEL)], ids=["toes", "heels"])
def test_soles_on_their_edges_support_along_these_alone(angle: float, edge: float) -> None:
    soles = feet(angle)
    wrenches = {side: wrench(sole, edge) for side, sole in soles.items()}
    measured = measured_balance(balance(), soles, wrenches, UP)
    x = measured.support.vertices[:, 0]
    assert x == pytest.approx(np.full(len(x), edge), abs=0.003)
    # The DCM is behind the toes or ahead of the heels, by so much.
    assert measured.support_margin == pytest.approx(-abs(0.035 - edge), abs=0.003)


def test_a_tilted_sole_that_presses_within_lies_flat_on_ground_not_known_yet() -> None:
    soles = feet(0.05)
    wrenches = {side: wrench(sole) for side, sole in soles.items()}
    measured = measured_balance(balance(), soles, wrenches, UP)
    assert measured.support_margin == pytest.approx(balance().support_margin, abs=2e-3)


def test_without_any_load_there_is_no_support() -> None:
    measured = measured_balance(balance((0.535, 0.0)), feet(), dict.fromkeys(SIDES, AIR), UP)
    assert measured.support_margin == pytest.approx(-0.5, abs=1e-3)


@given(sides, angles, angles, st.floats(HEEL, TOE))
def test_the_polygon_has_always_an_area_and_fits_what_is_recorded(
    loaded: tuple[str, ...], left: float, right: float, ahead: float
) -> None:
    soles = {"left": feet(left)["left"], "right": feet(right)["right"]}
    wrenches = {s: wrench(sole, ahead) if s in loaded else AIR for s, sole in soles.items()}
    measured = measured_balance(balance(), soles, wrenches, UP)
    assert measured.support_outline.shape == (8, 2)
    counted = support_polygon(soles)
    for vertex in measured.support.vertices:
        assert counted.margin(vertex) > -0.003


def touching(robot: StandingRobot) -> dict[str, list[FloatArray]]:
    """Return where the engine lets each foot press on the floor [m], shape (2,) each."""
    model, data = robot.simulation.model, robot.simulation.data
    points: dict[str, list[FloatArray]] = {side: [] for side in SIDES}
    force = np.zeros(6)
    for i in range(int(data.ncon)):
        contact = data.contact[i]
        bodies = [str(model.body(int(model.geom_bodyid[int(geom)])).name) for geom in contact.geom]
        mujoco.mj_contactForce(model, data, i, force)
        for side in SIDES:
            if f"{side}_ankle_roll_link" in bodies and force[0] > 10.0:
                points[side].append(contact.pos[:2].copy())
    return points


@pytest.mark.parametrize("degrees", [0.0, 90.0, 180.0])
def test_pushed_and_stepping_all_that_presses_is_within_and_no_foot_in_the_air_is(
    degrees: float,
) -> None:
    robot = StandingRobot()
    robot.run(0.3)
    steps = 0

    def watch(now: StandingRobot) -> None:
        nonlocal steps
        points, support = touching(now), now.controller.balance.support
        for point in (*points["left"], *points["right"]):
            assert support.margin(point) > -0.006
        for side in SIDES:
            if now.state.foot_wrenches[side][2] == 0.0 and any(points.values()):
                sole = now.controller.model.sole(side).position[:2]
                assert support.margin(sole) < 0.0
                steps += 1

    robot.push(16.0, degrees)
    robot.run(1.5, watch=watch)
    assert robot.is_upright
    assert steps > 0
