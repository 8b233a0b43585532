"""The planning head: goals in slots, what they are compared with, and what they are named."""

import pytest
import torch
from small_policies import SENTENCES, composed, seen, small_policy

from vla_humanoid.policies.planning import TaskPlanningHead, slot_hits, slot_loss
from vla_humanoid.policies.slots import IGNORED, GoalSlots, Slot, goal_of, slots_of, targets

GOALS = (
    GoalSlots("put", "can", "red", "into", "bowl"),
    GoalSlots("put", "can", "blue", "into", "box", "left"),
    GoalSlots("lift", "box"),
)
SLOTS = slots_of(GOALS)


def test_slots_have_every_value_that_is_said_and_that_nothing_is() -> None:
    assert [slot.name for slot in SLOTS] == [
        "verb",
        "object",
        "attribute",
        "relation",
        "container",
        "hand",
    ]
    assert SLOTS[2].values == ("", "blue", "red")
    for goal in GOALS:
        assert goal_of(SLOTS, targets(SLOTS, goal)) == goal


def test_a_value_that_has_no_name_is_left_out_of_the_loss() -> None:
    assert targets(SLOTS, GoalSlots("eat", "can"))[:2] == (IGNORED, 2)


@pytest.mark.parametrize("values", [("put",), (), ("", "put", "put")])
def test_values_begin_with_nothing_and_differ(values: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"Values of the slot verb"):
        Slot("verb", values)


def test_an_unknown_slot_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no slot 'mood'. There are: verb, object"):
        Slot("mood", ("",))


def test_a_head_learns_to_fill_the_slots() -> None:
    torch.manual_seed(0)
    head = TaskPlanningHead(8, 3, 0, 2, SLOTS)
    tokens = torch.randn(3, 1, 8, generator=torch.Generator().manual_seed(0))
    truth = torch.tensor([targets(SLOTS, goal) for goal in GOALS])
    optimizer = torch.optim.Adam(head.parameters(), 0.05)
    for _ in range(60):
        loss = slot_loss(head(tokens), truth)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    plan = head(tokens)
    assert plan.goals(SLOTS) == list(GOALS)
    hits = slot_hits(plan, truth)
    assert {name: each.tolist() for name, each in hits.items()} == {
        slot.name: [1.0] * 3 for slot in SLOTS
    }
    truth[0, 0] = IGNORED
    truth[1, 0] = 0
    verb = slot_hits(plan, truth)["verb"]
    assert verb.isnan().tolist() == [True, False, False]
    assert verb[1:].tolist() == [0.0, 1.0]


def test_a_model_fills_the_slots_that_its_configuration_has() -> None:
    images, state = seen()
    plan = small_policy(composed(slots=SLOTS))(images, state, SENTENCES).plan
    assert {name: tuple(one.shape) for name, one in plan.slot_logits.items()} == {
        slot.name: (2, len(slot.values)) for slot in SLOTS
    }
    without = small_policy()(images, state, SENTENCES).plan
    assert without.slot_logits == {}
    assert slot_loss(without, torch.zeros(2, 0, dtype=torch.int64)) == 0.0
