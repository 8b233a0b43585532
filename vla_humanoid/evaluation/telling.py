"""What the policy is told, where that is not what the episode is judged by."""

from vla_humanoid.data_collection.environment import Action, Observation
from vla_humanoid.data_collection.rollout import Policy
from vla_humanoid.envs.humanoid_env import HumanoidEnv
from vla_humanoid.evaluation.config import Words

FOREIGN = "Play the second movement of the sonata a little faster."
"""A sentence that no task of ours means anything by."""
_REPLACED: dict[Words, str] = {"blank": "", "foreign": FOREIGN}


class Retold:
    """A policy that is told something else.

    Args:
        policy: acts.
        words: what it is told.
    """

    def __init__(self, policy: Policy, words: str) -> None:
        self._policy, self._words = policy, words

    @property
    def gave_up(self) -> str | None:
        """Why the policy gave the episode up, or None."""
        return self._policy.gave_up

    def reset(self) -> None:
        """Prepare for the episode that the environment was just reset to."""
        self._policy.reset()

    def act(self, observation: Observation) -> Action:
        """Return the next action, each entry in [-1, 1]."""
        return self._policy.act({**observation, "instruction": self._words})


def replaced_words(words: Words) -> str | None:
    """Return what the policy is told whatever the episode asks for; None where it hears that."""
    return _REPLACED.get(words)


def other_goal(env: HumanoidEnv, seed: int) -> int | None:
    """Return the index of another goal of the scene of a seed; None if the scene has no other.

    The environment is left in the episode of the seed.
    """
    env.reset(seed=seed)
    others = env.task.counterfactuals(env.episode)
    return others[seed % len(others)].goal_index if others else None
