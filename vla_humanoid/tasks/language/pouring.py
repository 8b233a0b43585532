"""Sentences for "pour the marbles into the blue bowl"."""

from vla_humanoid.tasks.language.scene_grammar import SceneGrammar
from vla_humanoid.tasks.language.things import container_phrases, place_phrases

TEMPLATES = (
    "pour the marbles {container_to}",
    "pour the marbles out {container_to}",
    "pour the marbles from the jug {container_to}",
    "pour what is in the jug {container_to}",
    "pour out the jug {container_to}",
    "empty the jug {container_to}",
    "tip the marbles {container_to}",
    "tip the jug out {container_to}",
    "get the marbles {container_to}",
    "take the jug and pour the marbles {container_to}",
    "take the jug and empty it {container_to}",
    "pick up the jug and pour it out {container_to}",
    "pick up the jug, then tip the marbles {container_to}",
    "lift the jug and pour the marbles {container_to}",
    "now pour the marbles {container_to}",
    "next, empty the jug {container_to}",
    "please pour the marbles {container_to}",
    "please empty the jug {container_to}",
    "pour the marbles {container_to}, please",
    "could you pour the marbles {container_to}?",
    "could you please empty the jug {container_to}?",
    "can you tip the marbles {container_to}?",
    "would you pour the jug out {container_to}?",
    "would you mind pouring the marbles {container_to}?",
    "I want the marbles {container_at}",
    "I would like the marbles to be {container_at}",
    "I want you to empty the jug {container_to}",
    "your task is to pour the marbles {container_to}",
    "the marbles belong {container_at}",
    "{container} is where the marbles belong",
    "make sure that the marbles end up {container_at}",
    "find {container} and pour the marbles into it",
)

POURING = SceneGrammar(
    TEMPLATES,
    {
        "container": container_phrases,
        "container.at": place_phrases(""),
        "container.to": place_phrases("to"),
    },
)
"""Its role is the name of a container."""
