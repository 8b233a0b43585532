"""What the planning head is to read from a sentence: the slots of its goal.

Sentences are taken apart by the templates of their task's grammar. Nothing of the scene is needed,
so that imported recordings have slots as well. A sentence in another form has the slots that are
the same in every form, the verb and the hand; the others are unknown.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache

from vla_humanoid.assets.colors import COLORS
from vla_humanoid.data_collection.reading.dataset import Dataset
from vla_humanoid.policies.slots import NOT_SAID, GoalSlots, Slot, slots_of
from vla_humanoid.tasks import load_task, task_names
from vla_humanoid.tasks.core.spoken_task import SpokenTask
from vla_humanoid.tasks.language.grammar import normalized, splits
from vla_humanoid.tasks.language.words import CONTAINER_NOUNS, OBJECT_NOUNS

UNKNOWN = "?"
"""Value of a slot that cannot be told from the sentence; no model has a name for it."""

_NOUNS = {noun: shape for shape, nouns in OBJECT_NOUNS.items() for noun in nouns}
_CONTAINERS = {noun: shape for shape, nouns in CONTAINER_NOUNS.items() for noun in nouns}
_PHRASE = re.compile(
    rf"(?:(?P<relation>into|onto|in|on|to) )?the (?:(?P<color>{'|'.join(COLORS)}) )?(?P<noun>.+)"
)
_HAND = re.compile(r"\b(left|right) (?:hand|one)\b")


@lru_cache(maxsize=100_000)
def goal_slots(task: str, sentence: str) -> GoalSlots:
    """Return what a sentence says.

    Args:
        task: its name.
        sentence: that the robot is told.
    """
    text = normalized(sentence)
    found = re.findall(_HAND, text)
    hand = found[-1] if found else NOT_SAID
    for template in _templates(task):
        for parts in splits(template, text):
            slots = _filled(parts)
            if slots is not None:
                return GoalSlots(verb=task, hand=hand, **slots)
    return GoalSlots(task, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, hand)


def known_slots(dataset: Dataset) -> tuple[Slot, ...]:
    """Return the slots with every value that is said in a dataset."""
    goals = {
        goal_slots(episode.words.task, sentence)
        for episode in dataset.episodes()
        for told in range(len(episode.words.said))
        for sentence in episode.words.sentences(told)
    }
    return slots_of(_without_unknown(goal) for goal in goals)


def _without_unknown(goal: GoalSlots) -> GoalSlots:
    said = {name: value for name, value in asdict(goal).items() if value != UNKNOWN}
    return GoalSlots(**said)


@lru_cache
def _templates(task: str) -> tuple[str, ...]:
    if task not in task_names():
        return ()  # Of a recording that was imported.
    loaded = load_task(task)
    return loaded.sentences.templates if isinstance(loaded, SpokenTask) else ()


def _filled(parts: Mapping[str, str]) -> dict[str, str] | None:
    """Return the slots that the parts of a sentence fill; None if one is no phrase."""
    slots = {"object": NOT_SAID, "attribute": NOT_SAID, "relation": NOT_SAID, "container": NOT_SAID}
    for name, phrase in parts.items():
        if name.startswith("container") and phrase in {"in it", "on it"}:
            slots["relation"] = phrase.removesuffix(" it")
            continue
        found = re.fullmatch(_PHRASE, phrase)
        if found is None:
            return None
        relation, color, noun = found["relation"], found["color"], found["noun"]
        if noun in _CONTAINERS:
            slots["container"] = _CONTAINERS[noun]
            slots["relation"] = (relation or slots["relation"]).removesuffix("to")
        elif not slots["object"]:
            slots["object"] = _NOUNS.get(noun, noun)
            slots["attribute"] = color or NOT_SAID
    return slots
