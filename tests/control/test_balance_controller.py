from dataclasses import replace

import numpy as np
import pytest
from standing_robot import StandingRobot

from vla_humanoid.assets.figures import JOINT_NAMES, JOINT_RANGES
from vla_humanoid.control.balance_controller import BalanceController
from vla_humanoid.control.fallback import Fallback
from vla_humanoid.control.footstep_planner import plan_to_goal
from vla_humanoid.control.robot_model import GRAVITY
from vla_humanoid.control.whole_body_qp import Limit, QpInfeasible, QpSolution, WholeBodyQp
from vla_humanoid.schema import SIDES, Pose

UPRIGHT = np.array([1.0, 0.0, 0.0, 0.0])


def test_it_stands_still_with_the_zmp_where_the_center_of_mass_dynamics_put_it() -> None:
    robot = StandingRobot()
    robot.run(2.0)
    balance = robot.controller.balance
    assert robot.height == pytest.approx(0.745, abs=0.01)
    assert np.linalg.norm(balance.com_velocity) < 0.01
    # At rest the LIPM's ZMP is the point under the centre of mass.
    assert balance.zmp == pytest.approx(balance.com[:2], abs=0.01)
    assert balance.dcm == pytest.approx(balance.support.center, abs=0.01)
    assert robot.controller.infeasible_solves == 0


def test_the_feet_bear_the_robots_weight() -> None:
    robot = StandingRobot()
    robot.run(1.0)
    wrenches = robot.simulation.robot_state().foot_wrenches
    weight = robot.controller.model.mass * GRAVITY
    assert sum(wrenches[side][2] for side in SIDES) == pytest.approx(weight, rel=0.02)


@pytest.mark.parametrize("offset", [(0.15, 0.0, 0.0), (0.20, 0.10, -0.15), (0.05, 0.15, 0.30)])
def test_both_wrists_reach_their_targets(offset: tuple[float, float, float]) -> None:
    robot = StandingRobot()
    mirror = {"left": np.array([1.0, 1.0, 1.0]), "right": np.array([1.0, -1.0, 1.0])}
    wrists = {
        side: Pose(pose.position + mirror[side] * offset, pose.quat_wxyz)
        for side, pose in robot.target.wrists.items()
    }
    robot.target = replace(robot.target, wrists=wrists)
    robot.controller.set_target(robot.target)
    robot.run(3.0)
    for side in SIDES:
        assert robot.wrist_error(side) < 0.02
    assert robot.controller.balance.support_margin > 0.03
    assert robot.largest_effort_share <= 1.0


@pytest.mark.parametrize("direction", range(0, 360, 45))
def test_it_withstands_a_push_from_any_side(direction: int) -> None:
    robot = StandingRobot()
    robot.run(0.3)
    angle = np.radians(direction)
    robot.run(0.15, force=(40.0 * np.cos(angle), 40.0 * np.sin(angle), 0.0))
    robot.run(2.0)
    assert robot.height > 0.7
    assert robot.controller.balance.support_margin > 0.05


def test_it_squats_and_rises() -> None:
    robot = StandingRobot()
    for height in (0.60, 0.74):
        robot.target = replace(robot.target, pelvis_height=height, wrists={})
        robot.controller.set_target(robot.target)
        robot.run(3.0)
        assert robot.height == pytest.approx(height, abs=0.03)


IMPOSSIBLE = Limit(np.eye(35)[[20, 20]] * [[1.0], [-1.0]], np.array([-1.0, -1.0]))
"""A joint is to accelerate both ways at once."""


class Contradiction:
    """A guard whose limit nothing can keep."""

    def limit(self) -> Limit:
        return IMPOSSIBLE


def test_limits_that_contradict_each_other_are_given_up_and_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    robot = StandingRobot()
    robot.run(0.3)
    monkeypatch.setattr(robot.controller, "_guard", Contradiction())
    robot.run(0.08)
    controller = robot.controller
    solves = controller.infeasible_solves
    assert 18 <= solves <= 20  # The guard is asked every other tick.
    assert controller.interventions.counts["relaxed_limits"] == 1
    assert robot.is_upright
    assert robot.controller.balance.support_margin > 0.08
    monkeypatch.undo()
    robot.run(0.5)
    assert controller.infeasible_solves <= solves + 1
    assert controller.fallback is Fallback.NONE


def test_without_any_solution_the_weight_is_borne_and_no_stale_torque_commanded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    robot = StandingRobot()
    robot.run(0.3)
    start = robot.height

    def fail(*_: object) -> QpSolution:
        raise QpInfeasible("nothing is possible")

    monkeypatch.setattr(WholeBodyQp, "solve", fail)
    first = robot.controller.command(robot.state).torque
    robot.run(0.08)
    later = robot.controller.command(robot.state).torque
    assert np.isfinite(later).all()
    assert np.abs(later - first).max() > 1e-3  # They follow the robot.
    assert robot.height == pytest.approx(start, abs=0.02)
    monkeypatch.undo()
    robot.run(1.5)
    assert robot.height == pytest.approx(0.745, abs=0.02)
    assert robot.controller.balance.support_margin > 0.05


def test_when_no_motion_is_possible_for_long_it_sits_down_and_says_why(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    robot = StandingRobot()
    robot.run(0.3)
    monkeypatch.setattr(robot.controller, "_guard", Contradiction())
    robot.run(0.2)
    assert robot.controller.fallback is Fallback.SIT
    assert "within all limits" in robot.controller.fallback_reason


def test_the_correction_adds_up() -> None:
    robot = StandingRobot()
    robot.run(0.3)
    robot.run(0.08, force=(40.0, 0.0, 0.0))
    controller, correction = robot.controller, robot.controller.correction
    balance = controller.balance
    assert correction.zmp_correction[0] > 0.01  # The ZMP goes ahead of the robot to stop it.
    assert correction.planned_zmp + correction.zmp_correction == pytest.approx(
        correction.desired_zmp
    )
    assert correction.com_adjustment == pytest.approx(
        balance.omega**2 * (balance.com[:2] - correction.desired_zmp)
    )
    assert correction.com_adjustment[0] < 0.0
    assert correction.current_zmp == pytest.approx(balance.zmp)
    assert correction.joint_adjustments.shape == (29,)


def test_planned_steps_are_taken_from_a_stand_only() -> None:
    robot = StandingRobot()
    robot.run(0.2)
    reach = robot.controller.config.gait.reach
    steps = plan_to_goal(robot.feet, (0.4, 0.1, 0.2), reach)
    robot.run(1.0, velocity=(0.3, 0.0, 0.0))
    with pytest.raises(ValueError, match="while it stands"):
        robot.controller.follow_steps(steps)


@pytest.mark.parametrize(
    "shift", [(1.0, 0.0, 0.0, 0.0), (0.0, 0.0, 0.3, 0.0), (0.0, 0.0, 0.0, 1.5)]
)
def test_a_plan_that_starts_elsewhere_is_refused(shift: tuple[float, ...]) -> None:
    robot = StandingRobot()
    robot.run(0.2)
    steps = plan_to_goal(robot.feet, (0.4, 0.1, 0.2), robot.controller.config.gait.reach)
    move, turn = np.array(shift[:3]), shift[3]
    away = [replace(step, position=step.position + move, yaw=step.yaw + turn) for step in steps[:1]]
    with pytest.raises(ValueError, match="plan from where the feet stand"):
        robot.controller.follow_steps(away)
    assert not robot.controller.gait.plan.queue
    robot.controller.follow_steps(steps)
    assert len(robot.controller.gait.plan.queue) == len(steps)


def test_steps_that_a_push_puts_out_of_reach_are_dropped_and_counted() -> None:
    robot = StandingRobot()
    robot.run(0.2)
    controller = robot.controller
    steps = plan_to_goal(robot.feet, (0.8, 0.0, 0.0), controller.config.gait.reach)
    controller.follow_steps(steps)
    robot.run(1.0)
    assert "steps_dropped" not in controller.interventions.counts
    waiting = len(controller.gait.plan.queue)
    robot.push(8.0, 270.0)
    robot.run(3.0)
    assert robot.is_upright
    assert controller.gait.plan.dropped_steps == waiting > 0
    assert controller.interventions.counts["steps_dropped"] == 1
    assert f"{waiting} given footsteps" in controller.interventions.latest["steps_dropped"]


def test_a_target_that_is_not_finite_is_not_taken() -> None:
    robot = StandingRobot()
    controller = robot.controller
    controller.set_target(replace(robot.target, pelvis_height=float("nan")))
    robot.run(0.3)
    assert controller.interventions.counts["not_finite"] == 1
    assert "pelvis height" in controller.interventions.latest["not_finite"]
    assert robot.is_upright
    with pytest.raises(ValueError, match="Unknown joint"):
        controller.set_target(replace(robot.target, joints={"third_arm_joint": 0.0}))
    with pytest.raises(ValueError, match="three entries"):
        controller.set_target(replace(robot.target, base_velocity=np.zeros(2)))


def test_what_is_out_of_range_is_brought_within_it_and_counted() -> None:
    robot = StandingRobot()
    controller, elbow = robot.controller, "left_elbow_joint"
    assert not controller.interventions.counts
    right = Pose(np.array([9.0, -0.2, 0.9]), UPRIGHT)
    for _ in range(2):
        controller.set_target(
            replace(
                robot.target,
                grips={"left": 7.0, "right": -3.0},
                joints={elbow: 99.0},
                wrists={"right": right},
                pelvis_height=9.0,
            )
        )
    assert controller.interventions.counts == {"out_of_bounds": 2}
    told = controller.interventions.latest["out_of_bounds"]
    for named in ("left grip (7.00", "right grip (-3.00", elbow, "right wrist", "pelvis height"):
        assert named in told
    robot.run(0.6)
    assert controller.grips == {"left": 1.0, "right": 0.0}
    assert robot.is_upright
    high = JOINT_RANGES[elbow][1]
    assert robot.state.joint_positions[JOINT_NAMES.index(elbow)] < high + 0.01
    controller.set_target(
        replace(robot.target, joints={elbow: high}, grips={"left": 1, "right": 0})
    )
    assert controller.interventions.counts["out_of_bounds"] == 2


def test_before_its_first_command_it_corrects_nothing() -> None:
    robot = StandingRobot()
    robot.run(0.3, velocity=(0.3, 0.0, 0.0))
    for controller in (BalanceController(), robot.controller):
        controller.reset(robot.state)
        correction = controller.correction
        assert correction.planned_zmp == pytest.approx(controller.balance.zmp)
        assert correction.zmp_correction == pytest.approx(np.zeros(2))
        assert correction.com_adjustment == pytest.approx(np.zeros(2))


def test_before_its_first_reset_it_says_what_is_missing() -> None:
    robot = StandingRobot()
    state, fresh = robot.simulation.robot_state(), BalanceController()
    for ask in (
        lambda: fresh.command(state),
        lambda: fresh.set_target(robot.target),
        lambda: fresh.follow_steps([]),
        lambda: fresh.sit_down("asked to"),
        lambda: fresh.balance,
    ):
        with pytest.raises(RuntimeError, match=r"reset\(state\) first"):
            ask()


def test_footsteps_wait_until_a_fallback_is_over() -> None:
    robot = StandingRobot()
    robot.controller.sit_down("the battery is empty")
    steps = plan_to_goal(robot.feet, (0.4, 0.1, 0.2), robot.controller.config.gait.reach)
    with pytest.raises(ValueError, match="the battery is empty"):
        robot.controller.follow_steps(steps)
    assert not robot.controller.gait.plan.queue
