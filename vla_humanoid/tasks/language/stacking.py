"""Sentences for "stack the red cube on the green block"."""

from vla_humanoid.tasks.language.scene_grammar import SceneGrammar
from vla_humanoid.tasks.language.things import object_phrases

TEMPLATES = (
    "stack {object} on {base}",
    "stack {object} on top of {base}",
    "put {object} on {base}",
    "put {object} on top of {base}",
    "place {object} on {base}",
    "set {object} down on {base}",
    "pile {object} on top of {base}",
    "build a tower of {base} with {object} on top",
    "now stack {object} on {base}",
    "next, put {object} on top of {base}",
    "please stack {object} on {base}",
    "put {object} on top of {base}, please",
    "could you stack {object} on {base}?",
    "can you put {object} on top of {base}?",
    "would you place {object} on {base}?",
    "would you mind stacking {object} on {base}?",
    "I want {object} on top of {base}",
    "I would like {object} to stand on {base}",
    "I want you to stack {object} on {base}",
    "your task is to put {object} on {base}",
    "make sure that {object} ends up on {base}",
    "{object} goes on top of {base}",
    "{base} should bear {object}",
    "use {base} as a stand for {object}",
    "pick up {object} and put it on {base}",
    "take {object} and stack it on top of {base}",
    "lift {object} and set it on {base}",
    "find {base} and stack {object} on it",
)

STACKING = SceneGrammar(TEMPLATES, {"object": object_phrases, "base": object_phrases})
"""Its roles are the names of two objects."""
