"""How a task is told: in which forms of language, and which split of them."""

from vla_humanoid.tasks.core.forms import ALL, fitting_languages, with_languages
from vla_humanoid.tasks.core.splits import SPLITS
from vla_humanoid.tasks.core.splits.held_out import is_form_held_out
from vla_humanoid.tasks.core.splits.split_task import SplitTask
from vla_humanoid.tasks.core.task import Task

ORDERED = "sequence"
"""The form of which a split may hold out what follows on what, and not the form itself."""


def told(task: Task[object], languages: tuple[str, ...], split: str) -> Task[object]:
    """Return a task told in some languages, with the episodes of one split.

    Args:
        task: told in plain sentences, with everything.
        languages: as `resolve_languages` returns them.
        split: one of `SPLITS`.

    Raises:
        ValueError: if a language or the split does not fit the task; the message lists those that
            do.
    """
    if split == "all":
        return with_languages(task, languages)
    fitting = fitting_languages(task)
    wanted = fitting if languages == (ALL,) else languages
    kept = tuple(form for form in wanted if _is_in(split, task.name, form))
    if not kept or (kept != wanted and languages != (ALL,)):
        unfit = ", ".join(form for form in wanted if form not in kept)
        fits = ", ".join(form for form in fitting if _is_in(split, task.name, form)) or "none"
        raise ValueError(
            f"The split {split!r} of {task.name} is not told as {unfit}; the languages that it is "
            f"told in: {fits}. The splits are {', '.join(SPLITS)}."
        )
    return SplitTask(with_languages(task, kept), split)


def _is_in(split: str, task: str, form: str) -> bool:
    """Tell whether a split has episodes of a task that are told in a form."""
    if split == "unseen_composition":
        return is_form_held_out(task, form) or form == ORDERED
    return not is_form_held_out(task, form)
