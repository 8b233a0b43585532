"""What the policy is told, where that is not what the environment says."""

import numpy as np

from vla_humanoid.data_collection.environment import Observation
from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.envs.episode import Episode
from vla_humanoid.envs.humanoid_env import HumanoidEnv
from vla_humanoid.evaluation.config import Words
from vla_humanoid.evaluation.viewing import View
from vla_humanoid.tasks import load_task
from vla_humanoid.tasks.core.forms.correction import CorrectionGoal

FOREIGN = "Play the second movement of the sonata a little faster."
"""A sentence that no task of ours means anything by."""
_REPLACED: dict[Words, str] = {"blank": "", "foreign": FOREIGN}


class Replaced:
    """The same sentence in every episode.

    Args:
        words: the sentence.
    """

    def __init__(self, words: str) -> None:
        self._words = words

    def begin(self, episode: Episode) -> None:
        """Do nothing."""

    def change(self, observation: Observation) -> Observation:
        """Return the observation with the sentence."""
        return {**observation, "instruction": self._words}


class Reworded:
    """Another wording of what the episode asks for.

    Args:
        number: which of its paraphrases, from 1 on; beyond the last they begin again.
    """

    def __init__(self, number: int) -> None:
        self._number = number

    def begin(self, episode: Episode) -> None:
        """Find the wording; an instruction that is corrected keeps what it opens with."""
        told = episode.instruction
        others = [one for one in told.paraphrases if one.startswith(told.opening)]
        self._words = {told.text: others[(self._number - 1) % len(others)]} if others else {}

    def change(self, observation: Observation) -> Observation:
        """Return the observation with the other wording."""
        said = str(observation["instruction"])
        return {**observation, "instruction": self._words.get(said, said)}


class Switched:
    """A correction told as a new instruction: once it comes, only the new goal is spoken of.

    Args:
        task: its name.
    """

    def __init__(self, task: str) -> None:
        self._plain = load_task(task)

    def begin(self, episode: Episode) -> None:
        """Put the goal in the end into a plain sentence."""
        goal = episode.goal
        if not isinstance(goal, CorrectionGoal):
            raise ConfigurationError(f"{self._plain.name} was not made to be corrected.")
        rng = np.random.default_rng([episode.seed, 2])
        self._text = episode.instruction.text
        self._words = self._plain.instruct(goal.goal, episode.scene, rng).text

    def change(self, observation: Observation) -> Observation:
        """Return the observation with the plain sentence, once the correction has come."""
        if observation["instruction"] != self._text:
            return observation
        return {**observation, "instruction": self._words}


def spoken(words: Words, task: str) -> tuple[View, ...]:
    """Return how what the environment says is changed, whatever the condition."""
    if words == "switch":
        return (Switched(task),)
    replaced = _REPLACED.get(words)
    return () if replaced is None else (Replaced(replaced),)


def other_goal(env: HumanoidEnv, seed: int) -> int | None:
    """Return the index of another goal of the scene of a seed; None if the scene has no other.

    The environment is left in the episode of the seed.
    """
    env.reset(seed=seed)
    others = env.task.counterfactuals(env.episode)
    return others[seed % len(others)].goal_index if others else None
