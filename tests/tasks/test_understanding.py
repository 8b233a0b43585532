"""Every task understands what it says, and names what it does not."""

import numpy as np
import pytest

from vla_humanoid.tasks import load_task, task_names
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom
from vla_humanoid.tasks.pick_place import PickPlace


@pytest.mark.parametrize("name", task_names())
@pytest.mark.parametrize("seed", range(5))
def test_a_task_understands_each_of_its_own_sentences(name: str, seed: int) -> None:
    task = load_task(name)
    scene = task.sample_scene(EpisodeRandom(seed, DEFAULT_AXES))
    for goal in task.goals(scene):
        instruction = task.instruct(goal, scene, np.random.default_rng(seed))
        for sentence in (instruction.text, *instruction.paraphrases):
            assert task.understand(sentence, scene) == goal, sentence


@pytest.mark.parametrize("name", task_names())
def test_a_sentence_of_another_kind_is_refused_with_an_example(name: str) -> None:
    task = load_task(name)
    scene = task.sample_scene(EpisodeRandom(0, DEFAULT_AXES))
    with pytest.raises(ValueError, match="write one such as"):
        task.understand("open the pod bay doors", scene)


def test_a_thing_that_is_not_there_is_named_beside_those_that_are() -> None:
    task = PickPlace()
    scene = task.sample_scene(EpisodeRandom(0, DEFAULT_AXES))
    colors = {thing.color for thing in scene.objects}
    absent = next(color for color in ("red", "green", "blue", "black") if color not in colors)
    box = scene.containers[0]
    with pytest.raises(ValueError, match=f"'put the {absent} mug .*The object may be the"):
        task.understand(f"put the {absent} mug on the {box.color} {box.shape}", scene)
