"""Sentences about one thing of a scene, which is referred to by whatever singles it out there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from vla_humanoid.assets.scene import Scene
from vla_humanoid.tasks.core.task import Instruction
from vla_humanoid.tasks.language.grammar import Grammar, Slot
from vla_humanoid.tasks.language.sampling import sample_instruction


@dataclass(frozen=True)
class SceneSentences:
    """What can be asked for with one thing of a scene.

    Args:
        role: the slot of the templates, such as "landmark".
        templates: as in `Grammar`.
        phrases: gives, for every name in a scene, the phrases that single it out there.
    """

    role: str
    templates: tuple[str, ...]
    phrases: Callable[[Scene], Mapping[str, tuple[str, ...]]]

    def grammar(self, scene: Scene) -> Grammar[str]:
        """Return the sentences of a scene; a meaning is the role with a name in the scene."""
        return Grammar(self.templates, {self.role: Slot(self.role, self.phrases(scene))})

    def instruct(self, name: str, scene: Scene, rng: np.random.Generator) -> Instruction:
        """Put into words that it is the thing of a name."""
        return sample_instruction(self.grammar(scene), {self.role: name}, rng)

    def parse(self, sentence: str, scene: Scene) -> str:
        """Return the name of the thing that a sentence is about.

        Raises:
            ValueError: if the sentence is not one of the scene's.
        """
        return self.grammar(scene).parse(sentence)[self.role]
