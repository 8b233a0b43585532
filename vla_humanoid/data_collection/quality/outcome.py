"""Checks that recorded successes are successes: the task judges the recorded worlds again."""

from collections.abc import Iterator

from vla_humanoid.data_collection.quality.check import EpisodeCheck, Examined
from vla_humanoid.data_collection.quality.finding import Finding
from vla_humanoid.tasks.core.task import Verdict


class OutcomeCheck(EpisodeCheck):
    """What the task's judge says of the recorded states must be what is on record."""

    name = "success"

    def examine(self, episode: Examined) -> Iterator[Finding]:
        """Look at an episode."""
        demo = episode.demo
        step, verdict = _judged(episode)
        if demo.success != verdict.success:
            recorded = "a success" if demo.success else f"a failure ({demo.text('failure')})"
            found = "reach" if verdict.success else "do not reach"
            why = f" ({verdict.failure})" if verdict.failure else ""
            yield Finding(f"it is on record as {recorded}, but its states {found} the goal{why}")
        elif verdict.success and step < demo.steps:
            yield Finding(f"its goal was reached at step {step} of {demo.steps}", "warning")


def _judged(episode: Examined) -> tuple[int, Verdict]:
    """Return the first verdict that ends the episode, or the last one, and its step."""
    rebuilt = episode.rebuilt
    judge = rebuilt.task.judge(rebuilt.episode.goal, rebuilt.scene)
    step, verdict = 0, judge.update(episode.worlds[0])
    for step, world in enumerate(episode.worlds[1:], start=1):
        if verdict.success or verdict.failure is not None:
            return step - 1, verdict
        verdict = judge.update(world)
    return step, verdict
