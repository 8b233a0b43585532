"""Sentences for "stand still"."""

from vla_humanoid.tasks.language.scene_grammar import SceneGrammar

TEMPLATES = (
    "stand still",
    "just stand still",
    "keep still",
    "stay put",
    "stay where you are",
    "stay on your feet and do not walk",
    "do not move from the spot",
    "don't walk away",
    "hold your position",
    "hold still and keep your balance",
    "keep standing",
    "keep standing right there",
    "remain where you are",
    "keep your balance, whatever pushes you",
    "now stand still",
    "please stand still",
    "please stay where you are",
    "stay in place, please",
    "could you stand still?",
    "can you hold your position?",
    "would you mind standing still?",
    "I want you to stand still",
    "I would like you to stay where you are",
    "your task is to keep standing in place",
)

STANDING = SceneGrammar(TEMPLATES, {})
"""It has no roles: there is one way to stand still."""
