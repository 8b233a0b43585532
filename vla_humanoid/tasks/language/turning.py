"""Sentences for "turn to face the blue barrel"."""

from vla_humanoid.tasks.language.landmarks import landmark_phrases
from vla_humanoid.tasks.language.scene_grammar import SceneGrammar

TEMPLATES = (
    "turn to face {landmark}",
    "face {landmark}",
    "turn towards {landmark}",
    "turn to {landmark}",
    "rotate towards {landmark}",
    "turn and face {landmark}",
    "turn around until you face {landmark}",
    "turn on the spot to face {landmark}",
    "rotate on the spot until you face {landmark}",
    "turn so that {landmark} is straight ahead",
    "now face {landmark}",
    "next, turn to {landmark}",
    "please face {landmark}",
    "please turn towards {landmark}",
    "turn towards {landmark}, please",
    "could you turn to face {landmark}?",
    "could you please face {landmark}?",
    "can you turn towards {landmark}?",
    "would you mind facing {landmark}?",
    "I want you to face {landmark}",
    "I would like you to turn towards {landmark}",
    "your task is to face {landmark}",
    "{landmark} should be right in front of you",
    "make sure that you face {landmark}",
    "stay where you are and turn to face {landmark}",
    "find {landmark} and turn towards it",
)

TURNING = SceneGrammar(TEMPLATES, {"landmark": landmark_phrases})
"""Its role is the name of a landmark."""
