"""Sentences for "put the red can on the blue plate", and a parser that inverts them."""

from dataclasses import dataclass

import numpy as np

from vla_humanoid.tasks.core.task import Instruction
from vla_humanoid.tasks.language.grammar import Grammar, Slot
from vla_humanoid.tasks.language.sampling import sample_instruction
from vla_humanoid.tasks.language.words import (
    Reference,
    container_phrases,
    object_phrases,
    place_phrases,
    pronoun_phrases,
)

TEMPLATES = (
    "put {object} {on}",
    "place {object} {on}",
    "set {object} {on}",
    "set {object} down {at}",
    "move {object} {to}",
    "transfer {object} {to}",
    "drop {object} {to}",
    "get {object} {to}",
    "now put {object} {on}",
    "next, move {object} {to}",
    "please put {object} {on}",
    "please move {object} {to}",
    "put {object} {on}, please",
    "could you put {object} {on}?",
    "could you please place {object} {on}?",
    "can you set {object} {on}?",
    "would you move {object} {to}?",
    "would you mind putting {object} {on}?",
    "I want {object} {at}",
    "I need {object} {at}",
    "I would like {object} to be {at}",
    "I want you to put {object} {on}",
    "your task is to put {object} {on}",
    "{object} belongs {at}",
    "{object} goes {at}",
    "{object} should be {at}",
    "{container} is where {object} belongs",
    "make sure that {object} ends up {at}",
    "pick up {object} and put it {on}",
    "pick up {object}, then place it {on}",
    "pick {object} up and drop it {to}",
    "take {object} and set it {on}",
    "take {object}, then put it {on}",
    "grab {object} and move it {to}",
    "grasp {object}, lift it and place it {on}",
    "lift {object} off the table and place it {on}",
    "find {object} and put it {on}",
    "find {container} and put {object} {at_it}",
)

GRAMMAR: Grammar[Reference] = Grammar(
    TEMPLATES,
    {
        "object": Slot("object", object_phrases()),
        "container": Slot("container", container_phrases()),
        "at": Slot("container", place_phrases("")),
        "to": Slot("container", place_phrases("to")),
        "on": Slot("container", place_phrases("", "to")),
        "at_it": Slot("container", pronoun_phrases()),
    },
)


@dataclass(frozen=True)
class Placing:
    """What a sentence asks for: an object in or on a container."""

    object: Reference
    container: Reference


def instruct(placing: Placing, rng: np.random.Generator) -> Instruction:
    """Put a placing into words."""
    meaning = {"object": placing.object, "container": placing.container}
    return sample_instruction(GRAMMAR, meaning, rng)


def parse(sentence: str) -> Placing:
    """Return what a sentence asks for.

    Raises:
        ValueError: if the sentence is not one of the grammar's.
    """
    meaning = GRAMMAR.parse(sentence)
    return Placing(meaning["object"], meaning["container"])
