"""Sentences for "turn the red knob to the left"."""

from vla_humanoid.assets.scene import Scene
from vla_humanoid.tasks.language.scene_grammar import SceneGrammar
from vla_humanoid.tasks.language.things import fixture_phrases


def direction_phrases(scene: Scene) -> dict[str, tuple[str, ...]]:
    """Return the phrases for either way to turn something, seen from above."""
    return {
        "left": ("to the left", "counterclockwise", "anticlockwise"),
        "right": ("to the right", "clockwise"),
    }


TURNING = SceneGrammar(
    (
        "turn {knob} {direction}",
        "rotate {knob} {direction}",
        "twist {knob} {direction}",
        "turn {knob} all the way {direction}",
        "turn {knob} {direction} as far as it goes",
        "now turn {knob} {direction}",
        "next, rotate {knob} {direction}",
        "please turn {knob} {direction}",
        "rotate {knob} {direction}, please",
        "could you turn {knob} {direction}?",
        "could you please turn {knob} all the way {direction}?",
        "can you twist {knob} {direction}?",
        "would you mind turning {knob} {direction}?",
        "I want {knob} turned {direction}",
        "I would like you to turn {knob} {direction}",
        "your task is to turn {knob} {direction}",
        "{knob} should be turned {direction}",
        "make sure that {knob} is turned all the way {direction}",
        "take {knob} and turn it {direction}",
        "find {knob} and turn it {direction} until it stops",
    ),
    {"knob": fixture_phrases, "direction": direction_phrases},
)
"""What they are about is the name of a knob, and "left" or "right"."""
