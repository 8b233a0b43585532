"""How a landmark is referred to: by colour and shape, or by one of them where that is enough.

No noun serves two shapes, so that what a phrase of a scene names is one landmark.
"""

from collections import Counter
from collections.abc import Mapping

from vla_humanoid.assets.scene import LandmarkShape, Scene

LANDMARK_NOUNS: Mapping[LandmarkShape, tuple[str, ...]] = {
    "cone": ("cone", "traffic cone"),
    "pillar": ("pillar", "column", "post"),
    "crate": ("crate", "box"),
    "barrel": ("barrel", "drum"),
    "ball": ("ball", "gym ball"),
}
ANY_LANDMARK = ("thing", "object", "landmark")
"""Nouns that leave it to the colour to say which."""


def landmark_phrases(scene: Scene) -> dict[str, tuple[str, ...]]:
    """Return, by name, the phrases that single out each landmark of a scene."""
    colors = Counter(landmark.color for landmark in scene.landmarks)
    shapes = Counter(landmark.shape for landmark in scene.landmarks)
    phrases: dict[str, tuple[str, ...]] = {}
    for landmark in scene.landmarks:
        nouns = LANDMARK_NOUNS[landmark.shape]
        ways = [f"the {landmark.color} {noun}" for noun in nouns]
        if colors[landmark.color] == 1:
            ways += [f"the {landmark.color} {noun}" for noun in ANY_LANDMARK]
        if shapes[landmark.shape] == 1:
            ways += [f"the {noun}" for noun in nouns]
        phrases[landmark.name] = tuple(ways)
    return phrases
