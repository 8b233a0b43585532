"""Sentences for "press the red button"."""

from vla_humanoid.tasks.language.scene_grammar import SceneGrammar
from vla_humanoid.tasks.language.things import fixture_phrases

PRESSING = SceneGrammar(
    (
        "press {button}",
        "push {button}",
        "hit {button}",
        "press down on {button}",
        "push {button} in",
        "now press {button}",
        "next, push {button}",
        "please press {button}",
        "press {button}, please",
        "could you press {button}?",
        "could you please push {button}?",
        "can you press {button} for me?",
        "would you mind pressing {button}?",
        "I want you to press {button}",
        "I would like you to push {button}",
        "your task is to press {button}",
        "{button} is the one to press",
        "{button} needs to be pressed",
        "make sure that you press {button} and no other",
        "find {button} and press it",
    ),
    {"button": fixture_phrases},
)
"""What they are about is the name of a button."""
