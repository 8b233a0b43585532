"""An episode: everything that its seed determines before the first step."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import TypeAlias

from vla_humanoid.assets.scene import Scene
from vla_humanoid.envs.dynamics import Dynamics, sample_dynamics
from vla_humanoid.tasks.core.randomization import Axes, EpisodeRandom
from vla_humanoid.tasks.core.task import Instruction, Task


@dataclass(frozen=True)
class Episode:
    """What was sampled for an episode.

    Args:
        seed: determines all the rest, together with the task, the axes and the chosen goal.
        scene: everything around the robot.
        goal: what the task wants done.
        instruction: the goal in words.
        dynamics: how the robot differs from its figures.
        axes: the axes of randomization that are on.
        start: where the robot stands at first, x and y [m], and its yaw [rad], world frame.
    """

    seed: int
    scene: Scene
    goal: object
    instruction: Instruction
    dynamics: Dynamics
    axes: tuple[str, ...]
    start: tuple[float, float, float] = (0.0, 0.0, 0.0)

    @property
    def randomization(self) -> Mapping[str, object]:
        """The values drawn, as JSON: which axes are on, the whole scene and the dynamics."""
        return {
            "axes": list(self.axes),
            "scene": asdict(self.scene),
            "dynamics": asdict(self.dynamics),
        }


Alteration: TypeAlias = Callable[[Episode, Task[object]], Episode]
"""Makes another episode of one that was sampled for a task."""


def sample_episode(
    task: Task[object], seed: int, axes: tuple[str, ...], goal_index: int | None
) -> Episode:
    """Sample the scene, then, independently of it, the goal and the sentence.

    Args:
        task: what kind of episode.
        seed: of the episode, >= 0.
        axes: the axes of randomization that are on.
        goal_index: which of the scene's goals; None for a random one.

    Raises:
        ValueError: if there is no goal of that index.
    """
    enabled: Axes = frozenset(axes)
    random = EpisodeRandom(seed, enabled)
    scene = task.sample_scene(random)
    goals = task.goals(scene)
    if goal_index is None:
        candidates = task.candidates(goals, random)
        goal_index = candidates[int(random.stream("goal").integers(len(candidates)))]
    elif not 0 <= goal_index < len(goals):
        raise ValueError(f"goal_index must lie in [0, {len(goals)}), not {goal_index}.")
    goal = goals[goal_index]
    return Episode(
        seed=seed,
        scene=scene,
        goal=goal,
        instruction=task.instruct(goal, scene, random.stream("instruction")),
        dynamics=sample_dynamics(random, task.pushes, carries_payload=task.carries_payload),
        axes=axes,
    )
