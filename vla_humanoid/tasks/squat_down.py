"""SquatDown: squat down, squat down and stand up again, or squat to the height of a post."""

from dataclasses import dataclass

from vla_humanoid.assets.colors import COLORS
from vla_humanoid.assets.scene import Scene, StaticBox
from vla_humanoid.schema import WorldState
from vla_humanoid.tasks.core.appearance import randomize_appearance
from vla_humanoid.tasks.core.floor import sample_floor
from vla_humanoid.tasks.core.hold import Hold
from vla_humanoid.tasks.core.judging import Judgement
from vla_humanoid.tasks.core.kinds import named
from vla_humanoid.tasks.core.locomotion import WALKED_AWAY, LocomotionJudge
from vla_humanoid.tasks.core.plan import Skill, Squat
from vla_humanoid.tasks.core.predicates import is_standing_still, pelvis_height
from vla_humanoid.tasks.core.randomization import EpisodeRandom
from vla_humanoid.tasks.core.spoken_task import SpokenTask
from vla_humanoid.tasks.core.stance import Stance
from vla_humanoid.tasks.core.task import WRONG_OBJECT, Judge
from vla_humanoid.tasks.language.squatting import RISE, SQUATTING, STAY

LOW, UP = 0.55, 0.70
"""Heights of the pelvis below which the robot has squatted down, and above which it is up [m]."""
SHORT, TALL = (0.58, 0.60), (0.64, 0.66)
"""Heights of the lower and of the taller post [m]."""
LEVEL = 0.02
"""Largest difference between the heights of pelvis and post [m]."""
DOWN_TIME, STAY_TIME, LEVEL_TIME, UP_TIME = 0.5, 2.0, 1.0, 0.5
"""How long the robot must have been down to stand up again; stay down; be level; be up [s]."""
WRONG_TIME = 2.0
"""How long it may be level with another post [s]."""
AHEAD, ASIDE = (1.0, 1.5), (0.2, 0.6)
"""Where posts stand; one on either side [m]."""
WIDTH = 0.1
"""Of a post [m]."""
ROOM = 0.35
"""How far the robot may move from where it began [m]."""
DEPTH, HEIGHT = 0.51, 0.74
"""Heights of the pelvis at which the expert is down and up [m]."""


@dataclass(frozen=True)
class SquatDownGoal:
    """How low: `STAY` for all the way down, `RISE` to come up again, or the name of a post."""

    until: str


class SquatDown(SpokenTask[SquatDownGoal]):
    """Two posts of different heights ahead; the robot is to squat, and how low is said."""

    name = "SquatDown"
    goal_type = SquatDownGoal
    sentences = SQUATTING
    time_limit = 15.0
    walks = True  # No steps, but the height of the pelvis, which the same modes command.
    carries_payload = True

    def sample_scene(self, random: EpisodeRandom) -> Scene:
        """Sample two posts, the lower one on either side."""
        rng = random.stream("posts")
        colors = [list(COLORS)[int(i)] for i in rng.permutation(len(COLORS))[:2]]
        sides = (1.0, -1.0) if rng.random() < 0.5 else (-1.0, 1.0)
        posts = tuple(
            _post(random, color, side, heights)
            for color, side, heights in zip(colors, sides, (SHORT, TALL), strict=True)
        )
        scene = Scene(boxes=posts, floor_friction=sample_floor(random)[0])
        return randomize_appearance(scene, random)

    def goals(self, scene: Scene) -> tuple[SquatDownGoal, ...]:
        """Return: stay down, come up again, be level with either post."""
        return tuple(SquatDownGoal(how) for how in (STAY, RISE, *(box.name for box in scene.boxes)))

    def subgoals(self, goal: SquatDownGoal, scene: Scene) -> tuple[str, ...]:
        """Return: go down, then what to do there."""
        if goal.until == STAY:
            return "squat down", "stay down"
        if goal.until == RISE:
            return "squat down", "stand up again"
        color = named(scene.boxes, goal.until).color
        return f"squat to the height of the {color} post", "stay at that height"

    def plan(self, goal: SquatDownGoal, scene: Scene) -> tuple[Skill, ...]:
        """Return: squat, and for `RISE` stand up."""
        if goal.until == STAY:
            return (Squat(DEPTH, STAY_TIME + 1.0),)
        if goal.until == RISE:
            return Squat(DEPTH, DOWN_TIME + 0.5), Squat(HEIGHT, UP_TIME + 0.5)
        return (Squat(top_of(named(scene.boxes, goal.until)), LEVEL_TIME + 1.0),)

    def judge(self, goal: SquatDownGoal, scene: Scene) -> Judge:
        """Return a judge for one episode."""
        return SquatDownJudge(goal, scene)


class SquatDownJudge(LocomotionJudge):
    """Judges one episode, by the height of the pelvis above the lower sole.

    Success: `STAY`: it is below `LOW`, the robot still, for `STAY_TIME`. `RISE`: it was below `LOW`
    for `DOWN_TIME`, and afterwards is above `UP`, the robot still, for `UP_TIME`. A post: it is
    within `LEVEL` of the post's top, the robot still, for `LEVEL_TIME`. Failure: the robot walks
    away, or is level with the other post for `WRONG_TIME` where one was named.
    """

    def __init__(self, goal: SquatDownGoal, scene: Scene) -> None:
        super().__init__()
        self._until = goal.until
        tops = {box.name: top_of(box) for box in scene.boxes}
        self._top = None if goal.until in (STAY, RISE) else named(scene.boxes, goal.until)
        self._others = [top for name, top in tops.items() if name != goal.until]
        self._low = Hold(DOWN_TIME)
        self._astray = Hold(WRONG_TIME)
        self._held = Hold({STAY: STAY_TIME, RISE: UP_TIME}.get(goal.until, LEVEL_TIME))
        self._was_down = False
        self._start: Stance | None = None
        self._highest: float | None = None

    def assess_stance(self, state: WorldState, stance: Stance) -> Judgement:
        """Return how the episode stands, leaving aside whether the robot has fallen."""
        start = self._start = self._start or stance
        height, is_still = pelvis_height(state.robot), is_standing_still(state.robot)
        self._highest = max(self._highest or height, height)
        self._was_down = self._low.update(height < LOW, state.time) or self._was_down
        is_there = self._is_there(height)
        success = self._held.update(is_there and is_still, state.time)
        is_astray = any(abs(height - top) <= LEVEL for top in self._others) and is_still
        failure = WRONG_OBJECT if self._astray.update(is_astray, state.time) else None
        if self._until in (STAY, RISE):
            failure = None
        if start.distance(stance.x, stance.y) > ROOM:
            failure = WALKED_AWAY
        subgoal = 1 if is_there or self._was_down else 0
        return Judgement(success, failure, 2 if success else subgoal, self._progress(height))

    def _is_there(self, height: float) -> bool:
        if self._until == STAY:
            return height < LOW
        if self._until == RISE:
            return self._was_down and height > UP
        return self._top is not None and abs(height - top_of(self._top)) <= LEVEL

    def _progress(self, height: float) -> float:
        """Return how much of the way down, and of the way up again, lies behind."""
        highest = self._highest or height
        if self._top is not None:
            way = max(highest - top_of(self._top), LEVEL)
            return max(0.0, 1.0 - abs(height - top_of(self._top)) / way)
        down = min(max((highest - height) / max(highest - LOW, LEVEL), 0.0), 1.0)
        if self._until == STAY:
            return down
        if not self._was_down:
            return 0.5 * down
        return 0.5 + 0.5 * min(max((height - LOW) / (UP - LOW), 0.0), 1.0)


def top_of(post: StaticBox) -> float:
    """Return the height of the top of a post [m]."""
    return post.position[2] + 0.5 * post.size[2]


def _post(
    random: EpisodeRandom, color: str, side: float, heights: tuple[float, float]
) -> StaticBox:
    name = f"{color}_post"
    height = random.uniform("object_size", heights, sum(heights) / 2.0, name)
    x = random.uniform("object_pose", AHEAD, sum(AHEAD) / 2.0, f"{name} ahead")
    y = random.uniform("object_pose", ASIDE, sum(ASIDE) / 2.0, f"{name} aside")
    size = WIDTH, WIDTH, height
    return StaticBox(name, color, COLORS[color], size, (x, side * y, 0.5 * height))
