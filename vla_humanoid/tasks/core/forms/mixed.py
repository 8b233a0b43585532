"""A task that is told in several forms of language, one an episode."""

from collections.abc import Mapping, Sequence

import numpy as np

from vla_humanoid.assets.scene import Scene
from vla_humanoid.tasks.core.forms.form_task import FormTask
from vla_humanoid.tasks.core.plan import Skill
from vla_humanoid.tasks.core.randomization import EpisodeRandom
from vla_humanoid.tasks.core.spoken_task import Roles, SpokenTask
from vla_humanoid.tasks.core.task import Instruction, Judge, Task


class MixedTask(Task[object]):
    """Each episode has a form of its own, all forms being equally likely.

    Args:
        base: the task.
        told: by form, the tasks that it is told as.
    """

    def __init__(self, base: SpokenTask[Roles], told: Mapping[str, Task[object]]) -> None:
        self.told = told
        self.name = base.name
        self.time_limit = max(task.time_limit for task in told.values())
        self.pushes = base.pushes
        self.walks = base.walks
        self.carries_payload = base.carries_payload

    def sample_scene(self, random: EpisodeRandom) -> Scene:
        """Sample a scene that suits the form of the episode."""
        return self.told[self._form(random)].sample_scene(random)

    def goals(self, scene: Scene) -> tuple[object, ...]:
        """Return the goals of all forms."""
        return tuple(goal for task in self.told.values() for goal in task.goals(scene))

    def candidates(self, goals: Sequence[object], random: EpisodeRandom) -> Sequence[int]:
        """Return the goals of the form of the episode."""
        chosen = self.told[self._form(random)]
        return [index for index, goal in enumerate(goals) if self._task(goal) is chosen]

    def parts(self, goal: object, scene: Scene) -> tuple[Mapping[str, str], ...]:
        """Return what a goal asks for, in order."""
        return self._task(goal).parts(goal, scene)

    def form_of(self, goal: object) -> str:
        """Return the form of language that a goal is told in."""
        return self._task(goal).form_of(goal)

    def hand(self, goal: object) -> str | None:
        """Return the side whose hand must be used, or None."""
        return self._task(goal).hand(goal)

    def differs(self, goal: object, other: object, scene: Scene) -> bool:
        """Tell whether a goal asks for something else than another one."""
        return self._task(goal).differs(goal, other, scene)

    def instruct(self, goal: object, scene: Scene, rng: np.random.Generator) -> Instruction:
        """Put a goal into words of its form."""
        return self._task(goal).instruct(goal, scene, rng)

    def opening_of(self, sentence: str) -> str:
        """Return what is said at first, if a sentence is then corrected; else nothing."""
        return max((task.opening_of(sentence) for task in self.told.values()), key=len)

    def understand(self, sentence: str, scene: Scene) -> object:
        """Return the goal that a sentence of any of the forms asks for.

        Raises:
            ValueError: if it is in none of them, or in several.
        """
        found: list[object] = []
        complaints: list[str] = []
        for task in self.told.values():
            try:
                found.append(task.understand(sentence, scene))
            except ValueError as error:
                complaints.append(str(error))
        if not found:
            raise ValueError(complaints[0])
        if len(found) > 1:
            raise ValueError(f"{sentence!r} has {len(found)} meanings; say it more precisely.")
        return found[0]

    def subgoals(self, goal: object, scene: Scene) -> tuple[str, ...]:
        """Name the steps towards a goal."""
        return self._task(goal).subgoals(goal, scene)

    def plan(self, goal: object, scene: Scene) -> tuple[Skill, ...]:
        """Return the skills by which an expert reaches a goal."""
        return self._task(goal).plan(goal, scene)

    def opening_plan(self, goal: object, scene: Scene) -> tuple[Skill, ...]:
        """Return the skills by which an expert does what it is told before it is corrected."""
        return self._task(goal).opening_plan(goal, scene)

    def judge(self, goal: object, scene: Scene) -> Judge:
        """Return a judge for one episode."""
        return self._task(goal).judge(goal, scene)

    def _form(self, random: EpisodeRandom) -> str:
        forms = tuple(self.told)
        stream = EpisodeRandom(random.seed, random.axes).stream("form")  # At the first attempt.
        return forms[int(stream.integers(len(forms)))]

    def _task(self, goal: object) -> Task[object]:
        """Return the task that a goal belongs to: the base has all that are of no form."""
        plain = next((one for one in self.told.values() if not isinstance(one, FormTask)), None)
        for task in self.told.values():
            if isinstance(task, FormTask) and isinstance(goal, task.goal_type):
                return task
        if plain is None:
            raise ValueError(f"{goal!r} is none of the goals that {self.name} is told here.")
        return plain
