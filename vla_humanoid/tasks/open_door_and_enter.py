"""OpenDoorAndEnter: push the named one of several doors in a wall open and walk through it."""

from dataclasses import dataclass, replace

from vla_humanoid.assets.scene import Scene
from vla_humanoid.schema import WorldState
from vla_humanoid.tasks.core.appearance import randomize_appearance
from vla_humanoid.tasks.core.doorways import doorways, sample_doorways
from vla_humanoid.tasks.core.floor import sample_floor
from vla_humanoid.tasks.core.judging import Judgement
from vla_humanoid.tasks.core.kinds import named
from vla_humanoid.tasks.core.plan import PushOpen, Skill, WalkTo
from vla_humanoid.tasks.core.randomization import EpisodeRandom
from vla_humanoid.tasks.core.room_doors import doorway_of, hung
from vla_humanoid.tasks.core.spoken_task import SpokenTask
from vla_humanoid.tasks.core.stance import Stance
from vla_humanoid.tasks.core.task import WRONG_OBJECT, Judge
from vla_humanoid.tasks.language.entering import ENTERING
from vla_humanoid.tasks.walk_through_doorway import (
    BEHIND,
    WalkThroughDoorwayGoal,
    WalkThroughDoorwayJudge,
)

BEFORE = 0.75
"""Where the expert stands before the wall, out of the hands' reach of the door [m]."""
WIDE_OPEN = 1.35
"""Angle of a door that one walks past without touching it [rad]."""
AJAR = 0.25
"""Angle by which a door is no longer shut [rad]."""
OPENING = 0.3
"""Share of the progress that is in opening the door."""


@dataclass(frozen=True)
class OpenDoorAndEnterGoal:
    """Which door of the scene, by name."""

    door: str


class OpenDoorAndEnter(SpokenTask[OpenDoorAndEnterGoal]):
    """A wall with 2 or 3 shut doors of different colours; the robot is to go through one."""

    name = "OpenDoorAndEnter"
    goal_type = OpenDoorAndEnterGoal
    sentences = ENTERING
    time_limit = 45.0
    walks = True
    carries_payload = True

    def sample_scene(self, random: EpisodeRandom) -> Scene:
        """Sample a wall 1.3 to 1.9 m ahead, on a level floor: doors swing over it."""
        scene = Scene(boxes=sample_doorways(random), floor_friction=sample_floor(random)[0])
        scene = replace(scene, fixtures=hung(doorways(scene), random))
        return randomize_appearance(scene, random)

    def goals(self, scene: Scene) -> tuple[OpenDoorAndEnterGoal, ...]:
        """Return each door that is shut, from left to right."""
        shut = (door for door in scene.fixtures if door.opening < AJAR)
        return tuple(OpenDoorAndEnterGoal(door.name) for door in shut)

    def subgoals(self, goal: OpenDoorAndEnterGoal, scene: Scene) -> tuple[str, ...]:
        """Return: go there, open, go through, stop."""
        color = named(scene.fixtures, goal.door).color
        return f"walk to the {color} door", "push it open", "walk through", "stop behind it"

    def plan(self, goal: OpenDoorAndEnterGoal, scene: Scene) -> tuple[Skill, ...]:
        """Return: walk before the door, push it open, walk behind it."""
        doorway = doorway_of(named(scene.fixtures, goal.door), scene)
        return (
            WalkTo(doorway.x - BEFORE, doorway.y, 0.0),
            PushOpen(goal.door, WIDE_OPEN),
            WalkTo(doorway.x + BEHIND, doorway.y, 0.0),
        )

    def judge(self, goal: OpenDoorAndEnterGoal, scene: Scene) -> Judge:
        """Return a judge for one episode."""
        return OpenDoorAndEnterJudge(goal, scene)


class OpenDoorAndEnterJudge(WalkThroughDoorwayJudge):
    """Judges one episode.

    Success and failure are those of `WalkThroughDoorway` for the doorway that the named door is
    in. Failure too: another door is opened by more than `AJAR` from where it was at first.
    """

    def __init__(self, goal: OpenDoorAndEnterGoal, scene: Scene) -> None:
        doorway = doorway_of(named(scene.fixtures, goal.door), scene)
        super().__init__(WalkThroughDoorwayGoal(doorway.name), scene)
        self._door = goal.door
        self._first: dict[str, float] | None = None

    def assess_stance(self, state: WorldState, stance: Stance) -> Judgement:
        """Return how the episode stands, leaving aside whether the robot has fallen."""
        positions = {name: fixture.position for name, fixture in state.fixtures.items()}
        self._first = first = self._first or positions
        through = super().assess_stance(state, stance)
        is_wrong = any(
            abs(position - first[name]) > AJAR
            for name, position in positions.items()
            if name != self._door
        )
        opened = min(max(positions[self._door] / WIDE_OPEN, 0.0), 1.0)
        is_ajar = positions[self._door] > AJAR
        return Judgement(
            success=through.success,
            failure=WRONG_OBJECT if is_wrong else through.failure,
            # Where the other task has the robot walk through, this one has it open the door first.
            subgoal=max(through.subgoal, int(is_ajar)) + int(is_ajar or through.subgoal > 1),
            progress=OPENING * opened + (1.0 - OPENING) * through.progress,
        )
