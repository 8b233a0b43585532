"""Sentences about things of a scene, each referred to by whatever singles it out there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from vla_humanoid.assets.scene import Scene
from vla_humanoid.tasks.core.task import Instruction
from vla_humanoid.tasks.language.grammar import Grammar, Slot
from vla_humanoid.tasks.language.sampling import sample_instruction

Phrases: TypeAlias = Callable[[Scene], Mapping[str, tuple[str, ...]]]
"""Gives, for every value that a role may have in a scene, the phrases that say it."""


@dataclass(frozen=True)
class SceneGrammar:
    """What a task can be told.

    A meaning maps roles to values, which mostly are names in the scene.

    Args:
        templates: as in `Grammar`; slots are named after their roles.
        roles: the phrases of each role. A slot of another name than its role's, for words that take
            another form, is written ``role.form``, such as ``container.into``; in templates
            ``container_into``.
    """

    templates: tuple[str, ...]
    roles: Mapping[str, Phrases]

    def grammar(self, scene: Scene) -> Grammar[str]:
        """Return the sentences of a scene."""
        slots = {
            name.replace(".", "_"): Slot(name.partition(".")[0], phrases(scene))
            for name, phrases in self.roles.items()
        }
        return Grammar(self.templates, slots)

    def instruct(
        self, meaning: Mapping[str, str], scene: Scene, rng: np.random.Generator
    ) -> Instruction:
        """Put a meaning into words."""
        return sample_instruction(self.grammar(scene), meaning, rng)

    def parse(self, sentence: str, scene: Scene) -> Mapping[str, str]:
        """Return the meaning of a sentence.

        Raises:
            ValueError: if the sentence is not one of the scene's, or has several meanings.
        """
        return self.grammar(scene).parse(sentence)
