"""One HTML file that asks nobody for anything: its style, and what it is put together from.

Headings, notes and captions are escaped here; what is called content is markup already.
"""

from collections.abc import Sequence
from html import escape

_STYLE = """
:root { color-scheme: light dark; --ink: #1c2330; --paper: #fbfbf9; --faint: #67707e;
  --line: #d9dce0; --card: #ffffff; --mark: #2563a8; --other: #c2571a; --soft: #eef1f4; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e7ec; --paper: #14171c; --faint: #98a2b0;
  --line: #333a45; --card: #1b2027; --mark: #6fb1f0; --other: #f09a5e; --soft: #232a33; } }
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
svg .track { fill: var(--soft); } svg .dot { fill: var(--mark); }
svg .curve { fill: none; stroke: var(--mark); stroke-width: 2; }
svg .range { stroke: var(--mark); stroke-width: 2; } svg .band { fill: var(--mark); opacity: .16; }
svg .other { fill: var(--other); } svg .range.other { stroke: var(--other); }
svg text { fill: var(--faint); font: 11px system-ui, sans-serif; }
video { display: block; max-width: 100%; height: auto; border-radius: 4px; }
figcaption { max-width: 460px; padding-top: 6px; overflow-wrap: anywhere; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 6px 18px 6px 0; border-bottom: 1px solid var(--line);
  vertical-align: middle; } tr:last-child td { border-bottom: 0; }
th { font-size: 13px; font-weight: 600; color: var(--faint); white-space: nowrap; }
td.number, th.number { text-align: right; white-space: nowrap; }
code, pre { font: 12.5px/1.5 ui-monospace, monospace; }
pre { margin: 6px 0 0; padding: 8px 10px; background: var(--soft); border-radius: 6px;
  white-space: pre-wrap; overflow-wrap: anywhere; }
img { display: block; max-width: 100%; height: auto; border-radius: 4px; }
.warning { color: var(--other); } summary { cursor: pointer; color: var(--faint); }
.film { width: 100%; } .film .pictures { display: flex; flex-wrap: wrap;
  gap: 14px; margin-top: 10px; }
"""


def document(title: str, content: str) -> str:
    """Return a whole page.

    Args:
        title: its heading.
        content: all below.
    """
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}'
        '</title><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><h1>{escape(title)}</h1>{content}</body></html>\n"
    )


def section(heading: str, note: str, cards: Sequence[str]) -> str:
    """Return cards under a heading and a note; nothing where there are no cards."""
    if not cards:
        return ""
    text = f'<p class="faint">{escape(note)}</p>' if note else ""
    return f'<h2>{escape(heading)}</h2>{text}<div class="grid">{"".join(cards)}</div>'


def card(heading: str, content: str) -> str:
    """Return content in a frame, under a small heading."""
    return f'<div class="card"><h3>{escape(heading)}</h3>{content}</div>'


def figure_row(figures: Sequence[tuple[str, str]]) -> str:
    """Return figures in large letters: each its value, and what it is of."""
    cells = "".join(f"<div><b>{escape(value)}</b>{escape(name)}</div>" for value, name in figures)
    return f'<div class="figures">{cells}</div>'


def clip(url: str, caption: str) -> str:
    """Return a film that can be played, in a frame.

    Args:
        url: of the film, with its data.
        caption: below.
    """
    return (
        f'<figure class="card"><video controls muted loop playsinline width="460" src="{url}">'
        f"</video><figcaption>{escape(caption)}</figcaption></figure>"
    )


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], numbers: int = 0) -> str:
    """Return a table in a frame.

    Args:
        columns: their headings.
        rows: content of every cell.
        numbers: how many columns, the last ones, are aligned to the right.
    """
    kinds = ["" if k < len(columns) - numbers else ' class="number"' for k in range(len(columns))]
    head = "".join(
        f"<th{kind}>{escape(name)}</th>" for kind, name in zip(kinds, columns, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(f"<td{kind}>{cell}</td>" for kind, cell in zip(kinds, row, strict=True))
        + "</tr>"
        for row in rows
    )
    return f'<div class="card"><table><tr>{head}</tr>{body}</table></div>'
