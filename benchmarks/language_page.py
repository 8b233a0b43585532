"""Writes docs/language.md: the forms of language and the splits, with examples that tasks give."""

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import numpy as np

from vla_humanoid.assets.colors import COLORS
from vla_humanoid.assets.scene import ContainerShape, LandmarkShape, Shape
from vla_humanoid.tasks import load_task, task_names
from vla_humanoid.tasks.core.forms import FORMS, fitting_languages
from vla_humanoid.tasks.core.forms.templates import templates_of_forms, templates_of_task
from vla_humanoid.tasks.core.placement import PlacementError
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom
from vla_humanoid.tasks.core.splits import SPLITS, held_out
from vla_humanoid.tasks.core.splits.held_out import Thing
from vla_humanoid.tasks.core.splits.split_task import useful_splits

TEXT = Path(__file__).with_name("language_page.md")
"""What the page says beside what is generated, with marks in double braces."""
PAGE = Path(__file__).parents[1] / "docs" / "language.md"
SEEDS = range(40)
"""Episodes that an example is looked for in."""
LONGEST = 90
"""Characters of an example."""


def main() -> None:
    """Write the page."""
    fitting = {name: fitting_languages(load_task(name)) for name in task_names()}
    text = TEXT.read_text()
    for mark, part in (
        ("templates", _template_counts()),
        ("forms", "\n".join(_forms(fitting))),
        ("fits", "\n".join(_fits(fitting))),
        ("splits", "\n".join(_splits())),
        ("held_out", "\n".join(_held_out(fitting))),
        ("counterfactuals", "\n".join(_counterfactuals())),
    ):
        text = text.replace("{{" + mark + "}}", part)
    PAGE.write_text(text)


def _template_counts() -> str:
    own = {made for name in task_names() for made in templates_of_task(load_task(name))}
    joining = {made for made_of in templates_of_forms().values() for made in made_of}
    tasks = len(task_names())
    return (
        f"{len(own) + len(joining)} distinct templates: {len(own)} of {tasks} tasks and "
        f"{len(joining)} that join clauses or name a hand, before any colour, noun or relation is "
        "filled in"
    )


def _forms(fitting: dict[str, tuple[str, ...]]) -> Iterator[str]:
    for form in FORMS:
        name = "PickPlace" if form in fitting["PickPlace"] else "WalkToTarget"
        for task in (name, "OpenDrawer" if form in fitting["OpenDrawer"] else "Stack"):
            if form in fitting[task]:
                yield f'- `{form}`, {task}: "{_example(task, form, "all")}"'


def _fits(fitting: dict[str, tuple[str, ...]]) -> Iterator[str]:
    yield "| task | " + " | ".join(FORMS) + " |"
    yield "| --- |" + " --- |" * len(FORMS)
    for name, forms in fitting.items():
        yield f"| {name} | " + " | ".join("x" if form in forms else "" for form in FORMS) + " |"


def _splits() -> Iterator[str]:
    shown = {name: useful_splits(load_task(name)) for name in task_names()}
    for split in SPLITS[2:-1]:
        tasks = [name for name in task_names() if split in shown[name]]
        first = "PickPlace" if "PickPlace" in tasks else tasks[0]
        yield f'- `{split}`: "{_example(first, "plain", split)}". In {", ".join(tasks)}.'


def _held_out(fitting: dict[str, tuple[str, ...]]) -> Iterator[str]:
    shapes = {"objects": get_args(Shape), "containers": get_args(ContainerShape)}
    shapes["landmarks"] = get_args(LandmarkShape)
    yield f"- colours: {', '.join(sorted(held_out.COLORS_HELD_OUT))}"
    yield f"- shapes: {', '.join(sorted(held_out.SHAPES_HELD_OUT))}"
    for what, kinds in shapes.items():
        found = [
            f"{color} {shape}"
            for color in COLORS
            for shape in kinds
            if held_out.is_object_held_out(Thing(color, shape))
        ]
        yield f"- colour with shape, {what}: {', '.join(found)}"
    pairs = [
        f"{shape} with {box}"
        for shape in shapes["objects"]
        for box in shapes["containers"]
        if held_out.is_pair_held_out(Thing("", shape), Thing("", box))
    ]
    yield f"- pairs of an object and a container: {', '.join(pairs)}"
    low, high = np.degrees(held_out.SECTOR_HELD_OUT)
    yield f"- places: bearings of {low:.0f} to {high:.0f}° to the left of straight ahead"
    composed = [
        f"{name} as {form}"
        for name, forms in fitting.items()
        for form in forms
        if held_out.is_form_held_out(name, form)
    ]
    yield f"- tasks in a form: {', '.join(composed)}"
    for what in ("objects", "landmarks"):
        orders = [
            f"{first} then {second}"
            for first in shapes[what]
            for second in shapes[what]
            if held_out.is_order_held_out(Thing("", first), Thing("", second))
        ]
        yield f"- orders in a sequence, {what}: {', '.join(orders)}"


def _counterfactuals() -> Iterator[str]:
    task, random = load_task("PickPlace"), EpisodeRandom(3, DEFAULT_AXES)
    scene = task.sample_scene(random)
    for goal in task.goals(scene)[:4]:
        yield f"- {task.instruct(goal, scene, random.stream(repr(goal))).text}"


def _example(name: str, form: str, split: str) -> str:
    task = load_task(name, (form,), split)
    best = ""
    for seed in SEEDS:
        random = EpisodeRandom(seed, DEFAULT_AXES)
        try:
            scene = task.sample_scene(random)
        except PlacementError:
            continue
        goals = task.goals(scene)
        goal = goals[int(random.stream("goal").integers(len(goals)))]
        text = task.instruct(goal, scene, random.stream("instruction")).text
        if len(text) <= LONGEST:
            return text
        best = min(best or text, text, key=len)
    return best


if __name__ == "__main__":
    main()
