"""Sentences for "follow the red line to its end"."""

from vla_humanoid.assets.scene import Scene
from vla_humanoid.tasks.language.scene_grammar import SceneGrammar

LINE_NOUNS = ("line", "path", "track", "stripe")

TEMPLATES = (
    "follow {line}",
    "follow {line} to its end",
    "follow {line} until it ends",
    "walk along {line}",
    "walk along {line} to its end",
    "walk along {line} and stop at its end",
    "go along {line} to the end",
    "go down {line} to the end of it",
    "stay on {line} until it ends",
    "keep to {line} until you reach its end",
    "now follow {line}",
    "next, walk along {line}",
    "please follow {line}",
    "please walk along {line} to its end",
    "follow {line} to the end, please",
    "could you follow {line}?",
    "could you please walk along {line} to its end?",
    "can you follow {line} until it ends?",
    "would you mind following {line}?",
    "I want you to follow {line}",
    "I would like you to walk along {line}",
    "your task is to follow {line}",
    "{line} is the one to follow",
    "{line} shows you the way",
    "let {line} lead you to its end",
    "make sure that you walk along {line}",
    "find {line} and follow it to its end",
    "step onto {line} and follow it",
)


def line_phrases(scene: Scene) -> dict[str, tuple[str, ...]]:
    """Return, by name, the phrases that single out each line of a scene."""
    return {
        path.name: tuple(f"the {path.color} {noun}" for noun in LINE_NOUNS) for path in scene.paths
    }


FOLLOWING = SceneGrammar(TEMPLATES, {"line": line_phrases})
"""Its role is the name of a line."""
