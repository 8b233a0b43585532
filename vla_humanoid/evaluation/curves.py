"""What became of episodes under conditions, beside what became of them as they are."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TypedDict, TypeVar

from vla_humanoid.evaluation.conditions import (
    AXES,
    DISTURBANCES,
    LEVELS,
    TEACHER,
    WORDING,
    Condition,
)
from vla_humanoid.evaluation.episode_result import EpisodeResult
from vla_humanoid.evaluation.rates import Mean, Rate, mean, rate, success_rate
from vla_humanoid.evaluation.run import Evaluation
from vla_humanoid.evaluation.statistics import PairedCounts, difference_interval, mcnemar

EVERYTHING = "all"
FoundT = TypeVar("FoundT")
ByTask = dict[str, FoundT]
"""By the name of a task, and for all of them together by `EVERYTHING`."""


class Point(Rate):
    """Success at a level of an axis; differences are to level 0, on the same episodes."""

    level: int
    difference: float
    difference95: tuple[float, float]
    p_value: float
    falls: int


class Recovery(Rate):
    """Success in episodes that were truly disturbed; ``tried`` counts the others as well."""

    tried: int
    undisturbed: Rate
    failures: dict[str, int]


class Consistency(Rate):
    """Part of the seeds, ``episodes``, of which all wordings ended alike, as ``success_rate``."""

    wordings: int
    success_of_wordings: Rate


class Accuracy(TypedDict):
    """How near a policy's actions are to the expert's, where the expert acts."""

    episodes: int
    action_error: Mean
    action_accuracy: Mean


class Switch(Rate):
    """Success in episodes in which the robot was told something else on the way."""

    tried: int
    failures: dict[str, int]


class Transfer(TypedDict):
    """Success on tasks that a policy was trained on, and on others, as far as it says."""

    tasks: dict[str, bool | None]
    trained: Rate | None
    untrained: Rate | None


def curves(evaluation: Evaluation) -> ByTask[dict[str, list[Point]]]:
    """Return, by task and axis, success at each level that was evaluated, from level 0 on."""
    return _by_task(evaluation, _curves)


def _curves(
    plain: Sequence[EpisodeResult], varied: Mapping[Condition, Sequence[EpisodeResult]]
) -> dict[str, list[Point]]:
    found: dict[str, list[Point]] = {}
    for axis in AXES:
        levels = [level for level in LEVELS if Condition(axis, level) in varied]
        if levels:
            points = [_point(plain, varied[Condition(axis, level)], level) for level in levels]
            found[axis] = [_point(plain, plain, 0), *points]
    return found


def _point(plain: Sequence[EpisodeResult], episodes: Sequence[EpisodeResult], level: int) -> Point:
    pairs = _paired(episodes, plain)
    return Point(
        **success_rate(episodes),
        level=level,
        difference=pairs.difference,
        difference95=difference_interval(pairs),
        p_value=mcnemar(pairs),
        falls=sum(one.fallen for one in episodes),
    )


def _paired(episodes: Sequence[EpisodeResult], plain: Sequence[EpisodeResult]) -> PairedCounts:
    as_they_are = {(one.task, one.seed): one.success for one in plain}
    return PairedCounts.of(
        [one.success for one in episodes], [as_they_are[one.task, one.seed] for one in episodes]
    )


def recoveries(evaluation: Evaluation) -> ByTask[dict[str, Recovery]]:
    """Return, by task and disturbance, how often a policy succeeded all the same."""
    return _by_task(evaluation, _recoveries)


def _recoveries(
    plain: Sequence[EpisodeResult], varied: Mapping[Condition, Sequence[EpisodeResult]]
) -> dict[str, Recovery]:
    found: dict[str, Recovery] = {}
    for kind in DISTURBANCES:
        tried = varied.get(Condition(kind))
        if tried is None:
            continue
        felt = [one for one in tried if one.event_at is not None]
        which = {(one.task, one.seed) for one in felt}
        found[kind] = Recovery(
            **success_rate(felt),
            tried=len(tried),
            undisturbed=success_rate([one for one in plain if (one.task, one.seed) in which]),
            failures=_failures(felt),
        )
    return found


def consistencies(evaluation: Evaluation) -> ByTask[Consistency]:
    """Return, by task, how often all wordings of a goal ended alike."""

    def consistency(
        plain: Sequence[EpisodeResult], varied: Mapping[Condition, Sequence[EpisodeResult]]
    ) -> Consistency | None:
        others = [varied[one] for one in varied if one.name == WORDING]
        if not others:
            return None
        ends: dict[tuple[str, int], set[bool]] = {}
        for one in [*plain, *(one for other in others for one in other)]:
            ends.setdefault((one.task, one.seed), set()).add(one.success)
        alike = sum(len(outcomes) == 1 for outcomes in ends.values())
        return Consistency(
            **rate(alike, len(ends)),
            wordings=1 + len(others),
            success_of_wordings=success_rate([one for other in others for one in other]),
        )

    return _by_task(evaluation, consistency)


def accuracies(evaluation: Evaluation) -> ByTask[Accuracy]:
    """Return, by task, how near a policy's actions are to the expert's."""

    def accuracy(
        plain: Sequence[EpisodeResult], varied: Mapping[Condition, Sequence[EpisodeResult]]
    ) -> Accuracy | None:
        taught = varied.get(Condition(TEACHER), ())
        errors = [one.action_error for one in taught if one.action_error is not None]
        shares = [one.action_accuracy for one in taught if one.action_accuracy is not None]
        if not errors or not shares:
            return None
        return Accuracy(
            episodes=len(errors), action_error=mean(errors), action_accuracy=mean(shares)
        )

    return _by_task(evaluation, accuracy)


def switches(evaluation: Evaluation) -> ByTask[Switch]:
    """Return, by task, success once the robot was told something else; nothing if it never is."""
    if evaluation.config.words != "switch":
        return {}

    def switch(
        plain: Sequence[EpisodeResult], varied: Mapping[Condition, Sequence[EpisodeResult]]
    ) -> Switch:
        told_anew = [one for one in plain if one.event_at is not None]
        return Switch(**success_rate(told_anew), tried=len(plain), failures=_failures(told_anew))

    return _by_task(evaluation, switch)


def transfer(evaluation: Evaluation) -> Transfer | None:
    """Return success by what a policy says that it was trained on; None if it does not say."""
    told = {one.task: one.trained for one in evaluation.episodes}
    if all(trained is None for trained in told.values()):
        return None
    known, unknown = (
        [one for one in evaluation.episodes if one.trained is trained] for trained in (True, False)
    )
    return Transfer(
        tasks=told,
        trained=success_rate(known) if known else None,
        untrained=success_rate(unknown) if unknown else None,
    )


def _by_task(
    evaluation: Evaluation,
    find: Callable[
        [Sequence[EpisodeResult], Mapping[Condition, Sequence[EpisodeResult]]], FoundT | None
    ],
) -> ByTask[FoundT]:
    """Return what is found for each task, and for all together, where anything is."""
    found: ByTask[FoundT] = {}
    for name in (*evaluation.tasks, EVERYTHING):
        plain, varied = (
            [one for one in episodes if name in (one.task, EVERYTHING)]
            for episodes in (evaluation.episodes, evaluation.varied)
        )
        groups: dict[Condition, list[EpisodeResult]] = {}
        for one in varied:
            groups.setdefault(one.job.condition, []).append(one)
        if value := find(plain, groups):
            found[name] = value
    return found


def _failures(episodes: Sequence[EpisodeResult]) -> dict[str, int]:
    return dict(Counter(one.failure for one in episodes if one.failure).most_common())
