"""Registers every task with Gymnasium, importing nothing heavier than Gymnasium itself."""

import gymnasium

from vla_humanoid.tasks import task_names


def register_environments() -> None:
    """Register ``VLAHumanoid-<Task>-v0`` for every task."""
    for name in task_names():
        gymnasium.register(
            id=f"VLAHumanoid-{name}-v0",
            entry_point="vla_humanoid.envs.humanoid_env:HumanoidEnv",
            kwargs={"task": name},
        )
