"""A policy whose actions come late, where it has no inference of its own to be late."""

from collections import deque

import numpy as np

from vla_humanoid.data_collection.environment import Action, Observation
from vla_humanoid.data_collection.rollout import Policy
from vla_humanoid.envs.humanoid_env import HumanoidEnv
from vla_humanoid.policy_runner.holding import HoldAction


class Late:
    """Carries every action out some steps after it was chosen; at first the robot stays as it is.

    Args:
        policy: acts.
        env: what it acts in.
        steps: how late.
    """

    def __init__(self, policy: Policy, env: HumanoidEnv, steps: int) -> None:
        self._policy, self._steps = policy, steps
        self._holding = HoldAction(env.action_spec, env.state_fields)

    @property
    def gave_up(self) -> str | None:
        """Why the policy gave the episode up, or None."""
        return self._policy.gave_up

    def reset(self) -> None:
        """Prepare for the episode that the environment was just reset to."""
        self._chosen: deque[Action] = deque()
        self._policy.reset()

    def act(self, observation: Observation) -> Action:
        """Return the next action, each entry in [-1, 1]."""
        if not self._chosen:
            state = np.asarray(observation["state"], dtype=np.float32)
            self._chosen.extend([self._holding.at(state)] * self._steps)
        self._chosen.append(self._policy.act(observation))
        return self._chosen.popleft()
