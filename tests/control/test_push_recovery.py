"""The whole robot is pushed at its torso, in MuJoCo."""

from dataclasses import replace

import numpy as np
import pytest
from standing_robot import StandingRobot

from vla_humanoid.control.balance_config import BalanceConfig
from vla_humanoid.control.fallback import Fallback
from vla_humanoid.control.gait import Phase

DIRECTIONS = range(0, 360, 45)
AHEAD = (0.5, 0.0, 0.0)


@pytest.mark.parametrize("degrees", DIRECTIONS)
def test_standing_it_withstands_6_n_s_without_a_step(degrees: int) -> None:
    whole = BalanceConfig()
    planted = replace(whole.gait, escape=1.0, adapts_steps=False)
    robot = StandingRobot(config=replace(whole, gait=planted))
    robot.run(0.3)
    robot.push(6.0, degrees)
    robot.run(2.0)
    assert robot.controller.gait.steps_taken == 0
    assert robot.is_upright
    assert robot.controller.balance.support_margin > 0.05
    assert np.linalg.norm(robot.controller.balance.com_velocity) < 0.1


@pytest.mark.parametrize("degrees", DIRECTIONS)
def test_standing_it_withstands_12_n_s_with_steps_where_it_must(degrees: int) -> None:
    robot = StandingRobot()
    robot.run(0.3)
    robot.push(12.0, degrees)
    robot.run(3.5)
    assert robot.is_upright
    assert robot.controller.fallback is not Fallback.SIT
    assert robot.controller.gait.phase is Phase.STANDING
    assert robot.controller.balance.support_margin > 0.04


def test_a_push_that_its_feet_cannot_hold_is_answered_by_a_step_that_way() -> None:
    robot = StandingRobot()
    robot.run(0.3)
    before = float(robot.state.base.pose.position[0])
    robot.push(14.0, 0.0)
    robot.run(3.0)
    assert robot.controller.gait.recovery_steps >= 1
    assert float(robot.state.base.pose.position[0]) > before + 0.05
    assert robot.is_upright


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_walking_it_withstands_6_n_s_and_walks_on(degrees: int) -> None:
    robot = StandingRobot()
    robot.run(0.2)
    robot.run(1.5, velocity=AHEAD)
    robot.push(6.0, degrees)
    robot.run(2.5)
    assert robot.is_upright
    before = float(robot.state.base.pose.position[0])
    robot.run(1.5)
    assert robot.is_upright
    assert float(robot.state.base.pose.position[0]) > before + 0.3


@pytest.mark.slow
@pytest.mark.parametrize(("degrees", "phase"), [(45, 0.0), (135, 0.24), (225, 0.48), (315, 0.72)])
def test_walking_it_withstands_6_n_s_in_any_phase_and_can_stop(degrees: int, phase: float) -> None:
    robot = StandingRobot()
    robot.run(1.5 + phase, velocity=AHEAD)
    robot.push(6.0, degrees)
    robot.run(2.0)
    assert robot.is_upright
    robot.run(2.5, velocity=(0.0, 0.0, 0.0))
    assert robot.is_upright
    assert robot.controller.gait.phase is Phase.STANDING


@pytest.mark.parametrize(("force", "degrees"), [(25.0, 0.0), (16.0, 180.0), (25.0, 90.0)])
def test_against_a_force_that_lasts_it_leans_and_does_not_step(
    force: float, degrees: float
) -> None:
    robot = StandingRobot()
    robot.run(0.3)
    angle = np.radians(degrees)
    direction = np.array([np.cos(angle), np.sin(angle)])
    before = robot.controller.balance.com[:2]
    robot.run(5.0, force=(force * direction[0], force * direction[1], 0.0))
    controller = robot.controller
    assert controller.gait.steps_taken == 0
    balance = controller.balance
    assert balance.support.margin(balance.zmp) > 0.02
    assert (balance.com[:2] - before) @ direction < 0.01
    robot.run(2.0)
    assert controller.gait.steps_taken == 0
    assert controller.balance.support_margin > 0.07
