"""Sentences for "stand the blue bottle up"."""

from vla_humanoid.tasks.language.scene_grammar import SceneGrammar
from vla_humanoid.tasks.language.things import object_phrases

TEMPLATES = (
    "stand {object} up",
    "set {object} upright",
    "put {object} upright",
    "place {object} upright on the table",
    "turn {object} upright",
    "raise {object} to its feet",
    "pick {object} up and set it upright",
    "right {object}",
    "now stand {object} up",
    "next, set {object} upright",
    "please stand {object} up",
    "set {object} upright, please",
    "could you stand {object} up?",
    "could you please put {object} upright?",
    "can you set {object} upright?",
    "would you stand {object} up again?",
    "would you mind standing {object} up?",
    "I want {object} to stand upright",
    "I would like {object} upright on the table",
    "I want you to stand {object} up",
    "your task is to place {object} upright",
    "{object} has fallen over, stand it up",
    "{object} should not lie there: set it upright",
    "make sure that {object} stands upright",
    "take {object} and stand it on the table",
)

UPRIGHTING = SceneGrammar(TEMPLATES, {"object": object_phrases})
"""Its role is the name of an object."""
