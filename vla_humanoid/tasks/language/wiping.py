"""Sentences for "wipe the red stain"."""

from vla_humanoid.assets.scene import Scene
from vla_humanoid.tasks.language.scene_grammar import SceneGrammar
from vla_humanoid.tasks.language.things import phrases_for

STAIN_NOUNS = ("stain", "smudge", "spill")

TEMPLATES = (
    "wipe {stain}",
    "wipe {stain} away with the sponge",
    "wipe up {stain}",
    "clean {stain} off the table",
    "take the sponge and wipe {stain}",
    "use the sponge to clean {stain} away",
    "scrub {stain} with the sponge",
    "now wipe {stain} away",
    "next, clean {stain} with the sponge",
    "please wipe {stain}",
    "clean {stain} away, please",
    "could you wipe {stain}?",
    "could you please take the sponge and clean {stain} away?",
    "can you scrub {stain} for me?",
    "would you mind wiping {stain}?",
    "I want {stain} wiped away",
    "I would like you to clean {stain} with the sponge",
    "your task is to wipe {stain}",
    "{stain} should be wiped away",
    "make sure that {stain} is wiped",
    "pick up the sponge and rub {stain} out",
    "find {stain} and wipe all of it with the sponge",
)


def stain_phrases(scene: Scene) -> dict[str, tuple[str, ...]]:
    """Return, by name, the phrases that single out each mark on the table, taken for a stain."""
    return phrases_for(scene.marks, [STAIN_NOUNS for _ in scene.marks])


WIPING = SceneGrammar(TEMPLATES, {"stain": stain_phrases})
"""The role "stain" is the name of a mark on the table."""
