"""Sentences for "pick up the red can from the low table"."""

from vla_humanoid.tasks.language.scene_grammar import SceneGrammar
from vla_humanoid.tasks.language.things import object_phrases

TEMPLATES = (
    "pick up {object}",
    "pick {object} up",
    "pick up {object} and stand up with it",
    "pick up {object} and hold it",
    "squat down and pick up {object}",
    "squat down, take {object} and get up again",
    "bend down and pick up {object}",
    "take {object} off the low table",
    "lift {object} off the low table",
    "get {object} from down there",
    "reach down and grab {object}",
    "now pick up {object}",
    "next, pick up {object} from the low table",
    "please pick up {object}",
    "please bend down and get {object}",
    "pick up {object}, please",
    "could you pick up {object}?",
    "could you please get {object} from the low table?",
    "can you reach down and take {object}?",
    "would you pick up {object} for me?",
    "would you mind picking up {object}?",
    "I want you to pick up {object}",
    "I would like you to take {object} off the low table",
    "I need {object} from down there",
    "your task is to pick up {object}",
    "stand up with {object} in your hand",
    "make sure that you get up with {object} in your hand",
    "find {object} down there and pick it up",
)

PICKING_UP = SceneGrammar(TEMPLATES, {"object": object_phrases})
"""Which object is to be picked up."""
