"""Condition: both ways are named and the scene decides, "if the drawer is open, ..., else ..."."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, permutations, product

import numpy as np

from vla_humanoid.assets.scene import Scene
from vla_humanoid.tasks.core.forms.form_task import FormTask
from vla_humanoid.tasks.core.forms.latest import Latest
from vla_humanoid.tasks.core.kinds import identifier
from vla_humanoid.tasks.core.spoken_task import Roles, SpokenTask
from vla_humanoid.tasks.language.clauses import Frame
from vla_humanoid.tasks.language.grammar import normalized
from vla_humanoid.tasks.language.referents import Referent, naming_phrases, referents

FRAMES = tuple(
    Frame(template)
    for template in (
        "if {condition}, {then}, otherwise {otherwise}",
        "if {condition}, {then}; if not, {otherwise}",
        "if {condition} then {then}, else {otherwise}",
        "{then} if {condition}, otherwise {otherwise}",
        "see whether {condition}: if so, {then}, and if not, {otherwise}",
        "in case {condition}, {then}; in any other case, {otherwise}",
        "please {then} if {condition}, and {otherwise} if not",
        "could you {then} if {condition}, and {otherwise} otherwise?",
        "I want you to {then} if {condition} and to {otherwise} otherwise",
    )
)
PRESENT, ABSENT = ("there is {a}", "{a} is there"), ("there is no {noun}", "no {noun} is there")
OPEN, CLOSED = ("{it} is open",), ("{it} is closed", "{it} is shut")
OPENABLE = ("drawer", "door")
OPENED = 1e-3
"""Position of a joint from which on a fixture is open, [m] or [rad]."""


@dataclass(frozen=True)
class Condition:
    """What may be so in a scene: that a thing is there, or that a fixture is open; or that not."""

    thing: str
    is_about_opening: bool
    is_positive: bool


@dataclass(frozen=True)
class ConditionGoal:
    """A condition, the goal if it holds and the goal if it does not."""

    condition: Condition
    then: Roles
    otherwise: Roles


class ConditionTask(FormTask[ConditionGoal]):
    """A task in which the scene decides between two goals."""

    form = "condition"
    goal_type = ConditionGoal

    def __init__(self, base: SpokenTask[Roles]) -> None:
        super().__init__(base)
        self._conditions = Latest(_conditions)

    @classmethod
    def fits(cls, base: SpokenTask[Roles]) -> bool:
        """Tell whether there can be two goals in a scene of a task."""
        return bool(base.sentences.roles)

    def find_goals(self, scene: Scene) -> tuple[ConditionGoal, ...]:
        """Return every two goals with every condition that leaves both of them possible."""
        pairs = tuple(permutations(self.base_goals(scene), 2))
        return tuple(
            ConditionGoal(condition, then, otherwise)
            for condition in self._conditions(scene)
            for then, otherwise in pairs
            if condition.is_about_opening or not self._names(condition.thing, then, otherwise)
        )

    def stages(self, goal: ConditionGoal, scene: Scene) -> tuple[tuple[Roles, ...], ...]:
        """Return the goal that the scene decides for."""
        return ((goal.then if holds(goal.condition, scene) else goal.otherwise,),)

    def parts(self, goal: ConditionGoal, scene: Scene) -> tuple[Mapping[str, str], ...]:
        """Return what is asked for either way, and what the condition is about."""
        ways = tuple(self.base.meaning(one) for one in (goal.then, goal.otherwise))
        return (*ways, {"condition": goal.condition.thing})

    def word(
        self, goal: ConditionGoal, scene: Scene, rng: np.random.Generator
    ) -> tuple[str, tuple[str, ...]]:
        """Draw a sentence: two clauses and the condition between them."""
        frame = FRAMES[int(rng.integers(len(FRAMES)))]
        phrases = self._conditions(scene)[goal.condition]
        then, of_then = self.draw_clause(goal.then, scene, rng)
        otherwise, of_otherwise = self.draw_clause(goal.otherwise, scene, rng)
        condition = phrases[int(rng.integers(len(phrases)))]
        text = frame.fill({"condition": condition, "then": then, "otherwise": otherwise})
        return text, (frame.template, *of_then, *of_otherwise)

    def understand(self, sentence: str, scene: Scene) -> ConditionGoal:
        """Return the condition and both goals.

        Raises:
            ValueError: if it is no such sentence, or not possible in this scene.
        """
        meant = {
            phrase: condition
            for condition, phrases in self._conditions(scene).items()
            for phrase in phrases
        }
        found = {
            ConditionGoal(meant[parts["condition"]], then, otherwise)
            for frame in FRAMES
            for parts in frame.splits(normalized(sentence))
            if parts["condition"] in meant
            and (then := self.clause_goal(parts["then"], scene)) is not None
            and (otherwise := self.clause_goal(parts["otherwise"], scene)) is not None
        }
        return self.only(found, sentence, scene)

    def _names(self, thing: str, *goals: Roles) -> bool:
        """Tell whether a goal names a thing, so that it cannot be done if that is not there."""
        return any(thing in self.base.meaning(goal).values() for goal in goals)


def holds(condition: Condition, scene: Scene) -> bool:
    """Tell whether a condition holds in a scene as the robot finds it."""
    if condition.is_about_opening:
        openings = {fixture.name: fixture.opening for fixture in scene.fixtures}
        return (openings[condition.thing] > OPENED) == condition.is_positive
    return (condition.thing in referents(scene)) == condition.is_positive


def _conditions(scene: Scene) -> dict[Condition, tuple[str, ...]]:
    """Return what may be asked about a scene, half of it so and half not, with its phrases."""
    things = referents(scene)
    found: dict[Condition, tuple[str, ...]] = {}
    for thing in (*things.values(), *islice(_missing(things), len(things))):
        nouns = [f"{thing.color} {noun}" for noun in thing.nouns]
        article = "an" if thing.color[0] in "aeiou" else "a"
        said = [way.format(a=f"{article} {noun}") for noun in nouns for way in PRESENT]
        denied = [way.format(noun=noun) for noun in nouns for way in ABSENT]
        found[Condition(thing.name, False, True)] = tuple(said)
        found[Condition(thing.name, False, False)] = tuple(denied)
    names = naming_phrases(things)
    for fixture in scene.fixtures:
        if any(word in fixture.kind for word in OPENABLE):
            for is_open, ways in ((True, OPEN), (False, CLOSED)):
                said = [way.format(it=it) for way in ways for it in names[fixture.name]]
                found[Condition(fixture.name, True, is_open)] = tuple(said)
    return found


def _missing(things: Mapping[str, Referent]) -> Iterator[Referent]:
    """Yield things that could be there and are not: colours and shapes in other combinations."""
    present = {(thing.color, thing.shape) for thing in things.values()}
    for shaped, colored in product(things.values(), things.values()):
        name = identifier(colored.color, shaped.shape)
        is_missing = (colored.color, shaped.shape) not in present
        if is_missing and shaped.any_nouns == colored.any_nouns:
            yield Referent(
                name, colored.color, shaped.shape, shaped.nouns, shaped.any_nouns, shaped.position
            )
