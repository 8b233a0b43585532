"""Small plots as SVG, drawn in the colours of the page that they stand on."""

from collections.abc import Sequence
from html import escape

import numpy as np

from vla_humanoid.data_collection.quality.histogram import HeatMap, Histogram

_WIDTH, _HEIGHT = 260, 96
_BAR_HEIGHT = 18
_LABEL_WIDTH = 190


def histogram(plot: Histogram, unit: str, width: int = _WIDTH) -> str:
    """Return a histogram, with its bounds and the largest count."""
    counts = plot.counts
    top = max(int(counts.max(initial=0)), 1)
    each = width / len(counts)
    lows = np.linspace(plot.low, plot.high, len(counts), endpoint=False).tolist()
    bars = "".join(
        f'<rect x="{index * each:.2f}" y="{_HEIGHT - _HEIGHT * count / top:.2f}" '
        f'width="{each * 0.9:.2f}" height="{_HEIGHT * count / top:.2f}">'
        f"<title>from {_number(lows[index])} {escape(unit)}: {count}</title></rect>"
        for index, count in enumerate(counts.tolist())
        if count
    )
    line = f'<path class="axis" d="M0 {_HEIGHT}.5H{width}"/>'
    low = f'<text x="0" y="{_HEIGHT + 14}">{_number(plot.low)}</text>'
    middle = f'<text x="{width / 2}" y="{_HEIGHT + 14}" text-anchor="middle">{escape(unit)}</text>'
    high = f'<text x="{width}" y="{_HEIGHT + 14}" text-anchor="end">{_number(plot.high)}</text>'
    return _svg(width, _HEIGHT + 20, bars + line + low + middle + high)


def histogram_of(numbers: Sequence[float], unit: str) -> str:
    """Return a histogram of numbers, from the smallest to the largest."""
    values = np.array(numbers)
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
    if low == high:
        low, high = low - 0.5, high + 0.5
    plot = Histogram(low, high, 30)
    plot.add(values)
    return histogram(plot, unit)


def bars(counts: Sequence[tuple[str, float]], unit: str = "") -> str:
    """Return a bar for each of some labels, with its number."""
    top = max((value for _, value in counts), default=0) or 1
    lines: list[str] = []
    for index, (label, value) in enumerate(counts):
        y = index * _BAR_HEIGHT
        length = _WIDTH * value / top
        short = label if len(label) < 32 else f"{label[:30]}…"
        lines.append(
            f"<g><title>{escape(label)}: {_number(value)} {escape(unit)}</title>"
            f'<text x="{_LABEL_WIDTH - 6}" y="{y + 13}" text-anchor="end">{escape(short)}</text>'
            f'<rect x="{_LABEL_WIDTH}" y="{y + 2}" width="{length:.1f}" height="14"/>'
            f'<text x="{_LABEL_WIDTH + length + 5:.1f}" y="{y + 13}">{_number(value)} '
            f"{escape(unit)}</text></g>"
        )
    return _svg(_LABEL_WIDTH + _WIDTH + 70, max(len(counts), 1) * _BAR_HEIGHT, "".join(lines))


def heat_map(plot: HeatMap, x_name: str, y_name: str, pixel: int = 6) -> str:
    """Return a heat map, x to the right and y up; darker or lighter by the root of the count."""
    size = len(plot.counts)
    top = max(int(plot.counts.max(initial=0)), 1)
    cells = "".join(
        f'<rect x="{column * pixel}" y="{(size - 1 - row) * pixel}" width="{pixel}" '
        f'height="{pixel}" fill-opacity="{0.12 + 0.88 * (count / top) ** 0.5:.2f}"/>'
        for column, counts in enumerate(plot.counts.tolist())
        for row, count in enumerate(counts)
        if count
    )
    edge = size * pixel
    frame = f'<rect class="frame" x="0.5" y="0.5" width="{edge - 1}" height="{edge - 1}"/>'
    texts = (
        f'<text x="0" y="{edge + 14}">{escape(x_name)} {_number(plot.x[0])}</text>'
        f'<text x="{edge}" y="{edge + 14}" text-anchor="end">{_number(plot.x[1])} m</text>'
        f'<text x="{edge + 4}" y="{edge - 2}">{escape(y_name)} {_number(plot.y[0])}</text>'
        f'<text x="{edge + 4}" y="10">{_number(plot.y[1])} m</text>'
    )
    return _svg(edge + 60, edge + 20, frame + cells + texts)


def _svg(width: float, height: float, content: str) -> str:
    return (
        f'<svg viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" '
        f'role="img">{content}</svg>'
    )


def _number(value: float) -> str:
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"
