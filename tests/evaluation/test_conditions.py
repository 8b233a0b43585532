"""What can be asked to be otherwise in episodes."""

import pytest

from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.evaluation.condition_requests import condition_request
from vla_humanoid.evaluation.conditions import AS_IT_IS, AXES, UNSEEN_AXES, Condition, perturbations
from vla_humanoid.evaluation.requests import evaluation_request

SERVER = "ws://localhost:1"


def asked(
    policy: str = SERVER,
    *,
    tasks: tuple[str, ...] = ("PickPlace",),
    perturb: tuple[str, ...] = (),
    induce: tuple[str, ...] = (),
    words: str = "own",
    accuracy: bool = False,
    live: bool = False,
) -> list[str]:
    found = condition_request(
        policy=policy,
        tasks=tasks,
        perturb=perturb,
        induce=induce,
        words=words,
        accuracy=accuracy,
        live=live,
    )
    return [str(one) for one in found]


def test_conditions_are_what_they_are_called() -> None:
    for condition in (AS_IT_IS, Condition("camera", 3), Condition("drop")):
        assert Condition.parse(str(condition)) == condition


def test_an_axis_alone_is_all_its_levels_and_all_is_every_axis() -> None:
    assert asked(perturb=("light", "camera:4", "camera:2", "pushes:0")) == [
        *("camera:2", "camera:4"),
        *(f"light:{level}" for level in range(1, 6)),
    ]
    assert len(perturbations(("all",))) == 5 * len(AXES)
    for policy in ("expert", "replay:demonstrations.hdf5"):
        felt = {Condition.parse(one).name for one in asked(policy, perturb=("all",))}
        assert felt == set(AXES) - set(UNSEEN_AXES)
    assert not {"latency:1"} & set(asked(perturb=("all",), live=True))


def test_all_that_is_asked_for_is_run() -> None:
    found = asked(perturb=("pushes:1",), induce=("push", "drop"), words="paraphrase", accuracy=True)
    assert found == ["pushes:1", "wording:1", "wording:2", "wording:3", "drop", "push", "teacher"]


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (
            lambda: asked(perturb=("smell",)),
            "Unknown axis 'smell' of --perturb; choose some",
        ),
        (
            lambda: asked(perturb=("light:6",)),
            "Unknown level '6' of --perturb light; choose 0",
        ),
        (
            lambda: asked("expert", perturb=("camera:1",)),
            "--perturb camera: it changes what",
        ),
        (lambda: asked(perturb=("latency",), live=True), "--perturb latency: with --live"),
        (lambda: asked("zero", words="paraphrase"), "zero does not listen"),
        (lambda: asked("expert", accuracy=True), "its own; choose another policy"),
        (lambda: asked(induce=("fire",)), "Unknown --induce fire; choose some of drop, push"),
        (
            lambda: asked(tasks=("TurnToFace",), induce=("drop",)),
            "in TurnToFace, so nothing can",
        ),
    ],
)
def test_what_cannot_be_is_refused_by_name(ask: "object", said: str) -> None:
    assert callable(ask)
    with pytest.raises(ConfigurationError, match=said):
        ask()


@pytest.mark.parametrize(
    ("language", "task", "said"),
    [
        (("sequence",), "PickPlace", "leave out --language sequence"),
        (("plain",), "StandStill", "StandStill cannot be told as a correction"),
    ],
)
def test_a_switch_needs_a_task_that_can_be_corrected(
    language: tuple[str, ...], task: str, said: str
) -> None:
    with pytest.raises(ConfigurationError, match=said):
        evaluation_request(
            policy="zero",
            tasks=(task,),
            episodes=1,
            workers=1,
            engine="mujoco",
            randomization=("default",),
            control_mode="end_effector",
            language=language,
            split="all",
            words="switch",
            execution="open_loop",
            every=8,
            delay=0,
        )
