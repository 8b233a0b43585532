"""The whole-body program, solved with fewer limits where they contradict each other."""

from collections.abc import Sequence

from vla_humanoid.control.interventions import Intervention, Interventions
from vla_humanoid.control.robot_model import FrameMotion
from vla_humanoid.control.whole_body_qp import (
    NO_LIMIT,
    Limit,
    QpInfeasible,
    QpSolution,
    Task,
    WholeBodyQp,
    combined,
)
from vla_humanoid.schema import FloatArray


class YieldingQp:
    """Always finds torques for the present state; those of an earlier state are never sent again.

    Args:
        qp: the program.
        interventions: where it is counted that limits were given up.
    """

    def __init__(self, qp: WholeBodyQp, interventions: Interventions) -> None:
        self._qp = qp
        self._interventions = interventions
        self.is_infeasible = False
        """Whether the latest program had no solution within all its limits."""
        self.is_helpless = False
        """Whether it had none without the limits of trunk, knees and self-collision either."""
        self.infeasible_solves = 0

    def solve(
        self,
        tasks: list[Task],
        posture: Task,
        limits: Sequence[Limit],
        contacts: dict[str, FrameMotion],
        feedback: FloatArray,
    ) -> QpSolution:
        """Solve within all limits, or without the given ones, or at least bear the weight.

        Args:
            tasks: objectives in task space.
            posture: an objective on the joints themselves.
            limits: bounds beyond those of joints, motors and contacts.
            contacts: soles on the ground, by side.
            feedback: torques that the motors add of their own accord [N m], shape (29,).
        """
        try:
            solution = self._qp.solve(tasks, posture, combined(limits), contacts, feedback)
        except QpInfeasible:
            self.is_infeasible = True
            self.infeasible_solves += 1
        else:
            self.is_infeasible = self.is_helpless = False
            self._interventions.end("relaxed_limits")
            return solution
        try:
            solution = self._qp.solve(tasks, posture, NO_LIMIT, contacts, feedback)
            stage = "those of trunk, knees and self-collision are given up"
            self.is_helpless = False
        except QpInfeasible:
            self.is_helpless = True
            solution = self._qp.bear_weight(contacts, feedback)
            stage = "the robot only bears its weight"
        self._interventions.begin(
            Intervention("relaxed_limits", f"No motion keeps all limits; for now {stage}.")
        )
        return solution
