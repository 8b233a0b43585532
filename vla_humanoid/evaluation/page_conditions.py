"""What became of episodes under conditions, as sections of the page of an evaluation."""

from collections.abc import Sequence
from html import escape

from vla_humanoid.data_collection.pages.document import card, section, table
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
from vla_humanoid.evaluation.page_plots import curve, rate_bar, written
from vla_humanoid.evaluation.rates import Mean, Rate
from vla_humanoid.evaluation.run import Evaluation


def condition_sections(evaluation: Evaluation) -> str:
    """Return a section for each kind of condition that there is."""
    return "".join(
        (
            _robustness(evaluation),
            _recovery(evaluation),
            _language(evaluation),
            _accuracy(evaluation),
            _transfer(evaluation),
        )
    )


def _robustness(evaluation: Evaluation) -> str:
    cards = [
        card(
            f"{task}: {axis.replace('_', ' ')}",
            curve([(str(point["level"]), point) for point in points]),
        )
        for task, axes in _shown(evaluation, curves(evaluation))
        for axis, points in axes.items()
    ]
    note = "Success at each level of perturbation, with its 95 % Wilson interval; 0 is none."
    return section("Robustness", note, cards)


def _recovery(evaluation: Evaluation) -> str:
    rows = [
        (
            escape(task),
            escape(kind),
            f"{found['episodes']}/{found['tried']}",
            *_rate_cells(found),
            written(found["undisturbed"]),
        )
        for task, kinds in _shown(evaluation, recoveries(evaluation))
        for kind, found in kinds.items()
    ]
    heads = ("task", "disturbed by", "came about", "recovered", "", "the same, undisturbed")
    return section("Recovery", "Of episodes that were truly disturbed.", _table(heads, rows))


def _language(evaluation: Evaluation) -> str:
    rows = [
        (
            escape(task),
            f"{found['wordings']} wordings ended alike",
            *_rate_cells(found),
            f"success of others: {written(found['success_of_wordings'])}",
        )
        for task, found in _shown(evaluation, consistencies(evaluation))
    ]
    rows += [
        (
            escape(task),
            "told something else on the way",
            *_rate_cells(found),
            f"came about in {found['episodes']}/{found['tried']}",
        )
        for task, found in _shown(evaluation, switches(evaluation))
    ]
    return section("Language", "", _table(("task", "", "rate", "", ""), rows))


def _accuracy(evaluation: Evaluation) -> str:
    rows = [
        (
            escape(task),
            str(found["episodes"]),
            _mean(found["action_accuracy"], 100.0, " %"),
            _mean(found["action_error"], 1.0, ""),
        )
        for task, found in _shown(evaluation, accuracies(evaluation))
    ]
    heads = ("task", "episodes", "entries within 5 % of their range", "mean distance, normalized")
    return section("Actions against the expert's", "Where the expert acts.", _table(heads, rows))


def _transfer(evaluation: Evaluation) -> str:
    found = transfer(evaluation)
    if found is None:
        return ""
    groups = (("trained on", found["trained"]), ("others", found["untrained"]))
    rows = [(name, *_rate_cells(rate)) for name, rate in groups if rate is not None]
    note = "By what the policy says that it was trained on."
    return section("Across tasks", note, _table(("tasks", "success", ""), rows))


def _shown(evaluation: Evaluation, found: ByTask[FoundT]) -> list[tuple[str, FoundT]]:
    """Return what was found by task, and for all tasks where there are several."""
    return [item for item in found.items() if len(evaluation.tasks) > 1 or item[0] != EVERYTHING]


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [table(heads, rows)] if rows else []


def _rate_cells(rate: Rate) -> tuple[str, str]:
    return rate_bar(rate), written(rate)


def _mean(found: Mean, scale: float, unit: str) -> str:
    low, high = found["mean95"]
    return f"{found['mean'] * scale:.3g}{unit} ({low * scale:.3g} to {high * scale:.3g})"
