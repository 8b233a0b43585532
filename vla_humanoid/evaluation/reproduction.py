"""The command that runs one episode of an evaluation again."""

import shlex
from dataclasses import fields

from vla_humanoid.evaluation.conditions import (
    AS_IT_IS,
    AXES,
    DISTURBANCES,
    TEACHER,
    WORDING,
    Condition,
)
from vla_humanoid.evaluation.config import MAPPING, EvaluationConfig

_NO_OPTION = frozenset({"protocol"})
"""What this version decides, not who asks."""


def command(config: EvaluationConfig, task: str, seed: int, condition: Condition = AS_IT_IS) -> str:
    """Return the command that runs an episode again, and films it.

    Args:
        config: of the evaluation.
        task: of the episode.
        seed: of the episode.
        condition: under which it was run, beside being run as it is.
    """
    options: list[str] = []
    for field in fields(config):
        value: object = getattr(config, field.name)
        if field.name in _NO_OPTION or value == field.default:
            continue
        value = MAPPING if field.name == "mapping" else value
        options.append(f"--{field.name.replace('_', '-')}")
        if value is not True:
            options += map(str, value) if isinstance(value, tuple) else [str(value)]
    episode = ["--task", task, "--only-seed", str(seed), "--output", f"{task}-{seed}"]
    return shlex.join(["vla-humanoid", "evaluate", *options, *_asked(condition), *episode])


def _asked(condition: Condition) -> list[str]:
    if condition.name in AXES:
        return ["--perturb", str(condition)]
    if condition.name in DISTURBANCES:
        return ["--induce", condition.name]
    return {WORDING: ["--words", "paraphrase"], TEACHER: ["--accuracy"]}.get(condition.name, [])
