"""A task of which only one split is seen."""

from collections.abc import Mapping, Sequence

import numpy as np

from vla_humanoid.assets.scene import Scene
from vla_humanoid.tasks.core.forms.latest import Latest
from vla_humanoid.tasks.core.plan import Skill
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom
from vla_humanoid.tasks.core.resampling import sample_until
from vla_humanoid.tasks.core.splits import SPLITS
from vla_humanoid.tasks.core.splits.rules import (
    admits_goal,
    admits_sentence,
    scene_objection,
    shown_by,
    stands_apart,
)
from vla_humanoid.tasks.core.task import Instruction, Judge, Task

PROBES = 60
"""Scenes that are looked at to see which splits a task has a use for."""
WORDINGS = 9
TRIES = 100
"""Times an instruction is drawn before a split is found to have no words for a goal."""


class SplitTask(Task[object]):
    """A task with the scenes, goals and sentences of one split.

    In training nothing is there that is held out; in another split, what the goal asks for or the
    sentence that asks for it shows what that split is about, and nothing else that is held out.

    Args:
        whole: the task with everything.
        split: one of `SPLITS`, but not "all".

    Raises:
        ValueError: if the task has no use for the split; the message lists those it has.
    """

    def __init__(self, whole: Task[object], split: str) -> None:
        self.whole = whole
        self.split = split
        self.name = whole.name
        self.time_limit = whole.time_limit
        self.pushes = whole.pushes
        self.walks = whole.walks
        self.carries_payload = whole.carries_payload
        self._goals = Latest(self._admitted)
        useful = useful_splits(whole)
        if split not in useful:
            raise ValueError(
                f"{self.name}, told so, shows nothing of {split!r}; it has the splits "
                f"{', '.join(useful)}."
            )
        self._ignored = frozenset(SPLITS) - frozenset(useful)

    def sample_scene(self, random: EpisodeRandom) -> Scene:
        """Sample a scene until it belongs to the split and has a goal that does.

        Raises:
            PlacementError: if none was found; the message names the constraint.
        """

        def objection(scene: Scene) -> str | None:
            complaint = scene_objection(self.split, scene, self._ignored)
            if complaint is None and not self.candidates(self.goals(scene), random):
                return f"it had no goal that belongs to the split {self.split!r}"
            return complaint

        return sample_until(self.whole.sample_scene, random, objection)

    def goals(self, scene: Scene) -> tuple[object, ...]:
        """Return the goals that belong to the split."""
        return self._goals(scene)

    def candidates(self, goals: Sequence[object], random: EpisodeRandom) -> Sequence[int]:
        """Return which goals an episode may be about."""
        return self.whole.candidates(goals, random)

    def parts(self, goal: object, scene: Scene) -> tuple[Mapping[str, str], ...]:
        """Return what a goal asks for, in order."""
        return self.whole.parts(goal, scene)

    def form_of(self, goal: object) -> str:
        """Return the form of language that a goal is told in."""
        return self.whole.form_of(goal)

    def hand(self, goal: object) -> str | None:
        """Return the side whose hand must be used, or None."""
        return self.whole.hand(goal)

    def differs(self, goal: object, other: object, scene: Scene) -> bool:
        """Tell whether a goal asks for something else than another one."""
        return self.whole.differs(goal, other, scene)

    def instruct(self, goal: object, scene: Scene, rng: np.random.Generator) -> Instruction:
        """Put a goal into words of the split.

        Raises:
            ValueError: if it has none for this goal.
        """
        made: dict[str, tuple[str, ...]] = {}
        for _ in range(TRIES):
            drawn = self.whole.instruct(goal, scene, rng)
            for text, templates in zip(
                (drawn.text, *drawn.paraphrases), drawn.templates, strict=True
            ):
                if admits_sentence(self.split, templates) and len(made) < WORDINGS:
                    made.setdefault(text, templates)
            if made:
                text, *paraphrases = made
                opening = self.whole.opening_of(text)
                return Instruction(text, tuple(paraphrases), tuple(made.values()), opening)
        raise ValueError(f"The split {self.split!r} has no words for {goal!r}.")

    def understand(self, sentence: str, scene: Scene) -> object:
        """Return the goal that a sentence asks for, whatever its split."""
        return self.whole.understand(sentence, scene)

    def subgoals(self, goal: object, scene: Scene) -> tuple[str, ...]:
        """Name the steps towards a goal."""
        return self.whole.subgoals(goal, scene)

    def plan(self, goal: object, scene: Scene) -> tuple[Skill, ...]:
        """Return the skills by which an expert reaches a goal."""
        return self.whole.plan(goal, scene)

    def opening_plan(self, goal: object, scene: Scene) -> tuple[Skill, ...]:
        """Return the skills by which an expert does what it is told before it is corrected."""
        return self.whole.opening_plan(goal, scene)

    def judge(self, goal: object, scene: Scene) -> Judge:
        """Return a judge for one episode."""
        return self.whole.judge(goal, scene)

    def _admitted(self, scene: Scene) -> tuple[object, ...]:
        return tuple(
            goal
            for goal in self.whole.goals(scene)
            if admits_goal(self.split, shown(self.whole, goal, scene) - self._ignored)
        )


def shown(task: Task[object], goal: object, scene: Scene) -> frozenset[str]:
    """Return the splits whose held-out part a goal of a task shows, templates aside."""
    return shown_by(task.name, task.form_of(goal), task.parts(goal, scene), scene)


def useful_splits(task: Task[object]) -> tuple[str, ...]:
    """Return the splits that some episode of a task belongs to.

    A place is held out only of a task in which things can stand elsewhere.
    """
    found, is_ever_apart = {"all", "train"}, False
    for seed in range(PROBES):
        random = EpisodeRandom(seed, DEFAULT_AXES)
        scene = task.sample_scene(random)
        is_ever_apart |= stands_apart(scene)
        goals = task.goals(scene)
        for goal in goals:
            found |= shown(task, goal, scene)
        goal = goals[task.candidates(goals, random)[0]]
        made = task.instruct(goal, scene, random.stream("instruction")).templates
        if any(admits_sentence("unseen_template", templates) for templates in made):
            found.add("unseen_template")
        if len(found) == len(SPLITS) and is_ever_apart:
            break
    if not is_ever_apart:
        found.discard("unseen_layout")
    return tuple(split for split in SPLITS if split in found)
