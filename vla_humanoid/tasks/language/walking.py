"""Sentences for "walk to the green cone"."""

from vla_humanoid.tasks.language.landmarks import landmark_phrases
from vla_humanoid.tasks.language.scene_grammar import SceneGrammar

TEMPLATES = (
    "walk to {landmark}",
    "go to {landmark}",
    "move to {landmark}",
    "approach {landmark}",
    "walk over to {landmark}",
    "walk up to {landmark}",
    "step up to {landmark}",
    "head over to {landmark}",
    "make your way to {landmark}",
    "now walk to {landmark}",
    "next, go to {landmark}",
    "please walk to {landmark}",
    "please go over to {landmark}",
    "walk to {landmark}, please",
    "could you walk to {landmark}?",
    "could you please go up to {landmark}?",
    "can you walk over to {landmark}?",
    "would you go to {landmark}?",
    "would you mind walking to {landmark}?",
    "I want you to walk to {landmark}",
    "I need you at {landmark}",
    "I would like you to go to {landmark}",
    "your task is to walk to {landmark}",
    "{landmark} is where you should go",
    "go and stand in front of {landmark}",
    "walk to {landmark} and stop in front of it",
    "walk until you stand in front of {landmark}",
    "find {landmark} and walk up to it",
    "turn towards {landmark} and walk to it",
    "take a few steps to {landmark} and stop there",
)

WALKING = SceneGrammar(TEMPLATES, {"landmark": landmark_phrases})
"""Its role is the name of a landmark."""
