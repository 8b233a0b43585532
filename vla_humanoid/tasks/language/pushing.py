"""Sentences for "push the red cube onto the blue spot"."""

from vla_humanoid.assets.scene import Scene
from vla_humanoid.tasks.language.scene_grammar import SceneGrammar
from vla_humanoid.tasks.language.things import object_phrases, phrases_for

TEMPLATES = (
    "push {object} onto {mark}",
    "push {object} to {mark}",
    "slide {object} onto {mark}",
    "slide {object} across the table to {mark}",
    "shove {object} onto {mark}",
    "move {object} along the table to {mark}",
    "now push {object} onto {mark}",
    "next, slide {object} to {mark}",
    "please push {object} onto {mark}",
    "push {object} to {mark}, please",
    "could you push {object} onto {mark}?",
    "could you please slide {object} to {mark}?",
    "can you push {object} to {mark}?",
    "would you slide {object} onto {mark}?",
    "would you mind pushing {object} onto {mark}?",
    "I want you to push {object} onto {mark}",
    "I would like {object} to be pushed to {mark}",
    "your task is to push {object} onto {mark}",
    "without lifting it, bring {object} to {mark}",
    "do not lift {object}, push it onto {mark}",
    "{object} belongs on {mark}, push it there",
    "make sure that {object} is pushed onto {mark}",
    "put a hand to {object} and push it onto {mark}",
    "find {mark} and push {object} there",
    "cover {mark} with {object}, but keep it on the table",
)
MARK_NOUNS = ("spot", "mark", "dot", "circle")


def mark_phrases(scene: Scene) -> dict[str, tuple[str, ...]]:
    """Return, by name, the phrases that single out each painted spot."""
    return phrases_for(scene.marks, [MARK_NOUNS] * len(scene.marks))


PUSHING = SceneGrammar(TEMPLATES, {"object": object_phrases, "mark": mark_phrases})
"""Its roles are the names of an object and of a painted spot."""
