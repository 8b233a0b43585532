"""Which scenes, goals and sentences belong to a split."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from vla_humanoid.assets.scene import Scene
from vla_humanoid.tasks.core.splits import held_out
from vla_humanoid.tasks.core.splits.held_out import Thing

_PROPERTIES = {
    "unseen_object": (held_out.is_object_held_out, "a colour and shape that are held out"),
    "unseen_color": (held_out.is_color_held_out, "a colour that is held out"),
    "unseen_shape": (held_out.is_shape_held_out, "a shape that is held out"),
    "unseen_layout": (held_out.is_layout_held_out, "a place that is held out"),
}
"""What can be told of a single thing, with its name for messages."""

Parts = Sequence[Mapping[str, str]]
"""What a goal asks for, in order: roles to names."""


def scene_objection(split: str, scene: Scene, ignored: frozenset[str] = frozenset()) -> str | None:
    """Return what a scene has that its split excludes, or None.

    Args:
        split: one of `SPLITS`, but not "all".
        scene: of the episode.
        ignored: splits whose held-out part may be there.
    """
    things = held_out.things_in(scene)
    for other, (is_held_out, words) in _PROPERTIES.items():
        if other != split and other not in ignored:
            for name, thing in things.items():
                if is_held_out(thing):
                    return f"{name} has {words}"
    return None


def stands_apart(scene: Scene) -> bool:
    """Tell whether everything in a scene stands where it may in training."""
    return not any(map(held_out.is_layout_held_out, held_out.things_in(scene).values()))


def shown_by(task: str, form: str, parts: Parts, scene: Scene) -> frozenset[str]:
    """Return the splits whose held-out part a goal shows, templates aside.

    Args:
        task: its name.
        form: of language that the goal is told in.
        parts: what the goal asks for.
        scene: of the episode.
    """
    things = held_out.things_in(scene)
    filled = [[held_out.thing_of(name, things) for name in part.values()] for part in parts]
    shown = {
        split
        for split, (is_held_out, _) in _PROPERTIES.items()
        if any(is_held_out(thing) for part in filled for thing in part)
    }
    if any(held_out.is_pair_held_out(*pair) for part in filled for pair in pairwise(part)):
        shown.add("unseen_pair")
    if held_out.is_form_held_out(task, form) or (form == "sequence" and _is_order_held_out(filled)):
        shown.add("unseen_composition")
    return frozenset(shown)


def admits_goal(split: str, shown: frozenset[str]) -> bool:
    """Tell whether a split has goals that show so much of what is held out."""
    return shown == (set() if split in ("train", "unseen_template") else {split})


def admits_sentence(split: str, templates: Iterable[str]) -> bool:
    """Tell whether a split has sentences made from templates."""
    is_unseen = any(held_out.is_template_held_out(template) for template in templates)
    return is_unseen == (split == "unseen_template")


def _is_order_held_out(filled: Sequence[Sequence[Thing]]) -> bool:
    firsts = [part[0] for part in filled if part]
    return any(held_out.is_order_held_out(*pair) for pair in pairwise(firsts))
