"""Landmarks around the robot, which stands at the origin and faces +x."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import get_args

import numpy as np

from vla_humanoid.assets.colors import COLORS
from vla_humanoid.assets.landmarks import LANDMARKS
from vla_humanoid.assets.scene import Landmark, LandmarkShape
from vla_humanoid.tasks.core.kinds import identifier, sample_kinds
from vla_humanoid.tasks.core.placement import Item, Region, Spot, place
from vla_humanoid.tasks.core.randomization import EpisodeRandom

LANDMARK_SCALES = (0.9, 1.1)


@dataclass(frozen=True)
class LandmarkRanges:
    """Smallest and largest of what landmarks are sampled from.

    Args:
        count: how many there are.
        distances: from the robot to their centres [m].
        bearings: angles between where the robot faces and their centres, on either side [rad].
        gap: least room between two of them [m].
        bearing_gap: least angle between two of them, as the robot sees them [rad]; where it is not
            zero, it alone keeps them apart.
    """

    count: tuple[int, int]
    distances: tuple[float, float]
    bearings: tuple[float, float]
    gap: float = 0.9
    bearing_gap: float = 0.0


def sample_landmarks(random: EpisodeRandom, ranges: LandmarkRanges) -> tuple[Landmark, ...]:
    """Sample landmarks, no two alike in both colour and shape.

    The axes are "distractors" (off: as few as there can be), "object_pose" and "object_size". The
    most that there can be are laid out, and some taken away again, so that their number changes
    nothing else.

    Raises:
        PlacementError: if no layout was found.
    """
    fewest, most = ranges.count
    kinds = sample_kinds(get_args(LandmarkShape), most, random.stream("landmarks"))
    spot_rng, turn_rng = random.stream("object_pose").spawn(2)
    lay_out = _all_around if ranges.bearing_gap > 0.0 else _scattered
    spots = lay_out([shape for _, shape in kinds], ranges, spot_rng)
    turns = turn_rng.uniform(-math.pi, math.pi, most).tolist()
    landmarks = [
        replace(_landmark(color, shape, random), position=spot, yaw=turn)
        for (color, shape), spot, turn in zip(kinds, spots, turns, strict=True)
    ]
    count = fewest
    if random.is_on("distractors"):
        count = int(random.stream("distractors").integers(fewest, most, endpoint=True))
    return tuple(landmarks[:count])


def footprint_radius(landmark: Landmark) -> float:
    """Return the radius of the circle that covers a landmark, seen from above [m]."""
    return landmark.scale * LANDMARKS[landmark.shape].radius


def _landmark(color: str, shape: LandmarkShape, random: EpisodeRandom) -> Landmark:
    name = identifier(color, shape)
    scale = random.uniform("object_size", LANDMARK_SCALES, 1.0, name)
    return Landmark(name, shape, color, COLORS[color], (0.0, 0.0), scale=scale)


def _scattered(
    shapes: Sequence[LandmarkShape], ranges: LandmarkRanges, rng: np.random.Generator
) -> tuple[Spot, ...]:
    farthest = ranges.distances[1]
    region = Region((-farthest, farthest), (-farthest, farthest))
    items = [
        # Numbered, since one shape may be there several times.
        Item(
            f"{shape} {number}",
            LANDMARK_SCALES[1] * LANDMARKS[shape].radius,
            ranges.gap,
            region,
            _within(ranges),
        )
        for number, shape in enumerate(shapes)
    ]
    return place(items, rng)


def _within(ranges: LandmarkRanges) -> Callable[[float, float], bool]:
    def is_within(x: float, y: float) -> bool:
        nearest, farthest = ranges.distances
        least, most = ranges.bearings
        return nearest <= math.hypot(x, y) <= farthest and least <= abs(math.atan2(y, x)) <= most

    return is_within


def _all_around(
    shapes: Sequence[LandmarkShape], ranges: LandmarkRanges, rng: np.random.Generator
) -> tuple[Spot, ...]:
    count = len(shapes)
    bearings = spread(count, ranges.bearings[0], ranges.bearing_gap, rng)
    distances = rng.uniform(*ranges.distances, count).tolist()
    return tuple(
        (distance * math.cos(bearing), distance * math.sin(bearing))
        for distance, bearing in zip(distances, rng.permutation(bearings).tolist(), strict=True)
    )


def spread(count: int, first: float, gap: float, rng: np.random.Generator) -> list[float]:
    """Sample angles between ``first`` and a full turn less that, a gap or more apart [rad]."""
    room = 2.0 * math.pi - 2.0 * first - (count - 1) * gap
    angles = np.sort(rng.uniform(0.0, room, count)) + gap * np.arange(count)
    return (first + angles).tolist()
