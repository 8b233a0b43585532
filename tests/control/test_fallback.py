import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from standing_robot import StandingRobot

from vla_humanoid.control.fallback import Danger, Fallback, FallbackConfig, FallbackSupervisor
from vla_humanoid.control.interventions import Interventions

CONFIG = FallbackConfig()
DT = 0.004
SAFE = Danger(dcm_error=0.01, dcm_distance=0.15, tilt=0.05, is_infeasible=False)
OFF = Danger(CONFIG.hold_error + 0.01, 0.2, 0.1, is_infeasible=False)
TILTED = Danger(0.01, 0.15, CONFIG.sit_tilt + 0.01, is_infeasible=False)
FAR = Danger(0.01, CONFIG.sit_distance + 0.01, 0.05, is_infeasible=False)
STUCK = Danger(0.01, 0.15, 0.05, is_infeasible=True)

dangers = st.builds(
    Danger, st.floats(0.0, 0.5), st.floats(0.0, 1.0), st.floats(0.0, 1.5), st.booleans()
)


class Supervised:
    def __init__(self) -> None:
        self.interventions = Interventions()
        self.supervisor = FallbackSupervisor(CONFIG, self.interventions, DT)

    def see(self, danger: Danger, seconds: float = DT) -> Fallback:
        for _ in range(round(seconds / DT)):
            self.supervisor.update(danger)
        return self.supervisor.level


def test_a_robot_on_its_plan_does_as_it_is_told() -> None:
    robot = Supervised()
    assert robot.see(SAFE, 1.0) is Fallback.NONE
    assert robot.supervisor.reason == ""
    assert not robot.interventions.counts


def test_off_its_plan_it_holds_until_it_has_been_back_for_a_while() -> None:
    robot = Supervised()
    assert robot.see(OFF) is Fallback.HOLD
    assert "0.10 m off its plan" in robot.supervisor.reason
    assert robot.see(SAFE, CONFIG.hold_time - 2 * DT) is Fallback.HOLD
    assert robot.see(SAFE, 4 * DT) is Fallback.NONE
    assert robot.supervisor.reason == ""
    assert robot.interventions.counts == {"hold": 1}


def test_each_hold_is_counted() -> None:
    robot = Supervised()
    for _ in range(3):
        robot.see(OFF)
        robot.see(SAFE, CONFIG.hold_time + 2 * DT)
    assert robot.interventions.counts == {"hold": 3}


def test_held_in_vain_it_crouches_and_rises_when_it_is_back() -> None:
    robot = Supervised()
    assert robot.see(OFF, CONFIG.crouch_after - 2 * DT) is Fallback.HOLD
    assert robot.see(OFF, 4 * DT) is Fallback.CROUCH
    assert "did not bring the DCM back" in robot.supervisor.reason
    assert robot.see(OFF, 1.0) is Fallback.CROUCH
    assert robot.see(SAFE, CONFIG.hold_time + 2 * DT) is Fallback.NONE
    assert robot.interventions.counts == {"hold": 1, "crouch": 1}


def test_crouched_in_vain_it_sits_down() -> None:
    robot = Supervised()
    assert robot.see(OFF, CONFIG.sit_after - 2 * DT) is Fallback.CROUCH
    assert robot.see(OFF, 4 * DT) is Fallback.SIT
    assert "holding and crouching" in robot.supervisor.reason
    assert robot.interventions.counts == {"hold": 1, "crouch": 1, "sit": 1}


def test_on_demand_it_sits_down_once_and_for_the_first_reason() -> None:
    robot = Supervised()
    robot.supervisor.demand("the battery is low")
    robot.supervisor.demand("the day is over")
    assert robot.see(SAFE, 2.0) is Fallback.SIT
    assert robot.supervisor.reason == "the battery is low"
    assert robot.interventions.counts == {"sit": 1}
    assert "the battery is low" in robot.interventions.latest["sit"]


def test_the_reason_tells_how_sitting_down_became_a_fall() -> None:
    robot = Supervised()
    robot.supervisor.demand("the battery is low")
    robot.supervisor.fall("it was pushed")
    assert robot.supervisor.reason == "the battery is low; then it was pushed"
    assert robot.supervisor.reason in robot.interventions.latest["sit"]
    robot.supervisor.fall("it was pushed")
    assert robot.supervisor.reason == "the battery is low; then it was pushed"
    assert robot.interventions.counts == {"sit": 1}


def test_it_does_not_crouch_once_it_is_back_on_its_plan() -> None:
    robot = Supervised()
    robot.see(OFF, CONFIG.crouch_after - 0.5 * CONFIG.hold_time)
    assert robot.see(SAFE, CONFIG.hold_time + 2 * DT) is Fallback.NONE
    assert robot.interventions.counts == {"hold": 1}


@pytest.mark.parametrize(
    ("danger", "reason"),
    [(TILTED, "the trunk leans by 46 degrees"), (FAR, "no step reaches it")],
    ids=["tilted", "far"],
)
def test_when_nothing_helps_it_sits_down_at_once_and_says_why(danger: Danger, reason: str) -> None:
    robot = Supervised()
    assert robot.see(danger) is Fallback.SIT
    assert reason in robot.supervisor.reason
    assert reason in robot.interventions.latest["sit"]


def test_contradicting_limits_are_borne_for_a_moment_only() -> None:
    robot = Supervised()
    for _ in range(5):
        assert robot.see(STUCK, CONFIG.stuck_after - 2 * DT) is Fallback.NONE
        assert robot.see(SAFE) is Fallback.NONE
    assert robot.see(STUCK, CONFIG.stuck_after + 2 * DT) is Fallback.SIT
    assert "within all limits" in robot.supervisor.reason


@given(st.lists(dangers, max_size=20))
def test_sitting_down_is_for_good(later: list[Danger]) -> None:
    robot = Supervised()
    robot.see(TILTED)
    reason = robot.supervisor.reason
    for danger in later:
        assert robot.see(danger) is Fallback.SIT
    assert robot.supervisor.reason == reason
    assert robot.interventions.counts == {"sit": 1}


@given(st.lists(st.tuples(dangers, st.integers(1, 500)), max_size=10))
def test_there_is_a_reason_exactly_while_it_falls_back(course: list[tuple[Danger, int]]) -> None:
    robot = Supervised()
    for danger, ticks in course:
        level = robot.see(danger, ticks * DT)
        assert (level is Fallback.NONE) == (robot.supervisor.reason == "")
        assert robot.interventions.counts[level.name.lower()] > 0 or level is Fallback.NONE


def test_a_robot_that_is_thrown_over_sits_down_and_stays_down() -> None:
    robot = StandingRobot()
    robot.run(0.5, force=(0.0, 400.0, 0.0))
    robot.run(2.0)
    assert robot.controller.fallback is Fallback.SIT
    assert robot.controller.fallback_reason
    assert robot.controller.interventions.counts["sit"] == 1
    assert robot.height < 0.4
    assert np.linalg.norm(robot.simulation.robot_state().base.twist.linear) < 0.5
