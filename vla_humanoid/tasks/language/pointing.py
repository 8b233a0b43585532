"""Sentences for "point at the red can"."""

from vla_humanoid.assets.scene import Scene
from vla_humanoid.tasks.language.landmarks import LANDMARK_NOUNS
from vla_humanoid.tasks.language.scene_grammar import SceneGrammar
from vla_humanoid.tasks.language.things import phrases_for
from vla_humanoid.tasks.language.words import OBJECT_NOUNS

TEMPLATES = (
    "point at {thing}",
    "point to {thing}",
    "point your hand at {thing}",
    "aim your hand at {thing}",
    "show me {thing}",
    "show me where {thing} is",
    "indicate {thing}",
    "now point at {thing}",
    "next, point to {thing}",
    "please point at {thing}",
    "point at {thing}, please",
    "could you point at {thing}?",
    "could you please show me {thing}?",
    "can you point to {thing}?",
    "would you point at {thing}?",
    "would you mind pointing at {thing}?",
    "where is {thing}?",
    "which one is {thing}?",
    "I want you to point at {thing}",
    "I would like to be shown {thing}",
    "your task is to point at {thing}",
    "raise a hand and point at {thing}",
    "stretch out an arm towards {thing}",
    "find {thing} and point at it",
    "do not touch {thing}, just point at it",
)


def thing_phrases(scene: Scene) -> dict[str, tuple[str, ...]]:
    """Return, by name, the phrases that single out each object and each landmark."""
    nouns = [OBJECT_NOUNS[thing.shape] for thing in scene.objects]
    nouns += [LANDMARK_NOUNS[mark.shape] for mark in scene.landmarks]
    return phrases_for((*scene.objects, *scene.landmarks), nouns)


POINTING = SceneGrammar(TEMPLATES, {"thing": thing_phrases})
"""Its role is the name of an object or a landmark."""
