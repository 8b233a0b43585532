"""The axes along which an episode can be perturbed, each by levels, and what carries them out."""

from dataclasses import replace

from vla_humanoid.envs.episode import Alteration, Episode
from vla_humanoid.evaluation.conditions import WORDING, Condition
from vla_humanoid.evaluation.perturbed_body import harder_to_move, pushed, started_otherwise
from vla_humanoid.evaluation.perturbed_layout import laid_out_otherwise
from vla_humanoid.evaluation.perturbed_looks import (
    lit_otherwise,
    seen_from_elsewhere,
    surfaced_otherwise,
)
from vla_humanoid.evaluation.perturbed_numbers import stream
from vla_humanoid.evaluation.perturbed_sensors import NoisySensors
from vla_humanoid.evaluation.perturbed_words import Mumbled
from vla_humanoid.evaluation.telling import Reworded
from vla_humanoid.evaluation.viewing import View
from vla_humanoid.schema import Field
from vla_humanoid.tasks.core.task import Task

LATENCIES = (1, 2, 4, 6, 8)
"""Steps by which all answers come late, by level."""
_LOOKS = {
    "camera": seen_from_elsewhere,
    "light": lit_otherwise,
    "texture": surfaced_otherwise,
}
_ALTERED = frozenset((*_LOOKS, "layout", "robot_start", "physics", "pushes"))


def alteration(condition: Condition) -> Alteration | None:
    """Return what a condition makes of an episode that was sampled; None where it leaves it."""
    if condition.name not in _ALTERED:
        return None

    def alter(episode: Episode, task: Task[object]) -> Episode:
        return _altered(episode, task, condition)

    return alter


def _altered(episode: Episode, task: Task[object], condition: Condition) -> Episode:
    axis, level = condition.name, condition.level
    rng = stream(episode.seed, axis)
    match axis:
        case "layout":
            return laid_out_otherwise(episode, task, level, rng)
        case "robot_start":
            return started_otherwise(episode, level, rng)
        case "physics":
            return harder_to_move(episode, level)
        case "pushes":
            dynamics = pushed(episode.dynamics, level, task.time_limit, rng)
            return replace(episode, dynamics=dynamics)
        case _:
            return replace(episode, scene=_LOOKS[axis](episode.scene, level, rng))


def views(condition: Condition, fields: tuple[Field, ...]) -> tuple[View, ...]:
    """Return how a condition changes what a policy observes.

    Args:
        condition: of the episode.
        fields: what the entries of the ``state`` observation mean.
    """
    match condition.name:
        case "sensor_noise":
            return (NoisySensors(condition.level, fields),)
        case "language":
            return (Mumbled(condition.level),)
        case name if name == WORDING:
            return (Reworded(condition.level),)
        case _:
            return ()


def latency(condition: Condition) -> int:
    """Return how many steps late a condition lets answers come."""
    return LATENCIES[condition.level - 1] if condition.name == "latency" else 0
