import inspect
from inspect import Parameter, Signature

import pytest
from isaaclab.envs import DirectRLEnv

from vla_humanoid.envs.isaaclab.batch_env import HumanoidBatchEnv

HOOKS = (
    "__init__",
    "_apply_action",
    "_get_dones",
    "_get_observations",
    "_get_rewards",
    "_pre_physics_step",
    "_reset_idx",
    "reset",
)
ORDINARY = {"__annotations__", "__doc__", "__module__", "__parameters__", "__orig_bases__"}


def test_every_abstract_hook_is_there() -> None:
    functions = inspect.getmembers(DirectRLEnv, inspect.isfunction)
    abstract = {name for name, f in functions if getattr(f, "__isabstractmethod__", False)}
    assert len(abstract) == 5
    assert abstract <= set(vars(HumanoidBatchEnv))


def test_nothing_else_of_the_base_class_is_replaced() -> None:
    shared = set(vars(HumanoidBatchEnv)) & set(dir(DirectRLEnv))
    assert shared - ORDINARY == set(HOOKS)


@pytest.mark.parametrize("hook", HOOKS)
def test_hooks_take_what_the_base_class_is_called_with(hook: str) -> None:
    theirs = inspect.signature(getattr(DirectRLEnv, hook))
    ours = inspect.signature(getattr(HumanoidBatchEnv, hook))
    assert_callable_like(theirs, ours)


def assert_callable_like(theirs: Signature, ours: Signature) -> None:
    named = [p for p in theirs.parameters.values() if p.kind is Parameter.POSITIONAL_OR_KEYWORD]
    required = [p.name for p in named if p.default is Parameter.empty]
    ours.bind(*[None for _ in named])
    ours.bind(**{p.name: None for p in named})
    ours.bind(*[None for _ in required])
