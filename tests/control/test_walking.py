"""The whole robot walks, in MuJoCo."""

import math
from functools import cache
from itertools import pairwise
from typing import TypeAlias

import mujoco
import numpy as np
import pytest
from standing_robot import StandingRobot

from vla_humanoid.assets.scene import Scene
from vla_humanoid.control.balance_state import support_polygon
from vla_humanoid.control.fallback import Fallback
from vla_humanoid.control.footstep_planner import plan_to_goal
from vla_humanoid.control.footsteps import Footstep, offset, wrapped
from vla_humanoid.control.gait import Phase
from vla_humanoid.control.height_map import HeightMap
from vla_humanoid.schema import SIDES, FloatArray

Command: TypeAlias = tuple[float, float, float]
AHEAD, SIDEWAYS, TURNING = (0.5, 0.0, 0.0), (0.0, 0.2, 0.0), (0.0, 0.0, 0.5)
COMMANDS: list[Command] = [AHEAD, SIDEWAYS, TURNING]
STEP_TIME, STEPS = 0.48, 6
BEARS = 5.0
"""A foot that presses harder is on the ground [N]."""


class Walk:
    """What is seen tick by tick of a robot that walks."""

    def __init__(self) -> None:
        self.loads: list[list[float]] = []
        self.poses: list[FloatArray] = []
        self.zmp_margins: list[float] = []
        self.tilts: list[float] = []
        self.heights: list[float] = []

    def __call__(self, robot: StandingRobot) -> None:
        loads = {side: float(robot.state.foot_wrenches[side][2]) for side in SIDES}
        self.loads.append(list(loads.values()))
        x, y, z = robot.state.base.pose.position
        self.poses.append(np.array([x, y, robot.heading]))
        self.heights.append(float(z))
        self.tilts.append(robot.tilt)
        soles = robot.controller.model.soles()
        bearing = {side: soles[side] for side, load in loads.items() if load > BEARS}
        if bearing:
            self.zmp_margins.append(support_polygon(bearing).margin(robot.controller.balance.zmp))

    def velocity(self, dt: float) -> FloatArray:
        """Mean velocity along the heading that the robot has on the way."""
        moved = np.zeros(3)
        for before, after in pairwise(self.poses):
            x, y = after[:2] - before[:2]
            cosine, sine = math.cos(before[2]), math.sin(before[2])
            turn = wrapped(float(after[2] - before[2]))
            moved += (cosine * x + sine * y, cosine * y - sine * x, turn)
        return moved / (dt * (len(self.poses) - 1))


@cache
def walk(command: Command) -> tuple[StandingRobot, Walk]:
    """A robot in the midst of a walk, and what was seen of it from the second step on."""
    robot, seen = StandingRobot(), Walk()
    robot.run(0.3)
    robot.run(1.3, velocity=command)
    robot.run(STEPS * STEP_TIME, watch=seen)
    return robot, seen


@pytest.mark.parametrize("command", COMMANDS)
def test_it_walks_at_the_velocity_that_is_commanded(command: Command) -> None:
    robot, seen = walk(command)
    velocity = seen.velocity(robot.controller.config.dt)
    axis = int(np.argmax(np.abs(command)))
    assert velocity[axis] == pytest.approx(command[axis], rel=0.15)
    drift = np.delete(velocity, axis)
    assert np.abs(drift).max() < 0.05


@pytest.mark.parametrize("command", COMMANDS)
def test_it_walks_upright_and_within_what_its_motors_can_do(command: Command) -> None:
    robot, seen = walk(command)
    assert max(seen.tilts) < 0.15
    assert min(seen.heights) > 0.66
    assert robot.largest_effort_share <= 1.0
    assert robot.controller.infeasible_solves == 0
    assert robot.controller.gait.recovery_steps == 0


@pytest.mark.parametrize("command", COMMANDS)
def test_one_foot_always_bears_the_robot_and_each_is_lifted_in_turn(command: Command) -> None:
    _, seen = walk(command)
    loads = np.array(seen.loads)
    assert (loads.max(axis=1) > 50.0).all()
    assert (loads.min(axis=1) < BEARS).mean() > 0.4
    lifted = [int(pair.argmin()) for pair in loads if pair.min() < BEARS]
    changes = int(np.count_nonzero(np.diff(lifted)))
    assert STEPS - 2 <= changes <= STEPS + 1


@pytest.mark.parametrize("command", COMMANDS)
def test_the_zmp_stays_within_the_feet_that_bear_the_robot(command: Command) -> None:
    _, seen = walk(command)
    assert min(seen.zmp_margins) > -1e-4


@pytest.mark.parametrize("command", COMMANDS)
def test_it_stops_with_its_feet_side_by_side(command: Command) -> None:
    robot = StandingRobot()
    robot.run(0.3)
    robot.run(1.5, velocity=command)
    robot.run(2.5, velocity=(0.0, 0.0, 0.0))
    assert robot.controller.gait.phase is Phase.STANDING
    left, right = robot.feet
    assert offset(right, left.position) == pytest.approx((0.0, 0.2373), abs=0.03)
    assert wrapped(left.yaw - right.yaw) == pytest.approx(0.0, abs=0.08)
    balance = robot.controller.balance
    assert np.linalg.norm(balance.com_velocity) < 0.05
    assert balance.support_margin > 0.05
    assert robot.controller.fallback is Fallback.NONE
    assert robot.controller.interventions.counts["hold"] == 0


def follow(robot: StandingRobot, steps: list[Footstep], seconds: float = 2.0) -> None:
    """Let the robot make some steps and stand for the rest of the time."""
    robot.controller.gait.plan.follow(steps)
    robot.run(0.5 * len(steps) + seconds)


def test_it_puts_its_feet_where_the_planner_says() -> None:
    robot = StandingRobot()
    robot.run(0.3)
    goal = (0.35, 0.15, 0.4)
    steps = plan_to_goal(robot.feet, goal, robot.controller.config.gait.reach)
    follow(robot, steps)
    planned = {step.side: step for step in steps}
    for foot in robot.feet:
        assert foot.position == pytest.approx(planned[foot.side].position, abs=0.01)
        assert wrapped(foot.yaw - planned[foot.side].yaw) == pytest.approx(0.0, abs=0.03)
    assert not robot.controller.gait.plan.queue
    assert robot.controller.gait.phase is Phase.STANDING


PODIUM = (1.0, 1.6)
"""Size of a box on the floor [m]."""


def before_a_podium(edge: float, height: float) -> tuple[StandingRobot, HeightMap]:
    """A robot before a low podium that begins so far ahead, and the ground that it knows of."""
    middle = edge + 0.5 * PODIUM[0]

    def furnish(spec: mujoco.MjSpec) -> None:
        spec.worldbody.add_geom(
            type=mujoco.mjtGeom.mjGEOM_BOX,
            pos=[middle, 0.0, 0.5 * height],
            size=[0.5 * PODIUM[0], 0.5 * PODIUM[1], 0.5 * height],
            friction=[0.9, 0.005, 0.0001],
        )

    ground = HeightMap.flat(((-1.0, 3.0), (-1.5, 1.5)))
    return (
        StandingRobot(furnish=furnish),
        ground.with_box(np.array([middle, 0.0]), PODIUM, 0.0, height),
    )


@pytest.mark.slow
@pytest.mark.parametrize("edge", [0.25, 0.3, 0.4])
def test_it_steps_up_a_podium_of_5_cm_and_down_again(edge: float) -> None:
    robot, ground = before_a_podium(edge, 0.05)
    gait = robot.controller.gait
    gait.plan.terrain = ground
    robot.run(0.3)
    for x, height in ((edge + 0.5, 0.05), (edge + PODIUM[0] + 0.4, 0.0)):
        reach = robot.controller.config.gait.reach
        follow(robot, plan_to_goal(robot.feet, (x, 0.0, 0.0), reach, ground))
        assert robot.is_upright
        for foot in robot.feet:
            assert foot.position[2] == pytest.approx(height, abs=0.005)
            assert foot.position[0] == pytest.approx(x, abs=0.01)
        assert gait.phase is Phase.STANDING
    assert gait.recovery_steps == 0


@pytest.mark.parametrize("slope", [(3.0, 0.0), (-3.0, 0.0), (0.0, 3.0)])
def test_it_walks_up_down_and_across_a_slope(slope: tuple[float, float]) -> None:
    robot = StandingRobot(Scene(floor_slope=(math.radians(slope[0]), math.radians(slope[1]))))
    robot.run(0.5)
    robot.run(3.5, velocity=(0.4, 0.0, 0.0))
    x, y, z = robot.state.base.pose.position
    assert x > 0.8
    assert abs(y) < 0.25
    assert robot.tilt < 0.2
    height = z - math.tan(math.radians(slope[0])) * x - math.tan(math.radians(slope[1])) * y
    assert height > 0.64


@pytest.mark.parametrize("command", [(0.4, 0.0, 0.0), (0.0, -0.2, 0.0)])
def test_it_walks_on_a_slippery_floor(command: Command) -> None:
    robot, seen = StandingRobot(Scene(floor_friction=0.5)), Walk()
    robot.run(0.3)
    robot.run(1.3, velocity=command)
    robot.run(4 * STEP_TIME, watch=seen)
    assert robot.is_upright
    velocity = seen.velocity(robot.controller.config.dt)
    axis = int(np.argmax(np.abs(command)))
    assert velocity[axis] == pytest.approx(command[axis], rel=0.2)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_it_stays_on_its_feet_whatever_velocities_it_is_told(seed: int) -> None:
    robot, rng = StandingRobot(), np.random.default_rng(seed)
    for _ in range(6):
        x, y, turn = rng.uniform(-1.0, 1.0, 3) * (0.6, 0.35, 1.2)
        robot.run(1.0, velocity=(x, y, turn))
        assert robot.is_upright
    robot.run(2.5, velocity=(0.0, 0.0, 0.0))
    assert robot.controller.gait.phase is Phase.STANDING
