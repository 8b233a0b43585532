from dataclasses import replace

import pytest

from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.data_collection.requests import generation_request
from vla_humanoid.data_collection.run_config import GenerationConfig, check_same
from vla_humanoid.schema import CAMERAS, CONTROL_MODES
from vla_humanoid.tasks.core.randomization import AXES


@pytest.mark.parametrize("episodes", [0, -3])
def test_episodes_are_positive(episodes: int) -> None:
    with pytest.raises(ConfigurationError, match="at least 1"):
        GenerationConfig("PickPlace", episodes=episodes)


def test_seed_is_not_negative() -> None:
    with pytest.raises(ConfigurationError, match="-1"):
        GenerationConfig("PickPlace", seed=-1)


@pytest.mark.parametrize("size", [0, 15, 1025])
def test_image_size_has_limits(size: int) -> None:
    with pytest.raises(ConfigurationError, match=f"between 16 and 1024 .*not {size}"):
        GenerationConfig("PickPlace", image_size=size)


def test_unknown_names_list_the_valid_ones() -> None:
    with pytest.raises(ConfigurationError, match=r"'nose'.*" + ", ".join(CAMERAS)):
        GenerationConfig("PickPlace", cameras=("head", "nose"))
    with pytest.raises(ConfigurationError, match=r"'gravity'.*" + ", ".join(AXES)):
        GenerationConfig("PickPlace", randomization=("gravity",))
    with pytest.raises(ConfigurationError, match=r"'thoughts'.*" + ", ".join(CONTROL_MODES)):
        GenerationConfig("PickPlace", control_mode="thoughts")


@pytest.mark.parametrize(
    "values", [{"image_size": 100.7}, {"image_size": "a"}, {"cameras": 3}, {"randomization": None}]
)
def test_values_of_another_kind_are_refused(values: dict[str, object]) -> None:
    with pytest.raises(ConfigurationError, match="must be"):
        replace(GenerationConfig("PickPlace"), **values)


def test_a_camera_counts_once() -> None:
    with pytest.raises(ConfigurationError, match="twice"):
        GenerationConfig("PickPlace", cameras=("head", "head"))


def test_spellings_of_one_request_are_equal() -> None:
    assert GenerationConfig("PickPlace") == GenerationConfig(
        "PickPlace", randomization=("default",)
    )
    assert GenerationConfig("PickPlace", randomization=("pushes", "camera")) == GenerationConfig(
        "PickPlace", randomization=("camera", "pushes")
    )
    none = GenerationConfig("PickPlace", randomization=("none",))
    assert none.randomization == ()
    assert none.env_kwargs["randomization"] == "none"


def test_overwrite_and_resume_contradict_each_other() -> None:
    with pytest.raises(ConfigurationError, match="contradict"):
        generation_request(
            task="PickPlace",
            episodes=1,
            seed=0,
            cameras=("head",),
            image_size=64,
            randomization=("none",),
            control_mode="end_effector",
            keep_failures=False,
            overwrite=True,
            resume=True,
        )


def test_a_difference_is_named_however_deep() -> None:
    check_same("It was", {"a": (1, 2)}, {"a": [1, 2]})
    with pytest.raises(ConfigurationError, match=r"It was with env\.size = 3, but now it is 4"):
        check_same("It was", {"env": '{"size": 3}'}, {"env": '{"size": 4}'})
