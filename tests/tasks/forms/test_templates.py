"""The language is wide enough, and every task has some of it that is held out."""

import pytest

from vla_humanoid.tasks import load_task, task_names
from vla_humanoid.tasks.core.forms.templates import templates_of_forms, templates_of_task
from vla_humanoid.tasks.core.splits.held_out import is_template_held_out
from vla_humanoid.tasks.language.clauses import Frame, is_imperative


def test_there_are_at_least_two_hundred_distinct_templates():
    own = {made for name in task_names() for made in templates_of_task(load_task(name))}
    joining = {made for templates in templates_of_forms().values() for made in templates}
    assert not own & joining
    assert len(own) + len(joining) >= 200


@pytest.mark.parametrize("name", task_names())
def test_every_task_can_be_told_in_training_and_otherwise_and_as_a_clause(name: str):
    templates = templates_of_task(load_task(name))
    unseen = [template for template in templates if is_template_held_out(template)]
    assert 1 <= len(unseen) <= len(templates) // 2
    for kept in (unseen, [template for template in templates if template not in unseen]):
        assert kept
    assert any(is_imperative(template) for template in templates)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("put {object} {on}", True),
        ("next, move {object}", False),
        ("could you face {it}?", False),
        ("{object} belongs {at}", False),
        ("put it there, please", False),
        ("I want it open", False),
        ("make sure that {object} is open", True),
    ],
)
def test_clauses_are_plain_imperatives(template: str, expected: bool):
    assert is_imperative(template) is expected


def test_a_frame_finds_every_way_it_may_have_been_filled():
    frame = Frame("first {first}, then {second}")
    assert list(frame.splits("first a, then b, then c")) == [
        {"first": "a", "second": "b, then c"},
        {"first": "a, then b", "second": "c"},
    ]
    assert list(frame.splits("second a, then b")) == []
