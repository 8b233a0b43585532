"""A policy that sees and hears something else than there is."""

from collections.abc import Sequence
from typing import Protocol

from vla_humanoid.data_collection.environment import Action, Observation
from vla_humanoid.data_collection.rollout import Policy
from vla_humanoid.envs.episode import Episode
from vla_humanoid.envs.humanoid_env import HumanoidEnv


class View(Protocol):
    """Changes what a policy observes, one episode at a time."""

    def begin(self, episode: Episode) -> None:
        """Prepare for an episode; all that is drawn follows from its seed."""
        ...

    def change(self, observation: Observation) -> Observation:
        """Return what the policy is to observe instead; called once for each step."""
        ...


class Viewing:
    """A policy behind some views.

    Args:
        policy: acts.
        env: what it acts in.
        views: in the order in which they change what there is.
    """

    def __init__(self, policy: Policy, env: HumanoidEnv, views: Sequence[View]) -> None:
        self._policy, self._env, self._views = policy, env, views
        self.told = ""
        """What the policy was told at the latest step."""

    @property
    def gave_up(self) -> str | None:
        """Why the policy gave the episode up, or None."""
        return self._policy.gave_up

    def reset(self) -> None:
        """Prepare for the episode that the environment was just reset to."""
        self.told = ""
        for view in self._views:
            view.begin(self._env.episode)
        self._policy.reset()

    def act(self, observation: Observation) -> Action:
        """Return the next action, each entry in [-1, 1]."""
        for view in self._views:
            observation = view.change(observation)
        self.told = str(observation["instruction"])
        return self._policy.act(observation)
