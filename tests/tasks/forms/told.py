"""Every registered task in every form of language that fits it."""

from functools import cache

from vla_humanoid.tasks import load_task, task_names
from vla_humanoid.tasks.core.forms import PLAIN, fitting_languages, with_languages
from vla_humanoid.tasks.core.task import Task

PAIRS = [
    (name, form)
    for name in task_names()
    for form in fitting_languages(load_task(name))
    if form != PLAIN
]


@cache
def told(name: str, form: str) -> Task[object]:
    return with_languages(load_task(name), (form,))
