"""Sentences of a task with other noun phrases in the place of one role's own."""

import re
from collections.abc import Callable, Hashable, Mapping
from typing import TypeAlias, TypeVar

from vla_humanoid.assets.scene import Scene
from vla_humanoid.tasks.language.grammar import Grammar, slot_names
from vla_humanoid.tasks.language.scene_grammar import SceneGrammar, grammar_of

DescriptionT = TypeVar("DescriptionT", bound=Hashable)
NounPhrases: TypeAlias = Mapping[DescriptionT, tuple[str, tuple[str, ...]]]
"""For every description: a thing that it may stand for, and the noun phrases that say it."""


def described(
    sentences: SceneGrammar,
    scene: Scene,
    role: str,
    descriptions: NounPhrases[DescriptionT],
    may_use: Callable[[str], bool] = lambda template: True,
) -> Grammar[str | DescriptionT]:
    """Return the sentences of a scene in which a role is filled by descriptions.

    Args:
        sentences: of the task.
        scene: of the episode.
        role: whose noun phrases are replaced, whatever preposition comes before them.
        descriptions: what there is to fill the role.
        may_use: tells which templates will do.
    """
    plain = sentences.roles[role](scene)
    words: dict[str, tuple[tuple[str | DescriptionT, tuple[str, ...]], ...]] = {}
    for name, phrases in sentences.roles.items():
        said = phrases(scene)
        if name.partition(".")[0] == role:
            words[name] = tuple(
                (description, _reworded(said[thing], plain[thing], new))
                for description, (thing, new) in descriptions.items()
            )
        else:
            words[name] = tuple(said.items())
    templates = tuple(template for template in sentences.templates if may_use(template))
    return grammar_of(templates, words)


def takes_indefinite(template: str, role: str) -> bool:
    """Tell whether a role may be filled by "something that is not red" in a template."""
    names = slot_names(template)
    others = [name for name in names if name.startswith(f"{role}_")]
    return role in names and not others and not template.startswith("{")


def takes_plural(template: str, role: str) -> bool:
    """Tell whether a role may be filled by "two of the cubes" in a template."""
    return takes_indefinite(template, role) and not re.search(r"\b(it|its|one|is)\b", template)


def _reworded(
    own: tuple[str, ...], plain: tuple[str, ...], new: tuple[str, ...]
) -> tuple[str, ...]:
    """Return phrases with other noun phrases at their ends; pronouns stay as they are."""
    prefixes: list[str] = []
    pronouns: list[str] = []
    for phrase in own:
        ends = [noun_phrase for noun_phrase in plain if phrase.endswith(noun_phrase)]
        if ends:
            prefixes.append(phrase.removesuffix(max(ends, key=len)))
        else:
            pronouns.append(phrase)
    reworded = [prefix + noun_phrase for prefix in dict.fromkeys(prefixes) for noun_phrase in new]
    return (*reworded, *pronouns)
