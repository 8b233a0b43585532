"""Films of episodes that are over: they are run again from their seeds, and looked at."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from vla_humanoid.data_collection.environment import Action, DemonstrationWorld
from vla_humanoid.data_collection.pages.film import Frame, film, strip
from vla_humanoid.data_collection.rollout import Moment, Outcome
from vla_humanoid.envs.humanoid_env import HumanoidEnv
from vla_humanoid.evaluation.config import EvaluationConfig
from vla_humanoid.evaluation.episode_result import EpisodeResult
from vla_humanoid.evaluation.episodes import Evaluator
from vla_humanoid.schema import POLICY_RATE

_EVERY = 2
"""Steps from frame to frame: half as many cost half the time, and films look as smooth."""
_STRIP_FRAMES = 7
_STRIP_HEIGHT = 150
"""Of the strip [px]."""


@dataclass(frozen=True)
class Filmed:
    """An episode, and a film of the same episode run again.

    Args:
        episode: as it was counted.
        again: as it was when it was filmed.
        film: to be played, as a data URL.
        strip: frames of it side by side, as a data URL.
    """

    episode: EpisodeResult
    again: EpisodeResult
    film: str
    strip: str

    @property
    def repeated(self) -> bool:
        """Whether it went exactly as before, as it does unless the policy itself does not."""
        return self.episode.outcome == self.again.outcome


class Camera:
    """Looks at an episode from outside."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        """What there was to see so far."""

    def on_reset(self, world: DemonstrationWorld) -> None:
        """Take the first picture."""
        self._env = cast(HumanoidEnv, world)
        self._steps = 0
        self.frames = []
        self._look()

    def on_step(self, moment: Moment, action: Action, reward: float, last: bool) -> None:
        """Take a picture of what every other action led to, and the last one."""
        self._steps += 1
        if last or self._steps % _EVERY == 0:
            self._look()

    def on_end(self, moment: Moment, outcome: Outcome) -> None:
        """Do nothing: the last step has been looked at."""

    def _look(self) -> None:
        frame = self._env.render()
        if frame is not None:
            self.frames.append(frame)


def films(config: EvaluationConfig, episodes: Sequence[EpisodeResult]) -> Iterator[Filmed]:
    """Run episodes again, and yield a film of each.

    Args:
        config: of the evaluation that they are of.
        episodes: which ones.

    Raises:
        ConfigurationError: if the policy is not there any more.
        GraphicsUnavailable: if nothing can be rendered here.
    """
    evaluator = Evaluator(config, filmed=True)
    try:
        for episode in episodes:
            camera = Camera()
            again = evaluator.run(episode.task, episode.seed, (camera,), episode.job.condition)
            yield Filmed(
                episode,
                again,
                film(camera.frames, POLICY_RATE // _EVERY),
                strip(camera.frames, _STRIP_FRAMES, _STRIP_HEIGHT),
            )
    finally:
        evaluator.close()
