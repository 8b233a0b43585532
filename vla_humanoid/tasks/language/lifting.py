"""Sentences for "lift the red box with both hands"."""

from vla_humanoid.tasks.language.scene_grammar import SceneGrammar
from vla_humanoid.tasks.language.things import object_phrases

TEMPLATES = (
    "lift {object} with both hands",
    "lift {object}",
    "lift {object} off the table",
    "lift up {object}",
    "lift {object} up and hold it",
    "raise {object} with both hands",
    "raise {object} from the table",
    "pick up {object} with both hands",
    "pick {object} up and hold it level",
    "take {object} between your hands and lift it",
    "take hold of {object} with both hands and lift it",
    "grab {object} with both hands and raise it",
    "hold {object} up",
    "hold {object} above the table",
    "now lift {object}",
    "next, lift {object} with both hands",
    "please lift {object}",
    "please pick up {object} with both hands",
    "lift {object}, please",
    "could you lift {object}?",
    "could you please raise {object} with both hands?",
    "can you pick up {object}?",
    "would you lift {object} off the table?",
    "would you mind lifting {object}?",
    "I want you to lift {object}",
    "I would like {object} to be lifted off the table",
    "your task is to lift {object} with both hands",
    "make sure that {object} is held above the table",
    "{object} should be held up with both hands",
    "find {object} and lift it",
)

LIFTING = SceneGrammar(TEMPLATES, {"object": object_phrases})
"""What is to be lifted."""
