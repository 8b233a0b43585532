"""Small plots as SVG, drawn in the colours of the page that they stand on."""

from collections.abc import Sequence
from html import escape

WIDTH = 260
"""Of a plot [px]."""
_BAR_HEIGHT = 18
_LABEL_WIDTH = 190


def bars(counts: Sequence[tuple[str, float]], unit: str = "") -> str:
    """Return a bar for each of some labels, with its number."""
    top = max((value for _, value in counts), default=0) or 1
    lines: list[str] = []
    for index, (label, value) in enumerate(counts):
        y = index * _BAR_HEIGHT
        length = WIDTH * value / top
        short = label if len(label) < 32 else f"{label[:30]}…"
        lines.append(
            f"<g><title>{escape(label)}: {number(value)} {escape(unit)}</title>"
            f'<text x="{_LABEL_WIDTH - 6}" y="{y + 13}" text-anchor="end">{escape(short)}</text>'
            f'<rect x="{_LABEL_WIDTH}" y="{y + 2}" width="{length:.1f}" height="14"/>'
            f'<text x="{_LABEL_WIDTH + length + 5:.1f}" y="{y + 13}">{number(value)} '
            f"{escape(unit)}</text></g>"
        )
    return drawing(_LABEL_WIDTH + WIDTH + 70, max(len(counts), 1) * _BAR_HEIGHT, "".join(lines))


def drawing(width: float, height: float, content: str) -> str:
    """Return a picture of some elements [px]."""
    return (
        f'<svg viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" '
        f'role="img">{content}</svg>'
    )


def number(value: float) -> str:
    """Write a number short."""
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"
