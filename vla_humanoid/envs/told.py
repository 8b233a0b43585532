"""What an episode asks for, where a user's own sentence may ask for it."""

import warnings
from dataclasses import replace

from vla_humanoid.envs.episode import Episode
from vla_humanoid.schema import WorldState
from vla_humanoid.tasks.core.predicates import is_standing
from vla_humanoid.tasks.core.task import FALLEN, Instruction, Judge, Task, Verdict

NO_SUCCESS_RULE = (
    "{sentence!r} is not a sentence that {task} understands in this scene, so no rule says when it "
    "has been carried out: success is never reported, and info['no_success_rule'] is True."
)


class FreeText:
    """The goal of a sentence that no task understands."""


class NoRule(Judge):
    """Knows nothing of the goal: it sees falls alone."""

    def update(self, state: WorldState) -> Verdict:
        """Take the world state after a policy step and return whether the robot has fallen."""
        failure = None if is_standing(state.robot) else FALLEN
        return Verdict(False, failure, False, 0, 0.0)


def retold(episode: Episode, task: Task[object], sentence: str) -> Episode:
    """Return an episode with a user's sentence for its own, and the goal that it asks for."""
    try:
        goal = task.understand(sentence, episode.scene)
    except ValueError:
        goal = FreeText()
    return replace(episode, goal=goal, instruction=Instruction(sentence, ()))


def warn_of_free_text(sentence: str, task: Task[object]) -> None:
    """Say that no rule of success applies."""
    message = NO_SUCCESS_RULE.format(sentence=sentence, task=task.name)
    warnings.warn(message, UserWarning, stacklevel=3)


def judge_of(task: Task[object], episode: Episode) -> Judge:
    """Return a judge for an episode."""
    if isinstance(episode.goal, FreeText):
        return NoRule()
    return task.judge(episode.goal, episode.scene)


def subgoals_of(task: Task[object], episode: Episode) -> tuple[str, ...]:
    """Return the steps of an episode's goal; there are none if there is no rule for it."""
    if isinstance(episode.goal, FreeText):
        return ()
    return task.subgoals(episode.goal, episode.scene)
