"""What a user asks to be evaluated, checked."""

from collections.abc import Sequence
from typing import TypeVar

from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.data_collection.requests import EXPERT_CONTROL_MODES, WALKING_CONTROL_MODES
from vla_humanoid.evaluation.condition_requests import BLIND, PARAPHRASE
from vla_humanoid.evaluation.config import EXECUTIONS, WORDS, EvaluationConfig
from vla_humanoid.evaluation.replayed import REPLAY
from vla_humanoid.policies.loading import checkpoint_folder, load_policy
from vla_humanoid.policy_runner.policy import PolicyError
from vla_humanoid.tasks import load_task, task_names

ALL_TASKS = "all"
_Choice = TypeVar("_Choice", bound=str)


def evaluation_request(
    *,
    policy: str,
    tasks: Sequence[str],
    episodes: int,
    workers: int,
    engine: str,
    randomization: tuple[str, ...],
    control_mode: str,
    language: tuple[str, ...],
    split: str,
    words: str,
    execution: str,
    every: int,
    delay: int,
    done: float | None = None,
    live: bool = False,
    clips: int = 0,
) -> tuple[EvaluationConfig, tuple[str, ...]]:
    """Return what is to be evaluated, and on which tasks.

    Arguments as of `EvaluationConfig` and `evaluate`; options of the environment are checked when
    it is made, before the first episode.

    Raises:
        ConfigurationError: naming the argument and what is valid.
    """
    for name, value, least in (
        ("episodes", episodes, 1),
        ("workers", workers, 1),
        ("every", every, 0),
        ("delay", delay, 0),
        ("clips", clips, 0),
    ):
        if value < least:
            raise ConfigurationError(f"--{name} must be at least {least}, not {value}.")
    if done is not None and not 0.0 < done <= 1.0:
        raise ConfigurationError(f"--done must be more than 0 and at most 1, not {done:g}.")
    if live and (policy in BLIND or policy.startswith(REPLAY)):
        raise ConfigurationError(
            f"--live is for policies that take time to think, and {policy} takes none."
        )
    if policy.startswith(REPLAY) and words != "own":
        raise ConfigurationError("What is replayed hears nothing; leave out --words.")
    if policy == "expert" and words in {"blank", "foreign"}:
        raise ConfigurationError(
            "The expert knows what to do without words; choose another policy."
        )
    if words == PARAPHRASE:
        words = "own"  # Other wordings are conditions.
    chosen_tasks = _tasks(tasks or _trained_tasks(policy), control_mode)
    if words == "switch":
        _require_switches(chosen_tasks, language, split)
    config = EvaluationConfig(
        policy=policy,
        control_mode=control_mode,
        engine=engine,
        randomization=randomization,
        language=language,
        split=split,
        words=_chosen("words", words, WORDS),
        execution=_chosen("execution", execution, EXECUTIONS),
        every=every,
        delay=delay,
        done=done,
        live=live,
    )
    return config, chosen_tasks


def _trained_tasks(policy: str) -> tuple[str, ...]:
    """Return the tasks that a checkpoint was trained on.

    Raises:
        ConfigurationError: if it is no checkpoint, or cannot be read.
    """
    folder = checkpoint_folder(policy)
    if folder is None:
        raise ConfigurationError(f"--task is missing: {policy} does not tell what it can do.")
    try:
        return load_policy(folder).description.tasks
    except PolicyError as error:
        raise ConfigurationError(str(error)) from error


def _require_switches(tasks: Sequence[str], language: Sequence[str], split: str) -> None:
    if tuple(language) != ("plain",):
        raise ConfigurationError(
            f"--words switch is told as a correction; leave out --language {' '.join(language)}."
        )
    for task in tasks:
        try:
            load_task(task, ("correction",), split)
        except ValueError as error:
            raise ConfigurationError(f"--words switch: {error}") from error


def _chosen(name: str, value: str, choices: Sequence[_Choice]) -> _Choice:
    for choice in choices:
        if choice == value:
            return choice
    listed = ", ".join((*choices, PARAPHRASE) if name == "words" else choices)
    raise ConfigurationError(f"Unknown --{name} {value!r}; choose one of {listed}.")


def _tasks(names: Sequence[str], control_mode: str) -> tuple[str, ...]:
    if control_mode not in EXPERT_CONTROL_MODES:
        listed = ", ".join(EXPERT_CONTROL_MODES)
        raise ConfigurationError(
            f"Unknown --control-mode {control_mode!r}; choose one of {listed}."
        )
    if tuple(names) == (ALL_TASKS,):
        return tuple(
            name
            for name in task_names()
            if control_mode in WALKING_CONTROL_MODES or not load_task(name).walks
        )
    known = task_names()
    if unknown := [name for name in names if name not in known]:
        raise ConfigurationError(
            f"Unknown task {', '.join(unknown)}; choose some of {', '.join(known)}, or all."
        )
    return tuple(names)
