"""Puts statistics on a page that needs nothing else: one HTML file, without scripts."""

from collections.abc import Iterable
from html import escape

import numpy as np

from vla_humanoid.data_collection.pages.document import card, clip, document, figure_row, section
from vla_humanoid.data_collection.pages.svg import bars
from vla_humanoid.data_collection.quality import svg
from vla_humanoid.data_collection.quality.coverage import AxisCoverage
from vla_humanoid.data_collection.quality.dataset_statistics import PLANES, DatasetStatistics
from vla_humanoid.data_collection.statistics import wilson_interval

_MOST_BARS = 20


def page(title: str, found: DatasetStatistics, films: Iterable[tuple[str, str, str]]) -> str:
    """Return the page.

    Args:
        title: what the file is called.
        found: what is in it.
        films: name of an episode, its sentence, and a film of it as a data URL.
    """
    sections = (
        _figures(found),
        section(
            "Episodes", "", [card("length", svg.histogram(found.lengths, "s")), *_counts(found)]
        ),
        _films(films),
        _language(found),
        section(
            "Actions",
            "Normalized to [-1, 1]; how often each entry had which value.",
            [
                card(name, svg.histogram(plot, "", 180))
                for name, plot in zip(found.action_names, found.actions, strict=True)
            ],
        ),
        _wrists(found),
        _balance(found),
        _subgoals(found),
        section(
            "Randomization",
            "What was drawn, by axis; an axis that is off leaves its nominal value.",
            [_axis(axis, found.episodes) for axis in found.axes],
        ),
    )
    return document(title, "".join(sections))


def _figures(found: DatasetStatistics) -> str:
    low, high = wilson_interval(min(found.successes, found.attempts), found.attempts)
    rate = (
        f"{100 * low:.0f} to {100 * high:.0f} %" if found.attempts >= found.successes else "unknown"
    )
    figures = (
        (str(found.episodes), "episodes"),
        (str(found.successes), "of them successes"),
        (str(found.attempts), "attempts made"),
        (rate, "success per attempt (95 %, Wilson)"),
        (str(found.steps), "steps"),
        (f"{found.steps / found.rate / 60:.1f} min", f"at {found.rate:g} Hz"),
        (str(len(found.sentences)), "different sentences"),
    )
    return figure_row(figures)


def _counts(found: DatasetStatistics) -> list[str]:
    cards = [card("episodes by task", bars(found.tasks.most_common(_MOST_BARS)))]
    if found.failures:
        reasons = sorted(found.failures.items(), key=lambda item: -item[1])
        cards.append(card("failed attempts by reason", bars(reasons[:_MOST_BARS])))
    return cards


def _films(films: Iterable[tuple[str, str, str]]) -> str:
    cards = [clip(url, f"{name}: {sentence}") for name, sentence, url in films]
    return section("Clips", "", cards)


def _language(found: DatasetStatistics) -> str:
    distinct = len(found.sentences)
    note = (
        f"{distinct} different sentences in {found.episodes} episodes, of {len(found.words)} "
        f"different words; {len(found.templates)} templates in the {found.told_by_template} "
        "episodes whose sentence could be traced to one."
    )
    words = bars(found.words.most_common(_MOST_BARS))
    sentences = bars(found.sentences.most_common(_MOST_BARS))
    templates = bars(found.templates.most_common(_MOST_BARS))
    cards = [card("most frequent words", words), card("most frequent sentences", sentences)]
    if found.templates:
        cards.append(card("most frequent templates", templates))
    return section("Language", note, cards)


def _wrists(found: DatasetStatistics) -> str:
    cards = [
        card(f"{side} wrist {view}", svg.heat_map(plot, *PLANES[view]))
        for (side, view), plot in found.wrists.items()
    ]
    return section("Where the wrists were", "In the frame of the stance, x forward.", cards)


def _balance(found: DatasetStatistics) -> str:
    share = 100 * found.outside / max(found.steps, 1)
    note = (
        f"Distance from the ZMP to the edge of the support polygon; outside {share:.2f} % of steps."
    )
    return section("Balance", note, [card("margin", svg.histogram(found.margins, "m"))])


def _subgoals(found: DatasetStatistics) -> str:
    cards = [
        card(
            f"{task} {index + 1}: such as “{phrase}”, median {np.median(durations):.1f} s",
            svg.histogram_of(durations, "s"),
        )
        for (task, index), (phrase, durations) in sorted(found.subgoals.items())
    ]
    return section("How long sub-goals took", "", cards)


def _axis(axis: AxisCoverage, episodes: int) -> str:
    if axis.words:
        plot = bars(axis.words.most_common(_MOST_BARS))
    elif len(axis.numbers):
        plot = svg.histogram_of(axis.numbers.tolist(), "")
    else:
        plot = '<p class="faint">nothing on record</p>'
    note = f"{axis.about}; on in {axis.episodes_on} of {episodes}, {axis.distinct} different values"
    return card(axis.axis, f'{plot}<p class="faint">{escape(note)}</p>')
