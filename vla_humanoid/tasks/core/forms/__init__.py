"""Forms of language that any fitting task can take; finding their names imports none of them."""

from collections.abc import Hashable, Iterable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, cast

from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom
from vla_humanoid.tasks.core.task import Task

if TYPE_CHECKING:
    from vla_humanoid.tasks.core.forms.form_task import FormTask
    from vla_humanoid.tasks.core.spoken_task import Roles, SpokenTask

PLAIN, ALL = "plain", "all"
FORMS: Mapping[str, str] = {
    "relation": "RelationTask",
    "negation": "NegationTask",
    "sequence": "SequenceTask",
    "hand": "HandTask",
    "counting": "CountingTask",
    "condition": "ConditionTask",
    "correction": "CorrectionTask",
}
"""The class of each form, in the module of its name."""
PROBES = 10
"""Scenes that are looked at to see whether a form says anything about a task."""
LANGUAGES: tuple[str, ...] = (PLAIN, *FORMS)
"""What a task can be told in."""


def resolve_languages(language: str | Iterable[str]) -> tuple[str, ...]:
    """Turn what a user wrote into names of forms, in the order of `LANGUAGES`.

    Args:
        language: "plain", a form, several of them, or "all" for those that fit the task.

    Raises:
        ValueError: if one is unknown, or there is none; the message lists the valid ones.
    """
    words = (language,) if isinstance(language, str) else tuple(language)
    if words == (ALL,):
        return (ALL,)
    unknown = sorted(set(words) - set(LANGUAGES))
    if unknown or not words:
        raise ValueError(
            f"Unknown language {', '.join(map(repr, unknown)) or '()'}; choose {ALL!r}, or some of "
            f"{', '.join(LANGUAGES)}."
        )
    return tuple(form for form in LANGUAGES if form in words)


def fitting_languages(task: Task[object]) -> tuple[str, ...]:
    """Return the languages that a task can be told in; "plain" is one of them."""
    from vla_humanoid.tasks.core.spoken_task import SpokenTask

    if not isinstance(task, SpokenTask):
        return (PLAIN,)
    return (PLAIN, *(form for form in FORMS if _fits(_form_class(form), task)))


def with_languages(task: Task[object], languages: tuple[str, ...]) -> Task[object]:
    """Return a task that is told in some languages.

    Args:
        task: told in plain sentences.
        languages: as `resolve_languages` returns them.

    Raises:
        ValueError: if one does not fit the task; the message lists those that do.
    """
    fitting = fitting_languages(task)
    if languages == (ALL,):
        languages = fitting
    if unfit := [form for form in languages if form not in fitting]:
        raise ValueError(
            f"{task.name} cannot be told as a {', '.join(unfit)}; it takes {', '.join(fitting)}."
        )
    if languages == (PLAIN,):
        return task

    from vla_humanoid.tasks.core.forms.mixed import MixedTask

    base = cast("SpokenTask[Roles]", task)
    told: list[Task[object]] = [
        task if form == PLAIN else cast("Task[object]", _form_class(form)(base))
        for form in languages
    ]
    return told[0] if len(told) == 1 else MixedTask(base, dict(zip(languages, told, strict=True)))


def _fits(form: "type[FormTask[Hashable]]", task: "SpokenTask[Roles]") -> bool:
    """Tell whether a form fits a task, and whether there are scenes in which it says something."""
    if not form.fits(task):
        return False
    told = form(task)
    probes = (EpisodeRandom(seed, DEFAULT_AXES) for seed in range(PROBES))
    return any(told.goals(task.sample_scene(random)) for random in probes)


def _form_class(form: str) -> "type[FormTask[Hashable]]":
    module = import_module(f"{__name__}.{form}")
    return cast("type[FormTask[Hashable]]", getattr(module, FORMS[form]))
