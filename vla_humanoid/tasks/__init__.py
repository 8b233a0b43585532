"""What to do, in words and in numbers; one file per task, shared parts in core and language.

A task is a module in this folder that defines a class of the module's name in CamelCase:
``pick_place.py`` defines ``PickPlace``. Finding the names imports no task.
"""

from difflib import get_close_matches
from importlib import import_module
from pkgutil import iter_modules

from vla_humanoid.tasks.core.forms import PLAIN
from vla_humanoid.tasks.core.task import Task


def task_names() -> tuple[str, ...]:
    """Return the names of all tasks, such as "PickPlace", in alphabetical order."""
    return tuple(sorted(_modules()))


def load_task(name: str, languages: tuple[str, ...] = (PLAIN,), split: str = "all") -> Task[object]:
    """Import a task and return it.

    Args:
        name: one of `task_names`.
        languages: that it is told in, as `resolve_languages` returns them.
        split: one of `SPLITS`.

    Raises:
        ValueError: if there is no such task, or a language or the split does not fit it; the
            message lists the valid ones.
        TypeError: if the task's module does not define the task's class.
    """
    modules = _modules()
    if name not in modules:
        close = get_close_matches(name, modules, n=1, cutoff=0.5)
        hint = f" Did you mean {close[0]!r}?" if close else ""
        raise ValueError(f"Unknown task {name!r}; choose one of {', '.join(task_names())}.{hint}")
    module = import_module(modules[name])
    task_class = vars(module).get(name)
    if not (isinstance(task_class, type) and issubclass(task_class, Task)):
        raise TypeError(f"{module.__name__} must define the task as a class named {name}.")
    task: Task[object] = task_class()
    if languages == (PLAIN,) and split == "all":
        return task

    from vla_humanoid.tasks.core.telling import told

    return told(task, languages, split)


def _modules() -> dict[str, str]:
    """Task name to module name, for every file directly in this folder."""
    return {
        "".join(word.capitalize() for word in module.name.split("_")): f"{__name__}.{module.name}"
        for module in iter_modules(__path__)
        if not module.ispkg
    }
