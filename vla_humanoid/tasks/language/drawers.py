"""Sentences for "open the red drawer" and "shut the red drawer"."""

from vla_humanoid.tasks.language.scene_grammar import SceneGrammar
from vla_humanoid.tasks.language.things import fixture_phrases

OPENING = SceneGrammar(
    (
        "open {drawer}",
        "pull {drawer} open",
        "pull out {drawer}",
        "slide {drawer} open",
        "now open {drawer}",
        "next, pull {drawer} open",
        "please open {drawer}",
        "open {drawer}, please",
        "could you open {drawer}?",
        "could you please pull {drawer} open?",
        "can you open {drawer} for me?",
        "would you mind opening {drawer}?",
        "I want {drawer} open",
        "I need something from {drawer}, open it",
        "I would like you to open {drawer}",
        "your task is to open {drawer}",
        "{drawer} should be open",
        "make sure that {drawer} is open",
        "take {drawer} by its handle and pull it open",
        "find {drawer} and open it",
    ),
    {"drawer": fixture_phrases},
)
"""What they are about is the name of a drawer."""

CLOSING = SceneGrammar(
    (
        "close {drawer}",
        "shut {drawer}",
        "push {drawer} shut",
        "push {drawer} in",
        "slide {drawer} shut",
        "now close {drawer}",
        "next, shut {drawer}",
        "please close {drawer}",
        "close {drawer}, please",
        "could you close {drawer}?",
        "could you please push {drawer} shut?",
        "can you shut {drawer} for me?",
        "would you mind closing {drawer}?",
        "I want {drawer} closed",
        "I am done with {drawer}, close it",
        "I would like you to shut {drawer}",
        "your task is to close {drawer}",
        "{drawer} should be shut",
        "make sure that {drawer} is closed",
        "find {drawer} and close it",
    ),
    {"drawer": fixture_phrases},
)
"""What they are about is the name of a drawer."""
