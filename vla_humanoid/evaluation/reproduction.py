"""The command that runs one episode of an evaluation again."""

import shlex
from dataclasses import fields

from vla_humanoid.evaluation.config import MAPPING, EvaluationConfig

_NO_OPTION = frozenset({"protocol"})
"""What this version decides, not who asks."""


def command(config: EvaluationConfig, task: str, seed: int) -> str:
    """Return the command that runs an episode again, and films it.

    Args:
        config: of the evaluation.
        task: of the episode.
        seed: of the episode.
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
    return shlex.join(["vla-humanoid", "evaluate", *options, *episode])
