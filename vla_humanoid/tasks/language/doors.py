"""Sentences for "open the red door"."""

from vla_humanoid.tasks.language.scene_grammar import SceneGrammar
from vla_humanoid.tasks.language.things import fixture_phrases

OPENING = SceneGrammar(
    (
        "open {door}",
        "pull {door} open",
        "swing {door} open",
        "open up {door}",
        "now open {door}",
        "next, pull {door} open",
        "please open {door}",
        "open {door}, please",
        "could you open {door}?",
        "could you please pull {door} open?",
        "can you open {door} for me?",
        "would you mind opening {door}?",
        "I want {door} open",
        "I want to see what is behind {door}",
        "I would like you to open {door}",
        "your task is to open {door}",
        "{door} should be open",
        "make sure that {door} is open",
        "take {door} by its handle and pull it open",
        "find {door} and open it",
    ),
    {"door": fixture_phrases},
)
"""What they are about is the name of a door."""
