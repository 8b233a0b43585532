"""Episodes told otherwise: only what they show is said of them, and nothing else changes."""

import json
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import h5py
import numpy as np
import pytest
from episode_again import rebuilt
from h5_content import content, h5_dataset, h5_group, h5_text

from vla_humanoid.data_collection.dataset_file import Demo, open_dataset
from vla_humanoid.data_collection.editing.outcomes import fulfilled
from vla_humanoid.data_collection.editing.relabelling import relabel
from vla_humanoid.data_collection.editing.wish import Relabelled, Wish
from vla_humanoid.data_collection.errors import ConfigurationError, DatasetError
from vla_humanoid.data_collection.recorded_worlds import recorded_worlds
from vla_humanoid.data_collection.replay import replay
from vla_humanoid.tasks import load_task
from vla_humanoid.tasks.core.splits.rules import admits_sentence

UNTOUCHED = ("actions", "dones", "obs", "states", "initial_state", "final_state", "balance")


def numbers(path: Path, name: str, groups: tuple[str, ...] = UNTOUCHED) -> dict[str, object]:
    """The datasets of a demo in some groups."""
    prefix = f"/data/{name}/"
    return {
        key.removeprefix(prefix): value
        for key, value in content(path).items()
        if key.startswith(tuple(f"{prefix}{group}" for group in groups))
    }


def how(demo: Demo) -> str:
    told = demo.json_object("relabelled") if demo.has_attribute("relabelled") else {"how": "as is"}
    return str(told["how"])


def test_paraphrases_are_fresh_and_mean_the_same(real_dataset: Path, tmp_path: Path) -> None:
    output = tmp_path / "told.hdf5"
    assert relabel(real_dataset, output, Wish(paraphrases=15)) == Relabelled(2, reworded=2)
    with open_dataset(output) as told, open_dataset(real_dataset) as before:
        for demo in told.demos():
            about = rebuilt(real_dataset, demo.name)
            old = before.demo(demo.name)
            text, others = demo.text("instruction"), demo.json_texts("paraphrases")
            assert text == old.text("instruction")
            assert len({text, *others}) == 16
            for sentence in others:
                assert about.task.understand(sentence, about.scene) == about.episode.goal
            record = demo.json_object("relabelled")
            assert record["how"] == "reworded"
            assert record["paraphrases"] == list(old.json_texts("paraphrases"))
    for name in ("demo_0", "demo_1"):
        assert numbers(output, name) == numbers(real_dataset, name)


def test_a_split_decides_the_templates(real_dataset: Path, tmp_path: Path) -> None:
    output = tmp_path / "told.hdf5"
    relabel(real_dataset, output, Wish(paraphrases=4, split="unseen_template"))
    with open_dataset(output) as told:
        for demo in told.demos():
            about = rebuilt(real_dataset, demo.name)
            texts = [demo.text("instruction"), *demo.json_texts("paraphrases")]
            rng = np.random.default_rng(0)
            templates: dict[str, tuple[str, ...]] = {}
            plain = load_task("PickPlace")
            for _ in range(400):
                drawn = plain.instruct(about.episode.goal, about.scene, rng)
                said = (drawn.text, *drawn.paraphrases)
                templates |= dict(zip(said, drawn.templates, strict=True))
            known = [text for text in texts if text in templates]
            assert known
            assert all(admits_sentence("unseen_template", templates[text]) for text in known)
            assert json.loads(demo.text("said")) == [[0, texts[0]]]


def test_copies_are_told_a_paraphrase_and_take_no_room(real_dataset: Path, tmp_path: Path) -> None:
    output = tmp_path / "told.hdf5"
    assert relabel(real_dataset, output, Wish(copies=3)) == Relabelled(2, copies=6)
    with open_dataset(output) as told, open_dataset(real_dataset) as before:
        demos = list(told.demos())
        assert [how(demo) for demo in demos] == ["as is", *["paraphrase"] * 3] * 2
        old = before.demo("demo_0")
        expected = [old.text("instruction"), *old.json_texts("paraphrases")[:3]]
        assert [demo.text("instruction") for demo in demos[:4]] == expected
        masks, masks_before = told.masks(), before.masks()
        for name, kept in masks_before.items():
            number = [int(demo.removeprefix("demo_")) for demo in kept]
            wanted = [f"demo_{4 * k + copy}" for k in number for copy in range(4)]
            assert sorted(masks[name]) == sorted(wanted)
        assert told.integer("total") == 4 * before.integer("total")
    assert numbers(output, "demo_2") == numbers(real_dataset, "demo_0")
    assert output.stat().st_size < real_dataset.stat().st_size + 6 * 60_000
    with h5py.File(output) as file:
        same = h5_dataset(file, "data/demo_0/obs/head_image")
        assert h5_dataset(file, "data/demo_3/obs/head_image") == same


def test_an_episode_that_missed_its_goal_is_given_the_one_it_reached(
    missed_dataset: Path, real_dataset: Path, tmp_path: Path
) -> None:
    output = tmp_path / "told.hdf5"
    done = relabel(missed_dataset, output, Wish(counterfactuals=True))
    assert done == Relabelled(2, counterfactuals=1)
    about = rebuilt(real_dataset)
    with open_dataset(output) as told, open_dataset(real_dataset) as real:
        missed, given = told.demo("demo_0"), told.demo("demo_1")
        assert not missed.success
        assert given.success
        assert given.text("failure") == ""
        sentence = given.text("instruction")
        assert about.task.understand(sentence, about.scene) == about.episode.goal
        assert given.goal_index is not None
        assert about.task.goals(about.scene)[given.goal_index] == about.episode.goal
        record = given.json_object("relabelled")
        assert record["how"] == "counterfactual"
        assert record["instruction"] == missed.text("instruction")
        assert told.masks()["failed"] == ("demo_0",)
        assert "demo_1" in told.masks()["train"]
        # What is recorded of the goal is what would have been recorded of it.
        for path in ("subgoal", "rewards", "dones", "sentence"):
            np.testing.assert_array_equal(given.array(path), real.demo("demo_0").array(path))
        progress = np.float32(given.array("progress"))
        np.testing.assert_allclose(
            progress, np.float32(real.demo("demo_0").array("progress")), atol=1e-4
        )
        assert given.json_texts("subgoals") == real.demo("demo_0").json_texts("subgoals")


def test_no_goal_is_given_that_its_judge_denies(real_dataset: Path, tmp_path: Path) -> None:
    output = tmp_path / "told.hdf5"
    wish = Wish(counterfactuals=True, languages=("relation", "negation", "hand"), at_most=50)
    done = relabel(real_dataset, output, wish)
    assert done.counterfactuals == 0  # Both did what they were told, and nothing else.
    with open_dataset(output) as told:
        added = [demo for demo in told.demos() if how(demo) in wish.languages]
        assert len(added) == done.languages > 0
        base = None
        for demo in told.demos():
            form = how(demo)
            if form == "as is":
                base = demo
                continue
            assert base is not None
            about = rebuilt(output, demo.name)
            worlds = list(recorded_worlds(base))
            goals = about.task.goals(about.scene)
            holds = {k for k in range(len(goals)) if fulfilled(about.task, about.scene, k, worlds)}
            assert demo.goal_index in holds
            assert demo.goal_index is not None
            goal = goals[demo.goal_index]
            assert about.task.understand(demo.text("instruction"), about.scene) == goal
            assert 0 < len(holds) < len(goals)


@pytest.mark.slow
def test_what_is_told_otherwise_can_be_replayed(missed_dataset: Path, tmp_path: Path) -> None:
    output = tmp_path / "told.hdf5"
    wish = Wish(copies=1, counterfactuals=True, languages=("negation",), at_most=1)
    relabel(missed_dataset, output, wish)
    with open_dataset(output) as told:
        names = [demo.name for demo in told.demos() if how(demo) in ("counterfactual", "negation")]
        assert len(names) >= 3
        for result in replay(told, names):
            assert result.success, result
            assert result.steps[0] == result.steps[1]
            assert result.initial.value == result.largest.value == 0.0


def test_an_episode_that_goes_on_after_a_goal_is_no_demonstration_of_it(
    real_dataset: Path,
) -> None:
    about = rebuilt(real_dataset)
    goals = about.task.goals(about.scene)
    index = goals.index(about.episode.goal)
    with open_dataset(real_dataset) as dataset:
        worlds = list(recorded_worlds(dataset.demo("demo_0")))
    assert fulfilled(about.task, about.scene, index, worlds)
    assert fulfilled(about.task, about.scene, index, [*worlds, worlds[-1]]) is None
    assert fulfilled(about.task, about.scene, index, worlds[:-1]) is None


def test_the_same_wish_gives_the_same_bytes(real_dataset: Path, tmp_path: Path) -> None:
    wish = Wish(paraphrases=3, copies=1, languages=("relation",))
    relabel(real_dataset, tmp_path / "a.hdf5", wish)
    time.sleep(1.1)
    relabel(real_dataset, tmp_path / "b.hdf5", wish)
    relabel(real_dataset, tmp_path / "c.hdf5", Wish(3, 1, languages=("relation",), seed=1))
    bytes_of = {name: (tmp_path / f"{name}.hdf5").read_bytes() for name in "abc"}
    assert bytes_of["a"] == bytes_of["b"] != bytes_of["c"]


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        (partial(Wish), "Ask for something"),
        (partial(Wish, paraphrases=-1), "--paraphrases must not be negative"),
        (partial(Wish, languages=("correction",)), "cannot be told as a correction afterwards"),
        (partial(Wish, languages=("rhyme",)), "choose some of relation, negation"),
        (partial(Wish, split="unseen"), "Unknown split 'unseen'"),
        (partial(Wish, copies=1, at_most=0), "--at-most must be at least 1"),
    ],
)
def test_what_cannot_be_wished_for_is_refused(wish: Callable[[], Wish], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        wish()


def test_another_scene_than_the_recorded_one_is_refused(real_dataset: Path, tmp_path: Path) -> None:
    path = tmp_path / "changed.hdf5"
    path.write_bytes(real_dataset.read_bytes())
    with h5py.File(path, "r+") as file:
        text = h5_text(file, "data/demo_1", "randomization")
        drawn = json.loads(text)
        drawn["scene"]["table"]["height"] += 0.01
        h5_group(file, "data/demo_1").attrs["randomization"] = json.dumps(drawn)
    with pytest.raises(DatasetError, match=r"demo_1 .*made with another version"):
        relabel(path, tmp_path / "told.hdf5", Wish(copies=1))
    assert list(tmp_path.iterdir()) == [path]
