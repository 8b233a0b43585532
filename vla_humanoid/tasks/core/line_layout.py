"""Lines on the floor that begin near the robot, which stands at the origin and faces +x."""

import math
from itertools import permutations

import numpy as np

from vla_humanoid.assets.colors import COLORS
from vla_humanoid.assets.scene import FloorPath
from vla_humanoid.tasks.core.kinds import identifier
from vla_humanoid.tasks.core.landmark_layout import spread
from vla_humanoid.tasks.core.placement import PlacementError, Spot
from vla_humanoid.tasks.core.polyline import Polyline
from vla_humanoid.tasks.core.randomization import EpisodeRandom

LINE_COLORS = tuple(color for color in COLORS if color not in ("white", "black"))
"""Grey floors are too much like the others."""
COUNT = (2, 3)
START_DISTANCE = 0.35
"""From the robot to where each line begins [m]."""
START_BEARING = math.radians(110.0)
"""Largest angle between where the robot faces and where a line begins [rad]."""
START_GAP = math.radians(55.0)
"""Least angle between the beginnings of two lines, as the robot sees them [rad]."""
START_TURN = math.radians(20.0)
"""Largest angle at which a line begins to either side of straight away from the robot [rad]."""
BENDS = (2, 3)
BEND = (math.radians(20.0), math.radians(60.0))
"""Smallest and largest angle at a bend [rad]."""
LENGTH = (2.0, 3.0)
"""Shortest and longest line [m]."""
UNEVENNESS = 0.25
"""Largest deviation of a piece from the mean length, as a part of it."""
APART = 0.6
"""Least distance between two lines, except near their beginnings [m]."""
NEAR_START = 0.5
"""How far along a line it may be nearer to another [m]."""
SPACING = 0.1
"""Of the points at which that is checked [m]."""
LAYOUTS = 1000
"""Times lines are drawn anew before giving up."""


def sample_lines(random: EpisodeRandom) -> tuple[FloorPath, ...]:
    """Sample lines of different colours that lead away in different directions.

    The axes are "object_pose" and "distractors" (off: two lines). The most that there can be are
    laid out, and one taken away again, so that their number changes nothing else.

    Raises:
        PlacementError: if no layout was found.
    """
    fewest, most = COUNT
    colors = random.stream("lines").permutation(LINE_COLORS)[:most].tolist()
    courses = _lay_out(most, random.stream("object_pose"))
    count = fewest
    if random.is_on("distractors"):
        count = int(random.stream("distractors").integers(fewest, most, endpoint=True))
    lines = zip(colors[:count], courses[:count], strict=True)
    return tuple(
        FloorPath(identifier(color, "line"), color, COLORS[color], course)
        for color, course in lines
    )


def _lay_out(count: int, rng: np.random.Generator) -> list[tuple[Spot, ...]]:
    for _ in range(LAYOUTS):
        bearings = spread(count, math.pi - START_BEARING, START_GAP, rng)
        courses = [_course(bearing - math.pi, rng) for bearing in rng.permutation(bearings)]
        if all(_keep_apart(a, b) for a, b in permutations(courses, 2)):
            return courses
    raise PlacementError(f"No layout of {count} lines was found in {LAYOUTS} attempts.")


def _course(bearing: float, rng: np.random.Generator) -> tuple[Spot, ...]:
    """Sample the corners of a line that begins at a bearing from the robot."""
    pieces = int(rng.integers(*BENDS, endpoint=True)) + 1
    shares = 1.0 + rng.uniform(-UNEVENNESS, UNEVENNESS, pieces)
    lengths = rng.uniform(*LENGTH) * shares / shares.sum()
    bends = rng.uniform(*BEND, pieces - 1) * rng.choice([-1.0, 1.0], pieces - 1)
    headings = bearing + rng.uniform(-START_TURN, START_TURN) + np.cumsum([0.0, *bends])
    steps = lengths[:, None] * np.column_stack([np.cos(headings), np.sin(headings)])
    start = START_DISTANCE * np.array([math.cos(bearing), math.sin(bearing)])
    corners = start + np.vstack([np.zeros(2), np.cumsum(steps, axis=0)])
    return tuple((x, y) for x, y in corners.tolist())


def _keep_apart(a: tuple[Spot, ...], b: tuple[Spot, ...]) -> bool:
    """Tell whether the first line, past its beginning, keeps away from the second."""
    line, other = Polyline(a), Polyline(b)
    points = (line.at(along) for along in np.arange(NEAR_START, line.length, SPACING))
    return all(other.nearest(x, y)[1] >= APART for x, y in (*points, line.at(line.length)))
