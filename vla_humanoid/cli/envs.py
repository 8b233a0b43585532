"""``vla-humanoid envs``."""

from vla_humanoid.cli.console import new_console


def envs() -> int:
    """List the registered environments."""
    from vla_humanoid.data_collection.environment import registered_envs

    console = new_console()
    for name in registered_envs():
        console.print(name, soft_wrap=True)
    return 0
