"""How many ways of saying something there are: every template of tasks and of forms."""

from importlib import import_module

from vla_humanoid.tasks.core.forms import FORMS
from vla_humanoid.tasks.core.spoken_task import SpokenTask
from vla_humanoid.tasks.core.task import Task
from vla_humanoid.tasks.language.clauses import Frame


def templates_of_task(task: Task[object]) -> tuple[str, ...]:
    """Return the templates of a task's own sentences."""
    return task.sentences.templates if isinstance(task, SpokenTask) else ()


def templates_of_form(form: str) -> tuple[str, ...]:
    """Return the templates of a form: sentences around clauses; none if it is in noun phrases."""
    frames = vars(import_module(f"vla_humanoid.tasks.core.forms.{form}")).get("FRAMES", ())
    return tuple(frame.template for frame in frames if isinstance(frame, Frame))


def templates_of_forms() -> dict[str, tuple[str, ...]]:
    """Return the templates of every form by its name."""
    return {form: templates_of_form(form) for form in FORMS}
