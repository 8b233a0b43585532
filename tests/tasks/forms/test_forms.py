"""What every form of language keeps to, whatever task takes it."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vla_humanoid.tasks import load_task, task_names
from vla_humanoid.tasks.core.forms import (
    FORMS,
    PLAIN,
    fitting_languages,
    resolve_languages,
    with_languages,
)
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom
from vla_humanoid.tasks.core.task import Task
from vla_humanoid.tasks.language.instruction import INSTRUCTION_CHARSET, INSTRUCTION_MAX_LENGTH

TASKS = ("PickPlace", "WalkToTarget", "OpenDrawer", "StandStill")
"""With things on a table, landmarks and fixtures, and with nothing to choose."""


@cache
def told(name: str, form: str) -> Task[object]:
    return with_languages(load_task(name), (form,))


@cache
def forms_of(name: str) -> tuple[str, ...]:
    return tuple(form for form in fitting_languages(load_task(name)) if form != PLAIN)


@pytest.mark.slow
@pytest.mark.parametrize("name", task_names())
@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 2**31))
def test_every_sentence_is_understood_as_the_goal_it_was_made_for(name: str, seed: int):
    for form in forms_of(name):
        task, random = told(name, form), EpisodeRandom(seed, DEFAULT_AXES)
        scene = task.sample_scene(random)
        goals = task.goals(scene)
        assert len(set(goals)) == len(goals)
        for k in range(2):
            goal = goals[int(random.stream(f"goal {k}").integers(len(goals)))]
            instruction = task.instruct(goal, scene, random.stream(f"instruction {k}"))
            sentences = (instruction.text, *instruction.paraphrases)
            assert len(instruction.templates) == len(sentences) == len(set(sentences)) > 1
            for sentence in sentences:
                assert task.understand(sentence, scene) == goal, sentence
                assert len(sentence) <= INSTRUCTION_MAX_LENGTH
                assert set(sentence) <= INSTRUCTION_CHARSET


@pytest.mark.parametrize("name", TASKS)
def test_an_episode_of_a_form_is_repeatable_and_complete(name: str):
    for form in forms_of(name):
        task, random = told(name, form), EpisodeRandom(3, DEFAULT_AXES)
        scene = task.sample_scene(random)
        assert scene == task.sample_scene(random)
        goal = task.goals(scene)[task.candidates(task.goals(scene), random)[0]]
        first, again = (task.instruct(goal, scene, np.random.default_rng(1)) for _ in range(2))
        assert first == again
        assert task.understand(first.text, scene) == goal
        assert task.subgoals(goal, scene)
        assert task.plan(goal, scene)
        assert task.parts(goal, scene)
        assert task.form_of(goal) == form
        task.judge(goal, scene)


@pytest.mark.parametrize("name", TASKS)
def test_a_form_that_does_not_fit_is_refused_with_those_that_do(name: str):
    task = load_task(name)
    fitting = fitting_languages(task)
    for form in FORMS:
        if form not in fitting:
            with pytest.raises(ValueError, match=f"{name} cannot .*; it takes {PLAIN}"):
                with_languages(task, (form,))


def test_unknown_languages_list_the_known_ones():
    with pytest.raises(ValueError, match=r"Unknown language 'klingon'; choose 'all', or"):
        resolve_languages("klingon")
    with pytest.raises(ValueError, match="Unknown language"):
        resolve_languages(())
    assert resolve_languages(["sequence", "plain"]) == ("plain", "sequence")


def test_plain_language_leaves_the_task_as_it_is():
    task = load_task("PickPlace")
    assert with_languages(task, (PLAIN,)) is task


def test_all_forms_take_turns():
    task = with_languages(load_task("PickPlace"), ("all",))
    kinds: set[str] = set()
    for seed in range(40):
        random = EpisodeRandom(seed, DEFAULT_AXES)
        scene = task.sample_scene(random)
        goals = task.goals(scene)
        goal = goals[task.candidates(goals, random)[0]]
        kinds.add(type(goal).__name__)
        sentence = task.instruct(goal, scene, random.stream("instruction")).text
        assert task.understand(sentence, scene) == goal
    assert len(kinds) == len(fitting_languages(load_task("PickPlace")))


@pytest.mark.parametrize("name", TASKS)
def test_a_sentence_of_another_kind_is_refused_with_an_example(name: str):
    for form in forms_of(name):
        task = told(name, form)
        scene = task.sample_scene(EpisodeRandom(0, DEFAULT_AXES))
        with pytest.raises(ValueError, match="write one such as"):
            task.understand("open the pod bay doors", scene)
