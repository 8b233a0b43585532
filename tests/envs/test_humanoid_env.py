import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from gymnasium.vector import AsyncVectorEnv, SyncVectorEnv
from mujoco_worlds import mujoco_of

from vla_humanoid.control.support_polygon import SupportPolygon
from vla_humanoid.envs.humanoid_env import Action, HumanoidEnv, Observation

PICK_PLACE = "VLAHumanoid-PickPlace-v0"


def make(**kwargs: object) -> gymnasium.Env[Observation, Action]:
    return gymnasium.make(PICK_PLACE, **{"cameras": (), **kwargs})


def bare(env: gymnasium.Env[Observation, Action]) -> HumanoidEnv:
    assert isinstance(env.unwrapped, HumanoidEnv)
    return env.unwrapped


@pytest.mark.parametrize("control_mode", ["end_effector", "arm_joints", "right_arm", "joints"])
def test_gymnasium_finds_nothing_to_complain_about(control_mode: str) -> None:
    env = make(control_mode=control_mode)
    check_env(env.unwrapped, skip_render_check=True)
    env.close()


def test_gymnasium_checks_images_and_rendering_as_well() -> None:
    env = make(cameras=("head", "right_wrist"), image_size=32, render_mode="rgb_array")
    check_env(env.unwrapped)
    env.close()


def test_stable_baselines3_takes_it_without_the_words() -> None:
    checker = pytest.importorskip("stable_baselines3.common.env_checker")
    from vla_humanoid.envs.numeric_observation import NumericObservation

    env = NumericObservation(make(cameras=("head",), image_size=48))
    checker.check_env(env, warn=False)
    observation, _ = env.reset(seed=0)
    assert set(observation) == {"images/head", "state"}
    env.close()


def test_the_id_alone_suffices_with_the_module_in_front() -> None:
    env = gymnasium.make("vla_humanoid:VLAHumanoid-PickPlace-v0", cameras=())
    assert bare(env).config.task == "PickPlace"
    env.close()


def test_observations_have_the_promised_keys_and_types() -> None:
    env = make(cameras=("left_wrist", "external"), image_size=40)
    observation, info = env.reset(seed=1)
    assert set(observation) == {"images/left_wrist", "images/external", "state", "instruction"}
    image = observation["images/external"]
    assert isinstance(image, np.ndarray)
    assert image.dtype == np.uint8
    assert image.shape == (40, 40, 3)
    assert image.std() > 5.0  # a picture, not a blank
    assert len(bare(env).state_fields) == len(observation["state"])
    assert observation["instruction"] == info["instruction"] == bare(env).instruction
    env.close()


def test_info_says_how_the_episode_stands() -> None:
    env = make()
    _, info = env.reset(seed=1)
    assert not info["success"]
    assert not info["fallen"]
    assert info["failure"] is None
    assert not info["wrong_object"]
    assert info["subgoal"] == 0
    assert set(info["balance"]) == {
        "zmp",
        "zmp_dynamics",
        "com",
        "dcm",
        "support_margin",
        "support_polygon",
    }
    outline = info["balance"]["support_polygon"]
    assert outline.shape == (8, 2)
    assert SupportPolygon(outline).margin(info["balance"]["dcm"]) == pytest.approx(
        info["balance"]["support_margin"]
    )
    assert info["balance"]["support_margin"] > 0.05
    env.close()


def test_the_instruction_reaches_the_caller_through_wrappers_and_vectors() -> None:
    env = gymnasium.wrappers.TimeLimit(make(), 5)
    env.reset(seed=3)
    assert env.get_wrapper_attr("instruction") == bare(env).instruction != ""
    env.close()


@pytest.mark.parametrize("mode", ["sync", "async"])
def test_vector_environments_agree_with_single_ones(mode: str) -> None:
    kwargs = {"cameras": ("head",), "image_size": 32}
    envs = gymnasium.make_vec(PICK_PLACE, num_envs=2, vectorization_mode=mode, **kwargs)
    assert isinstance(envs, AsyncVectorEnv | SyncVectorEnv)
    observations, _ = envs.reset(seed=[5, 6])
    instructions = envs.get_attr("instruction")
    actions = np.zeros((2, 18), dtype=np.float32)
    stepped, *_ = envs.step(actions)
    for i, seed in enumerate((5, 6)):
        env = gymnasium.make(PICK_PLACE, **kwargs)
        observation, _ = env.reset(seed=seed)
        assert instructions[i] == observations["instruction"][i] == observation["instruction"]
        assert np.array_equal(observations["images/head"][i], observation["images/head"])
        observation, *_ = env.step(actions[i])
        assert np.array_equal(stepped["state"][i], observation["state"])
        env.close()
    envs.close()


def test_two_copies_with_one_seed_agree_bit_for_bit() -> None:
    rng = np.random.default_rng(0)
    first, second = make(cameras=("head",), image_size=32), make(cameras=("head",), image_size=32)
    first.reset(seed=0)  # whatever was before must not matter
    for env in (first, second):
        env.reset(seed=11)
    for _ in range(10):
        action = rng.uniform(-0.2, 0.2, first.action_space.shape).astype(np.float32)
        (a, *_), (b, *_) = first.step(action), second.step(action)
        assert np.array_equal(a["state"], b["state"])
        assert np.array_equal(a["images/head"], b["images/head"])
    first.close()
    second.close()


def test_the_same_scene_has_another_sentence_for_another_goal() -> None:
    env = make()
    env.reset(seed=4, options={"goal_index": 0})
    scene, words = bare(env).episode.scene, bare(env).instruction
    env.reset(seed=4, options={"goal_index": 1})
    assert bare(env).episode.scene == scene
    assert bare(env).instruction != words
    with pytest.raises(ValueError, match="goal_index must lie in"):
        env.reset(seed=4, options={"goal_index": 999})
    env.reset(seed=4, options={"goal_index": np.int64(1)})
    assert bare(env).instruction != words
    with pytest.raises(ValueError, match="goal_index must be an integer, not True"):
        env.reset(seed=4, options={"goal_index": True})
    with pytest.raises(ValueError, match="Unknown reset option"):
        env.reset(seed=4, options={"goal": 0})
    env.close()


@pytest.mark.parametrize(
    ("kwargs", "message"),
    [
        ({"control_mode": "cartesian"}, "end_effector, arm_joints, right_arm, joints"),
        ({"cameras": ("front",)}, "head, left_wrist, right_wrist, external"),
        ({"cameras": ("head", "head")}, "twice"),
        ({"randomization": "wind"}, "lighting, colors"),
        ({"image_size": 0}, "between 16 and 1024"),
        ({"image_size": 100.7}, r"whole number between 16 and 1024 .*, not 100\.7"),
        ({"image_size": "a"}, "whole number .*, not 'a'"),
        ({"image_size": None}, "whole number .*, not None"),
        ({"image_size": (224, 224)}, r"whole number .*, not \(224, 224\)"),
        ({"image_size": True}, "whole number .*, not True"),
        ({"cameras": None}, "cameras must be .*, not None; there are head, left_wrist"),
        ({"cameras": 3}, "cameras must be .*, not 3"),
        ({"cameras": (3,)}, r"cameras must be .*, not \(3,\)"),
        ({"randomization": None}, "randomization must be .*, not None; there are lighting"),
        ({"randomization": 3}, "randomization must be .*, not 3"),
        ({"randomization": ("lighting", 3)}, "randomization must be .*, not"),
    ],
)
def test_unknown_arguments_are_refused_with_the_valid_ones(
    kwargs: dict[str, object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        make(**kwargs)


def test_numpy_integers_are_whole_numbers() -> None:
    env = bare(make(image_size=np.int64(48)))
    assert env.config.image_size == 48
    assert type(env.config.image_size) is int


def test_an_unknown_task_is_refused_with_the_valid_ones() -> None:
    with pytest.raises(ValueError, match="PickPlace"):
        HumanoidEnv("PickPlaec", cameras=())


def test_an_action_of_the_wrong_shape_is_refused() -> None:
    env = bare(make())
    env.reset(seed=2)
    with pytest.raises(ValueError, match=r"shape \(18,\), not \(7,\)"):
        env.step(np.zeros(7, dtype=np.float32))
    env.close()


def test_without_a_balance_layer_the_robot_falls_and_the_episode_says_so() -> None:
    env = make(control_mode="joints", randomization="none")
    env.reset(seed=0)
    info: dict[str, object] = {}
    for _ in range(200):
        _, _, terminated, _, info = env.step(np.zeros(43, dtype=np.float32))
        if terminated:
            break
    assert info["fallen"]
    assert info["failure"] == "fallen"
    env.close()


def test_an_episode_that_nobody_solves_is_cut_off() -> None:
    env = bare(make(randomization="none"))
    env.reset(seed=0)
    state = env.world_state()
    steps, truncated, info = 0, False, {}
    hold = env.action_spec.to_normalized(
        np.array([0.1, 0.25, 0.86, 0, 0, 0, 0, 0.1, -0.25, 0.86, 0, 0, 0, 0, 0, 0, 0, 0.74])
    ).astype(np.float32)
    while not truncated:
        _, _, terminated, truncated, info = env.step(hold)
        assert not terminated
        steps += 1
    assert steps == env.task.time_limit * 20
    assert info["failure"] == "timeout"
    assert env.world_state().time > state.time
    env.close()


def test_a_diverging_simulation_ends_the_episode_with_its_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    env = bare(make())
    env.reset(seed=0)
    mujoco_of(env).data.qvel[0] = 1e6
    observation, _, terminated, _, info = env.step(np.zeros(18, dtype=np.float32))
    assert terminated
    assert info["failure"] == "diverged"
    assert np.isfinite(observation["state"]).all()
    env.close()


def test_nothing_works_before_reset() -> None:
    env = bare(make())
    assert env.instruction == ""
    with pytest.raises(RuntimeError, match=r"reset\(\)"):
        env.step(np.zeros(18, dtype=np.float32))
