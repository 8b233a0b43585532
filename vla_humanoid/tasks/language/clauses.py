"""Sentences around sentences: "first ..., then ..."."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from vla_humanoid.assets.scene import Scene
from vla_humanoid.tasks.language.grammar import Grammar, splits
from vla_humanoid.tasks.language.scene_grammar import SceneGrammar

_NO_IMPERATIVE = re.compile(
    r"^(please|could|can|would|will|i|your|you|now|next|it|there|this|time)\b|please|\?$|!$",
    re.IGNORECASE,
)


def is_imperative(template: str) -> bool:
    """Tell whether a template is a plain imperative, which may be a clause of another sentence."""
    return _NO_IMPERATIVE.search(template) is None and not template.startswith("{")


def clauses(sentences: SceneGrammar, scene: Scene) -> Grammar[str]:
    """Return the sentences of a scene that may be clauses of others."""
    imperatives = tuple(filter(is_imperative, sentences.templates))
    return SceneGrammar(imperatives, sentences.roles).grammar(scene)


@dataclass(frozen=True)
class Frame:
    """A sentence with slots that any text may fill, such as ``first {first}, then {second}``."""

    template: str

    def fill(self, parts: Mapping[str, str]) -> str:
        """Return the sentence with its slots filled."""
        return self.template.format_map(parts)

    def splits(self, text: str) -> Iterator[dict[str, str]]:
        """Yield every way in which the slots may have been filled to make a text.

        Args:
            text: in lower case and without a final full stop.
        """
        return splits(self.template, text)
