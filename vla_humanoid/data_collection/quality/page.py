"""Puts statistics on a page that needs nothing else: one HTML file, without scripts."""

from collections.abc import Iterable, Sequence
from html import escape

import numpy as np

from vla_humanoid.data_collection.quality import svg
from vla_humanoid.data_collection.quality.coverage import AxisCoverage
from vla_humanoid.data_collection.quality.dataset_statistics import PLANES, DatasetStatistics
from vla_humanoid.data_collection.statistics import wilson_interval

_MOST_BARS = 20
_STYLE = """
:root { color-scheme: light dark; --ink: #1c2330; --paper: #fbfbf9; --faint: #67707e;
  --line: #d9dce0; --card: #ffffff; --mark: #2563a8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e7ec; --paper: #14171c; --faint: #98a2b0;
  --line: #333a45; --card: #1b2027; --mark: #6fb1f0; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1180px; padding: 28px 20px 60px; background: var(--paper);
  color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 24px; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 18px; margin: 36px 0 8px; }
h3 { font-size: 13px; font-weight: 600; margin: 0 0 6px; overflow-wrap: anywhere; }
p { margin: 4px 0; } .faint, figcaption { color: var(--faint); font-size: 13px; }
.figures { display: flex; flex-wrap: wrap; gap: 10px 28px; margin: 16px 0; }
.figures b { display: block; font-size: 22px; font-weight: 600; }
.grid { display: flex; flex-wrap: wrap; gap: 14px; align-items: flex-start; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 8px;
  padding: 10px 12px; margin: 0; max-width: 100%; overflow-x: auto; }
svg { display: block; max-width: 100%; height: auto; } svg rect { fill: var(--mark); }
svg .frame { fill: none; stroke: var(--line); } svg .axis { stroke: var(--line); fill: none; }
svg text { fill: var(--faint); font: 11px system-ui, sans-serif; }
video { display: block; max-width: 100%; height: auto; border-radius: 4px; }
figcaption { max-width: 460px; padding-top: 6px; overflow-wrap: anywhere; }
"""


def page(title: str, found: DatasetStatistics, films: Iterable[tuple[str, str, str]]) -> str:
    """Return the page.

    Args:
        title: what the file is called.
        found: what is in it.
        films: name of an episode, its sentence, and a film of it as a data URL.
    """
    sections = (
        _figures(found),
        _section(
            "Episodes", "", [_card("length", svg.histogram(found.lengths, "s")), *_counts(found)]
        ),
        _films(films),
        _language(found),
        _section(
            "Actions",
            "Normalized to [-1, 1]; how often each entry had which value.",
            [
                _card(name, svg.histogram(plot, "", 180))
                for name, plot in zip(found.action_names, found.actions, strict=True)
            ],
        ),
        _wrists(found),
        _balance(found),
        _subgoals(found),
        _section(
            "Randomization",
            "What was drawn, by axis; an axis that is off leaves its nominal value.",
            [_axis(axis, found.episodes) for axis in found.axes],
        ),
    )
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}'
        '</title><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><h1>{escape(title)}</h1>{''.join(sections)}"
        "</body></html>\n"
    )


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
    cells = "".join(f"<div><b>{escape(value)}</b>{escape(name)}</div>" for value, name in figures)
    return f'<div class="figures">{cells}</div>'


def _counts(found: DatasetStatistics) -> list[str]:
    cards = [_card("episodes by task", svg.bars(found.tasks.most_common(_MOST_BARS)))]
    if found.failures:
        reasons = sorted(found.failures.items(), key=lambda item: -item[1])
        cards.append(_card("failed attempts by reason", svg.bars(reasons[:_MOST_BARS])))
    return cards


def _films(films: Iterable[tuple[str, str, str]]) -> str:
    cards = [
        f'<figure class="card"><video controls muted loop playsinline width="460" src="{url}">'
        f"</video><figcaption>{escape(name)}: {escape(sentence)}</figcaption></figure>"
        for name, sentence, url in films
    ]
    return _section("Clips", "", cards)


def _language(found: DatasetStatistics) -> str:
    distinct = len(found.sentences)
    note = (
        f"{distinct} different sentences in {found.episodes} episodes, of {len(found.words)} "
        f"different words; {len(found.templates)} templates in the {found.told_by_template} "
        "episodes whose sentence could be traced to one."
    )
    words = svg.bars(found.words.most_common(_MOST_BARS))
    sentences = svg.bars(found.sentences.most_common(_MOST_BARS))
    templates = svg.bars(found.templates.most_common(_MOST_BARS))
    cards = [_card("most frequent words", words), _card("most frequent sentences", sentences)]
    if found.templates:
        cards.append(_card("most frequent templates", templates))
    return _section("Language", note, cards)


def _wrists(found: DatasetStatistics) -> str:
    cards = [
        _card(f"{side} wrist {view}", svg.heat_map(plot, *PLANES[view]))
        for (side, view), plot in found.wrists.items()
    ]
    return _section("Where the wrists were", "In the frame of the stance, x forward.", cards)


def _balance(found: DatasetStatistics) -> str:
    share = 100 * found.outside / max(found.steps, 1)
    note = (
        f"Distance from the ZMP to the edge of the support polygon; outside {share:.2f} % of steps."
    )
    return _section("Balance", note, [_card("margin", svg.histogram(found.margins, "m"))])


def _subgoals(found: DatasetStatistics) -> str:
    cards = [
        _card(
            f"{task} {index + 1}: such as “{phrase}”, median {np.median(durations):.1f} s",
            svg.histogram_of(durations, "s"),
        )
        for (task, index), (phrase, durations) in sorted(found.subgoals.items())
    ]
    return _section("How long sub-goals took", "", cards)


def _axis(axis: AxisCoverage, episodes: int) -> str:
    if axis.words:
        plot = svg.bars(axis.words.most_common(_MOST_BARS))
    elif len(axis.numbers):
        plot = svg.histogram_of(axis.numbers.tolist(), "")
    else:
        plot = '<p class="faint">nothing on record</p>'
    note = f"{axis.about}; on in {axis.episodes_on} of {episodes}, {axis.distinct} different values"
    return _card(axis.axis, f'{plot}<p class="faint">{escape(note)}</p>')


def _section(heading: str, note: str, cards: Sequence[str]) -> str:
    if not cards:
        return ""
    text = f'<p class="faint">{escape(note)}</p>' if note else ""
    return f'<h2>{escape(heading)}</h2>{text}<div class="grid">{"".join(cards)}</div>'


def _card(heading: str, content: str) -> str:
    return f'<div class="card"><h3>{escape(heading)}</h3>{content}</div>'
