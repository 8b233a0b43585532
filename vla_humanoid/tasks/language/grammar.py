"""A small typed grammar: templates with slots, generated from and parsed back into a meaning.

A meaning is a mapping from roles, such as "object", to values. A slot says how a value of its role
may be put; several slots may share a role, as in "find the bowl and put the can in it".
"""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product
from string import Formatter
from typing import Generic, TypeVar

import numpy as np

ValueT = TypeVar("ValueT", bound=Hashable)


@dataclass(frozen=True)
class Slot(Generic[ValueT]):
    """How the values of one role may be put into words.

    Args:
        role: the part of the meaning that fills this slot.
        phrases: for every value, the phrases that fit here; a phrase may serve several values.
    """

    role: str
    phrases: Mapping[ValueT, tuple[str, ...]]

    @cached_property
    def values(self) -> dict[str, frozenset[ValueT]]:
        """The inverse of ``phrases``: for every phrase, the values it may stand for."""
        inverse: dict[str, set[ValueT]] = {}
        for value, phrases in self.phrases.items():
            for phrase in phrases:
                inverse.setdefault(phrase, set()).add(value)
        return {phrase: frozenset(values) for phrase, values in inverse.items()}


@dataclass(frozen=True)
class Grammar(Generic[ValueT]):
    """Sentences for meanings.

    Args:
        templates: sentences with slots in braces, such as ``put {object} {on}``; each must mention
            every role.
        slots: by the name used in the templates.

    Raises:
        ValueError: if a template uses an unknown slot, or one slot twice, or leaves out a role.
    """

    templates: tuple[str, ...]
    slots: Mapping[str, Slot[ValueT]]

    def __post_init__(self) -> None:
        roles = {slot.role for slot in self.slots.values()}
        for template in self.templates:
            names = slot_names(template)
            if unknown := set(names) - set(self.slots):
                raise ValueError(
                    f"Template {template!r} uses unknown slots {sorted(unknown)}; "
                    f"the grammar has {sorted(self.slots)}."
                )
            if len(set(names)) < len(names):
                raise ValueError(f"Template {template!r} uses a slot twice.")
            if missing := roles - {self.slots[name].role for name in names}:
                raise ValueError(f"Template {template!r} does not mention {sorted(missing)}.")

    def sentences(self, meaning: Mapping[str, ValueT]) -> Iterator[str]:
        """Yield every sentence for a meaning, template by template."""
        for template in self.templates:
            names = slot_names(template)
            options = (self._phrases(name, meaning) for name in names)
            for phrases in product(*options):
                yield template.format_map(dict(zip(names, phrases, strict=True)))

    def sample(
        self, meaning: Mapping[str, ValueT], rng: np.random.Generator, count: int
    ) -> dict[str, str]:
        """Return up to ``count`` sentences for a meaning, each with the template it is made from.

        No two are from one template.
        """
        order = [self.templates[int(i)] for i in rng.permutation(len(self.templates))[:count]]
        return {self._fill(template, meaning, rng): template for template in order}

    def parse(self, sentence: str) -> dict[str, ValueT]:
        """Return the meaning of a sentence; case, spacing and a final full stop do not matter.

        Raises:
            ValueError: if the sentence is not one of the grammar's, or has several meanings.
        """
        distinct = list(self.meanings(sentence))
        if len(distinct) == 0:
            raise ValueError(
                f"{sentence!r} is not a sentence of this grammar; "
                f"write one such as {next(self._examples())!r}."
            )
        if len(distinct) > 1:
            raise ValueError(f"{sentence!r} has {len(distinct)} meanings; say it more precisely.")
        return distinct[0]

    def meanings(self, sentence: str) -> tuple[dict[str, ValueT], ...]:
        """Return every meaning that a sentence may have; none if it is not one of the grammar's."""
        text = normalized(sentence)
        found = [meaning for template in self.templates for meaning in self._match(template, text)]
        return tuple({frozenset(meaning.items()): meaning for meaning in found}.values())

    def _phrases(self, name: str, meaning: Mapping[str, ValueT]) -> tuple[str, ...]:
        slot = self.slots[name]
        value = meaning[slot.role]
        if value not in slot.phrases:
            raise ValueError(f"No words are known for {value} as {slot.role}.")
        return slot.phrases[value]

    def _fill(self, template: str, meaning: Mapping[str, ValueT], rng: np.random.Generator) -> str:
        options = {name: self._phrases(name, meaning) for name in slot_names(template)}
        chosen = {name: words[int(rng.integers(len(words)))] for name, words in options.items()}
        return template.format_map(chosen)

    def _match(self, template: str, text: str) -> Iterator[dict[str, ValueT]]:
        for parts in splits(template, text):
            candidates: dict[str, frozenset[ValueT]] = {}
            for name, phrase in parts.items():
                slot = self.slots[name]
                values = slot.values.get(phrase, frozenset())
                candidates[slot.role] = candidates.get(slot.role, values) & values
            for values in product(*candidates.values()):
                yield dict(zip(candidates, values, strict=True))

    def _examples(self) -> Iterator[str]:
        meaning = {slot.role: next(iter(slot.phrases)) for slot in self.slots.values()}
        return self.sentences(meaning)


def splits(template: str, text: str) -> Iterator[dict[str, str]]:
    """Yield every way in which the slots of a template may have been filled to make a text.

    Args:
        template: with slots in braces; its literal parts are compared in lower case.
        text: as `normalized`.
    """
    yield from _splits(list(_pieces(template)), text)


@lru_cache(maxsize=4096)
def _pieces(template: str) -> tuple[tuple[str, str | None], ...]:
    parsed = Formatter().parse(template)
    return tuple((literal.lower(), name) for literal, name, _, _ in parsed)


def _splits(pieces: list[tuple[str, str | None]], text: str) -> Iterator[dict[str, str]]:
    if not pieces:
        if not text:
            yield {}
        return
    (literal, name), *rest = pieces
    if not text.startswith(literal):
        return
    text = text[len(literal) :]
    if name is None:
        yield from _splits(rest, text)
    elif not rest:
        if text:
            yield {name: text}
    else:
        following = rest[0][0]
        start = text.find(following, 1)
        while start > 0:
            for others in _splits(rest, text[start:]):
                yield {name: text[:start], **others}
            start = text.find(following, start + 1)


def slot_names(template: str) -> list[str]:
    """Return the names in braces in a template, in order."""
    return [name for _, name, _, _ in Formatter().parse(template) if name]


def normalized(sentence: str) -> str:
    """Return a sentence as it is compared: lower case, single spaces, no full stop."""
    return " ".join(sentence.lower().split()).removesuffix(".")
