"""Puts two evaluations side by side on a page that needs nothing else."""

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from vla_humanoid.data_collection.export.staging import staged
from vla_humanoid.data_collection.pages.document import document, figure_row, section, table
from vla_humanoid.evaluation.comparison import Comparison, compare
from vla_humanoid.evaluation.episode_result import EpisodeResult
from vla_humanoid.evaluation.journal import read_config, read_journal
from vla_humanoid.evaluation.page_plots import difference_bar, rate_bar
from vla_humanoid.evaluation.rates import rate
from vla_humanoid.evaluation.report import PAGE
from vla_humanoid.evaluation.run import JOURNAL

_MOST_EPISODES = 200


def write_comparison(
    first: Path, second: Path, output: Path, *, overwrite: bool = False
) -> tuple[Comparison, ...]:
    """Write a folder with the page of two outputs of `evaluate`, and return the comparison.

    Args:
        first: folder.
        second: another one.
        output: the folder to write.
        overwrite: replace an earlier comparison.

    Raises:
        ConfigurationError: if the output cannot be written.
        JournalError: if one is no output of an evaluation, or they share no episode.
    """
    inputs = first / JOURNAL, second / JOURNAL
    comparisons = compare(first, second)
    with staged(output, PAGE, overwrite, inputs) as folder:
        folder.mkdir()
        (folder / PAGE).write_text(_page(inputs, comparisons), encoding="utf-8")
    return comparisons


def _page(journals: tuple[Path, Path], comparisons: Sequence[Comparison]) -> str:
    configs = [read_config(path) for path in journals]
    names = [str(config.get("policy")) for config in configs]
    if names[0] == names[1]:
        names = [f"{name} in {path.parent}" for name, path in zip(names, journals, strict=True)]
    parts = (
        _figures(comparisons[-1], names),
        _differences(configs, names),
        _tasks(comparisons, names),
        *_apart(journals, names),
    )
    return document(f"{names[0]} against {names[1]}", "".join(parts))


def _figures(found: Comparison, names: Sequence[str]) -> str:
    low, high = found.interval
    needed = found.episodes_needed
    return figure_row(
        (
            (f"{found.rates[0]:.1%}", f"success of {names[0]}"),
            (f"{found.rates[1]:.1%}", f"success of {names[1]}"),
            (
                f"{found.counts.difference:+.1%}",
                f"difference, {low:+.1%} to {high:+.1%} (95 %, Newcombe)",
            ),
            (f"{found.p_value:.3g}", "p of McNemar's exact test"),
            (str(found.counts.episodes), "episodes that both were given"),
            (
                "-" if needed is None else str(needed),
                "episodes would tell such rates apart, 4 times of 5",
            ),
        )
    )


def _differences(configs: Sequence[Mapping[str, object]], names: Sequence[str]) -> str:
    first, second = configs
    rows = [
        [escape(key), *(escape(str(config.get(key, "-"))) for config in configs)]
        for key in first.keys() | second.keys()
        if key != "policy" and first.get(key) != second.get(key)
    ]
    note = "It is not the policies alone that differ: this counts as well."
    return section("What else differs", note, [table(("", *names), sorted(rows))] if rows else [])


def _tasks(comparisons: Sequence[Comparison], names: Sequence[str]) -> str:
    rows: list[tuple[str, ...]] = []
    for one in comparisons:
        pairs, (low, high) = one.counts, one.interval
        counts = pairs.both + pairs.first_only, pairs.both + pairs.second_only
        bars = (
            f"{rate_bar(rate(count, pairs.episodes), kind)}{count}/{pairs.episodes}"
            for count, kind in zip(counts, ("", "other"), strict=True)
        )
        rows.append(
            (
                escape(one.task),
                *bars,
                difference_bar(pairs.difference, low, high),
                f"{pairs.difference:+.1%}",
                f"{low:+.1%} to {high:+.1%}",
                f"{pairs.first_only} / {pairs.second_only}",
                f"{one.p_value:.3g}",
            )
        )
    heads = ("task", *names, "difference, -100 to 100 %", "", "95 %", "one alone", "McNemar p")
    note = "On the same seeds; one alone: episodes in which only the first, or the second, did it."
    return section("Success by task", note, [table(heads, rows, numbers=4)])


def _apart(journals: tuple[Path, Path], names: Sequence[str]) -> list[str]:
    """Return a list of the episodes that only one of the two succeeded in, for each."""
    first, second = (
        {(one.task, one.seed): one for one in read_journal(path) if not one.condition}
        for path in journals
    )
    shared = sorted(first.keys() & second.keys())
    pairs = [(first[key], second[key]) for key in shared]
    lists = (
        (names[0], [(one, other) for one, other in pairs if one.success and not other.success]),
        (names[1], [(other, one) for one, other in pairs if other.success and not one.success]),
    )
    return [_alone(name, found) for name, found in lists if found]


def _alone(name: str, pairs: Sequence[tuple[EpisodeResult, EpisodeResult]]) -> str:
    rows = [
        (
            escape(good.task),
            str(good.seed),
            escape(good.instruction),
            escape(bad.failure),
            f"{good.seconds:.1f}",
        )
        for good, bad in pairs[:_MOST_EPISODES]
    ]
    heads = ("task", "seed", "sentence", "the other one ended by", "its time [s]")
    shown = "" if len(pairs) <= _MOST_EPISODES else f", of which {_MOST_EPISODES} are listed"
    return (
        f"<h2>Only {escape(name)} succeeded</h2><details><summary>{len(pairs)} episodes{shown}"
        f"</summary>{table(heads, rows, numbers=1)}</details>"
    )
