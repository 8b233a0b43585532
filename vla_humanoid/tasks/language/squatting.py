"""Sentences for "squat down", "squat down and stand up again", "... as low as the red post"."""

from vla_humanoid.assets.scene import Scene
from vla_humanoid.tasks.language.scene_grammar import SceneGrammar

STAY, RISE = "stay", "rise"
"""What to do down there, where no post says how low."""

TEMPLATES = (
    "{until}",
    "{until} now",
    "now {until}",
    "next, {until}",
    "please {until}",
    "{until}, please",
    "could you {until}?",
    "could you please {until}?",
    "can you {until}?",
    "would you {until}?",
    "would you mind {until_ing}?",
    "I want you to {until}",
    "I would like you to {until}",
    "I need you to {until}",
    "your task is to {until}",
    "you should {until}",
    "try {until_ing}",
    "how about {until_ing}?",
    "without walking away, {until}",
)

_STAY = (
    "{squat} down",
    "{squat} down and stay down",
    "{squat} down and remain there",
    "{squat} down low",
    "{squat} as low as you can",
)
_RISE = (
    "{squat} down and stand up again",
    "{squat} down and come back up",
    "{squat} down, then straighten up again",
    "{squat} once and get up again",
)
_LEVEL = (
    "{squat} down to the height of {post}",
    "{squat} until your hips are level with the top of {post}",
    "{squat} down until your pelvis is as high as {post}",
    "{squat} just low enough to be level with {post}",
)
_VERBS = (("squat", "squatting"), ("crouch", "crouching"), ("get", "getting"))
_ONLY_DOWN = "get"
"""One can get down, but not get once, or get until something."""


def posts(scene: Scene) -> dict[str, tuple[str, ...]]:
    """Return, by name, the phrases that single out each post: by its colour or its height."""
    found = sorted(scene.boxes, key=lambda box: box.position[2] + 0.5 * box.size[2])
    sizes = ("lower", "taller") if len(found) == 2 else ()
    phrases = {box.name: [f"the {box.color} post"] for box in found}
    for box, size in zip(found, sizes, strict=bool(sizes)):
        phrases[box.name].append(f"the {size} post")
    return {name: tuple(ways) for name, ways in phrases.items()}


def _ways(scene: Scene, form: int) -> dict[str, tuple[str, ...]]:
    """Return what can be asked for, with verbs in one of their forms."""
    ways = {STAY: _said(_STAY, form), RISE: _said(_RISE, form)}
    for name, phrases in posts(scene).items():
        ways[name] = tuple(
            way.replace("{post}", post) for way in _said(_LEVEL, form) for post in phrases
        )
    return ways


def _said(ways: tuple[str, ...], form: int) -> tuple[str, ...]:
    return tuple(
        way.replace("{squat}", verb[form])
        for way in ways
        for verb in _VERBS
        if verb[0] != _ONLY_DOWN or way.startswith("{squat} down")
    )


SQUATTING = SceneGrammar(
    TEMPLATES,
    {
        "until": lambda scene: _ways(scene, 0),
        "until.ing": lambda scene: _ways(scene, 1),
    },
)
"""The role "until" is `STAY`, `RISE` or the name of a post."""
