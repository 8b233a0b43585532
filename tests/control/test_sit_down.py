import math
from dataclasses import replace

import mujoco
import numpy as np
import pytest
from standing_robot import StandingRobot

from vla_humanoid.control.balance_config import BalanceConfig
from vla_humanoid.control.fallback import Fallback
from vla_humanoid.control.footprints import Footprint, Footprints
from vla_humanoid.control.robot_model import BODY_INDICES, GRAVITY
from vla_humanoid.control.self_collision import SelfCollisionGuard
from vla_humanoid.control.sit_down import SitDown, SitPhase, SitSituation
from vla_humanoid.control.targets import StanceFrame
from vla_humanoid.control.whole_body_qp import Limit

CONFIG = BalanceConfig()
STANDING = SitSituation(
    height=0.74,
    speed=0.0,
    margin=0.08,
    load=1.0,
    direction=0.0,
    has_room=True,
    is_stepping=False,
    is_lost=False,
    is_helpless=False,
)
CROUCHED = replace(STANDING, height=CONFIG.sit.squat_height - 0.01)
LOW = replace(STANDING, height=CONFIG.sit.low_height - 0.01)


def after(*situations: tuple[SitSituation, float]) -> SitPhase:
    """Return the phase after situations that last for so long each [s]."""
    sit = SitDown(CONFIG)
    for situation, seconds in situations:
        for _ in range(max(round(seconds / CONFIG.dt), 1)):
            if sit.is_on_feet:
                sit.update(situation)
    return sit.phase


def test_a_robot_that_stands_crouches_before_it_squats() -> None:
    assert after((STANDING, 1.0)) is SitPhase.UPRIGHT
    assert after((STANDING, 1.0), (CROUCHED, 0.0)) is SitPhase.SQUATTING


def test_one_that_walks_or_is_about_to_step_stops_first() -> None:
    steps = replace(CROUCHED, is_stepping=True)
    outside = replace(CROUCHED, margin=-0.01)
    assert after((steps, 1.0)) is SitPhase.UPRIGHT
    assert after((outside, 1.0)) is SitPhase.UPRIGHT
    assert after((steps, 1.0), (outside, 1.0), (CROUCHED, 0.0)) is SitPhase.SQUATTING


def test_it_steps_back_with_bent_knees_where_knees_and_hands_have_no_room() -> None:
    high = replace(STANDING, has_room=False)
    low = replace(CROUCHED, has_room=False)
    stepping = replace(low, is_stepping=True)
    clear = replace(CROUCHED, is_stepping=True)
    assert after((high, 1.0)) is SitPhase.UPRIGHT
    assert after((high, 1.0), (low, 0.0)) is SitPhase.MAKING_ROOM
    assert after((low, 0.0), (stepping, 1.0)) is SitPhase.MAKING_ROOM
    assert after((low, 0.0), (stepping, 1.0), (clear, 1.0)) is SitPhase.UPRIGHT
    assert after((low, 0.0), (stepping, 1.0), (CROUCHED, 0.0)) is SitPhase.SQUATTING
    assert after((low, 0.0), (replace(stepping, is_lost=True), 0.0)) is SitPhase.FALLING


@pytest.mark.parametrize(
    ("obstacles", "has_room"),
    [((), True), ((0.6,), False), ((-0.6,), True), ((0.6, -0.6), True), ((1.0,), True)],
    ids=["nothing", "ahead", "behind", "both", "far ahead"],
)
def test_only_what_is_near_and_ahead_takes_the_room(
    obstacles: tuple[float, ...], has_room: bool
) -> None:
    heading = math.radians(30.0)
    ahead = np.array([math.cos(heading), math.sin(heading)])
    stance = StanceFrame(np.array([3.0, -2.0, 0.0]), heading)
    feet = stance.origin[:2]
    footprints = [Footprint(tuple((feet + x * ahead).tolist()), radius=0.1) for x in obstacles]
    assert SitDown(CONFIG).has_room(Footprints(footprints), stance) is has_room


def test_one_that_no_step_can_save_goes_down_damped() -> None:
    lost = replace(STANDING, is_lost=True)
    assert after((lost, 0.0)) is SitPhase.FALLING
    assert after((CROUCHED, 1.0), (lost, 0.0)) is SitPhase.FALLING


def test_pushed_over_while_it_squats_it_steps_as_long_as_its_legs_can() -> None:
    stepping = replace(CROUCHED, is_stepping=True)
    low = replace(stepping, height=CONFIG.sit.step_height - 0.01)
    assert after((CROUCHED, 0.1), (stepping, 0.0)) is SitPhase.UPRIGHT
    assert after((CROUCHED, 0.1), (stepping, 0.3), (CROUCHED, 0.0)) is SitPhase.SQUATTING
    assert after((CROUCHED, 0.1), (low, 0.0)) is SitPhase.FALLING


@pytest.mark.parametrize(
    ("situation", "phase"),
    [(STANDING, SitPhase.UPRIGHT), (CROUCHED, SitPhase.SQUATTING)],
    ids=["standing", "crouched"],
)
def test_without_any_possible_motion_it_goes_down_damped_after_a_moment(
    situation: SitSituation, phase: SitPhase
) -> None:
    helpless = replace(situation, is_helpless=True)
    assert after((helpless, 0.9 * CONFIG.sit.lost_after)) is phase
    assert after((helpless, 1.1 * CONFIG.sit.lost_after)) is SitPhase.FALLING


def test_it_is_seated_where_it_is_low_and_something_else_bears_it_or_it_sinks_no_more() -> None:
    sinking = replace(LOW, speed=0.1)
    assert after((CROUCHED, 1.0), (sinking, 1.0)) is SitPhase.SQUATTING
    assert after((CROUCHED, 1.0), (replace(sinking, load=0.5), 0.0)) is SitPhase.SEATED
    assert after((CROUCHED, 1.0), (LOW, 1.2 * CONFIG.sit.still_time)) is SitPhase.SEATED
    assert after((CROUCHED, 1.0), (replace(sinking, is_stepping=True), 0.0)) is SitPhase.SEATED


def test_held_up_by_what_it_sits_on_it_is_seated_there() -> None:
    sinking = replace(CROUCHED, height=0.4, speed=0.1)
    held_up = replace(sinking, speed=0.0)
    wait = CONFIG.sit.held_up_time
    assert after((CROUCHED, 0.1), (sinking, 5.0)) is SitPhase.SQUATTING
    assert after((CROUCHED, 0.1), (sinking, 0.5), (held_up, 0.9 * wait)) is SitPhase.SQUATTING
    assert after((CROUCHED, 0.1), (sinking, 0.5), (held_up, 1.1 * wait)) is SitPhase.SEATED


def test_what_waits_in_vain_for_room_or_a_crouch_squats_all_the_same() -> None:
    no_room = replace(CROUCHED, has_room=False)
    stepping = replace(no_room, is_stepping=True)
    wait = CONFIG.sit.patience
    assert after((no_room, 0.9 * wait)) is SitPhase.MAKING_ROOM
    assert after((stepping, 1.1 * wait)) is SitPhase.UPRIGHT  # It stops walking first.
    assert after((stepping, 1.1 * wait), (no_room, 0.0)) is SitPhase.SQUATTING
    assert after((STANDING, 0.9 * wait)) is SitPhase.UPRIGHT
    assert after((STANDING, 1.1 * wait)) is SitPhase.SQUATTING
    held_up = wait + CONFIG.sit.held_up_time
    assert after((STANDING, 1.1 * held_up)) is SitPhase.SEATED


@pytest.mark.parametrize(
    ("situation", "phase"),
    [
        (replace(STANDING, is_lost=True), SitPhase.FALLING),
        (replace(CROUCHED, height=0.4), SitPhase.SQUATTING),
        (replace(LOW, margin=-0.03, load=0.2), SitPhase.RELAXING),
        (replace(LOW, is_lost=True, margin=-0.5, load=0.0), SitPhase.RELAXING),
    ],
    ids=["falling", "squatting", "seated", "lying"],
)
def test_a_robot_that_does_not_stand_is_taken_over_as_it_is(
    situation: SitSituation, phase: SitPhase
) -> None:
    sit = SitDown(CONFIG)
    sit.take_over(situation, np.zeros(29))
    assert sit.phase is phase


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

    robot.run(7.5, watch=watch)
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


def test_with_limits_that_contradict_each_other_it_sits_down_without_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    robot = StandingRobot()
    robot.run(0.3)
    limit = Limit(np.zeros((1, robot.controller.model.nv)), np.full(1, -1.0))
    monkeypatch.setattr(SelfCollisionGuard, "limit", lambda _: limit)
    robot.run(6.5)
    assert "within all limits" in robot.controller.fallback_reason
    assert robot.controller.sit_phase is SitPhase.RELAXING
    assert robot.height < 0.16


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


def test_before_a_table_it_steps_back_before_it_sits_down() -> None:
    robot = StandingRobot()
    robot.controller.set_footprints([Footprint((0.6, 0.0), (0.3, 0.4))])
    robot.run(0.3)
    robot.controller.sit_down("the test wants it")
    robot.run(1.5)
    assert robot.controller.sit_phase is SitPhase.MAKING_ROOM
    robot.run(9.5)
    assert robot.controller.sit_phase is SitPhase.RELAXING
    left, right = robot.feet
    assert max(left.position[0], right.position[0]) < 0.3 - CONFIG.sit.reach
    assert robot.height < 0.16


def test_on_a_box_behind_it_it_takes_its_seat_and_the_motors_let_go() -> None:
    def put_a_box_behind(spec: mujoco.MjSpec) -> None:
        spec.worldbody.add_geom(
            type=mujoco.mjtGeom.mjGEOM_BOX, pos=(-0.32, 0.0, 0.14), size=(0.2, 0.3, 0.14)
        )

    robot = StandingRobot(furnish=put_a_box_behind)
    robot.run(0.3)
    robot.controller.sit_down("the test wants it")
    robot.run(9.0)
    assert robot.controller.sit_phase is SitPhase.RELAXING
    assert robot.height > 0.2


def after_reset(robot: StandingRobot) -> tuple[float, float]:
    """Take a robot over anew; return how fast a joint and how strong a motor then is at most."""
    robot.controller.reset(robot.state)
    robot.largest_effort_share = fastest = 0.0

    def watch(now: StandingRobot) -> None:
        nonlocal fastest
        fastest = max(fastest, float(np.abs(now.controller.model.velocities).max()))

    robot.run(2.0, watch=watch)
    return fastest, robot.largest_effort_share


def test_taken_over_where_it_sits_it_stays_seated_and_says_why() -> None:
    robot = StandingRobot()
    robot.run(0.3)
    robot.controller.sit_down("the test wants it")
    robot.run(7.0)
    assert robot.controller.balance.support_margin < 0.0  # Its feet do not hold it up.
    seat = robot.state.joint_positions[BODY_INDICES]
    fastest, effort = after_reset(robot)
    controller = robot.controller
    assert controller.fallback is Fallback.SIT
    assert "does not stand" in controller.fallback_reason
    assert "stand it up and reset again" in controller.interventions.latest["sit"]
    assert controller.sit_phase is SitPhase.RELAXING
    assert fastest < 1.0
    assert effort < 0.3
    assert robot.state.joint_positions[BODY_INDICES] == pytest.approx(seat, abs=0.1)


@pytest.mark.parametrize("degrees", [0.0, 180.0])
def test_taken_over_where_it_lies_it_lies_still(degrees: float) -> None:
    robot = StandingRobot()
    robot.run(0.3)
    robot.push(45.0, degrees)
    robot.run(4.0)
    fastest, effort = after_reset(robot)
    assert robot.controller.fallback is Fallback.SIT
    assert robot.controller.sit_phase is SitPhase.RELAXING
    assert fastest < 5.0
    assert effort < 0.5
    assert robot.controller.balance.support_margin < -0.3


@pytest.mark.parametrize("degrees", [0.0, 90.0, 180.0])
def test_a_robot_that_is_pushed_over_comes_to_rest_and_lets_go(degrees: float) -> None:
    robot = StandingRobot()
    robot.run(0.3)
    robot.push(45.0, degrees)
    robot.run(4.0)
    assert robot.controller.fallback is Fallback.SIT
    assert robot.controller.sit_phase is SitPhase.RELAXING
    assert "no step reaches it" in robot.controller.fallback_reason
    assert robot.height < 0.4


def test_pushed_over_while_it_squats_it_falls_and_says_so() -> None:
    robot = StandingRobot()
    robot.run(0.3)
    robot.controller.sit_down("the test wants it")
    robot.run(1.7)
    assert robot.controller.sit_phase is SitPhase.SQUATTING
    robot.push(45.0, 90.0)
    robot.run(1.0)
    controller = robot.controller
    assert controller.sit_phase in (SitPhase.FALLING, SitPhase.RELAXING)
    assert controller.fallback_reason.startswith("the test wants it; then ")
    assert controller.fallback_reason in controller.interventions.latest["sit"]
    assert controller.interventions.counts["sit"] == 1


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
