"""Wipe: wipe the named stain off the table with a sponge."""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from vla_humanoid.assets.colors import COLORS
from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import GraspableObject, Scene, Table, TableMark
from vla_humanoid.schema import WorldState
from vla_humanoid.tasks.core.appearance import randomize_appearance
from vla_humanoid.tasks.core.handling import is_lifted
from vla_humanoid.tasks.core.judging import DROPPED, EpisodeJudge, Judgement, Mistakes
from vla_humanoid.tasks.core.kinds import identifier, named
from vla_humanoid.tasks.core.placement import Item, Region, place
from vla_humanoid.tasks.core.plan import Pick, Skill, WipeOff
from vla_humanoid.tasks.core.predicates import is_off_table
from vla_humanoid.tasks.core.progress import hand_nearness, nearness
from vla_humanoid.tasks.core.randomization import EpisodeRandom
from vla_humanoid.tasks.core.reach import reaching_sides
from vla_humanoid.tasks.core.spoken_task import SpokenTask
from vla_humanoid.tasks.core.table_layout import (
    TABLE_HEIGHTS,
    grasp_point,
    object_item,
    stood_object,
)
from vla_humanoid.tasks.core.tabletop import (
    MASS_FACTORS,
    sample_table,
    table_of,
)
from vla_humanoid.tasks.core.task import WRONG_OBJECT, Judge
from vla_humanoid.tasks.core.wiping import Wiping
from vla_humanoid.tasks.language.wiping import WIPING

FEWEST_STAINS, MOST_STAINS = 2, 3
RADII, RADIUS = (0.030, 0.040), 0.035
"""Of stains [m]."""
SCALES = (0.95, 1.05)
"""Of the sponge."""
FRICTIONS, FRICTION = (0.3, 0.45), 0.35
"""Of the sponge: it is wet, and slides."""
REGION = Region(x=(0.33, 0.42), y=(-0.26, 0.26))
"""Where the middles of stains may be, world frame [m]."""
CLEARANCE = 0.07
"""Least gap between two stains: a sponge that wipes one hardly touches the other [m]."""
STROKE = 0.06
"""How far before and behind the middle of a stain a hand must reach to wipe it [m]."""
HIGHER_GRASP = 0.006
"""How much higher than usual the sponge is taken: fingertips stay off the table [m]."""
CLEAN = 0.9
"""Share of a stain's area that must be wiped."""
WRONG_SHARE = 0.35
"""Share of another stain's area that must not be."""


@dataclass(frozen=True)
class WipeGoal:
    """Which stain of the scene, by name."""

    stain: str


class Wipe(SpokenTask[WipeGoal]):
    """A table with a sponge and 2 or 3 stains of different colours; one is to be wiped."""

    name = "Wipe"
    goal_type = WipeGoal
    sentences = WIPING
    time_limit = 25.0

    def sample_scene(self, random: EpisodeRandom) -> Scene:
        """Sample stains and a sponge; the hand that takes it reaches at least two of them."""
        table, rng = sample_table(random), random.stream("object_pose")
        colors = random.stream("marks").permutation(list(COLORS))[:MOST_STAINS].tolist()
        sponge = _sponge(random)
        while True:
            placed, stains = _laid_out(sponge, colors, table, rng)
            if all(_hands_for(placed, stain) for stain in stains):
                break
        count = MOST_STAINS
        if random.is_on("distractors"):
            count = int(random.stream("distractors").integers(FEWEST_STAINS, MOST_STAINS + 1))
        radii = [random.uniform("object_size", RADII, RADIUS, it.name) for it in stains]
        sized = [replace(it, radius=size) for it, size in zip(stains, radii, strict=True)]
        scene = Scene(table=table, objects=(placed,), marks=tuple(sized[:count]))
        return randomize_appearance(scene, random)

    def goals(self, scene: Scene) -> tuple[WipeGoal, ...]:
        """Return each stain that the hand which takes the sponge reaches."""
        (sponge,) = scene.objects
        return tuple(WipeGoal(stain.name) for stain in scene.marks if _hands_for(sponge, stain))

    def subgoals(self, goal: WipeGoal, scene: Scene) -> tuple[str, ...]:
        """Return: take the sponge, wipe."""
        return "pick up the sponge", f"wipe the {named(scene.marks, goal.stain).color} stain"

    def plan(self, goal: WipeGoal, scene: Scene) -> tuple[Skill, ...]:
        """Return: pick, wipe."""
        (sponge,) = scene.objects
        return Pick(sponge.name, higher=HIGHER_GRASP), WipeOff(sponge.name, goal.stain)

    def judge(self, goal: WipeGoal, scene: Scene) -> Judge:
        """Return a judge for one episode."""
        return WipeJudge(goal, scene)


class WipeJudge(EpisodeJudge):
    """Judges one episode.

    Success: the sponge has passed, lying on the table, over `CLEAN` of the named stain's area, and
    the robot stands. Failure: over `WRONG_SHARE` of another one's, or the sponge has fallen off the
    table.
    """

    def __init__(self, goal: WipeGoal, scene: Scene) -> None:
        super().__init__()
        self._table = table_of(scene)
        (self._sponge,) = scene.objects
        self._stain = named(scene.marks, goal.stain)
        self._wiping = {
            stain.name: Wiping(stain, self._sponge, self._table) for stain in scene.marks
        }
        self._was_taken = False
        self._mistakes = Mistakes(0.0)

    def assess(self, state: WorldState) -> Judgement:
        """Return how the episode stands, leaving aside whether the robot has fallen."""
        shares = {name: wiping.update(state) for name, wiping in self._wiping.items()}
        share = shares.pop(self._stain.name)
        body = state.objects[self._sponge.name]
        self._was_taken |= is_lifted(self._sponge, state)
        wrong: dict[Hashable, str] = {
            name: WRONG_OBJECT for name, wiped in shares.items() if wiped > WRONG_SHARE
        }
        if is_off_table(body, self._table.height):
            wrong[self._sponge.name] = DROPPED
        away = np.array([*self._stain.position, self._table.height]) - body.pose.position
        there = nearness(math.hypot(*away.tolist()))
        return Judgement(
            success=share >= CLEAN,
            failure=self._mistakes.update(wrong, state.time),
            subgoal=2 if share >= CLEAN else int(self._was_taken),
            progress=0.2 * hand_nearness(state.robot, body.pose.position)
            + 0.2 * there
            + 0.6 * min(share / CLEAN, 1.0),
        )


def _hands_for(sponge: GraspableObject, stain: TableMark) -> tuple[str, ...]:
    """Return the hands that reach both the sponge and all of a stain, at any height of a table."""
    x, y = stain.position
    above = grasp_point(sponge)[2] - sponge.position[2] + sponge.scale * _MODEL.half_height
    return reaching_sides(
        *((*sponge.position[:2], height + above) for height in TABLE_HEIGHTS),
        *((x + way, y, height + above) for height in TABLE_HEIGHTS for way in (-STROKE, STROKE)),
    )


def _laid_out(
    sponge: GraspableObject, colors: Sequence[str], table: Table, rng: np.random.Generator
) -> tuple[GraspableObject, list[TableMark]]:
    """Return the sponge and stains of the largest size, at places of their own."""
    largest = RADII[1]
    items = [Item(color, largest, CLEARANCE, REGION, lambda x, y: True) for color in colors]
    spot_rng, turn_rng = rng.spawn(2)
    spots = place([object_item(sponge, table), *items], spot_rng)
    stains = [
        TableMark(identifier(color, "stain"), color, COLORS[color], spot, largest)
        for color, spot in zip(colors, spots[1:], strict=True)
    ]
    return stood_object(sponge, spots[0], turn_rng.random(3), table), stains


def _sponge(random: EpisodeRandom) -> GraspableObject:
    """Return the sponge of the episode, not yet placed."""
    color = str(random.stream("objects").choice(list(COLORS)))
    name = "sponge"
    return GraspableObject(
        name=name,
        shape="sponge",
        color=color,
        rgb=COLORS[color],
        position=(0.0, 0.0, 0.0),
        scale=random.uniform("object_size", SCALES, 1.0, name),
        mass=random.uniform("object_mass", MASS_FACTORS, 1.0, name) * _MODEL.mass,
        friction=random.uniform("object_friction", FRICTIONS, FRICTION, name),
    )


_MODEL = OBJECTS["sponge"]
