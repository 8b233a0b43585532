from dataclasses import replace

import mujoco
import numpy as np
import pytest
from standing_robot import StandingRobot

from vla_humanoid.control.balance_config import BalanceConfig
from vla_humanoid.control.fallback import Fallback
from vla_humanoid.control.robot_model import GRAVITY
from vla_humanoid.control.sit_down import SitDown, SitPhase, SitSituation

CONFIG = BalanceConfig()
STANDING = SitSituation(
    height=0.74,
    speed=0.0,
    margin=0.08,
    load=1.0,
    direction=0.0,
    is_stepping=False,
    is_lost=False,
    is_infeasible=False,
)
LOW = replace(STANDING, height=CONFIG.sit.low_height - 0.01)


def after(*situations: tuple[SitSituation, float]) -> SitPhase:
    """Return the phase after situations that last for so long each [s]."""
    sit = SitDown(CONFIG)
    for situation, seconds in situations:
        for _ in range(max(round(seconds / CONFIG.dt), 1)):
            if sit.is_on_feet:
                sit.update(situation)
    return sit.phase


def test_a_robot_that_stands_squats_at_once() -> None:
    assert after((STANDING, 0.0)) is SitPhase.SQUATTING


def test_one_that_walks_or_is_about_to_step_stops_first() -> None:
    steps = replace(STANDING, is_stepping=True)
    outside = replace(STANDING, margin=-0.01)
    assert after((steps, 1.0)) is SitPhase.UPRIGHT
    assert after((outside, 1.0)) is SitPhase.UPRIGHT
    assert after((steps, 1.0), (outside, 1.0), (STANDING, 0.0)) is SitPhase.SQUATTING


def test_one_that_no_step_can_save_goes_down_damped() -> None:
    assert after((replace(STANDING, is_lost=True), 0.0)) is SitPhase.FALLING
    assert after((STANDING, 1.0), (replace(STANDING, is_lost=True), 0.0)) is SitPhase.FALLING


def test_pushed_over_while_it_squats_it_steps_as_long_as_its_legs_can() -> None:
    stepping = replace(STANDING, is_stepping=True)
    low = replace(stepping, height=CONFIG.sit.step_height - 0.01)
    assert after((STANDING, 0.1), (stepping, 0.0)) is SitPhase.UPRIGHT
    assert after((STANDING, 0.1), (stepping, 0.3), (STANDING, 0.0)) is SitPhase.SQUATTING
    assert after((STANDING, 0.1), (low, 0.0)) is SitPhase.FALLING


def test_a_squat_that_no_motion_goes_on_with_ends_damped_after_a_moment() -> None:
    stuck = replace(STANDING, is_infeasible=True)
    assert after((stuck, 0.9 * CONFIG.sit.lost_after)) is SitPhase.SQUATTING
    assert after((stuck, 1.1 * CONFIG.sit.lost_after)) is SitPhase.FALLING


def test_it_is_seated_where_it_is_low_and_something_else_bears_it_or_it_sinks_no_more() -> None:
    sinking = replace(LOW, speed=0.1)
    assert after((STANDING, 1.0), (sinking, 1.0)) is SitPhase.SQUATTING
    assert after((STANDING, 1.0), (replace(sinking, load=0.5), 0.0)) is SitPhase.SEATED
    assert after((STANDING, 1.0), (LOW, 1.2 * CONFIG.sit.still_time)) is SitPhase.SEATED
    assert after((STANDING, 1.0), (replace(sinking, is_stepping=True), 0.0)) is SitPhase.SEATED


def test_only_what_is_on_its_feet_balances() -> None:
    sit = SitDown(CONFIG)
    sit.update(replace(STANDING, is_lost=True))
    assert not sit.is_on_feet
    with pytest.raises(RuntimeError, match="falling is not on its feet"):
        sit.update(STANDING)


def test_a_standing_robot_sits_down_gently_relaxes_and_stays_seated() -> None:
    robot = StandingRobot()
    robot.run(0.3)
    robot.controller.sit_down("the test wants it")
    fastest, hardest = 0.0, 0.0

    def watch(now: StandingRobot) -> None:
        nonlocal fastest, hardest
        fastest = max(fastest, float(np.linalg.norm(now.controller.model.com_velocity)))
        hardest = max(hardest, pelvis_load(now))

    robot.run(7.0, watch=watch)
    controller = robot.controller
    assert controller.fallback is Fallback.SIT
    assert controller.fallback_reason == "the test wants it"
    assert controller.sit_phase is SitPhase.RELAXING
    assert fastest < 0.4
    weight = GRAVITY * controller.model.mass
    assert 0.3 * weight < pelvis_load(robot)
    assert hardest < 2.5 * weight
    assert robot.height < 0.16
    assert robot.tilt < 0.8
    seat = robot.state.joint_positions
    robot.run(1.0, watch=watch)
    assert np.abs(robot.state.joint_positions - seat).max() < 0.05
    assert controller.gait.recovery_steps == 0


def test_a_walking_robot_stops_and_then_sits_down() -> None:
    robot = StandingRobot()
    robot.run(1.5, velocity=(0.3, 0.0, 0.0))
    robot.controller.sit_down("the test wants it")
    robot.run(0.1)
    assert robot.controller.sit_phase is SitPhase.UPRIGHT
    robot.run(6.5)
    assert robot.controller.sit_phase is SitPhase.RELAXING
    assert robot.height < 0.16
    assert robot.tilt < 0.8


def pelvis_load(robot: StandingRobot) -> float:
    """Return the force between the pelvis and the floor [N]."""
    model, data = robot.simulation.model, robot.simulation.data
    pelvis, force, total = int(model.body("pelvis").id), np.zeros(6), 0.0
    for i in range(int(data.ncon)):
        bodies = {int(model.geom_bodyid[geom]) for geom in data.contact[i].geom}
        if bodies == {0, pelvis}:
            mujoco.mj_contactForce(model, data, i, force)
            total += float(np.linalg.norm(force[:3]))
    return total
