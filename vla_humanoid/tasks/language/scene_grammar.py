"""Sentences about things of a scene, each referred to by whatever singles it out there."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias, cast

import numpy as np

from vla_humanoid.assets.scene import Scene
from vla_humanoid.tasks.core.task import Instruction
from vla_humanoid.tasks.language.grammar import Grammar, Slot, ValueT
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
        words = {name: tuple(said(scene).items()) for name, said in self.roles.items()}
        return grammar_of(self.templates, words)

    def instruct(
        self, meaning: Mapping[str, str], scene: Scene, rng: np.random.Generator
    ) -> Instruction:
        """Put a meaning into words."""
        return sample_instruction(self.grammar(scene), meaning, rng)

    def parse(self, sentence: str, scene: Scene) -> Mapping[str, str]:
        """Return the meaning of a sentence.

        Raises:
            ValueError: if the sentence is not one of the scene's, or has several meanings; the
                message names what the scene has.
        """
        try:
            return self.grammar(scene).parse(sentence)
        except ValueError as error:
            raise ValueError(f"{error}{self._choices(scene)}") from error

    def _choices(self, scene: Scene) -> str:
        """Name what each role may be, in a word or two each."""
        choices = {
            role: [said[0] for said in phrases(scene).values() if said]
            for role, phrases in self.roles.items()
            if "." not in role
        }
        return "".join(f" The {role} may be {', '.join(said)}." for role, said in choices.items())


def grammar_of(
    templates: tuple[str, ...],
    words: Mapping[str, tuple[tuple[ValueT, tuple[str, ...]], ...]],
) -> Grammar[ValueT]:
    """Return the grammar of templates and of phrases by ``role`` or ``role.form``, and value."""
    return cast("Grammar[ValueT]", _grammar(templates, tuple(words.items())))


@lru_cache(maxsize=64)
def _grammar(
    templates: tuple[str, ...],
    words: tuple[tuple[str, tuple[tuple[Hashable, tuple[str, ...]], ...]], ...],
) -> Grammar[Hashable]:
    slots = {
        name.replace(".", "_"): Slot(name.partition(".")[0], dict(phrases))
        for name, phrases in words
    }
    return Grammar(templates, slots)
