"""Carries out the skills of a plan that are done with the feet."""

import math

from vla_humanoid.assets.scene import Scene
from vla_humanoid.data_collection.skills.body import Body, Motion
from vla_humanoid.data_collection.skills.squat import is_at_height, squat
from vla_humanoid.data_collection.skills.steering import Tolerance
from vla_humanoid.data_collection.skills.walk import follow_line, stand, turn_to, walk_to
from vla_humanoid.tasks.core.plan import FollowLine, Locomotion, Squat, Stand, TurnTo, WalkTo
from vla_humanoid.tasks.core.polyline import Polyline
from vla_humanoid.tasks.core.stance import Stance, stance_of

STAYED = Tolerance(0.10, math.radians(8.0))
"""How near the robot must stay to where a skill took it."""


def move(body: Body, scene: Scene, skill: Locomotion) -> Motion:
    """Carry out a skill of the feet.

    Raises:
        SkillFailed: if it cannot be done.
    """
    match skill:
        case WalkTo(x, y, yaw):
            return walk_to(body, scene, Stance(x, y, yaw))
        case FollowLine(points):
            return follow_line(body, Polyline(points))
        case TurnTo(yaw):
            return turn_to(body, yaw)
        case Stand(seconds):
            return stand(body, seconds)
        case Squat(height, seconds):
            return squat(body, height, seconds)


def has_arrived(body: Body, skill: Locomotion) -> bool:
    """Tell whether the robot is where a skill takes it."""
    here = stance_of(body.robot)
    match skill:
        case WalkTo(x, y, yaw):
            return STAYED.covers(here, Stance(x, y, yaw))
        case FollowLine(points):
            return STAYED.covers(here, Stance(*points[-1], Polyline(points).headings[-1]))
        case TurnTo(yaw):
            return STAYED.covers(here, Stance(here.x, here.y, yaw))
        case Squat(height):
            return is_at_height(body, height)
        case Stand():
            return True
