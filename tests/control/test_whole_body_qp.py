import mujoco
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vla_humanoid.assets.figures import JOINT_NAMES, g1
from vla_humanoid.assets.g1 import control_spec
from vla_humanoid.assets.postures import READY, READY_PELVIS_POSITION
from vla_humanoid.control.robot_model import (
    BODY_INDICES,
    BODY_JOINTS,
    GRAVITY,
    FrameMotion,
    RobotModel,
)
from vla_humanoid.control.rotations import quat_to_matrix
from vla_humanoid.control.whole_body_qp import (
    NO_LIMIT,
    Limit,
    QpConfig,
    QpInfeasible,
    QpSolution,
    Task,
    WholeBodyQp,
    combined,
)
from vla_humanoid.schema import FloatArray, Pose, RigidBodyState, RobotState, Twist

DT = 0.004
NV, N_JOINTS = 35, len(BODY_JOINTS)

CONFIG = QpConfig()
READY_POSITION = np.array(
    [*READY_PELVIS_POSITION, 1.0, 0.0, 0.0, 0.0, *(READY[name] for name in BODY_JOINTS)]
)


class Mechanism:
    """A robot that moves exactly as the program's accelerations say, ready and at rest at first."""

    def __init__(self) -> None:
        self.model = RobotModel()
        self.qp = WholeBodyQp(self.model, CONFIG)
        self._joint_space = control_spec().compile()
        self.put(READY_POSITION, np.zeros(NV))

    def put(self, position: FloatArray, velocity: FloatArray) -> None:
        self._position, self._velocity = position.copy(), velocity
        positions, velocities = np.zeros((2, len(JOINT_NAMES)))
        positions[BODY_INDICES], velocities[BODY_INDICES] = position[7:], velocity[6:]
        turn = position[3:7].copy()
        twist = Twist(velocity[:3], quat_to_matrix(turn) @ velocity[3:6])
        base = RigidBodyState(Pose(position[:3].copy(), turn), twist)
        self.model.update(RobotState(base, positions, velocities, {}, {}))

    def move(self, acceleration: FloatArray) -> None:
        velocity = self._velocity + DT * acceleration
        mujoco.mj_integratePos(self._joint_space, self._position, velocity, DT)
        self.put(self._position, velocity)


def com_task(model: RobotModel, acceleration: FloatArray, weight: float = 60.0) -> Task:
    target = acceleration - model.com_drift
    return Task(model.com_jacobian, target, np.full(3, weight))


def wrist_task(model: RobotModel, side: str, acceleration: FloatArray) -> Task:
    frame = model.frame(f"{side}_wrist_yaw_link")
    return Task(frame.jacobian, acceleration - frame.drift, np.full(6, 10.0))


def sole_tasks(soles: dict[str, FrameMotion]) -> list[Task]:
    return [
        Task(sole.jacobian, -50.0 * sole.velocity - sole.drift, np.full(6, 30.0))
        for sole in soles.values()
    ]


def posture(target: FloatArray | None = None, weight: FloatArray | None = None) -> Task:
    return Task(
        np.empty((0, 0)),
        np.zeros(N_JOINTS) if target is None else target,
        np.full(N_JOINTS, 0.2) if weight is None else weight,
    )


def no_limit() -> Limit:
    return Limit(np.empty((0, NV)), np.empty(0))


def generalized_force(
    model: RobotModel, solution: QpSolution, soles: dict[str, FrameMotion]
) -> FloatArray:
    """What the motors would have to exert on every degree of freedom, the base's included."""
    force = model.mass_matrix @ solution.acceleration + model.bias
    for side, wrench in solution.wrenches.items():
        turn = soles[side].rotation
        in_world = np.concatenate([turn @ wrench[:3], turn @ wrench[3:]])
        force = force - soles[side].jacobian.T @ in_world
    return force


def assert_physical(model: RobotModel, solution: QpSolution, soles: dict[str, FrameMotion]) -> None:
    force = generalized_force(model, solution, soles)
    assert np.abs(force[:6]).max() < 1e-6
    assert solution.torque == pytest.approx(force[6:], abs=1e-9)
    assert (np.abs(solution.torque) <= CONFIG.effort_share * model.effort_limit + 1e-6).all()
    corners = np.array(g1().sole_corners)
    for wrench in solution.wrenches.values():
        fx, fy, fz, tx, ty, _ = wrench
        assert fz >= CONFIG.min_normal_force - 1e-6
        assert np.hypot(fx, fy) <= CONFIG.friction * fz + 1e-6
        # The centre of pressure lies on the sole.
        low, high = corners[:, 0].min() * fz, corners[:, 0].max() * fz
        assert low - 1e-6 <= -ty <= high + 1e-6
        assert abs(tx) <= np.abs(corners[:, 1]).min() * fz + 1e-6


SHARED = Mechanism()
accelerations = arrays(np.float64, 3, elements=st.floats(-20.0, 20.0))
wrist_accelerations = arrays(np.float64, 6, elements=st.floats(-50.0, 50.0))
speeds = arrays(np.float64, NV, elements=st.floats(-0.5, 0.5))
bends = arrays(np.float64, N_JOINTS, elements=st.floats(-0.2, 0.2))


@given(accelerations, wrist_accelerations, wrist_accelerations, speeds, bends)
@settings(max_examples=50, deadline=None)
def test_whatever_is_asked_motors_ground_and_newton_are_obeyed(
    com: FloatArray, left: FloatArray, right: FloatArray, speed: FloatArray, bend: FloatArray
) -> None:
    robot = SHARED
    robot.put(READY_POSITION + np.concatenate([np.zeros(7), bend]), speed)
    model, soles = robot.model, robot.model.soles()
    tasks = [com_task(model, com), wrist_task(model, "left", left)]
    tasks += [wrist_task(model, "right", right), *sole_tasks(soles)]
    assert_physical(model, robot.qp.solve(tasks, posture(), no_limit(), soles), soles)


@pytest.mark.parametrize("share", [-0.8, 0.5])
def test_what_the_motors_add_by_themselves_counts_against_their_limits(share: float) -> None:
    robot = Mechanism()
    model, soles = robot.model, robot.model.soles()
    feedback = np.zeros(N_JOINTS)
    arms = [BODY_JOINTS.index(f"{side}_elbow_joint") for side in ("left", "right")]
    feedback[arms] = share * model.effort_limit[arms]
    reach = np.array([0.0, 0.0, -np.sign(share) * 400.0, 0.0, 0.0, 0.0])
    tasks = [com_task(model, np.zeros(3)), *sole_tasks(soles)]
    tasks += [wrist_task(model, side, reach) for side in ("left", "right")]
    alone = robot.qp.solve(tasks, posture(), no_limit(), soles)
    solution = robot.qp.solve(tasks, posture(), no_limit(), soles, feedback)
    bound = CONFIG.effort_share * model.effort_limit
    assert (np.abs(alone.torque + feedback)[arms] > bound[arms]).all()  # So they are in the way.
    assert (np.abs(solution.torque + feedback) <= bound + 1e-6).all()
    assert_physical(model, solution, soles)


def test_what_can_be_done_is_done() -> None:
    robot = Mechanism()
    model, soles = robot.model, robot.model.soles()
    wanted = np.array([0.4, -0.2, 0.3])
    tasks = [com_task(model, wanted), *sole_tasks(soles)]
    solution = robot.qp.solve(tasks, posture(), no_limit(), soles)
    achieved = model.com_jacobian @ solution.acceleration + model.com_drift
    assert achieved == pytest.approx(wanted, abs=0.02)
    for sole in soles.values():
        assert np.abs(sole.jacobian @ solution.acceleration + sole.drift).max() < 0.05
    lift = sum((soles[side].rotation @ wrench[:3])[2] for side, wrench in solution.wrenches.items())
    assert lift == pytest.approx(model.mass * (GRAVITY + achieved[2]), rel=1e-6)


def test_a_robot_that_touches_nothing_falls_freely() -> None:
    robot = Mechanism()
    model = robot.model
    tasks = [com_task(model, np.array([1.0, 0.0, 5.0]))]
    solution = robot.qp.solve(tasks, posture(), no_limit(), {})
    assert solution.wrenches == {}
    assert_physical(model, solution, {})
    achieved = model.com_jacobian @ solution.acceleration + model.com_drift
    assert achieved == pytest.approx([0.0, 0.0, -GRAVITY], abs=1e-6)


def test_one_foot_alone_bears_the_weight() -> None:
    robot = Mechanism()
    left = {"left": robot.model.sole("left")}
    tasks = [com_task(robot.model, np.zeros(3)), *sole_tasks(left)]
    solution = robot.qp.solve(tasks, posture(), no_limit(), left)
    assert set(solution.wrenches) == {"left"}
    assert_physical(robot.model, solution, left)


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("left_elbow_joint", 1.0),
        ("right_wrist_roll_joint", -1.0),
        ("left_shoulder_roll_joint", 1.0),
        ("waist_pitch_joint", 1.0),
    ],
)
def test_a_joint_that_is_pulled_beyond_its_limit_stops_inside(name: str, sign: float) -> None:
    robot = Mechanism()
    model, joint = robot.model, BODY_JOINTS.index(name)
    limit = (model.position_high if sign > 0 else model.position_low)[joint]
    weight = np.full(N_JOINTS, 0.2)
    weight[joint] = 10.0
    for _ in range(round(1.2 / DT)):
        soles = model.soles()
        pull = 30.0 * (READY_POSITION[7:] - model.positions) - 8.0 * model.velocities
        pull[joint] = 100.0 * sign
        tasks = [com_task(model, -20.0 * model.com_velocity), *sole_tasks(soles)]
        robot.move(robot.qp.solve(tasks, posture(pull, weight), no_limit(), soles).acceleration)
        assert sign * (limit - model.positions[joint]) >= -1e-3
        assert (np.abs(model.velocities) <= model.speed_limit + 1e-6).all()
        assert (model.positions <= model.position_high + 1e-3).all()
        assert (model.positions >= model.position_low - 1e-3).all()
    assert model.positions[joint] == pytest.approx(limit, abs=0.02)  # It may go all the way.


def test_a_joint_that_is_pulled_on_and_on_keeps_to_its_speed_limit() -> None:
    robot = Mechanism()
    joint = BODY_JOINTS.index("right_wrist_roll_joint")
    model = robot.model
    model.speed_limit[joint] = 2.0  # So low that it is met before the joint's end.
    weight = np.full(N_JOINTS, 0.2)
    weight[joint] = 10.0
    pull = np.zeros(N_JOINTS)
    pull[joint] = 100.0
    fastest = 0.0
    for _ in range(100):
        soles = model.soles()
        tasks = [com_task(model, -20.0 * model.com_velocity), *sole_tasks(soles)]
        robot.move(robot.qp.solve(tasks, posture(pull, weight), no_limit(), soles).acceleration)
        fastest = max(fastest, float(model.velocities[joint]))
    assert fastest == pytest.approx(2.0, abs=0.1)
    assert fastest <= 2.0 + 1e-6


@pytest.mark.parametrize("high", [-1.0, 0.5, 3.0])
def test_a_further_limit_holds_and_binds_where_it_is_in_the_way(high: float) -> None:
    robot = Mechanism()
    model, soles = robot.model, robot.model.soles()
    tasks = [com_task(model, np.array([0.0, 0.0, 2.0])), *sole_tasks(soles)]
    upwards = model.com_jacobian[2:]
    limit = Limit(upwards, np.array([high]) - model.com_drift[2])
    solution = robot.qp.solve(tasks, posture(), limit, soles)
    rise = float(upwards[0] @ solution.acceleration + model.com_drift[2])
    assert rise <= high + 1e-6
    assert rise == pytest.approx(min(high, 2.0), abs=0.05)
    assert_physical(model, solution, soles)


def test_limits_that_exclude_each_other_are_an_error_and_leave_no_trace() -> None:
    robot = Mechanism()
    model, soles = robot.model, robot.model.soles()
    tasks = [com_task(model, np.array([0.3, 0.0, 0.0])), *sole_tasks(soles)]
    row = np.zeros(NV)
    row[20] = 1.0
    both_ways = np.array([row, -row])
    with pytest.raises(QpInfeasible, match="no solution"):
        robot.qp.solve(tasks, posture(), Limit(both_ways, np.array([-1.0, -1.0])), soles)
    mild = Limit(both_ways, np.array([5.0, 5.0]))
    again = robot.qp.solve(tasks, posture(), mild, soles)
    fresh = WholeBodyQp(model, CONFIG).solve(tasks, posture(), mild, soles)
    assert again.acceleration == pytest.approx(fresh.acceleration, abs=1e-8)
    assert again.torque == pytest.approx(fresh.torque, abs=1e-8)


def test_solutions_are_kept_when_the_program_is_solved_again() -> None:
    robot = Mechanism()
    model, soles = robot.model, robot.model.soles()
    first = robot.qp.solve(
        [com_task(model, np.array([0.5, 0.0, 0.0])), *sole_tasks(soles)],
        posture(),
        no_limit(),
        soles,
    )
    acceleration = first.acceleration.copy()
    wrench = first.wrenches["left"].copy()
    robot.qp.solve(
        [com_task(model, np.array([-0.5, 0.0, 0.0])), *sole_tasks(soles)],
        posture(),
        no_limit(),
        soles,
    )
    np.testing.assert_array_equal(first.acceleration, acceleration)
    np.testing.assert_array_equal(first.wrenches["left"], wrench)


def test_several_limits_hold_at_once() -> None:
    robot = Mechanism()
    model, soles = robot.model, robot.model.soles()
    rows = model.com_jacobian
    upwards = Limit(rows[2:], np.array([0.5]) - model.com_drift[2])
    ahead = Limit(rows[:1], np.array([-0.2]) - model.com_drift[0])
    tasks = [com_task(model, np.array([1.0, 0.0, 2.0])), *sole_tasks(soles)]
    both = robot.qp.solve(tasks, posture(), combined([upwards, ahead]), soles)
    achieved = model.com_jacobian @ both.acceleration + model.com_drift
    assert achieved[[0, 2]] == pytest.approx([-0.2, 0.5], abs=0.05)
    assert (achieved[[0, 2]] <= np.array([-0.2, 0.5]) + 1e-6).all()
    free = robot.qp.solve(tasks, posture(), combined([NO_LIMIT, NO_LIMIT]), soles)
    achieved = model.com_jacobian @ free.acceleration + model.com_drift
    assert achieved[[0, 2]] == pytest.approx([1.0, 2.0], abs=0.1)


def test_bearing_the_weight_needs_nothing_of_the_ground_but_to_push_up() -> None:
    robot = Mechanism()
    model, soles = robot.model, robot.model.soles()
    solution = robot.qp.bear_weight(soles, np.zeros(N_JOINTS))
    forces = np.array([solution.wrenches[side][:3] for side in ("left", "right")])
    assert forces.sum(axis=0) == pytest.approx([0.0, 0.0, model.mass * GRAVITY])
    force = model.bias - sum(sole.jacobian.T @ solution.wrenches[s] for s, sole in soles.items())
    # Only the base's moments may be left over: the centre of mass is not over the soles' origins.
    assert np.abs(force[:3]).max() < 1e-6
    assert solution.torque == pytest.approx(force[6:])


@pytest.mark.parametrize("share", [-2.0, 2.0])
def test_bearing_the_weight_leaves_room_for_what_the_motors_add(share: float) -> None:
    robot = Mechanism()
    bound = CONFIG.effort_share * robot.model.effort_limit
    feedback = share * bound
    for contacts in (robot.model.soles(), {"left": robot.model.sole("left")}, {}):
        torque = robot.qp.bear_weight(contacts, feedback).torque
        assert (np.abs(torque + feedback) <= bound + 1e-9).all()


def test_only_the_legs_of_a_walking_robot_may_approach_their_limits_fast() -> None:
    reached: dict[tuple[str, bool], float] = {}
    for name in ("left_knee_joint", "left_elbow_joint"):
        robot = Mechanism()
        joint = BODY_JOINTS.index(name)
        position = READY_POSITION.copy()
        position[7 + joint] = robot.model.position_low[joint] + 0.2
        robot.put(position, np.zeros(NV))
        pull, weight = np.zeros(N_JOINTS), np.full(N_JOINTS, 0.2)
        pull[joint], weight[joint] = -1e4, 10.0
        right = {"right": robot.model.sole("right")}
        for walking in (False, True):
            robot.qp.walking = walking
            solution = robot.qp.solve(sole_tasks(right), posture(pull, weight), NO_LIMIT, right)
            reached[name, walking] = float(solution.acceleration[6 + joint])
    slow = -0.2 * CONFIG.barrier_rate**2 - 1e-6
    fast = -0.2 * CONFIG.walking_barrier_rate**2 - 1e-6
    assert reached["left_elbow_joint", False] >= slow
    assert reached["left_elbow_joint", True] >= slow
    assert reached["left_knee_joint", False] >= slow
    assert fast <= reached["left_knee_joint", True] < 3.0 * slow
