import numpy as np
import pytest
from standing_robot import StandingRobot

from vla_humanoid.control.interventions import Interventions
from vla_humanoid.control.posture import Posture
from vla_humanoid.control.robot_model import GRAVITY
from vla_humanoid.control.whole_body_qp import NO_LIMIT, Limit, QpSolution, Task, WholeBodyQp
from vla_humanoid.control.yielding_qp import YieldingQp

NV = 35
IMPOSSIBLE = Limit(np.zeros((1, NV)), np.full(1, -1.0))


class Program:
    """The program of a robot that stands, with nothing to do but keep its posture."""

    def __init__(self) -> None:
        self.interventions = Interventions()
        controller = StandingRobot().controller
        self.model, config = controller.model, controller.config
        self.posture = Posture(config.posture, self.model)
        self.qp = YieldingQp(WholeBodyQp(self.model, config.qp), self.interventions)

    def solve(self, limit: Limit) -> QpSolution:
        stay = Task(np.eye(NV), np.zeros(NV), np.full(NV, 0.1))
        soles = self.model.soles()
        return self.qp.solve([stay], self.posture.task(1.0), [limit], soles, np.zeros(NV - 6))


def load(solution: QpSolution) -> float:
    return sum(float(wrench[2]) for wrench in solution.wrenches.values())


def test_limits_that_can_be_kept_are_no_intervention() -> None:
    program = Program()
    program.solve(NO_LIMIT)
    assert not program.qp.is_infeasible
    assert not program.qp.is_helpless
    assert not program.interventions.counts


def test_limits_that_contradict_each_other_are_given_up_and_counted_once_while_it_lasts() -> None:
    program = Program()
    free = program.solve(NO_LIMIT)
    for solves in (1, 2, 3):
        np.testing.assert_allclose(program.solve(IMPOSSIBLE).torque, free.torque, atol=1e-6)
        assert program.qp.is_infeasible
        assert not program.qp.is_helpless
        assert program.qp.infeasible_solves == solves
    assert program.interventions.counts == {"relaxed_limits": 1}
    assert "given up" in program.interventions.latest["relaxed_limits"]
    program.solve(NO_LIMIT)
    assert not program.qp.is_infeasible
    program.solve(IMPOSSIBLE)
    assert program.interventions.counts == {"relaxed_limits": 2}


def test_without_any_solution_the_weight_is_borne(monkeypatch: pytest.MonkeyPatch) -> None:
    program = Program()
    # Joints that may not accelerate the way that they have to.
    monkeypatch.setattr(program.model, "speed_limit", np.full(NV - 6, -10.0))
    solution = program.solve(NO_LIMIT)
    assert program.qp.is_helpless
    assert load(solution) == pytest.approx(program.model.mass * GRAVITY)
    assert "bears its weight" in program.interventions.latest["relaxed_limits"]
    monkeypatch.undo()
    program.solve(NO_LIMIT)
    assert not program.qp.is_helpless
