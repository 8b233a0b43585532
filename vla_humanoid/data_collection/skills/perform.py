"""What the expert knows of each skill of a plan: how to do it, with which hand, whether it is done.

A new skill is a dataclass in `vla_humanoid.tasks.core.plan`, a file here that moves the body, and
one case in each of these functions.
"""

from vla_humanoid.assets.scene import Scene
from vla_humanoid.data_collection.skills.body import Body, Motion
from vla_humanoid.data_collection.skills.hand_over import hand_over
from vla_humanoid.data_collection.skills.locomotion import has_arrived, move
from vla_humanoid.data_collection.skills.operate import hands_on_handle, is_moved, move_handle
from vla_humanoid.data_collection.skills.pick import pick
from vla_humanoid.data_collection.skills.place import is_held, place, put_on
from vla_humanoid.data_collection.skills.point import is_pointing, nearer_hands, point
from vla_humanoid.data_collection.skills.pour import is_poured, pour
from vla_humanoid.data_collection.skills.press import hands_on_button, press
from vla_humanoid.data_collection.skills.pull import hands_for_hook, is_near, pull_near
from vla_humanoid.data_collection.skills.push import is_pushed, push, pushing_hands
from vla_humanoid.data_collection.skills.push_open import hands_to_push, is_open, push_open
from vla_humanoid.data_collection.skills.stand_up import hands_to_stand_up, stand_up
from vla_humanoid.data_collection.skills.two_hands import (
    between_hands,
    lift_between,
    set_down,
)
from vla_humanoid.data_collection.skills.wipe import wipe_off
from vla_humanoid.schema import SIDES
from vla_humanoid.tasks.core.containment import contains
from vla_humanoid.tasks.core.kinds import named
from vla_humanoid.tasks.core.plan import (
    FollowLine,
    HandTo,
    LiftBetween,
    MoveHandle,
    Pick,
    Place,
    PointTo,
    Pour,
    Press,
    PullNear,
    PushOnto,
    PushOpen,
    PutOn,
    SetDown,
    Skill,
    Squat,
    Stand,
    StandUp,
    TurnTo,
    WalkTo,
    WipeOff,
)
from vla_humanoid.tasks.core.stacking import hands_to_stack, rests_on, stands_on_table
from vla_humanoid.tasks.core.tabletop import hands_for, table_of
from vla_humanoid.tasks.core.wide_boxes import stands_on_box


def perform(body: Body, scene: Scene, skill: Skill, side: str) -> Motion:
    """Carry out a skill.

    Args:
        body: the robot.
        scene: as it was sampled; where things are now is for the body to say.
        skill: what to do.
        side: the hand to do it with; skills of the feet use none.

    Raises:
        SkillFailed: if it cannot be done.
    """
    match skill:
        case Pick(name, higher):
            return pick(body, scene, named(scene.objects, name), side, higher)
        case Place(name, container, offset):
            thing = named(scene.objects, name)
            return place(body, scene, thing, named(scene.containers, container), side, offset)
        case PutOn(name, base):
            return put_on(body, scene, named(scene.objects, name), named(scene.objects, base), side)
        case LiftBetween(name):
            return lift_between(body, named(scene.objects, name))
        case SetDown(name, surface):
            return set_down(body, named(scene.objects, name), named(scene.boxes, surface))
        case StandUp(name):
            return stand_up(body, scene, named(scene.objects, name), side)
        case PushOnto(name, mark):
            thing = named(scene.objects, name)
            return push(body, scene, thing, named(scene.marks, mark), side)
        case PullNear(name, tool, x):
            thing, hook = named(scene.objects, name), named(scene.objects, tool)
            return pull_near(body, scene, thing, hook, x, side)
        case Pour(name, container, share):
            box = named(scene.containers, container)
            return pour(body, scene, named(scene.objects, name), box, share, side)
        case PointTo(name, seconds):
            return point(body, scene, name, seconds, side)
        case HandTo(name, hand):
            return hand_over(body, scene, named(scene.objects, name), hand)
        case MoveHandle(name):
            return move_handle(body, named(scene.fixtures, name), skill, side)
        case Press(name):
            return press(body, named(scene.fixtures, name), skill, side)
        case WipeOff(name, mark):
            return wipe_off(body, scene, named(scene.objects, name), mark, side)
        case PushOpen(name):
            return push_open(body, named(scene.fixtures, name), skill, side)
        case WalkTo() | FollowLine() | TurnTo() | Stand() | Squat():
            return move(body, scene, skill)


def is_done(body: Body, scene: Scene, skill: Skill) -> bool:
    """Tell whether the world is as a skill leaves it."""
    match skill:
        case Pick(name):
            thing = named(scene.objects, name)
            return any(
                held == name and is_held(body, thing, side) for side, held in body.held.items()
            )
        case Place(name, container):
            state = body.world_state
            return contains(
                named(scene.containers, container),
                state.objects[container],
                named(scene.objects, name),
                state.objects[name],
            )
        case PutOn(name, base):
            return rests_on(
                named(scene.objects, base), named(scene.objects, name), body.world_state
            )
        case LiftBetween(name):
            return between_hands(body) == name
        case SetDown(name, surface):
            return stands_on_box(
                named(scene.objects, name), named(scene.boxes, surface), body.world_state
            )
        case StandUp(name):
            thing = named(scene.objects, name)
            return stands_on_table(thing, body.world_state.objects[name], table_of(scene))
        case PushOnto(name, mark):
            return is_pushed(body, named(scene.objects, name), named(scene.marks, mark))
        case PullNear(name, _, x):
            return is_near(body, name, x)
        case Pour(_, container, share):
            return is_poured(body, scene, named(scene.containers, container), share)
        case PointTo(name):
            return is_pointing(body, scene, name)
        case HandTo(name, hand):
            return body.held.get(hand) == name
        case MoveHandle():
            return is_moved(body, skill)
        case Press(name):
            return name in body.pressed
        case WipeOff(_, mark):
            return mark in body.wiped
        case PushOpen():
            return is_open(body, skill)
        case WalkTo() | FollowLine() | TurnTo() | Stand() | Squat():
            return has_arrived(body, skill)


def lasts(skill: Skill) -> bool:
    """Tell whether what a skill achieves stays when the robot goes on to something else."""
    return isinstance(
        skill,
        Place
        | PullNear
        | Pour
        | PutOn
        | SetDown
        | MoveHandle
        | Press
        | StandUp
        | PushOpen
        | PushOnto
        | WipeOff,
    )


def subject_of(skill: Skill) -> str | None:
    """Return the name of what a skill handles; one hand sees to it until another's turn comes."""
    match skill:
        case (
            Pick(name)
            | Place(name)
            | PutOn(name)
            | LiftBetween(name)
            | SetDown(name)
            | HandTo(name)
            | Pour(name)
            | PullNear(_, name)
            | PointTo(name)
            | PushOnto(name)
            | StandUp(name)
            | MoveHandle(name)
            | Press(name)
            | PushOpen(name)
            | WipeOff(name)
        ):
            return name
        case WalkTo() | FollowLine() | TurnTo() | Stand() | Squat():
            return None


def able_hands(body: Body, scene: Scene, skill: Skill) -> tuple[str, ...]:
    """Return the sides whose hand can carry out a skill."""
    match skill:
        case Pour(name, container):
            jug, box = named(scene.objects, name), named(scene.containers, container)
            return hands_for(scene, jug, box)
        case Place(name, container):
            holding = tuple(side for side, held in body.held.items() if held == name)
            thing, box = named(scene.objects, name), named(scene.containers, container)
            return holding or hands_for(scene, thing, box)
        case PutOn(name, base):
            holding = tuple(side for side, held in body.held.items() if held == name)
            thing, below = named(scene.objects, name), named(scene.objects, base)
            return holding or hands_to_stack(thing, below, table_of(scene).height)
        case StandUp(name):
            return hands_to_stand_up(body, named(scene.objects, name))
        case PushOnto(name, mark):
            return pushing_hands(named(scene.objects, name), named(scene.marks, mark))
        case PullNear(_, tool):
            return hands_for_hook(body, named(scene.objects, tool))
        case PointTo(name):
            return nearer_hands(body, scene, name)
        case MoveHandle(name):
            return hands_on_handle(body, named(scene.fixtures, name), skill)
        case Press(name):
            return hands_on_button(body, named(scene.fixtures, name))
        case PushOpen(name):
            return hands_to_push(named(scene.fixtures, name))
        case (
            Pick()
            | WipeOff()
            | LiftBetween()
            | SetDown()
            | HandTo()
            | WalkTo()
            | FollowLine()
            | TurnTo()
            | Stand()
            | Squat()
        ):
            return SIDES
