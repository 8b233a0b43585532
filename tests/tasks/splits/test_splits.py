"""Nothing held out is in training; every episode of another split shows what that is about."""

from functools import cache
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vla_humanoid.assets.colors import COLORS
from vla_humanoid.assets.scene import ContainerShape, Scene, Shape
from vla_humanoid.tasks import load_task, task_names
from vla_humanoid.tasks.core.forms import fitting_languages
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom
from vla_humanoid.tasks.core.splits import check_split, held_out
from vla_humanoid.tasks.core.splits.held_out import Thing, thing_of, things_in
from vla_humanoid.tasks.core.splits.split_task import useful_splits
from vla_humanoid.tasks.core.task import Instruction, Task

SEEDS = st.integers(0, 2**31)
TESTS = {
    "unseen_object": held_out.is_object_held_out,
    "unseen_color": held_out.is_color_held_out,
    "unseen_shape": held_out.is_shape_held_out,
    "unseen_layout": held_out.is_layout_held_out,
}


@cache
def known_splits(name: str) -> tuple[str, ...]:
    return useful_splits(load_task(name))


@cache
def task_of(name: str, split: str, *languages: str) -> Task[object]:
    return load_task(name, languages or ("plain",), split)


def episode(task: Task[object], seed: int) -> tuple[Scene, object, Instruction]:
    random = EpisodeRandom(seed, DEFAULT_AXES)
    scene = task.sample_scene(random)
    goals = task.goals(scene)
    candidates = task.candidates(goals, random)
    goal = goals[candidates[int(random.stream("goal").integers(len(candidates)))]]
    return scene, goal, task.instruct(goal, scene, random.stream("instruction"))


def named_in(task: Task[object], goal: object, scene: Scene) -> list[list[Thing]]:
    things = things_in(scene)
    return [[thing_of(name, things) for name in part.values()] for part in task.parts(goal, scene)]


@pytest.mark.slow
@pytest.mark.parametrize("name", task_names())
@settings(max_examples=4, deadline=None)
@given(seed=SEEDS)
def test_an_episode_shows_what_its_split_is_about_and_nothing_else(name: str, seed: int):
    for split in known_splits(name):
        if split != "all":
            check(name, split, seed)


@settings(max_examples=3, deadline=None)
@given(seed=SEEDS)
def test_a_split_of_walking_keeps_to_it(seed: int):
    for split in ("train", "unseen_object", "unseen_layout", "unseen_template"):
        check("WalkToTarget", split, seed)


def check(name: str, split: str, seed: int) -> None:
    """Check one episode of a split."""
    task = task_of(name, split)
    scene, goal, instruction = episode(task, seed)
    parts = named_in(task, goal, scene)
    for other, is_held_out in TESTS.items():
        is_there = [thing for thing in things_in(scene).values() if is_held_out(thing)]
        if other == split:
            assert any(is_held_out(thing) for part in parts for thing in part)
        elif other in known_splits(name):
            assert not is_there
    pairs = [held_out.is_pair_held_out(*part) for part in parts if len(part) == 2]
    assert any(pairs) == (split == "unseen_pair")
    for templates in instruction.templates:
        is_unseen = any(held_out.is_template_held_out(template) for template in templates)
        assert is_unseen == (split == "unseen_template")


@settings(max_examples=5, deadline=None)
@given(seed=SEEDS)
def test_orders_of_shapes_are_held_out_of_sequences(seed: int):
    for split in ("train", "unseen_composition"):
        task = task_of("PickPlace", split, "sequence")
        scene, goal, _ = episode(task, seed)
        first, second = named_in(task, goal, scene)
        is_unseen = held_out.is_order_held_out(first[0], second[0])
        assert is_unseen == (split == "unseen_composition")


def test_a_form_that_is_held_out_for_a_task_is_in_one_split_only():
    assert held_out.is_form_held_out("Stack", "relation")
    unseen = task_of("Stack", "unseen_composition", "relation")
    assert unseen.form_of(episode(unseen, 0)[1]) == "relation"
    with pytest.raises(ValueError, match=r"'train' of Stack is not told as relation; .*: plain"):
        load_task("Stack", ("relation",), "train")
    with pytest.raises(ValueError, match="'unseen_composition' of Stack is not told as plain"):
        load_task("Stack", ("plain",), "unseen_composition")
    told = load_task("Stack", ("all",), "train")
    forms = {told.form_of(episode(told, seed)[1]) for seed in range(20)}
    fitting = fitting_languages(load_task("Stack"))
    assert forms == {form for form in fitting if not held_out.is_form_held_out("Stack", form)}


def test_a_split_of_which_a_task_shows_nothing_is_refused_with_those_that_it_has():
    with pytest.raises(ValueError, match=r"StandStill.*has the splits all, train, unseen_template"):
        load_task("StandStill", ("plain",), "unseen_pair")


def test_unknown_splits_list_the_known_ones():
    with pytest.raises(ValueError, match="Unknown split 'test'; choose one of all, train, unseen_"):
        check_split("test")


def test_an_episode_of_a_split_is_repeatable():
    task = task_of("PickPlace", "train")
    assert episode(task, 7) == episode(task, 7)


def test_what_is_held_out_stays_held_out():
    """These lists are part of the benchmark: a change here changes every split."""
    objects = [
        f"{color} {shape}"
        for color in COLORS
        for shape in get_args(Shape)
        if held_out.is_object_held_out(Thing(color, shape))
    ]
    assert objects == [
        "red cup",
        "orange can",
        "green cylinder",
        "green ball",
        "blue bottle",
        "black mug",
    ]
    assert sorted(held_out.COLORS_HELD_OUT) == ["cyan", "purple"]
    assert sorted(held_out.SHAPES_HELD_OUT) == ["barrel", "hexagonal prism", "tray"]
    pairs = [
        (shape, box)
        for shape in get_args(Shape)
        for box in get_args(ContainerShape)
        if held_out.is_pair_held_out(Thing("red", shape), Thing("red", box))
    ]
    assert pairs == [("block", "plate"), ("cylinder", "plate"), ("ball", "bowl"), ("mug", "plate")]
