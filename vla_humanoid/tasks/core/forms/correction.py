"""Correction: once the robot has begun, it is told something else, "no, the blue one"."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np

from vla_humanoid.assets.scene import Scene
from vla_humanoid.schema import WorldState
from vla_humanoid.tasks.core.forms.form_task import FormTask
from vla_humanoid.tasks.core.forms.latest import Latest
from vla_humanoid.tasks.core.plan import Skill
from vla_humanoid.tasks.core.spoken_task import Roles, SpokenTask
from vla_humanoid.tasks.core.task import Instruction, Judge, Verdict
from vla_humanoid.tasks.language.clauses import Frame
from vla_humanoid.tasks.language.grammar import normalized
from vla_humanoid.tasks.language.referents import referents

PAUSE = " - "
"""What stands between what is said at first and its correction."""
FRAMES = tuple(
    Frame(f"{{opening}}{PAUSE}{template}")
    for template in (
        "no, {thing}",
        "no, {thing} instead",
        "sorry, I meant {thing}",
        "wait, not that one, {thing}",
        "I changed my mind, {thing}, please",
        "no, {clause}",
        "stop, {clause} instead",
        "change of plan: {clause}",
        "forget that, {clause}",
        "sorry, I meant this: {clause}",
    )
)
TIMES, WALKING_TIMES = (0.8, 2.0), (1.0, 4.0)
"""When the robot is corrected, unless it reaches a sub-goal before [s]."""


@dataclass(frozen=True)
class CorrectionGoal:
    """What is asked for at first, and what then is; they differ in one role."""

    opening: Roles
    goal: Roles


class CorrectionTask(FormTask[CorrectionGoal]):
    """A task in which the robot is corrected once it has begun."""

    form = "correction"
    goal_type = CorrectionGoal

    def __init__(self, base: SpokenTask[Roles]) -> None:
        super().__init__(base)
        self._things = Latest(self._find_things)

    @classmethod
    def fits(cls, base: SpokenTask[Roles]) -> bool:
        """Tell whether there can be two goals in a scene of a task."""
        return bool(base.sentences.roles)

    def find_goals(self, scene: Scene) -> tuple[CorrectionGoal, ...]:
        """Return every two goals that differ in one role."""
        return tuple(
            CorrectionGoal(opening, goal)
            for opening, others in self._things(scene).items()
            for goal in others
        )

    def stages(self, goal: CorrectionGoal, scene: Scene) -> tuple[tuple[Roles, ...], ...]:
        """Return the goal in the end."""
        return ((goal.goal,),)

    def parts(self, goal: CorrectionGoal, scene: Scene) -> tuple[Mapping[str, str], ...]:
        """Return what is asked for in the end, and what was at first."""
        return self.base.meaning(goal.goal), self.base.meaning(goal.opening)

    def opening_plan(self, goal: CorrectionGoal, scene: Scene) -> tuple[Skill, ...]:
        """Return the skills for what is asked at first."""
        return self.base.plan(goal.opening, scene)

    def instruct(self, goal: CorrectionGoal, scene: Scene, rng: np.random.Generator) -> Instruction:
        """Put a goal into words: all that is said in the end, and what it opens with."""
        said = super().instruct(goal, scene, rng)
        return replace(said, opening=self.opening_of(said.text))

    def opening_of(self, sentence: str) -> str:
        """Return what is said at first."""
        opening, pause, _ = sentence.partition(PAUSE)
        return opening if pause else ""

    def word(
        self, goal: CorrectionGoal, scene: Scene, rng: np.random.Generator
    ) -> tuple[str, tuple[str, ...]]:
        """Draw all that is said: a clause and its correction."""
        frame = FRAMES[int(rng.integers(len(FRAMES)))]
        things = self._things(scene)[goal.opening][goal.goal]
        opening, of_opening = self.draw_clause(goal.opening, scene, rng)
        clause, of_clause = self.draw_clause(goal.goal, scene, rng)
        thing = things[int(rng.integers(len(things)))]
        text = frame.fill({"opening": opening, "thing": thing, "clause": clause})
        used = of_clause if "{clause}" in frame.template else ()
        return text, (frame.template, *of_opening, *used)

    def understand(self, sentence: str, scene: Scene) -> CorrectionGoal:
        """Return what is asked for at first and in the end.

        Raises:
            ValueError: if it is no such sentence, or not possible in this scene.
        """
        found = {
            CorrectionGoal(opening, goal)
            for frame in FRAMES
            for parts in frame.splits(normalized(sentence))
            if (opening := self.clause_goal(parts["opening"], scene)) is not None
            for goal in self._corrected(opening, parts, scene)
        }
        return self.only(found, sentence, scene)

    def judge(self, goal: CorrectionGoal, scene: Scene) -> Judge:
        """Return a judge for one episode."""
        low, high = WALKING_TIMES if self.walks else TIMES
        share = crc32(repr(goal).encode()) % 1000 / 1000
        opening, end = (self.base.judge(one, scene) for one in (goal.opening, goal.goal))
        return CorrectionJudge(opening, end, low + share * (high - low))

    def _corrected(
        self, opening: Roles, parts: Mapping[str, str], scene: Scene
    ) -> tuple[Roles, ...]:
        if "clause" in parts:
            goal = self.clause_goal(parts["clause"], scene)
            return () if goal is None else (goal,)
        others = self._things(scene).get(opening, {})
        return tuple(goal for goal, things in others.items() if parts["thing"] in things)

    def _find_things(self, scene: Scene) -> dict[Roles, dict[Roles, tuple[str, ...]]]:
        """Return what turns each goal into each other one that differs in one role."""
        found: dict[Roles, dict[Roles, tuple[str, ...]]] = {}
        for opening in self.base_goals(scene):
            ways = {
                goal: self._ways(role, goal, scene)
                for goal in self.base_goals(scene)
                if (role := self._difference(opening, goal))
            }
            counts = [way for said in ways.values() for way in said]
            found[opening] = {
                goal: kept
                for goal, said in ways.items()
                if (kept := tuple(way for way in said if counts.count(way) == 1))
            }
        return found

    def _difference(self, opening: Roles, goal: Roles) -> str:
        """Return the only role in which two goals differ; empty if there is no such."""
        before, after = self.base.meaning(opening), self.base.meaning(goal)
        roles = [role for role in before if before[role] != after[role]]
        return roles[0] if len(roles) == 1 else ""

    def _ways(self, role: str, goal: Roles, scene: Scene) -> tuple[str, ...]:
        """Return how what fills a role may be called when it is clear what is spoken of."""
        name = self.base.meaning(goal)[role]
        things = referents(scene)
        colored = (f"the {things[name].color} one", "the other one") if name in things else ()
        return (*self.base.sentences.roles[role](scene)[name], *colored)


class CorrectionJudge(Judge):
    """Judges what is asked for at first until the robot has begun, and from then on the other goal.

    Args:
        opening: judge of the first goal.
        goal: judge of the goal in the end.
        after: time after which the robot is corrected, if it has reached no sub-goal before [s].
    """

    def __init__(self, opening: Judge, goal: Judge, after: float) -> None:
        self._opening, self._goal = opening, goal
        self._after = after
        self._began: float | None = None
        self._is_corrected = False
        self._final: Verdict | None = None

    def update(self, state: WorldState) -> Verdict:
        """Take the world state after a policy step and return how the episode stands."""
        if self._final is not None:
            return self._final
        self._began = state.time if self._began is None else self._began
        verdict = self._judged(state, state.time - self._began >= self._after)
        if verdict.success or verdict.failure is not None:
            self._final = verdict
        return verdict

    def _judged(self, state: WorldState, is_late: bool) -> Verdict:
        if not self._is_corrected:
            verdict = self._opening.update(state)
            if verdict.failure is not None or not (is_late or verdict.subgoal > 0):
                return verdict
            self._is_corrected = True
        return replace(self._goal.update(state), corrected=True)
