"""What is measured while an episode runs."""

import numpy as np

from vla_humanoid.data_collection.environment import Action, DemonstrationWorld
from vla_humanoid.data_collection.rollout import Moment, Outcome


class Measurements:
    """Listens to one episode at a time."""

    def on_reset(self, world: DemonstrationWorld) -> None:
        """Begin anew."""
        self.success_any = self.wrong_object = self.fallen = False
        self.least_margin = float("inf")
        self.subgoal = self.furthest = 0
        self.interventions: dict[str, int] = {}
        self.told_anew_at: float | None = None
        self._told: str | None = None
        self._last: Action | None = None
        self._changes: list[float] = []

    def on_step(self, moment: Moment, action: Action, reward: float, last: bool) -> None:
        """Note what there was before an action, and the action."""
        self._note(moment)
        if self._last is not None:
            self._changes.append(float(np.mean((action - self._last) ** 2)))
        self._last = np.array(action)

    def on_end(self, moment: Moment, outcome: Outcome) -> None:
        """Note what the last action led to."""
        self._note(moment)
        self.subgoal = moment.info["subgoal"]
        self.interventions = dict(moment.info["safety"]["interventions"])

    @property
    def roughness(self) -> float:
        """Mean squared change from one action to the next; 0 for fewer than two."""
        return float(np.mean(self._changes)) if self._changes else 0.0

    def _note(self, moment: Moment) -> None:
        info = moment.info
        if self._told is None:
            self._told = info["instruction"]
        elif self.told_anew_at is None and info["instruction"] != self._told:
            self.told_anew_at = moment.world.time
        self.success_any |= info["success"]
        self.wrong_object |= info["wrong_object"]
        self.furthest = max(self.furthest, info["subgoal"])
        self.fallen |= info["fallen"]
        self.least_margin = min(self.least_margin, info["balance"]["support_margin"])
