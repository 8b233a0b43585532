"""A task whose goals are roles, and whose sentences come from one grammar."""

from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from vla_humanoid.assets.scene import Scene
from vla_humanoid.tasks.core.task import Instruction, Task
from vla_humanoid.tasks.language.scene_grammar import SceneGrammar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance as Roles
else:
    Roles = object

RolesT = TypeVar("RolesT", bound=Roles)


class SpokenTask(Task[RolesT]):
    """A task that is told what fills each role of its goal.

    Goals are dataclasses of texts, mostly names of things in the scene; their fields are the roles
    of the grammar. Such tasks can be told more than their own sentences: see `core.forms`.
    """

    goal_type: type[RolesT]
    """Of its goals."""
    sentences: SceneGrammar
    """What it can be told; its roles are the fields of `goal_type`."""
    repeatable: bool = False
    """Whether another goal can be pursued in the same episode after one has been reached."""
    lasting: bool = False
    """Whether what was reached stays so while the robot goes on to another goal."""
    handled: str = ""
    """The role whose object one hand moves; empty where it does not matter which hand."""

    def meaning(self, goal: RolesT) -> Mapping[str, str]:
        """Return what fills each role of a goal."""
        return {field.name: str(getattr(goal, field.name)) for field in fields(goal)}

    def parts(self, goal: RolesT, scene: Scene) -> tuple[Mapping[str, str], ...]:
        """Return what a goal asks for: what fills each role."""
        return (self.meaning(goal),)

    def goal_of(self, meaning: Mapping[str, str], scene: Scene) -> RolesT:
        """Return the goal whose roles are filled so.

        Raises:
            ValueError: if it is none of the scene's goals.
        """
        goal = self.goal_type(**meaning)
        if goal not in self.goals(scene):
            roles = ", ".join(f"{role} {value}" for role, value in meaning.items())
            raise ValueError(f"{self.name} is not possible with {roles} in this scene.")
        return goal

    def follows(self, goal: RolesT, earlier: RolesT, scene: Scene) -> bool:
        """Tell whether a goal can be pursued after an earlier one has been reached."""
        return goal != earlier

    def hands(self, goal: RolesT, scene: Scene) -> tuple[str, ...]:
        """Return the sides whose hand can move what is `handled`."""
        return ()

    def instruct(self, goal: RolesT, scene: Scene, rng: np.random.Generator) -> Instruction:
        """Put a goal into words: one sentence of the grammar, and up to eight others."""
        return self.sentences.instruct(self.meaning(goal), scene, rng)

    def understand(self, sentence: str, scene: Scene) -> RolesT:
        """Return the goal that a sentence asks for.

        Raises:
            ValueError: if it is none of the task's sentences, or asks for what is not possible in
                this scene.
        """
        return self.goal_of(self.sentences.parse(sentence, scene), scene)
