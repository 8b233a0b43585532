"""Axis layout: things stand elsewhere, and nearer to one another, than training has them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from vla_humanoid.assets.containers import CONTAINERS
from vla_humanoid.assets.landmarks import LANDMARKS
from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import Scene
from vla_humanoid.envs.episode import Episode
from vla_humanoid.evaluation.clear_start import first_clear
from vla_humanoid.evaluation.perturbed_numbers import direction
from vla_humanoid.schema import FloatArray
from vla_humanoid.tasks.core.task import Task

SHIFT = 0.02
"""Farthest that a thing is moved, per level [m]."""
GAP = 0.005
"""Least gap between things, and to the edge of what they stand on, where it was no less [m]."""
DRAWS = 30
"""Places tried for a thing before it stays where it is."""

_Point = tuple[float, float]


@dataclass(frozen=True)
class _Disc:
    """What a thing covers, seen from above."""

    name: str
    center: _Point
    radius: float

    def moved(self, shift: _Point) -> "_Disc":
        x, y = self.center
        return replace(self, center=(x + shift[0], y + shift[1]))


@dataclass(frozen=True)
class _Top:
    """A table or a box, seen from above."""

    center: _Point
    size: _Point
    yaw: float

    def inside(self, point: _Point) -> float:
        """Return how far a point is from the nearest edge, negative outside [m]."""
        dx, dy = point[0] - self.center[0], point[1] - self.center[1]
        cosine, sine = math.cos(self.yaw), math.sin(self.yaw)
        along, across = cosine * dx + sine * dy, cosine * dy - sine * dx
        return min(0.5 * self.size[0] - abs(along), 0.5 * self.size[1] - abs(across))


def laid_out_otherwise(
    episode: Episode, task: Task[object], level: int, rng: np.random.Generator
) -> Episode:
    """Return an episode whose things stand elsewhere; what is asked for can still be done.

    Things that touch or hold one another move together. A thing is moved by no less than half the
    way of the level, or stays. Where nothing stands freely, the robot stands elsewhere instead.
    """
    reach = SHIFT * level
    groups = _groups(_discs(episode.scene))
    if not groups:
        return first_clear(episode, lambda: _stood_off(episode, reach * direction(rng, 2)))
    for number, generator in enumerate(rng.spawn(len(groups))):
        group = [disc.name for disc in groups[number]]
        for _ in range(DRAWS):
            away = reach * generator.uniform(0.5, 1.0) * direction(generator, 2)
            shift = float(away[0]), float(away[1])
            scene = _moved(episode.scene, dict.fromkeys(group, shift))
            if _has_room(episode.scene, group, shift) and _is_possible(episode, task, scene):
                episode = replace(episode, scene=scene)
                break
    return episode


def _stood_off(episode: Episode, shift: FloatArray) -> Episode:
    x, y, yaw = episode.start
    return replace(episode, start=(x + float(shift[0]), y + float(shift[1]), yaw))


def _discs(scene: Scene) -> list[_Disc]:
    """Return every thing that stands freely, in the order of the scene."""
    return [
        *(
            _Disc(one.name, one.position[:2], one.scale * OBJECTS[one.shape].footprint_radius)
            for one in scene.objects
        ),
        *(
            _Disc(one.name, one.position[:2], one.scale * CONTAINERS[one.shape].footprint_radius)
            for one in scene.containers
        ),
        *(
            _Disc(one.name, one.position, one.scale * LANDMARKS[one.shape].radius)
            for one in scene.landmarks
        ),
    ]


def _groups(discs: Sequence[_Disc]) -> list[list[_Disc]]:
    """Return things that overlap, seen from above, together."""
    groups: list[list[_Disc]] = []
    for disc in discs:
        touched = [group for group in groups if any(_gap(disc, one) < 0.0 for one in group)]
        groups = [group for group in groups if group not in touched]
        groups.append([*(one for group in touched for one in group), disc])
    return groups


def _gap(first: _Disc, second: _Disc) -> float:
    return math.dist(first.center, second.center) - first.radius - second.radius


def _has_room(scene: Scene, group: Sequence[str], shift: _Point) -> bool:
    """Tell whether some things, moved, keep off the others and on what they stand on."""
    discs = _discs(scene)
    others = [disc for disc in discs if disc.name not in group]
    tops = _tops(scene)
    for disc in discs:
        if disc.name not in group:
            continue
        moved = disc.moved(shift)
        if any(_gap(moved, one) < min(GAP, _gap(disc, one)) for one in others):
            return False
        for top in tops:
            before, after = top.inside(disc.center), top.inside(moved.center)
            least = min(GAP + disc.radius, abs(before))
            if (after if before > 0.0 else -after) < least:
                return False
    return True


def _tops(scene: Scene) -> list[_Top]:
    tops = [_Top((box.position[0], box.position[1]), box.size[:2], box.yaw) for box in scene.boxes]
    if scene.table is not None:
        tops.append(_Top(scene.table.position, scene.table.size, 0.0))
    return tops


def _is_possible(episode: Episode, task: Task[object], scene: Scene) -> bool:
    """Tell whether a scene still has the episode's goal, and its sentence still means that."""
    if episode.goal not in task.goals(scene):
        return False
    try:
        return task.understand(episode.instruction.text, scene) == episode.goal
    except ValueError:
        return False


def _moved(scene: Scene, shifts: Mapping[str, _Point]) -> Scene:
    def shift(name: str) -> _Point:
        return shifts.get(name, (0.0, 0.0))

    return replace(
        scene,
        objects=tuple(
            replace(one, position=_shifted(one.position, shift(one.name))) for one in scene.objects
        ),
        containers=tuple(
            replace(one, position=_shifted(one.position, shift(one.name)))
            for one in scene.containers
        ),
        landmarks=tuple(
            replace(
                one,
                position=(
                    one.position[0] + shift(one.name)[0],
                    one.position[1] + shift(one.name)[1],
                ),
            )
            for one in scene.landmarks
        ),
    )


def _shifted(position: tuple[float, float, float], shift: _Point) -> tuple[float, float, float]:
    return position[0] + shift[0], position[1] + shift[1], position[2]
