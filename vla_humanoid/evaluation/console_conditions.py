"""Prints what became of episodes under conditions."""

from rich.console import Console
from rich.table import Table

from vla_humanoid.evaluation.curves import (
    EVERYTHING,
    ByTask,
    FoundT,
    accuracies,
    consistencies,
    curves,
    recoveries,
    switches,
    transfer,
)
from vla_humanoid.evaluation.rates import Mean, Rate
from vla_humanoid.evaluation.results import summarize
from vla_humanoid.evaluation.run import Evaluation


def print_conditions(console: Console, evaluation: Evaluation) -> None:
    """Print the energy of motors, and a table for each kind of condition that there is."""
    for table in (
        _energy(evaluation),
        _curves(evaluation),
        _recoveries(evaluation),
        _consistencies(evaluation),
        _accuracies(evaluation),
        _switches(evaluation),
        _transfer(evaluation),
    ):
        if table.row_count:
            console.print(table)


def _energy(evaluation: Evaluation) -> Table:
    table = Table("task", "energy [J], 95 %")
    for task in evaluation.tasks:
        found = summarize([one for one in evaluation.episodes if one.task == task])["energy"]
        low, high = found["mean95"]
        table.add_row(task, f"{found['mean']:.0f} [{low:.0f}, {high:.0f}]")
    return table


def _curves(evaluation: Evaluation) -> Table:
    table = Table("task", "axis", "level", "success", "95 % Wilson", "to level 0, 95 %", "p")
    for task, axes in _shown(evaluation, curves(evaluation)):
        for axis, points in axes.items():
            for point in points:
                low, high = point["difference95"]
                compared = f"{point['difference']:+.1%} [{low:+.1%}, {high:+.1%}]"
                table.add_row(
                    task,
                    axis,
                    str(point["level"]),
                    *_rate(point),
                    compared if point["level"] else "",
                    f"{point['p_value']:.3g}" if point["level"] else "",
                )
    return table


def _recoveries(evaluation: Evaluation) -> Table:
    table = Table("task", "induced", "came about", "recovered", "95 % Wilson", "undisturbed")
    for task, kinds in _shown(evaluation, recoveries(evaluation)):
        for kind, found in kinds.items():
            table.add_row(
                task,
                kind,
                f"{found['episodes']}/{found['tried']}",
                *_rate(found),
                _rate(found["undisturbed"])[0],
            )
    return table


def _consistencies(evaluation: Evaluation) -> Table:
    table = Table("task", "wordings", "ended alike", "95 % Wilson", "success of other wordings")
    for task, found in _shown(evaluation, consistencies(evaluation)):
        others = _rate(found["success_of_wordings"])[0]
        table.add_row(task, str(found["wordings"]), *_rate(found), others)
    return table


def _accuracies(evaluation: Evaluation) -> Table:
    table = Table("task", "episodes", "action accuracy, 95 %", "action error, 95 %")
    for task, found in _shown(evaluation, accuracies(evaluation)):
        table.add_row(
            task,
            str(found["episodes"]),
            _mean(found["action_accuracy"]),
            _mean(found["action_error"]),
        )
    return table


def _switches(evaluation: Evaluation) -> Table:
    table = Table("task", "told anew", "success", "95 % Wilson")
    for task, found in _shown(evaluation, switches(evaluation)):
        table.add_row(task, f"{found['episodes']}/{found['tried']}", *_rate(found))
    return table


def _transfer(evaluation: Evaluation) -> Table:
    table = Table("tasks", "success", "95 % Wilson")
    found = transfer(evaluation)
    if found is not None:
        for name, rate in (("trained on", found["trained"]), ("others", found["untrained"])):
            if rate is not None:
                table.add_row(name, *_rate(rate))
    return table


def _shown(evaluation: Evaluation, found: ByTask[FoundT]) -> list[tuple[str, FoundT]]:
    """Return what was found by task, and for all tasks where there are several."""
    return [item for item in found.items() if len(evaluation.tasks) > 1 or item[0] != EVERYTHING]


def _rate(rate: Rate) -> tuple[str, str]:
    low, high = rate["wilson95"]
    count = round(rate["success_rate"] * rate["episodes"])
    return f"{count}/{rate['episodes']}", f"{low:.1%} to {high:.1%}"


def _mean(found: Mean) -> str:
    low, high = found["mean95"]
    return f"{found['mean']:.3f} [{low:.3f}, {high:.3f}]"
